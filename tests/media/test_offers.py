"""Offers of Chromium 156 and Firefox 153 as they were sent, and what else may come."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media import offers
from rooms.media.offers import ABS_SEND_TIME, AUDIO_LEVEL, MID, REPAIRED_RID, RID, TRANSPORT_CC

from . import client

BROWSERS = ["chromium", "firefox"]


def sdp(name: str) -> str:
    return (Path(__file__).parent / "sdp" / f"{name}.sdp").read_bytes().decode()


def made(*media: str) -> str:
    """The light client's."""
    return client.offer("theufrag", "thepassword", ("192.0.2.1", 9), *media)


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_browser_publishes_opus_and_vp8(browser):
    audio, video = offers.streams(offers.read(sdp(f"{browser}_publisher")))
    assert (audio.kind, audio.mid, audio.codec.name, audio.codec.clock, audio.codec.channels) == (
        *("audio", "0", "opus", 48000, 2),
    )
    assert (video.kind, video.mid, video.codec.name) == ("video", "1", "VP8")
    assert {MID, AUDIO_LEVEL, TRANSPORT_CC} <= set(audio.extensions)
    assert {MID, TRANSPORT_CC} <= set(video.extensions)
    assert video.twcc
    assert video.rtx_pt == video.codec.pt + (1 if browser == "chromium" else 4)
    assert video.ssrc
    assert video.rtx_ssrc
    assert not video.rids


@pytest.mark.parametrize("browser", BROWSERS)
def test_simulcast_comes_in_layers_whose_ssrcs_are_learned(browser):
    _, video = offers.streams(offers.read(sdp(f"{browser}_simulcast")))
    assert video.rids == ["q", "h", "f"]
    assert video.ssrc is None
    assert {MID, RID, REPAIRED_RID} <= set(video.extensions)


@pytest.mark.parametrize(("browser", "codecs"), [("chromium", ["VP8", "H264"]), ("firefox", ["VP8"])])
def test_each_section_of_a_viewer_is_a_slot(browser, codecs):
    outlets = offers.outlets(offers.read(sdp(f"{browser}_viewer")))
    assert [outlet.kind for outlet in outlets] == ["video"] * 4 + ["audio"] * 3
    assert [outlet.mid for outlet in outlets] == list("0123456")
    assert list(outlets[0].codecs) == codecs
    assert list(outlets[4].codecs) == ["opus"]
    assert {MID, ABS_SEND_TIME} <= set(outlets[0].extensions)
    ssrcs = [ssrc for outlet in outlets for ssrc in (outlet.ssrc, outlet.rtx_ssrc) if ssrc is not None]
    assert len(set(ssrcs)) == 4 * 2 + 3


@pytest.mark.parametrize("browser", BROWSERS)
def test_what_browsers_can_is_read_once_for_all_of_a_version(browser):
    """Whoever they are, and wherever: it is most of what an offer costs."""
    offer = sdp(f"{browser}_viewer")
    other = "\r\n".join(
        f"{line[:-2]}xx" if line.startswith(("a=ice-ufrag", "a=ice-pwd", "a=candidate")) else line
        for line in offer.split("\r\n")
    )
    one, two = offers.read(offer), offers.read(other)
    assert (one.ufrag, one.pwd) != (two.ufrag, two.pwd)
    assert all(mine.codecs is theirs.codecs for mine, theirs in zip(one.media, two.media, strict=True))
    assert all(mine.ssrcs is not theirs.ssrcs for mine, theirs in zip(one.media, two.media, strict=True))


def test_bundled_sections_with_port_0_are_not_rejected():
    offer = offers.read(sdp("firefox_viewer"))
    assert [media.port for media in offer.media[1:]] == [0] * 6
    assert all(media.is_wanted for media in offer.media)


def test_what_stands_in_the_session_holds_for_all():
    """Firefox writes its fingerprint there."""
    [(algorithm, value)] = offers.fingerprints(offers.read(sdp("firefox_publisher")))
    assert (algorithm, len(value)) == ("sha-256", 95)


def test_h264_is_taken_from_who_has_no_vp8():
    [video] = offers.streams(offers.read(made(client.video("sendonly", 5, 6, h264_only=True))))
    assert (video.codec.name, video.codec.pt, video.rtx_pt, video.rtx_ssrc) == ("H264", client.H264, client.H264_RTX, 6)


def test_h264_in_the_mode_without_fragments_is_not():
    offer = made(client.video("sendonly", 5, h264_only=True)).replace("packetization-mode=1", "packetization-mode=0")
    with pytest.raises(offers.Unusable, match="VP8"):
        offers.streams(offers.read(offer))


def test_baseline_is_preferred_among_the_profiles_of_h264():
    outlet = offers.outlets(offers.read(sdp("chromium_viewer")))[0]
    assert outlet.codecs["H264"].fmtp["profile-level-id"] == "42e01f"


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        pytest.param([client.audio("recvonly")], "neither", id="receives only"),
        pytest.param([client.audio("sendonly", 1), client.audio("sendonly", 2)], "at most one", id="two of a kind"),
        pytest.param([client.audio("sendonly", 1).replace("opus/48000/2", "PCMU/8000")], "Opus", id="no usable codec"),
        pytest.param(["m=application 9 UDP/DTLS/SCTP webrtc-datachannel"], "neither", id="data channel alone"),
        pytest.param([client.audio("sendonly").replace("m=audio 9", "m=audio 0")], "neither", id="rejected by itself"),
    ],
)
def test_a_publisher_that_cannot_be_served_is_told_why(media, reason):
    with pytest.raises(offers.Unusable, match=reason):
        offers.streams(offers.read(made(*media)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"), "bundled", id="not bundled"),
        pytest.param(("a=rtcp-mux", "a=x"), "rtcp-mux", id="no rtcp-mux"),
    ],
)
def test_a_publisher_needs_one_transport(change, reason):
    offer = made(client.audio("sendonly"), client.video("sendonly")).replace(*change)
    with pytest.raises(offers.Unusable, match=reason):
        offers.streams(offers.read(offer))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(("sha-256", "sha-1"), "SHA-2", id="weak fingerprint"),
        pytest.param(("setup:actpass", "setup:passive"), "DTLS client", id="only a DTLS server"),
    ],
)
def test_a_certificate_must_be_provable(change, reason):
    with pytest.raises(offers.Unusable, match=reason):
        offers.fingerprints(offers.read(made(client.audio("sendonly")).replace(*change)))


def test_a_viewer_that_asks_for_nothing_that_we_have_is_told():
    with pytest.raises(offers.Unusable):
        offers.outlets(offers.read(made(client.audio("recvonly").replace("opus/48000/2", "PCMU/8000"))))


def test_slots_have_a_limit():
    outlets = offers.outlets(offers.read(made(*[client.audio("recvonly")] * 20, client.video("recvonly"))))
    assert [outlet.kind for outlet in outlets] == ["audio"] * offers.MOST_SLOTS + ["video"]


def test_extensions_of_one_direction_are_left_out_of_the_other():
    offer = made(client.audio("sendonly")).replace("a=extmap:2 ", "a=extmap:2/recvonly ")
    [audio] = offers.streams(offers.read(offer))
    assert AUDIO_LEVEL not in audio.extensions


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("", id="empty"),
        pytest.param("hello", id="no SDP"),
        pytest.param("v=0\r\ns=-\r\n", id="no media"),
        pytest.param(made("m=audio nine UDP/TLS/RTP/SAVPF 111"), id="port that is none"),
        pytest.param(made("m=audio"), id="m-line that stops"),
        pytest.param(made(client.audio("sendonly").replace("opus/48000/2", "opus/fast")), id="clock that is none"),
        pytest.param(made(client.audio("sendonly", 2**32)), id="too long an SSRC"),
        pytest.param(made(client.audio("sendonly")).replace("a=ice-pwd", "a=no-pwd"), id="no password"),
        pytest.param(made(client.audio("sendonly")).replace("a=fingerprint", "a=no"), id="no fingerprint"),
        pytest.param(made(client.audio("sendonly")).replace("theufrag", "the ufrag"), id="ufrag of two words"),
        pytest.param(made(*["m=audio 9 X 0"] * 2).replace("a=mid:1", "a=mid:0"), id="a mid twice"),
        pytest.param(made(*["m=audio 9 X 0"] * 65), id="too many media"),
        pytest.param("v=0\n" + "a=x\n" * 20_000, id="too long"),
    ],
)
def test_what_is_no_offer_is_malformed(broken):
    with pytest.raises(ValueError):
        offers.read(broken)


GOOD = made(client.audio("sendonly", 1), client.simulcast("q", "h"))


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=40))
def test_a_damaged_offer_is_read_or_malformed_or_unusable(at, gone, instead):
    damaged = GOOD[:at] + instead + GOOD[at + gone :]
    with contextlib.suppress(ValueError, offers.Unusable):
        offer = offers.read(damaged)
        offers.fingerprints(offer)
        offers.streams(offer)


@given(st.text())
def test_any_text_is_a_fragment_or_malformed(text):
    with contextlib.suppress(ValueError):
        offers.read_fragment(text)


def test_a_fragment_names_the_ice_session():
    fragment = offers.read_fragment(
        "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uY\r\n"
    )
    assert (fragment.ufrag, fragment.pwd, fragment.mid, fragment.bundle) == ("EsAw", "P2uY", "0", ["0", "1"])


def test_half_of_the_credentials_are_malformed():
    with pytest.raises(ValueError, match="belong together"):
        offers.read_fragment("a=ice-ufrag:EsAw\r\n")
