"""A light WebRTC client, for tests and benches: its own UDP socket, checks by aioice's STUN, DTLS-SRTP by aiortc.

It offers what a browser would, in fewer lines, and hands out packets as they come, decrypted.
"""

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aioice import stun
from aioice.utils import random_string
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from pylibsrtp import Error as SrtpError

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
EXTENSIONS = {MID: 1, LEVEL: 2, TRANSPORT_CC: 3, SEND_TIME: 4, RID: 5, REPAIRED_RID: 6}
NAMES = {"mid": MID, "level": LEVEL, "twcc": TRANSPORT_CC, "time": SEND_TIME, "rid": RID, "repaired_rid": REPAIRED_RID}
OPUS, VP8, VP8_RTX, H264, H264_RTX = 111, 96, 97, 102, 103

CERTIFICATE = RTCCertificate.generateCertificate()
CHECK_EVERY, CHECK_FIRST, PATIENCE = 2.5, 0.05, 30  # seconds


def fingerprint() -> str:
    return next(one.value for one in CERTIFICATE.getFingerprints() if one.algorithm == "sha-256")


@dataclass
class Answer:
    """What a client needs of it."""

    ufrag: str = ""
    pwd: str = ""
    fingerprint: str = ""
    addresses: list[tuple[str, int]] = field(default_factory=list)
    ssrcs: list[list[int]] = field(default_factory=list)  # of each m-section, that of its retransmissions second
    mids: list[str] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)


def read_answer(sdp: str) -> Answer:
    answer = Answer()
    for line in sdp.splitlines():
        name, _, value = line.partition(":")
        if line.startswith("m="):
            answer.ssrcs.append([])
            answer.refused.append(line.split()[1] == "0")
        elif name == "a=ice-ufrag":
            answer.ufrag = value
        elif name == "a=ice-pwd":
            answer.pwd = value
        elif name == "a=fingerprint":
            answer.fingerprint = value.split()[1]
        elif name == "a=candidate":
            answer.addresses.append((value.split()[4], int(value.split()[5])))
        elif name == "a=mid":
            answer.mids.append(value)
        elif name == "a=ssrc" and int(value.split()[0]) not in answer.ssrcs[-1]:
            answer.ssrcs[-1].append(int(value.split()[0]))
    return answer


class Line:
    """Stands where aiortc expects an ICE transport."""

    role = "controlling"

    def __init__(self, client: "Client"):
        self.client = client
        self.records: asyncio.Queue[bytes] = asyncio.Queue()

    async def _recv(self) -> bytes:
        return await self.records.get()

    async def _send(self, data: bytes) -> None:
        self.client.send_raw(data)


class Client:
    """`offer` → POST → `connect(answer)` → `send`, and `on_rtp`/`on_rtcp` → `close`."""

    def __init__(self, host: str = "127.0.0.1", certificate: RTCCertificate = CERTIFICATE, nominates: bool = True):
        self.host = host
        self.nominates = nominates
        self.certificate = certificate
        self.ufrag, self.pwd = random_string(8), random_string(24)
        self.tie_breaker = random.getrandbits(64)
        self.checked = asyncio.Event()
        self.mapped: tuple[str, int] | None = None  # how we look to the other side
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.on_rtp: Callable[[bytes], None] = self.rtp.append
        self.on_rtcp: Callable[[bytes], None] = self.rtcp.append
        self.invalid = 0
        self.answer = Answer()
        self.remote: tuple[str, int] | None = None
        self.line = Line(self)
        self.dtls = RTCDtlsTransport(self.line, [certificate])  # type: ignore[arg-type]
        self.checking: asyncio.Task | None = None
        self.socket = self._socket()

    def _socket(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        one = socket.socket(family, socket.SOCK_DGRAM)
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        one.bind((self.host, 0))
        asyncio.get_running_loop().add_reader(one.fileno(), self._read, one)
        return one

    # Joining.

    async def connect(self, answer: str | Answer) -> None:
        await self.check(answer)
        await self.shake_hands()

    async def check(self, answer: str | Answer) -> None:
        """Until the other side has answered a check."""
        self.answer = read_answer(answer) if isinstance(answer, str) else answer
        self.remote = next(to for to in self.answer.addresses if (":" in to[0]) == (":" in self.host))
        self.checking = asyncio.ensure_future(self._check_for_ever())
        await asyncio.wait_for(self.checked.wait(), PATIENCE)

    async def shake_hands(self, role: str = "client") -> None:
        """The other side may have a queue. Raises ConnectionError."""
        self.dtls._set_role(role)
        await self.dtls.start(RTCDtlsParameters([RTCDtlsFingerprint("sha-256", self.answer.fingerprint)]))
        if self.dtls.state != "connected":
            raise ConnectionError(f"DTLS {self.dtls.state}")

    @property
    def is_connected(self) -> bool:
        return self.dtls.state == "connected"

    async def _check_for_ever(self) -> None:
        """Ever more seldom until one is answered (RFC 8445, 14.3), so that a crowd does not check itself to death."""
        pause = CHECK_FIRST
        while True:
            self.send_raw(self.request())
            await asyncio.sleep(CHECK_EVERY if self.checked.is_set() else pause)
            pause = min(2 * pause, CHECK_EVERY)

    def request(self, pwd: str | None = None, nominates: bool | None = None) -> bytes:
        """A connectivity check."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes.update(
            {
                "USERNAME": f"{self.answer.ufrag}:{self.ufrag}",
                "PRIORITY": 0x7EFFFFFF,
                "ICE-CONTROLLING": self.tie_breaker,
            }
        )
        if self.nominates if nominates is None else nominates:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((pwd or self.answer.pwd).encode())
        return bytes(message)

    # Packets.

    def send_raw(self, data: bytes, by: socket.socket | None = None) -> None:
        if self.remote is not None and (by or self.socket).fileno() >= 0:
            (by or self.socket).sendto(data, self.remote)

    def protect(self, data: bytes) -> bytes:
        session = self.dtls._tx_srtp
        return session.protect_rtcp(data) if 192 <= data[1] <= 223 else session.protect(data)

    def send(self, data: bytes) -> None:
        self.send_raw(self.protect(data))

    def _read(self, one: socket.socket) -> None:
        for _ in range(64):
            try:
                data = one.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if data[0] < 4:
                self._take_stun(data)
            elif data[0] < 64:
                self.line.records.put_nowait(data)
            else:
                self._take_srtp(data)

    def _take_stun(self, data: bytes) -> None:
        message = stun.parse_message(data)
        if message.message_class == stun.Class.REQUEST:
            self._answer_check(message)
        elif message.message_class == stun.Class.RESPONSE and message.check_message_integrity(self.answer.pwd.encode()):
            self.mapped = message.attributes["XOR-MAPPED-ADDRESS"]
            self.checked.set()

    def _answer_check(self, check: stun.Message) -> None:
        """Our own SFU sends none; others do."""
        answer = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=check.transaction_id)
        answer.attributes["XOR-MAPPED-ADDRESS"] = self.remote
        answer.add_message_integrity(self.pwd.encode())
        self.send_raw(bytes(answer))

    def _take_srtp(self, data: bytes) -> None:
        session = self.dtls._rx_srtp
        try:
            if 192 <= data[1] <= 223:
                self.on_rtcp(session.unprotect_rtcp(data))
            else:
                self.on_rtp(session.unprotect(data))
        except (SrtpError, AttributeError):
            self.invalid += 1

    # Moving and leaving.

    def move(self) -> socket.socket:
        """From now on we send from another port, as behind a NAT that forgot us; the old socket is returned."""
        old, self.socket = self.socket, self._socket()
        return old

    def restart(self) -> str:
        """The body of a PATCH that restarts ICE; `apply` its answer."""
        self.ufrag, self.pwd = random_string(8), random_string(24)
        return (
            f"a=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
            f"a=ice-ufrag:{self.ufrag}\r\na=ice-pwd:{self.pwd}\r\n"
        )

    def apply(self, fragment: str) -> None:
        news = read_answer(fragment)
        self.answer.ufrag, self.answer.pwd = news.ufrag, news.pwd

    def vanish(self, *others: socket.socket) -> None:
        """As a closed browser does: without a word."""
        if self.checking:
            self.checking.cancel()
        for one in (self.socket, *others):
            if one.fileno() >= 0:
                asyncio.get_running_loop().remove_reader(one.fileno())
                one.close()
        if self.dtls._task:
            self.dtls._task.cancel()

    async def close(self) -> None:
        """With close_notify."""
        await self.dtls.stop()
        self.vanish()

    def offer(self, *media: str) -> str:
        return offer(self.ufrag, self.pwd, (self.host, self.socket.getsockname()[1]), *media)


# Offers.


def offer(ufrag: str, pwd: str, address: tuple[str, int], *media: str) -> str:
    """Of media as `audio`, `video` and `simulcast` write them, all bundled."""
    mids = " ".join(str(n) for n in range(len(media)))
    head = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mids}", "a=extmap-allow-mixed"]
    transport = [
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{pwd}",
        f"a=fingerprint:sha-256 {fingerprint()}",
        "a=setup:actpass",
        "a=rtcp-mux",
        f"a=candidate:1 1 udp 2130706431 {address[0]} {address[1]} typ host",
        "a=end-of-candidates",
    ]
    return "".join(f"{line}\r\n" for line in (*head, *_sections(media, transport)))


def _sections(media: tuple[str, ...], transport: list[str]) -> Iterator[str]:
    for n, one in enumerate(media):
        first, *rest = (line.strip() for line in one.strip().split("\n"))
        yield from (first, "c=IN IP4 0.0.0.0", f"a=mid:{n}", *transport, *rest)


def audio(direction: str, ssrc: int | None = None) -> str:
    return f"""m=audio 9 UDP/TLS/RTP/SAVPF {OPUS} 63
        a={direction}
        a=rtpmap:{OPUS} opus/48000/2
        a=rtcp-fb:{OPUS} transport-cc
        a=fmtp:{OPUS} minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        {_extmaps(MID, LEVEL, TRANSPORT_CC)}
        {f"a=ssrc:{ssrc} cname:c" if ssrc else "a=rtcp-rsize"}"""


def video(direction: str, ssrc: int | None = None, rtx: int | None = None, h264_only: bool = False) -> str:
    codecs = [(H264, H264_RTX, "H264")] if h264_only else [(VP8, VP8_RTX, "VP8"), (H264, H264_RTX, "H264")]
    lines = [f"m=video 9 UDP/TLS/RTP/SAVPF {' '.join(f'{pt} {rtx_pt}' for pt, rtx_pt, _ in codecs)}", f"a={direction}"]
    for pt, rtx_pt, name in codecs:
        lines += [f"a=rtpmap:{pt} {name}/90000", f"a=rtpmap:{rtx_pt} rtx/90000", f"a=fmtp:{rtx_pt} apt={pt}"]
        lines += [f"a=rtcp-fb:{pt} {one}" for one in ("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc")]
        if name == "H264":
            lines.append(f"a=fmtp:{pt} packetization-mode=1;profile-level-id=42e01f")
    lines.append(_extmaps(MID, SEND_TIME, TRANSPORT_CC, RID, REPAIRED_RID))
    if ssrc:
        lines += [f"a=ssrc-group:FID {ssrc} {rtx}"] if rtx else []
        lines += [f"a=ssrc:{one} cname:c" for one in (ssrc, rtx) if one]
    return "\n".join(lines)


def simulcast(*rids: str) -> str:
    layers = "\n".join(f"a=rid:{rid} send" for rid in rids)
    return f"{video('sendonly')}\n{layers}\na=simulcast:send {';'.join(rids)}"


def _extmaps(*uris: str) -> str:
    return "\n".join(f"a=extmap:{EXTENSIONS[uri]} {uri}" for uri in uris)


# Packets.


def rtp(pt: int, seq: int, ts: int, ssrc: int, payload: bytes, marker: bool = False, **extensions: bytes) -> bytes:
    """`extensions`: mid=…, level=…, twcc=…, rid=…"""
    ids = {
        "mid": MID,
        "level": LEVEL,
        "twcc": TRANSPORT_CC,
        "rid": RID,
        "repaired_rid": REPAIRED_RID,
        "time": SEND_TIME,
    }
    body = b"".join(bytes((EXTENSIONS[ids[name]] << 4 | len(v) - 1,)) + v for name, v in extensions.items())
    body += bytes(-len(body) % 4)
    head = struct.pack("!BBHII", 0x90 if body else 0x80, marker << 7 | pt, seq & 0xFFFF, ts & 0xFFFFFFFF, ssrc)
    return head + (struct.pack("!HH", 0xBEDE, len(body) // 4) + body if body else b"") + payload


def vp8(key: bool = False, size: int = 200, picture: int = 0, first: bool = True) -> bytes:
    """A payload with a descriptor as browsers send it (RFC 7741, 4.2) and a frame of 640×360 no decoder would like."""
    descriptor = bytes((0x90 if first else 0x80, 0x80, 0x80 | picture >> 8 & 0x7F, picture & 0xFF))
    frame = b"\x50\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 640, 360) if key else b"\x51\x01\x00"
    return descriptor + (frame if first else b"") + random.randbytes(size)


def ssrc_of(packet: bytes) -> int:
    return int.from_bytes(packet[8:12], "big")
