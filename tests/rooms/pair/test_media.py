"""The last rung of the ladder: two people see and hear each other through the media process, and nobody else does."""

import itertools
import json

import pytest

from live import writer
from people import blocks
from rooms.models import Pair
from rooms.pair import pairs
from rooms.stage.placement import Workers
from tests.live.line import looked
from tests.media.client import OPUS, Client, rtp
from tests.rooms import studio
from tests.rooms.studio import guest, until
from tests.rooms.witness import does

from .conftest import NOBODY, opened

REVISIONS = itertools.count(100, 100)


@pytest.fixture(scope="module")
def worker(embedded_valkey):
    worker = studio.Worker()
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def web(django_db_setup, django_db_blocker, embedded_valkey, worker):
    with django_db_blocker.unblock():
        web = studio.Web()
    yield web
    web.stop()


@pytest.fixture
def pair(transactional_db, ada, ines) -> Pair:
    """The worker remembers rooms of earlier tests, which had the same id."""
    pair = opened(ada, ines)
    Pair.objects.filter(pk=pair.pk).update(revision=next(REVISIONS))
    return Pair.objects.get(pk=pair.pk)


def at(web, pair: Pair, person=None, **more: str):
    return guest(web, pair.code, person, of="pair", **more)


async def code_of(answer) -> str:
    return json.loads(await answer.text())["code"]


async def is_gone(somebody, answer) -> bool:
    """Whatever the door says: the worker has it no more."""
    name = answer.headers["Location"].rpartition("/")[2].rpartition(".")[0]
    async with Workers() as workers:
        lease = await workers.lease(name.partition(".")[0])
        return lease is None or (await workers.ask(lease, "GET", f"/resources/{name}")).status == 404


def passes(sending: Client, receiving: Client, word: bytes) -> bool:
    """Sound goes from one to the other."""
    sending.sequence = getattr(sending, "sequence", 0) + 1
    sending.send(rtp(OPUS, sending.sequence, 960 * sending.sequence, 11, word, mid=b"0", level=b"\x10"))
    return any(packet[-len(word) :] == word for packet in receiving.rtp)


async def test_the_two_hear_each_other(web, pair, ada, ines):
    async with at(web, pair, ada) as one, at(web, pair, ines) as two:
        sending = [await somebody.connected(await somebody.publishes()) for somebody in (one, two)]
        receiving = [await somebody.connected(await somebody.watches()) for somebody in (one, two)]
        await until(passes, sending[0], receiving[1], b"from Ada")
        await until(passes, sending[1], receiving[0], b"from Ines")
        assert not any(packet[-8:] == b"from Ada" for packet in receiving[0].rtp)


async def test_addresses_are_those_of_the_room(web, pair, ada):
    async with at(web, pair, ada) as somebody:
        answer = await somebody.publishes()
        assert answer.headers["Location"].startswith(f"/pair/{pair.code}/media/")
        await somebody.connected(answer)
        assert (await somebody.ask("DELETE", answer.headers["Location"])).status == 200
        assert await is_gone(somebody, answer)


async def test_either_shares_a_screen(web, pair, ada, ines):
    async with at(web, pair, ada) as one, at(web, pair, ines) as two:
        for somebody in (one, two):
            assert (await somebody.publishes("screen")).status == 201


async def test_a_third_neither_publishes_nor_watches(web, pair, ada, mallory, organiser):
    async with at(web, pair, ada) as one:
        await one.connected(await one.publishes())
        for person in (mallory, organiser):
            async with at(web, pair, person) as third:
                for refused in (await third.publishes(), await third.publishes("screen"), await third.watches()):
                    assert (refused.status, await code_of(refused)) == (404, "topic.unknown")


async def test_there_is_nothing_behind_the_stage(web, pair, ada):
    async with at(web, pair, ada) as somebody:
        refused = await somebody.watches("backstage")
        assert (refused.status, await code_of(refused)) == (400, "command.malformed")


async def test_a_worker_lets_nobody_else_watch_whoever_asks_it(web, pair, ada, mallory):
    """Should a door ever be wrong, the plan is not."""
    async with at(web, pair, ada) as one:
        await one.connected(await one.publishes())
        async with Workers() as workers:
            lease = await workers.home(pair.media_id)
            for what in (
                f"watch?person={mallory.pk}",
                "watch",
                f"publish?person={mallory.pk}",
                "watch?place=backstage",
            ):
                offer = one.client().offer(*studio.RECEIVING).encode()
                path, kind = f"/rooms/{pair.media_id}/{what}", {"Content-Type": studio.SDP}
                assert (await workers.ask(lease, "POST", path, offer, kind)).status == 403


async def test_the_end_ends_what_flows(web, pair, ada, ines):
    async with at(web, pair, ada) as one, at(web, pair, ines) as two:
        sent, seen = await one.publishes(), await two.watches()
        await two.connected(seen)
        await looked(writer.do, NOBODY, pairs.end, pair)
        await until(is_gone, one, sent)
        await until(is_gone, two, seen)
        refused = await one.publishes()
        assert (refused.status, await code_of(refused)) == (403, "pair.over")


async def test_a_block_ends_what_flows(web, pair, ada, ines):
    async with at(web, pair, ada) as one, at(web, pair, ines) as two:
        sent, seen = await one.publishes(), await two.watches()
        await one.connected(sent)
        await two.connected(seen)
        await looked(writer.do, ada.pk, blocks.block, ada.pk, ines.pk)
        await until(is_gone, one, sent)
        await until(is_gone, two, seen)
        assert (await two.watches()).status == (await one.watches()).status == 404


async def test_a_sessions_room_with_the_same_id_is_another(web, pair, room, linus, ada):
    await looked(lambda: Pair.objects.filter(pk=pair.pk).update(id=room.pk))
    await looked(lambda: does(linus, "stage.enter", room))
    async with guest(web, room.code, linus) as speaker, at(web, pair, ada) as one:
        await speaker.connected(await speaker.publishes())
        await one.connected(await one.watches())
        async with Workers() as workers:
            lease = await workers.home(room.media_id)
            assert await workers.audience(lease, room.media_id) == set()
            assert await workers.audience(lease, 2**30 + room.pk) == {ada.pk}
