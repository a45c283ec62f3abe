"""Writes our SDP answers (RFC 9429, 5.3; RFC 9725, 4.4), from an offer and what was chosen of it. Pure.

Payload types and extension numbers are the offer's. Streams of ours are named by SSRC and by MID: with neither of
them, browsers show nothing.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import hexdigits

from .offers import Codec, Fragment, Media, Offer, Outlet, Stream

FEEDBACK = ("nack", "nack pli", "ccm fir")
TO_PUBLISHERS = (*FEEDBACK, "transport-cc")
# Not transport-cc, which would make the browser leave the estimate to us: with this it sends its own as REMB.
TO_VIEWERS = (*FEEDBACK, "goog-remb")
# No usedtx: in its gaps no packet carries a level, so that whoever falls silent would seem to speak on.
OPUS = "minptime=10;useinbandfec=1"


@dataclass(frozen=True)
class Transport:
    """Our end of the line, the same for all bundled media."""

    ufrag: str
    password: str
    fingerprint: str  # SHA-256
    candidates: Sequence[str] = field(default_factory=list)  # lines from ice.candidates


def publisher(offer: Offer, transport: Transport, streams: Iterable[Stream]) -> str:
    """We receive: one m-section for each of the offer, those without a stream refused."""
    chosen = {stream.mid: list(_received(stream)) for stream in streams}
    return _answer(offer, transport, chosen, {stream.mid: [stream.codec] for stream in streams})


def viewer(offer: Offer, transport: Transport, outlets: Iterable[Outlet]) -> str:
    """We send: a slot for each m-section that has an outlet, the others refused."""
    outlets = list(outlets)
    names = _stream_names(outlets)
    chosen = {outlet.mid: list(_sent(outlet, names[outlet.mid])) for outlet in outlets}
    return _answer(offer, transport, chosen, {outlet.mid: list(outlet.codecs.values()) for outlet in outlets})


def _stream_names(outlets: list[Outlet]) -> dict[str, str]:
    """Browsers keep tracks of one stream in step: right for one picture with its sound, wrong for many speakers."""
    if sorted(outlet.kind for outlet in outlets) == ["audio", "video"]:
        return {outlet.mid: "stage" for outlet in outlets}
    return {outlet.mid: f"slot{n}" for n, outlet in enumerate(outlets)}


def _answer(offer: Offer, transport: Transport, chosen: dict[str, list[str]], codecs: dict[str, list[Codec]]) -> str:
    lines = list(_session(offer, chosen))
    candidates = [*transport.candidates, "end-of-candidates"]
    for media in offer.media:
        if media.mid in chosen:
            lines += _accepted(media, codecs[media.mid], transport)
            # The first of the bundle speaks for all (RFC 9143, 7.3.1).
            lines += [f"a={candidate}" for candidate in candidates] + chosen[media.mid]
            candidates = []
        else:
            lines += _refused(media)
    return "\r\n".join(lines) + "\r\n"


def _session(offer: Offer, chosen: dict[str, list[str]]) -> Iterator[str]:
    mids = [media.mid for media in offer.media if media.mid in chosen]
    yield from ("v=0", f"o=- {secrets.randbits(62)} 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite")
    yield "a=ice-options:trickle"
    if offer.mixed_extensions:
        yield "a=extmap-allow-mixed"
    if offer.bundle:
        yield f"a=group:BUNDLE {' '.join(mids)}"
    yield "a=msid-semantic: WMS *"


def _accepted(media: Media, codecs: list[Codec], transport: Transport) -> list[str]:
    formats = [str(pt) for codec in codecs for pt in (codec.pt, codec.rtx_pt) if pt is not None]
    return [
        f"m={media.kind} 9 {media.protocol} {' '.join(formats)}",
        "c=IN IP4 0.0.0.0",
        *([f"a=mid:{media.mid}"] if media.mid else []),
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        f"a=fingerprint:sha-256 {transport.fingerprint}",
        "a=setup:passive",
    ]


def _refused(media: Media) -> list[str]:
    mid = [f"a=mid:{media.mid}"] if media.mid else []
    return [f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}", "c=IN IP4 0.0.0.0", *mid, "a=inactive"]


def _received(stream: Stream) -> Iterator[str]:
    yield "a=recvonly"
    yield from _codec_lines(stream.kind, stream.codec, TO_PUBLISHERS)
    yield from _extensions(stream.extensions)
    yield from (f"a=rid:{rid} recv" for rid in stream.rids)
    if stream.rids:
        yield f"a=simulcast:recv {';'.join(stream.rids)}"


def _sent(outlet: Outlet, stream: str) -> Iterator[str]:
    yield "a=sendonly"
    for codec in outlet.codecs.values():
        yield from _codec_lines(outlet.kind, codec, TO_VIEWERS)
    yield from _extensions(outlet.extensions)
    yield f"a=msid:{stream} {outlet.kind}{outlet.mid}"
    yield from _ssrcs(outlet)


def _ssrcs(outlet: Outlet) -> Iterator[str]:
    if outlet.rtx_ssrc is not None:
        yield f"a=ssrc-group:FID {outlet.ssrc} {outlet.rtx_ssrc}"
    yield from (f"a=ssrc:{ssrc} cname:stage" for ssrc in (outlet.ssrc, outlet.rtx_ssrc) if ssrc is not None)


@lru_cache(maxsize=256)  # offers of the same browser share their codecs
def _codec_lines(kind: str, codec: Codec, feedback: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_about_codec(kind, codec, feedback))


def _about_codec(kind: str, codec: Codec, feedback: tuple[str, ...]) -> Iterator[str]:
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    yield f"a=rtpmap:{codec.pt} {codec.name}/{codec.clock}{channels}"
    yield from (f"a=rtcp-fb:{codec.pt} {one}" for one in feedback if one in codec.feedback)
    if kind == "audio":
        yield f"a=fmtp:{codec.pt} {OPUS}"
    elif codec.name == "H264":
        yield f"a=fmtp:{codec.pt} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={_profile(codec)}"
    if codec.rtx_pt is not None:
        yield f"a=rtpmap:{codec.rtx_pt} rtx/{codec.clock}"
        yield f"a=fmtp:{codec.rtx_pt} apt={codec.pt}"


def _profile(codec: Codec) -> str:
    """As offered, or the one that the lack of it means (RFC 6184, 8.1: baseline, level 1)."""
    offered = codec.fmtp.get("profile-level-id", "")
    return offered if len(offered) == 6 and set(offered) <= set(hexdigits) else "42000a"


def _extensions(chosen: dict[str, int]) -> Iterator[str]:
    return (f"a=extmap:{number} {uri}" for uri, number in chosen.items())


def fragment(transport: Transport, asked: Fragment) -> str:
    """Our new end of the line after an ICE restart (RFC 8840, 4.4; RFC 9725, 4.3.3)."""
    lines = [
        "a=ice-lite",
        "a=ice-options:trickle",
        *([f"a=group:BUNDLE {' '.join(asked.bundle)}"] if asked.bundle else []),
        asked.medium,
        *([f"a=mid:{asked.mid}"] if asked.mid else []),
        f"a=ice-ufrag:{transport.ufrag}",
        f"a=ice-pwd:{transport.password}",
        *(f"a={candidate}" for candidate in transport.candidates),
        "a=end-of-candidates",
    ]
    return "\r\n".join(lines) + "\r\n"
