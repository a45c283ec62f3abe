const WANTED = /^(video\/(VP8|H264|rtx)|audio\/opus)$/i
const ORDER = ["video/vp8", "video/h264", "video/rtx", "audio/opus"]

/** Few codecs make a short offer, which is quick to read: VP8 first, which every browser speaks. */
export function few(codecs: readonly RTCRtpCodec[]): RTCRtpCodec[] {
	const place = (codec: RTCRtpCodec) => ORDER.indexOf(codec.mimeType.toLowerCase())
	return codecs.filter((codec) => WANTED.test(codec.mimeType)).sort((one, other) => place(one) - place(other))
}

export function prefer(transceiver: RTCRtpTransceiver, kind: "audio" | "video") {
	const codecs = few(RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [])
	if (codecs.length) transceiver.setCodecPreferences?.(codecs)
}
