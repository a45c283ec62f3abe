"""Whatever comes to the UDP port is counted and dropped, and the stream that runs meanwhile goes on."""

import asyncio
import random
import socket
from contextlib import asynccontextmanager

import pytest
from aioice import stun
from aiortc import RTCCertificate

from rooms.media.aiortc_seam import LONGEST
from rooms.media.mux import FORGIVEN, Forgeries
from rooms.media.peer import SSRCS

from .client import VP8, Client, audio, rtp, video, vp8
from .stage import Stage, stage, until

MEDIA = audio("sendonly", 1111), video("sendonly", 2222, 2223)


class Show:
    """A publisher whose packets a viewer gets, one after the other, and strangers around them."""

    def __init__(self, s: Stage, sender: Client, there, watcher: Client):
        self.stage, self.sender, self.there, self.watcher = s, sender, there, watcher
        self.counters = s.worker.counters
        self.seq = 0
        self.captured: list[bytes] = []
        self.strangers: list[socket.socket] = []

    async def goes_on(self, packets: int = 5) -> None:
        """New packets still reach the viewer."""
        seen = len(self.watcher.rtp)
        for _ in range(packets):
            self.captured.append(protected := self.unsent())
            self.sender.send_raw(protected)
        await until(lambda: len(self.watcher.rtp) == seen + packets)

    def unsent(self) -> bytes:
        """Protected, and never sent as it is: libsrtp looks for replays before anything else."""
        self.seq += 1
        return self.sender.protect(rtp(VP8, self.seq, self.seq * 3000, 2222, vp8()))

    def stranger(self) -> socket.socket:
        self.strangers.append(one := socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        one.connect(("127.0.0.1", self.stage.worker.mux.port))
        return one

    async def counted(self, name: str, count: int = 1) -> None:
        await until(lambda: self.counters[name] >= count)


@pytest.fixture
async def show():
    async with playing() as one:
        yield one


@asynccontextmanager
async def playing():
    async with stage() as s:
        await s.plan()
        sender, there = await s.publisher()
        watcher, _ = await s.viewer()
        one = Show(s, sender, there, watcher)
        await one.goes_on()
        yield one
        await one.goes_on()
        for other in one.strangers:
            other.close()
        assert not [name for name in one.counters if name.startswith("mishaps_")] or one.counters["mishaps_expected"]
        assert len(s.worker.connected) == 2


async def in_bursts(send, times: int) -> None:
    for n in range(times):
        send(n)
        if n % 50 == 49:
            await asyncio.sleep(0.001)


async def test_a_flood_of_checks_for_nobody(show):
    stranger = show.stranger()
    show.sender.answer.ufrag, mine = "nobody", show.sender.answer.ufrag
    for_nobody = show.sender.request()
    show.sender.answer.ufrag = mine
    await in_bursts(lambda n: stranger.send(for_nobody), 1000)
    await show.counted("dropped_stun_unknown_user", 500)
    assert len(show.stage.worker.mux.by_address) == 2


async def test_forged_checks_are_not_even_looked_at_after_some(show):
    stranger = show.stranger()
    forged = show.sender.request(pwd="notthepassword")
    await in_bursts(lambda n: stranger.send(forged), 500)
    await show.counted("dropped_flood", 100)
    assert 0 < show.counters["dropped_stun_forged"] < 200
    stranger.setblocking(False)
    with pytest.raises(BlockingIOError):
        stranger.recv(100)


async def test_who_shares_the_address_of_a_forger_may_still_come_back(show):
    stranger = show.stranger()
    forged = show.sender.request(pwd="notthepassword")
    await in_bursts(lambda n: stranger.send(forged), 100)
    answered = show.counters["checks"]
    show.sender.send_raw(show.sender.request())
    await show.counted("checks", answered + 1)


async def test_checks_of_other_kinds(show):
    stranger = show.stranger()
    for kind in stun.Class:
        message = stun.Message(stun.Method.BINDING, kind)
        message.add_fingerprint()
        stranger.send(bytes(message))
    await show.counted("dropped_stun_malformed", 3)


async def test_packets_of_unknown_streams(show):
    stranger = show.stranger()
    await in_bursts(lambda n: stranger.send(rtp(VP8, n, n, random.getrandbits(32), bytes(200))), 300)
    await show.counted("dropped_unknown_address", 200)


async def test_packets_with_a_publishers_ssrc_from_elsewhere(show):
    stranger = show.stranger()
    await in_bursts(lambda n: stranger.send(rtp(VP8, n, n, 2222, bytes(200))), 300)
    await show.counted("dropped_srtp_invalid")
    await show.counted("dropped_flood")
    assert stranger.getsockname() not in show.stage.worker.mux.by_address


async def test_a_publishers_own_packets_replayed_from_elsewhere(show):
    stranger = show.stranger()
    for packet in show.captured:
        stranger.send(packet)
    await show.counted("dropped_replayed", len(show.captured))
    assert stranger.getsockname() not in show.stage.worker.mux.by_address


async def test_replays_from_the_right_address(show):
    for packet in show.captured:
        show.sender.send_raw(packet)
    await show.counted("dropped_replayed", len(show.captured))


@pytest.mark.parametrize("size", [LONGEST + 1, 2047, 2048, 9000, 60_000])
async def test_oversized_packets(show, size):
    for first in (0, 22, 128):
        show.sender.send_raw(bytes((first,)) + bytes(size - 1))
    await show.counted("dropped_oversized", 3)


async def test_truncated_packets(show):
    whole = show.unsent()
    for length in range(1, len(whole)):
        show.sender.send_raw(whole[:length])
    await show.counted("dropped_srtp_invalid", 100)


async def test_an_empty_datagram(show):
    show.sender.send_raw(b"")
    await show.counted("dropped_empty")


async def test_changed_packets(show):
    whole = show.unsent()

    def change(n: int) -> None:
        changed = bytearray(whole)
        changed[random.randrange(1, len(changed))] ^= random.randrange(1, 256)
        show.sender.send_raw(bytes(changed))

    await in_bursts(change, 300)
    await show.counted("dropped_srtp_invalid", 100)


@pytest.mark.parametrize("known", [True, False], ids=["from the publisher", "from a stranger"])
async def test_random_bytes(show, known):
    send = show.sender.send_raw if known else show.stranger().send
    before = sum(n for name, n in show.counters.items() if name.startswith("dropped_"))
    await in_bursts(lambda n: send(random.randbytes(random.randrange(1, 1600))), 500)
    await until(lambda: sum(n for name, n in show.counters.items() if name.startswith("dropped_")) > before + 100)


async def test_records_of_the_handshake_again():
    """A client hello and all that followed it, from the one who sent it and from a stranger."""
    async with stage() as s:
        await s.plan()
        client = s.client()
        records: list[bytes] = []
        send = client.line._send

        async def capture(data: bytes) -> None:
            records.append(data)
            await send(data)

        client.line._send = capture
        offer = client.offer(*MEDIA)
        there = await s.join(client, "/rooms/7/publish?person=42", offer)
        watcher, _ = await s.viewer()
        show = Show(s, client, there, watcher)
        await show.goes_on()
        stranger = show.stranger()
        for record in records * 20:
            client.send_raw(record)
            stranger.send(record)
        await show.counted("dropped_unknown_address", len(records))
        await show.goes_on()
        stranger.close()
        assert not there.closed


async def test_records_that_are_none(show):
    await in_bursts(lambda n: show.sender.send_raw(bytes((20 + n % 44,)) + random.randbytes(60)), 300)
    await show.goes_on()


async def test_a_handler_that_fails_is_counted_and_the_next_packet_is_heard(show):
    show.sender.send(rtp(VP8, 30_000, 1, 2222, b"trouble"))
    await show.counted("mishaps_packet")
    show.seq = 30_000
    await show.goes_on()
    show.counters["mishaps_expected"] = 1


async def test_somebody_invents_streams_without_end():
    async with stage() as s:
        await s.plan()
        client, there = await s.publisher()
        await in_bursts(lambda n: client.send(rtp(VP8, n, n, 10_000 + n, b"x")), SSRCS + 1)
        await until(lambda: there.closed)
        assert s.worker.counters["ended_too_many_ssrcs"] == 1


async def test_a_viewer_sends_rtp(show):
    show.watcher.send(rtp(VP8, 1, 1, 9, bytes(100)))
    await show.counted("dropped_unwanted")


async def test_an_impostor_with_another_certificate_is_turned_away():
    async with stage() as s:
        await s.plan()
        client = s.client(certificate=RTCCertificate.generateCertificate())
        response = await s.ask("POST", "/rooms/7/publish?person=42", client.offer(*MEDIA))
        await client.check(await response.text())
        handshake = asyncio.ensure_future(client.shake_hands())
        await until(lambda: s.worker.counters["ended_handshake_failed"] == 1)
        await until(lambda: not s.worker.peers)
        handshake.cancel()


async def test_forgeries_are_forgotten_after_a_second():
    forgeries = Forgeries()
    for _ in range(FORGIVEN):
        assert not forgeries.are_many_from("192.0.2.1", 10.0)
        forgeries.note("192.0.2.1")
    assert forgeries.are_many_from("192.0.2.1", 10.9)
    assert not forgeries.are_many_from("192.0.2.2", 10.9)
    assert not forgeries.are_many_from("192.0.2.1", 11.0)
