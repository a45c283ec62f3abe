"""What holds the process together: its queue of joins, its ticks, its port and its figures."""

import asyncio
import errno
import socket
from ipaddress import ip_address

import pytest

from rooms.media import metrics, mux
from rooms.media.metrics import Mishaps
from rooms.media.worker import Joins

from .client import video
from .stage import SDP, stage, until


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def slept(monkeypatch, clock):
    """How long those who join were told to wait, one after the other."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        clock.now += seconds

    monkeypatch.setattr("rooms.media.worker.asyncio.sleep", sleep)
    return slept


async def test_joins_take_their_turns(slept, clock):
    joins = Joins(50, clock)
    for _ in range(4):
        await joins.turn()
    assert slept == [0.02, 0.02, 0.02]


async def test_publishers_do_not_wait_for_the_audience(slept, clock):
    joins = Joins(50, clock)
    await joins.turn()
    await joins.turn(urgent=True)
    assert slept == []
    await joins.turn()
    assert slept == [0.04]


async def test_a_publisher_comes_before_whoever_waits_already():
    joins, order = Joins(20), []

    async def come(name: str, urgent: bool = False) -> None:
        await joins.turn(urgent)
        order.append(name)

    await joins.turn()
    waiting = [asyncio.create_task(come(name)) for name in ("ada", "ines")]
    await asyncio.sleep(0)
    await come("grace", urgent=True)
    await asyncio.gather(*waiting)
    assert order == ["grace", "ada", "ines"]


async def test_after_a_pause_nobody_waits(slept, clock):
    joins = Joins(50, clock)
    await joins.turn()
    clock.now += 1
    await joins.turn()
    assert slept == []


async def test_late_timers_do_not_make_the_queue_slower(slept, clock, monkeypatch):
    """Twenty in a row, each woken 5 ms late."""
    punctual = asyncio.sleep

    async def late(seconds: float) -> None:
        await punctual(seconds)
        clock.now += 0.005

    monkeypatch.setattr("rooms.media.worker.asyncio.sleep", late)
    joins, began = Joins(50, clock), clock.now
    for _ in range(21):
        await joins.turn()
    assert clock.now - began == pytest.approx(20 * 0.02 + 0.005)


async def test_who_gives_up_takes_no_time_from_those_behind_them():
    """A thousand pages that came, lost patience and came again would keep everybody out for twenty seconds."""
    joins = Joins(50)
    await joins.turn()
    impatient = [asyncio.create_task(joins.turn()) for _ in range(1000)]
    await asyncio.sleep(0)
    for task in impatient:
        task.cancel()
    await asyncio.gather(*impatient, return_exceptions=True)
    await asyncio.wait_for(joins.turn(), timeout=2)


async def test_all_who_come_at_once_get_in():
    async with stage(joins_per_second=200) as s:
        await s.plan()

        async def come() -> None:
            client = s.client()
            response = await s.ask("POST", "/rooms/7/watch", client.offer(video("recvonly")), SDP)
            await client.connect(await response.text())

        await asyncio.gather(*(come() for _ in range(40)))
        await until(lambda: len(s.worker.connected) == 40)


async def test_peers_tick_as_often_as_they_want_and_not_all_at_once():
    async with stage() as s:
        await s.plan()
        _, often = await s.publisher()
        seldom = [(await s.viewer())[1] for _ in range(4)]
        s.worker._ticker.cancel()
        ticks: list[object] = []
        for peer in (often, *seldom):
            peer.tick = lambda now, peer=peer: ticks.append((s.worker.ticks, peer))
        for n in range(20):
            s.worker.tick(float(n))
        assert sum(peer is often for _, peer in ticks) == 20
        assert [sum(peer is one for _, peer in ticks) for one in seldom] == [2] * 4
        assert len({tick for tick, peer in ticks if peer is not often}) == 8


async def test_a_tick_that_fails_leaves_the_others_alone(caplog):
    async with stage() as s:
        await s.plan()
        await s.publisher()
        failing, other = (
            s.worker.connected.values() if len(s.worker.connected) > 1 else (*s.worker.connected.values(), None)
        )
        assert other is None
        failing.tick = lambda now: 1 / 0
        ticked = []
        s.worker.rooms[7].tick = ticked.append
        s.worker.tick(1.0)
        assert ticked == [1.0]
        assert s.worker.counters["mishaps_tick"] >= 1


def test_mishaps_are_all_counted_and_some_of_them_logged(caplog):
    mishaps = Mishaps(metrics.Counter(), clock := Clock())
    for _ in range(5):
        try:
            raise ValueError("once more")
        except ValueError:
            mishaps.note("packet")
    assert mishaps.counters["mishaps_packet"] == 5
    assert len(caplog.records) == 1
    assert "once more" in caplog.text
    clock.now += metrics.QUIET
    mishaps.note("packet")
    assert len(caplog.records) == 2


def test_metrics_have_types_and_labels():
    text = metrics.text({"joins": 3, "dropped_flood": 2, "ended_idle": 1}, {"viewers": 4})
    lines = text.splitlines()
    assert "plenary_media_joins_total 3" in lines
    assert 'plenary_media_dropped_total{reason="flood"} 2' in lines
    assert 'plenary_media_ended_total{reason="idle"} 1' in lines
    assert "plenary_media_viewers 4" in lines
    assert all(line.startswith(("#", "plenary_media_")) for line in lines)


def closed(sockets: list[socket.socket]) -> list[tuple]:
    names = [one.getsockname() for one in sockets]
    for one in sockets:
        one.close()
    return names


def test_both_families_share_a_port():
    names = closed(mux.listen(["127.0.0.1", "::1"], 0))
    assert len({name[1] for name in names}) == 1
    assert [name[0] for name in names] == ["127.0.0.1", "::1"]


def test_a_port_that_is_taken_is_told():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OSError) as told:
            mux.listen(["127.0.0.1"], taken.getsockname()[1])
    assert told.value.errno == errno.EADDRINUSE


def test_an_address_that_is_not_ours_is_told():
    with pytest.raises(OSError):
        mux.listen(["203.0.113.77"], 0)


def test_wildcards_of_no_family_are_told(monkeypatch):
    monkeypatch.setattr(mux, "_socket", lambda host, port: [])
    with pytest.raises(OSError, match="none of the addresses"):
        mux.listen(["0.0.0.0"], 0)


async def test_browsers_are_told_addresses_that_they_can_reach():
    async with stage(bind=("0.0.0.0", "::")) as s:
        hosts = [ip_address(host) for host, port in s.worker.advertised() if port == s.worker.mux.port]
        assert ip_address("127.0.0.1") in hosts
        assert not any(host.is_unspecified or host.is_link_local for host in hosts)
        assert hosts == sorted(hosts, key=lambda host: host.is_loopback)


async def test_a_public_address_is_told_instead():
    async with stage(public=("198.51.100.7", "2001:db8::7")) as s:
        assert s.worker.advertised() == [("198.51.100.7", s.worker.mux.port), ("2001:db8::7", s.worker.mux.port)]
        assert s.worker.candidates[0].split()[4:6] == ["198.51.100.7", str(s.worker.mux.port)]


async def test_a_relay_in_front_is_told_with_its_port():
    async with stage(advertise=(("198.51.100.7", 3478),)) as s:
        assert s.worker.advertised() == [("198.51.100.7", 3478)]
