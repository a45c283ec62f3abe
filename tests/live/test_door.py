"""The whole way: a browser's socket, a server process of its own, a real database and a real Valkey."""

import asyncio
import json

import pytest
import websockets

from live import log, writer
from tests.live.line import Line, Served
from tests.live.parlour import verbs
from tests.live.parlour.models import Hand, Note

pytestmark = pytest.mark.django_db(transaction=True)

ADA, GRACE, LINUS, MALLORY = 1, 2, 3, 66


@pytest.fixture
def served(transactional_db):
    server = Served()
    yield server
    server.stop()


async def test_what_one_says_all_hear_once(served):
    async with served.open(ADA) as a, served.open(GRACE) as b:
        ada, grace = Line(a), Line(b)
        assert await ada.enter("parlour.7") == {"on": "parlour.7", "entered": 0}
        await grace.enter("parlour.7")
        answer = await ada.ask("parlour.say", "parlour.7", text="Good morning")
        note = await grace.until(event="note")
    assert answer["ok"] == {"id": note["data"]["id"]}
    assert note == {"on": "parlour.7", "seq": 1, "event": "note", "data": {**answer["ok"], "by": 1, "text": "Good morning"}}
    assert [frame["seq"] for frame in ada.events("parlour.7")] == [1]
