"""However a peer ends, nothing of it is left: no address, ufrag, SSRC, task, socket or thread."""

import asyncio
import gc
import os
import threading
import weakref
from dataclasses import replace

import pytest

from .client import audio, video
from .stage import Stage, stage, until


def remains(s: Stage) -> dict:
    worker, mux = s.worker, s.worker.mux
    return {
        "peers": len(worker.peers) + len(worker.connected),
        "members": len(worker.rooms[7].members),
        "addresses": len(mux.by_address),
        "ufrags": len(mux.by_ufrag),
        "ssrcs": len(mux.by_ssrc),
        "farewells": len(worker._farewells),
    }


async def everything_is_gone(s: Stage) -> None:
    await until(lambda: not any(remains(s).values()))


async def vanish(s: Stage, clients, _peers) -> None:
    s.worker.settings = replace(s.worker.settings, idle=0.2)
    for client in clients:
        client.vanish()


async def say_goodbye(s: Stage, clients, _peers) -> None:
    for client in clients:
        await client.close()


async def delete(s: Stage, clients, peers) -> None:
    for peer in peers:
        await s.ask("DELETE", f"/resources/{peer.id}")


@pytest.mark.parametrize(
    ("leave", "reason"), [(vanish, "idle"), (say_goodbye, "left"), (delete, "deleted")], ids=["idle", "left", "deleted"]
)
async def test_whoever_leaves_leaves_nothing(leave, reason):
    async with stage() as s:
        await s.plan()
        tasks, sockets, threads = len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd")), threading.active_count()
        joined = [await s.publisher(), await s.viewer(), await s.viewer()]
        clients, peers = [client for client, _ in joined], [peer for _, peer in joined]
        assert all(remains(s)[what] for what in ("peers", "members", "addresses", "ufrags", "ssrcs"))
        await leave(s, clients, peers)
        await everything_is_gone(s)
        assert s.worker.counters[f"ended_{reason}"] == 3
        for client in clients:
            client.vanish()
        await until(lambda: len(asyncio.all_tasks()) <= tasks)
        await until(lambda: len(os.listdir("/proc/self/fd")) <= sockets + 1)
        assert threading.active_count() <= threads


async def test_whoever_is_deleted_hears_it():
    async with stage() as s:
        await s.plan()
        client, there = await s.publisher()
        there.close("deleted")
        await until(lambda: not client.is_connected)


async def test_whoever_never_comes_is_forgotten():
    async with stage(patience=0.2) as s:
        await s.plan()
        await s.ask("POST", "/rooms/7/watch", s.client().offer(video("recvonly")))
        assert remains(s)["ufrags"] == 1
        await everything_is_gone(s)
        assert s.worker.counters["ended_no_show"] == 1


async def test_whoever_checks_but_shakes_no_hands_is_forgotten(monkeypatch):
    monkeypatch.setattr("rooms.media.peer.HANDSHAKE", 0.2)
    async with stage() as s:
        await s.plan()
        client = s.client()
        response = await s.ask("POST", "/rooms/7/watch", client.offer(video("recvonly")))
        await client.check(await response.text())
        await everything_is_gone(s)
        assert s.worker.counters["ended_handshake_timeout"] == 1


async def test_a_peer_that_is_gone_is_garbage():
    async with stage() as s:
        await s.plan()
        client, there = await s.viewer()
        gone = weakref.ref(there)
        there.close("deleted")
        await everything_is_gone(s)
        del there
        gc.collect()
        assert gone() is None
        client.vanish()


async def test_the_worker_ends_without_a_rest():
    async with stage() as s:
        await s.plan()
        client, there = await s.publisher()
        await s.viewer()
        await s.ask("POST", "/rooms/7/watch", s.client().offer(audio("recvonly")))
        await s.worker.stop()
        assert there.events == ["connected", "shutdown"]
        await until(lambda: not client.is_connected)
        assert not any(remains(s).values())
        assert not s.worker.mux.sockets


async def test_a_failing_farewell_does_not_keep_the_address():
    async with stage() as s:
        await s.plan()
        _, there = await s.viewer()
        s.worker.rooms[7].members.remove(there)
        there.close("deleted")
        await everything_is_gone(s)
        assert s.worker.counters["mishaps_ended"] == 1


async def test_an_empty_room_is_given_up_in_the_end(monkeypatch):
    async with stage() as s:
        await s.plan()
        s.worker.sweep(s.worker.clock() + 599)
        assert 7 in s.worker.rooms
        s.worker.sweep(s.worker.clock() + 601)
        assert 7 not in s.worker.rooms
