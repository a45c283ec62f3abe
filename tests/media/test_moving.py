"""Clients whose address changes: behind a NAT that forgot them, from Wi-Fi to mobile, after an ICE restart."""

import pytest

from rooms.media.peer import ADDRESSES, SILENCE, SILENCE_OF_NOMINATORS

from .client import VP8, rtp, vp8
from .stage import FRAGMENT, stage, until


@pytest.fixture
async def s():
    async with stage() as there:
        await there.plan()
        yield there


async def test_a_nominating_check_moves_at_once(s):
    client, there = await s.viewer()
    before = there.address
    old = client.move()
    client.send_raw(client.request())
    await until(lambda: there.address == client.socket.getsockname())
    assert there.address != before
    assert there.sockaddr[2:4] == there.address[1].to_bytes(2, "big")
    there.send_rtp(rtp(VP8, 1, 1, there.outlets[0].ssrc, vp8()))
    await until(lambda: client.rtp)
    client.vanish(old)


async def test_without_nomination_the_old_address_must_be_silent(s):
    _, there = await s.publisher(nominates=False)
    before, now = there.address, s.worker.clock()
    other = ("127.0.0.1", 9)
    there.take_check(there.credentials, False, other, there.socket, now + SILENCE - 0.5)
    assert there.address == before
    there.take_check(there.credentials, False, other, there.socket, there.address_heard + SILENCE + 0.1)
    assert there.address == other
    assert there.events == ["connected", "moved"]


async def test_who_nominates_may_check_spare_addresses(s):
    _, there = await s.publisher()
    before, other = there.address, ("127.0.0.1", 9)
    there.take_check(there.credentials, False, other, there.socket, there.address_heard + SILENCE + 0.1)
    assert there.address == before
    there.take_check(there.credentials, False, other, there.socket, there.address_heard + SILENCE_OF_NOMINATORS + 0.1)
    assert there.address == other


async def test_a_publisher_is_heard_from_a_new_address_before_it_checks(s):
    client, there = await s.publisher()
    client.send(rtp(VP8, 1, 1, 2222, vp8()))
    await until(lambda: len(there.heard) == 1)
    before = there.address
    client.checking.cancel()
    old = client.move()
    client.send(rtp(VP8, 2, 2, 2222, vp8()))
    await until(lambda: len(there.heard) == 2)
    assert there.address == before, "what we send waits for a check"
    client.send_raw(client.request())
    await until(lambda: there.address == client.socket.getsockname())
    client.vanish(old)


async def test_a_restart_moves_to_where_its_first_check_comes_from(s):
    client, there = await s.publisher(nominates=False)
    response = await s.ask("PATCH", f"/resources/{there.id}", client.restart(), FRAGMENT, {"If-Match": "*"})
    assert response.status == 200
    client.apply(await response.text())
    old = client.move()
    client.send_raw(client.request())
    await until(lambda: there.address == client.socket.getsockname())
    client.send(rtp(VP8, 1, 1, 2222, vp8()))
    await until(lambda: there.heard)
    client.vanish(old)


async def test_credentials_of_before_a_restart_are_good_until_the_next(s):
    _, there = await s.publisher()
    first = there.credentials
    there.restart_ice("new1")
    second = there.credentials
    assert {first.ufrag, second.ufrag} == set(s.worker.mux.by_ufrag)
    there.restart_ice("new2")
    assert {second.ufrag, there.credentials.ufrag} == set(s.worker.mux.by_ufrag)


async def test_late_checks_of_before_a_restart_do_not_move_back(s):
    _, there = await s.publisher(nominates=False)
    first, now = there.credentials, s.worker.clock()
    there.restart_ice("new1")
    there.take_check(there.credentials, False, ("127.0.0.1", 9), there.socket, now)
    there.take_check(first, False, ("127.0.0.1", 10), there.socket, now + 10)
    assert there.address == ("127.0.0.1", 9)


async def test_a_peer_holds_only_so_many_addresses(s):
    _, there = await s.publisher()
    present = there.address
    for port in range(1, 3 * ADDRESSES):
        there.take_check(there.credentials, False, ("127.0.0.1", port), there.socket, s.worker.clock())
    assert len(there.addresses) == len(s.worker.mux.by_address) == ADDRESSES
    assert present in there.addresses


async def test_an_address_belongs_to_whoever_checked_last(s):
    _, one = await s.publisher()
    _, other = await s.viewer()
    taken = one.address
    other.take_check(other.credentials, False, taken, other.socket, s.worker.clock())
    assert s.worker.mux.by_address[taken] is other
    one.close("deleted")
    assert s.worker.mux.by_address[taken] is other


async def test_the_first_to_claim_an_ssrc_has_it(s):
    _, one = await s.publisher(video_ssrc=5000)
    _, other = await s.publisher(video_ssrc=6000)
    other.claim(5000)
    other.close("deleted")
    assert s.worker.mux.by_ssrc[(5000).to_bytes(4, "big")] is one


async def test_clients_come_by_ipv6_too():
    async with stage(bind=("127.0.0.1", "::1")) as s:
        await s.plan()
        client, there = await s.publisher(host="::1")
        assert client.mapped[0] == "::1"
        client.send(rtp(VP8, 1, 1, 2222, vp8()))
        await until(lambda: there.heard)
        assert len(there.sockaddr) == 28
        assert there.fileno == s.worker.mux.sockets[1].fileno()
