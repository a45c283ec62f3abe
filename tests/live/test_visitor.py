"""One socket's topics: whatever order things happen in, nothing is left behind."""

import asyncio
import json

import pytest

from live import writer
from live.access import recheck_all
from live.hub import Hub
from live.tickets import Ticket
from live.visitor import Visitor
from tests.live.line import looked
from tests.live.parlour.models import Ban

from .test_hub import Ear

pytestmark = pytest.mark.django_db(transaction=True)

ADA, ROOM = 1, "parlour.7"
ENTER = json.dumps({"do": "enter", "ref": "r", "on": ROOM})


@pytest.fixture
async def hub(embedded_valkey):
    hub = Hub()
    yield hub
    await hub.close()


def visitor(hub: Hub) -> Visitor:
    return Visitor(Ticket(ADA, "en"), Ear(), hub)


async def settled(hub: Hub) -> None:
    while hub.tasks:
        await asyncio.wait(hub.tasks)


async def test_who_is_gone_before_the_topic_is_open_never_enters_it(hub):
    ada = visitor(hub)
    ada.said(ENTER)
    ada.gone()
    await settled(hub)
    assert not any(stream.readers for stream in hub.streams.values())


async def test_who_may_not_enter_a_second_time_hears_no_more(hub):
    ada = visitor(hub)
    ada.said(ENTER)
    await settled(hub)
    assert list(hub.streams[ROOM].readers) == [ada.sink]
    await looked(lambda: Ban.objects.create(parlour=7, person=ADA))
    ada.said(ENTER)
    await settled(hub)
    assert ada.sink.heard[-1]["refused"] == "room.unknown"
    assert not hub.streams[ROOM].readers


async def test_when_a_topic_is_narrowed_whoever_is_on_it_or_about_to_enter_is_looked_at_anew(hub):
    writer.take_over(hub.writer)
    inside, entering, elsewhere = visitor(hub), visitor(hub), visitor(hub)
    async with hub.visit(inside), hub.visit(entering), hub.visit(elsewhere):
        inside.said(ENTER)
        elsewhere.said(ENTER.replace(ROOM, "parlour.8"))
        await settled(hub)
        entering.said(ENTER)
        await looked(lambda: Ban.objects.create(parlour=7, person=ADA))
        await writer.ado(0, recheck_all, ROOM)
        await settled(hub)
        assert not hub.streams[ROOM].readers
        assert hub.streams["parlour.8"].readers


async def test_nothing_is_opened_for_a_topic_that_cannot_be(hub):
    ada = visitor(hub)
    ada.said(ENTER.replace(ROOM, "cellar.7"))
    await settled(hub)
    assert ada.sink.heard == [{"on": "cellar.7", "refused": "topic.unknown", "say": ada.sink.heard[0]["say"]}]
    assert not hub.streams
