"""Our answers, read by aiortc's parser."""

import pytest
from aiortc import sdp as other

from rooms.media import answers, offers
from rooms.media.offers import ABS_SEND_TIME, AUDIO_LEVEL, TRANSPORT_CC

from . import client
from .test_offers import BROWSERS, made, sdp

TRANSPORT = answers.Transport(
    "ourufrag", "ourpassword", "AB:CD", ["candidate:1 1 udp 2130706431 203.0.113.5 41000 typ host"]
)


def to_publisher(text: str) -> tuple[str, other.SessionDescription]:
    offer = offers.read(text)
    answer = answers.publisher(offer, TRANSPORT, offers.streams(offer))
    return answer, other.SessionDescription.parse(answer)


def to_viewer(text: str) -> tuple[str, other.SessionDescription]:
    offer = offers.read(text)
    answer = answers.viewer(offer, TRANSPORT, offers.outlets(offer))
    return answer, other.SessionDescription.parse(answer)


def feedback(codec) -> set[str]:
    return {f"{one.type} {one.parameter or ''}".strip() for one in codec.rtcpFeedback}


@pytest.mark.parametrize("browser", BROWSERS)
def test_publishers_are_told_to_send_and_how_to_be_asked(browser):
    text, answer = to_publisher(sdp(f"{browser}_publisher"))
    audio, video = answer.media
    assert [media.direction for media in answer.media] == ["recvonly"] * 2
    assert answer.group[0].items == ["0", "1"]
    assert video.ice.usernameFragment == "ourufrag"
    assert video.dtls.role == "server"
    assert "a=ice-lite\r\n" in text
    assert feedback(video.rtp.codecs[0]) == {"nack", "nack pli", "ccm fir", "transport-cc"}
    assert feedback(audio.rtp.codecs[0]) == ({"transport-cc"})
    assert AUDIO_LEVEL in {one.uri for one in audio.rtp.headerExtensions}
    assert TRANSPORT_CC in {one.uri for one in video.rtp.headerExtensions}
    assert ABS_SEND_TIME not in text
    assert [codec.name for codec in video.rtp.codecs] == ["VP8", "rtx"]


def test_only_the_first_of_the_bundle_has_candidates():
    text, _ = to_publisher(sdp("chromium_publisher"))
    assert text.count("a=candidate:") == text.count("a=end-of-candidates") == 1
    assert text.index("a=candidate:") < text.index("m=video")


@pytest.mark.parametrize("browser", BROWSERS)
def test_layers_are_taken_by_their_names(browser):
    text, _ = to_publisher(sdp(f"{browser}_simulcast"))
    assert text.count(" recv\r\n") == 3
    assert "a=simulcast:recv q;h;f\r\n" in text


def test_silence_is_sent_too():
    """Discontinuous transmission would leave the audio level at what it was."""
    text, _ = to_publisher(made(client.audio("sendonly").replace("useinbandfec=1", "useinbandfec=1;usedtx=1")))
    assert "useinbandfec=1" in text
    assert "usedtx" not in text


def test_payload_types_and_numbers_of_extensions_are_the_offers():
    _, answer = to_publisher(sdp("firefox_publisher"))
    assert [codec.payloadType for codec in answer.media[1].rtp.codecs] == [120, 124]
    assert {one.uri: one.id for one in answer.media[0].rtp.headerExtensions}[AUDIO_LEVEL] == 1


@pytest.mark.parametrize("browser", BROWSERS)
def test_slots_of_viewers_have_ssrcs_and_streams_of_their_own(browser):
    text, answer = to_viewer(sdp(f"{browser}_viewer"))
    assert [media.direction for media in answer.media] == ["sendonly"] * 7
    assert all(media.ssrc for media in answer.media)
    assert len({media.msid.split()[0] for media in answer.media}) == 7
    assert all(len(media.ssrc_group) == 1 for media in answer.media if media.kind == "video")
    video = answer.media[0]
    assert "goog-remb" in feedback(video.rtp.codecs[0])
    assert "transport-cc" not in text
    assert {ABS_SEND_TIME, offers.MID} == {one.uri for one in video.rtp.headerExtensions}


def test_a_slot_can_carry_vp8_or_h264():
    _, answer = to_viewer(sdp("chromium_viewer"))
    assert [(codec.name, codec.payloadType) for codec in answer.media[0].rtp.codecs] == [
        *(("VP8", 96), ("rtx", 97), ("H264", 108), ("rtx", 109)),
    ]


def test_one_picture_and_its_sound_are_kept_in_step():
    _, answer = to_viewer(made(client.video("recvonly"), client.audio("recvonly")))
    assert len({media.msid.split()[0] for media in answer.media}) == 1


def test_sections_that_we_do_not_take_are_refused_in_their_place():
    data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
    text, answer = to_viewer(made(data, client.video("recvonly"), client.audio("sendonly")))
    assert [line.split()[:2] for line in text.splitlines() if line.startswith("m=")] == [
        ["m=application", "0"],
        ["m=video", "9"],
        ["m=audio", "0"],
    ]
    assert answer.group[0].items == ["1"]


def test_a_restart_is_answered_with_new_credentials():
    asked = offers.read_fragment(
        "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:P2uY\r\n"
    )
    assert answers.fragment(TRANSPORT, asked).splitlines() == [
        "a=ice-lite",
        "a=ice-options:trickle",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=mid:0",
        "a=ice-ufrag:ourufrag",
        "a=ice-pwd:ourpassword",
        "a=candidate:1 1 udp 2130706431 203.0.113.5 41000 typ host",
        "a=end-of-candidates",
    ]
