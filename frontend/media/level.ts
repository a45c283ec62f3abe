const OFTEN = 66
/** dB below full scale that counts as silence. */
const QUIETEST = -60

/** Tells how loud a microphone is, 0 to 1 with a linear ear, fifteen times a second; returns how to stop. */
export function meter(track: MediaStreamTrack, tell: (level: number) => void): () => void {
	const context = new AudioContext()
	const source = context.createMediaStreamSource(new MediaStream([track]))
	const analyser = new AnalyserNode(context, { fftSize: 1024 })
	source.connect(analyser)
	const samples = new Float32Array(analyser.fftSize)
	const clock = setInterval(() => {
		analyser.getFloatTimeDomainData(samples)
		tell(loudness(samples))
	}, OFTEN)
	return () => {
		clearInterval(clock)
		void context.close()
	}
}

/** 0 for silence, 1 for full scale; equal steps sound equal. */
export function loudness(samples: Float32Array): number {
	const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
	const decibels = 10 * Math.log10(power || 1e-12)
	return Math.min(1, Math.max(0, 1 - decibels / QUIETEST))
}
