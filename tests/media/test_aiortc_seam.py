"""The contract with aiortc and pylibsrtp: the private names that we use, against a real RTCPeerConnection."""

import aioice.ice
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc import rtcdtlstransport as theirs
from aiortc.mediastreams import AudioStreamTrack

from rooms.media import aiortc_seam as seam

from .client import VP8, rtp, vp8
from .stage import SDP, Stage, stage, until


@pytest.fixture
def on_loopback(monkeypatch):
    """aioice leaves it out; a test needs no other network."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


async def joined(s: Stage, pc: RTCPeerConnection, path: str):
    await pc.setLocalDescription(await pc.createOffer())
    response = await s.ask("POST", path, pc.localDescription.sdp, SDP)
    assert response.status == 201, await response.text()
    await pc.setRemoteDescription(RTCSessionDescription(await response.text(), "answer"))
    return s.worker.peers[response.headers["Location"].removeprefix("/resources/")]


async def test_a_real_peer_publishes_and_another_hears_it(on_loopback):
    async with stage() as s:
        await s.plan()
        speaker, listener = RTCPeerConnection(), RTCPeerConnection()
        speaker.addTransceiver(AudioStreamTrack(), direction="sendonly")
        listener.addTransceiver("audio", direction="recvonly")
        there = await joined(s, speaker, "/rooms/7/publish?person=42")
        seat = await joined(s, listener, "/rooms/7/watch")
        await until(lambda: there.connected_at and seat.connected_at)
        track = listener.getTransceivers()[0].receiver.track
        frame = await track.recv()
        assert (frame.sample_rate, frame.samples) == (48000, 960)
        await until(lambda: there.reported)
        await speaker.close()
        await until(lambda: there.closed)
        assert s.worker.counters["ended_left"] == 1
        await listener.close()
        await until(lambda: not s.worker.peers)


@pytest.mark.parametrize("profile", theirs.SRTP_PROFILES, ids=lambda profile: profile.openssl_profile.decode())
async def test_every_profile_appends_as_many_bytes_as_we_say(profile, monkeypatch):
    async with stage() as s:
        await s.plan()
        client = s.client()
        client.dtls._srtp_profiles = [profile]
        monkeypatch.setattr(s, "client", lambda **_: client)
        _, there = await s.viewer()
        packet = rtp(VP8, 1, 1, 77, vp8())
        room = seam.ffi.new("char[2000]")
        seam.ffi.buffer(room)[: len(packet)] = packet
        size = seam.ffi.new("int *", len(packet))
        assert seam.srtp_protect(there.outbound.pointer, room, size) == 0
        assert size[0] == len(packet) + there.outbound.tag_length
        s.worker.mux.send(bytes(seam.ffi.buffer(room, size[0])), there.address, there.socket)
        await until(lambda: client.rtp == [packet])


def test_every_profile_that_is_offered_is_known():
    assert {profile.openssl_profile for profile in theirs.SRTP_PROFILES} <= set(seam.TAG_LENGTHS)


async def test_handshakes_share_one_context():
    certificate = seam.Certificate.generateCertificate()
    one, other = (certificate._create_ssl_context(theirs.SRTP_PROFILES) for _ in range(2))
    assert one is other
    assert seam.Certificate.generateCertificate()._create_ssl_context(theirs.SRTP_PROFILES) is not one


def test_the_fingerprint_is_the_certificates():
    certificate = seam.Certificate.generateCertificate()
    assert certificate.sha256 == theirs.certificate_digest(certificate._cert, "sha-256")


def test_a_line_holds_so_many_records():
    line = seam.Line(lambda _record: None)
    assert all(line.feed(b"record") for _ in range(seam.RECORDS))
    assert not line.feed(b"one more")
