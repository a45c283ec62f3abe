"""Reads the SDP offers of browsers and WHIP clients (RFC 8866, RFC 9429), and chooses what of them we take. Pure.

A parser of our own: aiortc's takes 10 ms for the offer of a viewer, this one below one.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

FROM_PUBLISHERS = (MID, RID, REPAIRED_RID, AUDIO_LEVEL, TRANSPORT_CC)
TO_VIEWERS = (MID, ABS_SEND_TIME)

LONGEST = 64 * 1024  # characters
MOST_MEDIA = 64
MOST_SLOTS = 16  # of a kind; further ones are refused
MOST_LAYERS = 3
SECURE_HASHES = ("sha-256", "sha-384", "sha-512")
RTX = "rtx"
ABOUT_CODECS = ("a=rtpmap:", "a=fmtp:", "a=rtcp-fb:")
# How lines begin that are about this m-section, or this browser at this moment.
OWN = frozenset({"a=mid:", "a=msid", "a=ssrc", "a=rid:", "a=ice-", "a=cand", "a=setu", "a=fing"})
KNOWN = {"opus": "opus", "vp8": "VP8", "h264": "H264", RTX: RTX}  # as their RFCs write them
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
# Decoders go by what stands in the stream itself, so one profile serves for all: the one that everybody offers.
H264_PREFERENCE = ("42e0", "42c0", "4200", "4d00", "4d40", "6400")


class Unusable(Exception):
    """A well-formed offer that we can't serve: 422. The message says why."""


@dataclass(eq=False)
class Codec:
    """Shared by all offers that say the same of it: not to be changed."""

    pt: int
    name: str = ""
    clock: int = 0
    channels: int = 1
    fmtp: dict[str, str] = field(default_factory=dict)
    feedback: list[str] = field(default_factory=list)
    rtx_pt: int | None = None


@dataclass
class Media:
    """One m-section. A port of 0 with `bundle_only` is no rejection (RFC 9143, 6).

    Codecs and extensions are shared with other m-sections that say the same: not to be changed.
    """

    kind: str
    port: int
    protocol: str
    formats: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    codecs: tuple[Codec, ...] = ()  # in the offer's order of preference; rtx stands in its codec
    extensions: dict[str, int] = field(default_factory=dict)
    one_way: dict[str, str] = field(default_factory=dict)  # extension -> the only direction it is offered for
    ssrcs: list[int] = field(default_factory=list)
    fid: dict[int, int] = field(default_factory=dict)  # ssrc -> ssrc of its retransmissions
    rids: list[str] = field(default_factory=list)  # layers of simulcast, in the offer's order
    bundle_only: bool = False
    ufrag: str = ""
    pwd: str = ""
    setup: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    mux: bool = False

    @property
    def is_wanted(self) -> bool:
        return self.port != 0 or self.bundle_only

    @property
    def sends(self) -> bool:
        return self.direction in ("sendrecv", "sendonly")

    @property
    def receives(self) -> bool:
        return self.direction in ("sendrecv", "recvonly")


@dataclass
class Offer:
    ufrag: str
    pwd: str
    fingerprints: list[tuple[str, str]]  # (algorithm, value), as aiortc wants them
    setup: str
    media: list[Media]
    bundle: list[str]  # mids
    mixed_extensions: bool = False


@dataclass
class Stream:
    """What we take of one m-section of a publisher: one track, or its simulcast layers."""

    kind: str
    mid: str
    codec: Codec
    extensions: dict[str, int]
    ssrc: int | None = None  # None until it is learned from the packets
    rtx_ssrc: int | None = None
    rids: list[str] = field(default_factory=list)

    @property
    def rtx_pt(self) -> int | None:
        return self.codec.rtx_pt

    @property
    def twcc(self) -> bool:
        return TRANSPORT_CC in self.extensions and "transport-cc" in self.codec.feedback


@dataclass
class Outlet:
    """What a viewer's m-section becomes: a slot with SSRCs for good. The codec of what it shows picks the pt."""

    kind: str
    mid: str
    codecs: dict[str, Codec]  # by name: VP8, H264, opus
    extensions: dict[str, int]
    ssrc: int
    rtx_ssrc: int | None = None


def read(sdp: str) -> Offer:
    """Raises ValueError for what is no offer at all: 400."""
    if len(sdp) > LONGEST:
        raise ValueError("the offer is too long")
    about_session, *about_media = sdp.replace("\r\n", "\n").split("\nm=")
    session = about_session.split("\n")
    if session[0] != "v=0":
        raise ValueError("an offer begins with v=0")
    if not about_media or len(about_media) > MOST_MEDIA:
        raise ValueError("an offer has between 1 and 64 media")
    return _offer(_attributes(session), [_media(about.split("\n")) for about in about_media])


def _attributes(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            yield name, value.strip()


def _offer(session: Iterator[tuple[str, str]], media: list[Media]) -> Offer:
    """What stands in the session holds for every m-section without its own; we want what the bundle's first has."""
    common = Media("", 9, "", [])
    bundle: list[str] = []
    mixed = False
    for name, value in session:
        if name == "group" and value.startswith("BUNDLE"):
            bundle = value.split()[1:]
        mixed |= name == "extmap-allow-mixed"
        if name in COMMON_READERS:
            COMMON_READERS[name](common, value)
    first = next((one for one in media if one.is_wanted), media[0])
    offer = Offer(
        first.ufrag or common.ufrag,
        first.pwd or common.pwd,
        first.fingerprints or common.fingerprints,
        first.setup or common.setup,
        media,
        bundle,
        mixed,
    )
    return _with_transport(offer)


def _with_transport(offer: Offer) -> Offer:
    if not (offer.ufrag and offer.pwd):
        raise ValueError("the offer has no ICE credentials")
    if not offer.fingerprints:
        raise ValueError("the offer has no fingerprint")
    mids = [media.mid for media in offer.media]
    if len(set(mids)) < len(mids):
        raise ValueError("two media have the same mid")
    return offer


def _ufrag(media: Media, value: str) -> None:
    media.ufrag = _token(value)


def _pwd(media: Media, value: str) -> None:
    media.pwd = _token(value)


def _setup(media: Media, value: str) -> None:
    media.setup = value


def _fingerprint(media: Media, value: str) -> None:
    algorithm, _, print_ = value.partition(" ")
    media.fingerprints.append((algorithm.lower(), print_.strip().upper()))


def _token(value: str) -> str:
    """Letters and digits only: what we read goes into our answers."""
    if not value.isascii() or not value.isprintable() or " " in value or len(value) > 256:
        raise ValueError("a name in the offer is none")
    return value


def _media(lines: list[str]) -> Media:
    """The m-line comes without its `m=`."""
    own: list[str] = []
    shared: list[str] = []
    for line in lines:
        (own if line[:6] in OWN else shared).append(line)
    try:
        media = replace(_template(tuple(shared)), ssrcs=[], fid={}, rids=[], fingerprints=[])
        _read_into(media, own)
    except (ValueError, IndexError) as problem:
        raise ValueError(f"a medium of the offer is malformed: {problem}") from None
    return media


def _read_into(media: Media, lines: Iterable[str]) -> None:
    for name, value in _attributes(lines):
        if name in READERS:
            READERS[name](media, value)


# All slots of an offer, and all browsers of a version, say the same of what they can: most of what an offer costs.
@lru_cache(maxsize=64)
def _template(lines: tuple[str, ...]) -> Media:
    kind, port, protocol, *formats = lines[0].split()
    media = Media(kind, int(port.partition("/")[0]), protocol, formats)
    about_codecs = [line for line in lines if line.startswith(ABOUT_CODECS)]
    _read_into(media, (line for line in lines if not line.startswith(ABOUT_CODECS)))
    media.codecs = _codecs(formats, about_codecs)
    return media


def _codecs(formats: list[str], lines: list[str]) -> tuple[Codec, ...]:
    by_pt = _rtpmaps(lines)
    for name, value in _attributes(lines):
        if name in READERS_OF_CODECS:
            READERS_OF_CODECS[name](by_pt, value)
    return tuple(_repaired(formats, by_pt))


def _rtpmaps(lines: Iterable[str]) -> dict[str, Codec]:
    """Only codecs that we may take: browsers offer thirty, with five lines about each."""
    found = (line[9:].split(None, 1) for line in lines if line.startswith("a=rtpmap:"))
    return {pt: codec for pt, encoding in found if (codec := _codec(pt, encoding)).name in KNOWN.values()}


def _codec(pt: str, encoding: str) -> Codec:
    name, clock, *channels = encoding.strip().split("/")
    if not 0 <= int(pt) <= 127:
        raise ValueError("a payload type has 7 bits")
    return Codec(int(pt), KNOWN.get(name.lower(), name), int(clock), int(channels[0]) if channels else 1)


def _fmtp(by_pt: dict[str, Codec], value: str) -> None:
    pt, _, parameters = value.partition(" ")
    if pt in by_pt:
        pairs = (one.strip().partition("=") for one in parameters.split(";") if one.strip())
        by_pt[pt].fmtp.update({key.strip().lower(): value.strip() for key, _, value in pairs})


def _feedback(by_pt: dict[str, Codec], value: str) -> None:
    pt, _, what = value.partition(" ")
    for codec in by_pt.values() if pt == "*" else [by_pt[pt]] if pt in by_pt else []:
        codec.feedback.append(what.strip())


def _extension(media: Media, value: str) -> None:
    number, uri, *_ = value.split()
    number, _, direction = number.partition("/")
    media.extensions[uri] = int(number)
    if direction in DIRECTIONS[1:]:
        media.one_way[uri] = direction


def _ssrc(media: Media, value: str) -> None:
    ssrc = _number(value.partition(" ")[0])
    if ssrc not in media.ssrcs:
        media.ssrcs.append(ssrc)


def _ssrc_group(media: Media, value: str) -> None:
    semantics, *ssrcs = value.split()
    if semantics == "FID" and len(ssrcs) == 2:
        media.fid[_number(ssrcs[0])] = _number(ssrcs[1])


def _number(text: str) -> int:
    if not 0 <= (number := int(text)) < 2**32:
        raise ValueError("an SSRC has 32 bits")
    return number


def _rid(media: Media, value: str) -> None:
    rid, direction, *_ = value.split()
    if direction == "send" and rid.isascii() and rid.isalnum() and len(rid) <= 32:
        media.rids.append(rid)


def _mid(media: Media, value: str) -> None:
    media.mid = _token(value)


def _mux(media: Media, _value: str) -> None:
    media.mux = True


def _bundle_only(media: Media, _value: str) -> None:
    media.bundle_only = True


def _direction(direction: str) -> Callable[[Media, str], None]:
    def read_it(media: Media, _value: str) -> None:
        media.direction = direction

    return read_it


READERS_OF_CODECS = {"fmtp": _fmtp, "rtcp-fb": _feedback}
# What may stand in the session or in an m-section; and what stands in m-sections only.
COMMON_READERS = {
    "ice-ufrag": _ufrag,
    "ice-pwd": _pwd,
    "setup": _setup,
    "fingerprint": _fingerprint,
    "extmap": _extension,
}
READERS = COMMON_READERS | {
    "ssrc": _ssrc,
    "ssrc-group": _ssrc_group,
    "rid": _rid,
    "mid": _mid,
    "rtcp-mux": _mux,
    "bundle-only": _bundle_only,
    **{direction: _direction(direction) for direction in DIRECTIONS},
}


def _repaired(formats: Iterable[str], by_pt: dict[str, Codec]) -> list[Codec]:
    """In the order of the m-line, each with the payload type of its retransmissions (RFC 4588, 8.6)."""
    listed = [by_pt[pt] for pt in formats if pt in by_pt]
    for codec in reversed(listed):
        repaired = by_pt.get(codec.fmtp.get("apt", ""))
        if codec.name == RTX and repaired:
            repaired.rtx_pt = codec.pt
    return [codec for codec in listed if codec.name != RTX]


@dataclass
class Fragment:
    """What a PATCH brings (RFC 8840, 4.4): candidates, which we don't need, and the client's ICE credentials."""

    ufrag: str = ""
    pwd: str = ""
    mid: str = ""
    medium: str = "m=audio 9 UDP/TLS/RTP/SAVPF 0"  # its m-line
    bundle: list[str] = field(default_factory=list)


def read_fragment(text: str) -> Fragment:
    """Raises ValueError for what is no fragment, or has half of the credentials."""
    fragment = Fragment()
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line]
    if len(text) > LONGEST or not lines or not all(line.startswith(("a=", "m=", "c=")) for line in lines):
        raise ValueError("this is no SDP fragment")
    for line in lines:
        _fragment_line(fragment, line)
    if bool(fragment.ufrag) != bool(fragment.pwd):
        raise ValueError("ice-ufrag and ice-pwd belong together")
    return fragment


def _fragment_line(fragment: Fragment, line: str) -> None:
    name, _, value = line[2:].partition(":")
    if line.startswith("m="):
        fragment.medium = " ".join(line.split())
    elif name == "ice-ufrag":
        fragment.ufrag = _token(value)
    elif name == "ice-pwd":
        fragment.pwd = _token(value)
    elif name == "mid":
        fragment.mid = fragment.mid or _token(value)
    elif name == "group":
        fragment.bundle = value.split()[1:]


def fingerprints(offer: Offer) -> list[tuple[str, str]]:
    """Those with a hash that still means something. Raises Unusable if there are none."""
    strong = [print_ for print_ in offer.fingerprints if print_[0] in SECURE_HASHES]
    if not strong:
        raise Unusable("the certificate needs a SHA-2 fingerprint")
    if offer.setup not in ("", "actpass", "active"):
        raise Unusable("the offerer must be able to be the DTLS client (RFC 9725, 4.4.4)")
    return strong


def streams(offer: Offer) -> list[Stream]:
    """At most one of audio and one of video. Raises Unusable: no partial success (RFC 9725, 4.4.2 and 4.4.3)."""
    sending = [media for media in offer.media if media.kind in ("audio", "video") and media.is_wanted and media.sends]
    kinds = [media.kind for media in sending]
    if not sending:
        raise Unusable("the offer sends neither audio nor video")
    if len(set(kinds)) < len(kinds):
        raise Unusable("at most one audio and one video track")
    _insist_on_one_transport(offer, sending)
    return [_stream(media) for media in sending]


def _insist_on_one_transport(offer: Offer, media: list[Media]) -> None:
    if len(media) > 1 and not {one.mid for one in media} <= set(offer.bundle):
        raise Unusable("all media must be bundled (RFC 9725, 4.4.1)")
    if not all(one.mux for one in media):
        raise Unusable("RTP and RTCP must share a port (rtcp-mux)")


def _stream(media: Media) -> Stream:
    known = media.codecs
    codec = _audio_codec(known) if media.kind == "audio" else _vp8(known) or _h264(known)
    if codec is None:
        raise Unusable("audio must be Opus" if media.kind == "audio" else "video must be VP8, or H.264 in mode 1")
    simulcast = len(media.rids) > 1
    ssrc = None if simulcast or not media.ssrcs else media.ssrcs[0]
    return Stream(
        media.kind,
        media.mid,
        codec,
        _chosen(media, FROM_PUBLISHERS, "recvonly"),
        ssrc,
        media.fid.get(ssrc) if ssrc is not None and codec.rtx_pt else None,
        media.rids[:MOST_LAYERS] if simulcast and media.kind == "video" else [],
    )


def outlets(offer: Offer) -> list[Outlet]:
    """A slot for each m-section that wants to receive. Raises Unusable if there is none that we can fill."""
    willing = [media for media in offer.media if media.is_wanted and media.receives]
    found = [outlet for media in willing if (outlet := _outlet(media))]
    kept = [o for kind in ("audio", "video") for o in [o for o in found if o.kind == kind][:MOST_SLOTS]]
    if not kept:
        raise Unusable("the offer asks for neither Opus nor VP8 nor H.264")
    mids = {outlet.mid for outlet in kept}
    _insist_on_one_transport(offer, [media for media in offer.media if media.mid in mids])
    return [outlet for outlet in found if outlet.mid in mids]


def _outlet(media: Media) -> Outlet | None:
    codecs = _fillable(media.kind, media.codecs)
    if not codecs:
        return None
    repairs = any(codec.rtx_pt for codec in codecs.values())
    extensions = _chosen(media, TO_VIEWERS, "sendonly")
    return Outlet(media.kind, media.mid, codecs, extensions, _new_ssrc(), _new_ssrc() if repairs else None)


@lru_cache(maxsize=64)
def _fillable(kind: str, codecs: tuple[Codec, ...]) -> dict[str, Codec]:
    found = {"audio": [_audio_codec], "video": [_vp8, _h264]}.get(kind, [])
    return {codec.name: codec for find in found if (codec := find(codecs))}


def _new_ssrc() -> int:
    return secrets.randbits(32) or 1


def _chosen(media: Media, wanted: tuple[str, ...], useless: str) -> dict[str, int]:
    """Ids of extensions as offered. 15 is none of the one-byte form that we write (RFC 8285, 4.2)."""
    usable = {uri: media.extensions.get(uri, 0) for uri in wanted if media.one_way.get(uri) != useless}
    return {uri: number for uri, number in usable.items() if 1 <= number <= 14}


def _named(codecs: Iterable[Codec], name: str) -> Iterator[Codec]:
    return (codec for codec in codecs if codec.name == name)


def _audio_codec(codecs: Iterable[Codec]) -> Codec | None:
    return next(_named(codecs, "opus"), None)


def _vp8(codecs: Iterable[Codec]) -> Codec | None:
    return next(_named(codecs, "VP8"), None)


def _h264(codecs: Iterable[Codec]) -> Codec | None:
    """In packetization mode 1, which all browsers send: mode 0 has no fragments, and decoders may insist on it."""
    usable = [codec for codec in _named(codecs, "H264") if codec.fmtp.get("packetization-mode") == "1"]
    return min(usable, key=_preference, default=None)


def _preference(codec: Codec) -> int:
    profile = codec.fmtp.get("profile-level-id", "42e01f").lower()[:4]
    return H264_PREFERENCE.index(profile) if profile in H264_PREFERENCE else len(H264_PREFERENCE)
