"""The whole way: a browser's socket, a server process of its own, a real database and a real Valkey."""

import asyncio
import itertools
import json
import socket
import time

import pytest
import time_machine
import websockets

from live import log, writer
from live.models import Receipt
from live.tickets import SECONDS, ticket
from tests.live.line import PATIENCE, Line, Served, looked
from tests.live.parlour import verbs
from tests.live.parlour.models import Hand, Note

pytestmark = pytest.mark.django_db(transaction=True)

ADA, GRACE, LINUS, MALLORY = 1, 2, 3, 66


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker, embedded_valkey):
    """Shared: each test has a parlour of its own, for an open topic does not notice that tables are emptied."""
    server = Served()
    yield server
    server.stop()


@pytest.fixture
def mortal(transactional_db):
    """A server of the test's own, to be killed."""
    server = Served()
    yield server
    server.kill()


numbers = itertools.count(100)


def timeless(frame: dict) -> dict:
    return {key: value for key, value in frame.items() if key != "now"}


def is_now(milliseconds: int) -> bool:
    return abs(milliseconds / 1000 - time.time()) < PATIENCE


@pytest.fixture
def parlour():
    return f"parlour.{next(numbers)}"


async def test_what_one_says_all_hear_once(served, parlour):
    async with served.open(ADA) as a, served.open(GRACE) as b:
        ada, grace = Line(a), Line(b)
        assert timeless(await ada.enter(parlour)) == {"on": parlour, "entered": 0}
        await grace.enter(parlour)
        answer = await ada.ask("parlour.say", parlour, text="Good morning")
        note = await grace.until(event="note")
    said = {**answer["ok"], "by": ADA, "text": "Good morning"}
    assert note == {"on": parlour, "seq": 1, "event": "note", "data": said}
    assert [frame["seq"] for frame in ada.events(parlour)] == [1]


async def test_a_newcomer_is_told_the_picture_then_the_personal_part(served, parlour):
    async with served.open(ADA) as a:
        ada = Line(a)
        answer = await ada.ask("parlour.say", parlour, text="Hello")
        await ada.enter(parlour)
    assert [timeless(frame) for frame in ada.heard[1:]] == [
        {"on": parlour, "snapshot": 1, "data": {"notes": [[answer["ok"]["id"], "Hello"]], "hands": 0}},
        {"on": parlour, "mine": {"me": ADA}},
        {"on": parlour, "entered": 1},
    ]


async def test_who_comes_back_is_told_what_was_missed_only(served, parlour):
    async with served.open(ADA) as a, served.open(GRACE) as g:
        ada, grace = Line(a), Line(g)
        for text in "abc":
            await ada.ask("parlour.say", parlour, text=text)
        assert timeless(await grace.enter(parlour, since=1)) == {"on": parlour, "entered": 3}
    assert [frame["data"]["text"] for frame in grace.events(parlour)] == ["b", "c"]
    assert not any("snapshot" in frame for frame in grace.heard)


async def test_a_restarted_server_knows_what_was_missed(mortal, parlour):
    async with mortal.open(ADA) as a:
        for text in "abc":
            await Line(a).ask("parlour.say", parlour, text=text)
    mortal.kill()
    mortal.start_again()
    async with mortal.open(GRACE) as g:
        grace = Line(g)
        await grace.enter(parlour, since=2)
    assert [frame["data"]["text"] for frame in grace.events(parlour)] == ["c"]


async def test_a_ref_is_done_once_even_after_the_server_was_killed(mortal, parlour):
    async with mortal.open(ADA) as a:
        first = await Line(a).ask("parlour.say", parlour, ref="once", text="Hello")
    mortal.kill()
    mortal.start_again()
    async with mortal.open(ADA) as a:
        assert await Line(a).ask("parlour.say", parlour, ref="once", text="Hello") == first
    assert await looked(Note.objects.count) == 1


async def test_hands_are_gathered_and_each_is_answered(served, parlour):
    sockets = [served.open(person) for person in range(1, 21)]
    lines = [Line(await opening) for opening in sockets]
    await lines[0].enter(parlour)
    answers = await asyncio.gather(*(line.ask("parlour.hand", parlour) for line in lines))
    hands = await lines[0].until(event="hands") if not lines[0].events(parlour) else lines[0].events(parlour)[0]
    for line in lines:
        await line.socket.close()
    assert [answer.get("ok") for answer in answers].count({"up": True}) == 19
    assert answers[12]["refused"] == "votes.closed"
    assert hands["data"] == {"count": 19}
    assert await looked(Hand.objects.count) == 19


async def test_whispers_are_heard_and_not_kept(served, parlour):
    async with served.open(ADA) as a, served.open(GRACE) as g:
        ada, grace = Line(a), Line(g)
        await grace.enter(parlour)
        assert (await ada.ask("parlour.type", parlour))["ok"] is None
        assert await grace.until(event="typing") == {"on": parlour, "event": "typing", "data": {"by": ADA}}
        await ada.ask("parlour.say", parlour, text="Hello")
        await grace.until(event="note")
    assert [frame["event"] for frame in grace.events(parlour)] == ["typing", "note"]


# refusals


async def test_a_refusal_carries_its_sentence_in_the_persons_language(served, parlour):
    async with served.open(ADA) as a, served.open(GRACE, "ar") as g:
        english = await Line(a).ask("parlour.say", parlour, text="refused at once")
        arabic = await Line(g).ask("parlour.say", parlour, text="refused at once")
    assert english["say"] == "Questions are closed at the moment."
    assert (english["refused"], arabic["refused"]) == ("questions.closed", "questions.closed")
    assert arabic["say"]


async def test_a_bug_is_answered_and_leaves_nothing(served, parlour):
    async with served.open(ADA) as a:
        ada = Line(a)
        await ada.enter(parlour)
        for text in ("bug after writing", "refused after writing"):
            assert "refused" in await ada.ask("parlour.say", parlour, text=text)
        await ada.ask("parlour.say", parlour, text="still here")
        assert (await ada.until(event="note") if not ada.events(parlour) else ada.events(parlour)[0])["seq"] == 1
    assert await looked(lambda: list(Note.objects.values_list("text", flat=True))) == ["still here"]


@pytest.mark.parametrize("topic", ["parlour.404", "nowhere.7", "person.2"])
async def test_who_may_not_enter_hears_nothing(served, topic):
    async with served.open(ADA) as a:
        ada = Line(a)
        await ada.say("enter", topic)
        assert (await ada.until("refused", on=topic))["say"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "command.malformed"),
        ("[]", "command.malformed"),
        ('{"do":"parlour.say","ref":"x","on":"parlour.7","with":{"text":""}}', "command.malformed"),
        ('{"do":"parlour.say","ref":"x","on":"parlour.7","with":{"text":"a","more":1}}', "command.malformed"),
        ('{"do":"parlour.say","ref":"x","on":"<b>","with":{"text":"a"}}', "command.malformed"),
        ('{"do":"parlour.say","ref":"x","with":{"text":"a"}}', "topic.unknown"),
        ('{"do":"parlour.say","ref":"x","on":"parlour.7.desk","with":{"text":"a"}}', "topic.unknown"),
        ('{"do":"parlour.dance","ref":"x","on":"parlour.7"}', "command.unknown"),
        ('{"do":"enter","ref":"x","on":"parlour.7","with":{"since":-1}}', "command.malformed"),
        ('{"do":"enter","ref":"x"}', "topic.unknown"),
        ('{"do":"leave","ref":"x","on":"parlour.7","with":{"a":1}}', "command.malformed"),
    ],
)
async def test_bad_input_is_refused_and_the_line_stays(served, frame, code):
    async with served.open(ADA) as a:
        ada = Line(a)
        await a.send(frame)
        assert (await ada.hear())["refused"] == code
        assert (await ada.ask("ping"))["ok"] is None


async def test_who_left_hears_no_more(served, parlour):
    async with served.open(ADA) as a:
        ada = Line(a)
        await ada.enter(parlour)
        await ada.ask("leave", parlour)
        await ada.ask("parlour.say", parlour, text="Hello")
        await ada.ask("ping")
    assert ada.events(parlour) == []


# who may open a socket


async def test_a_bad_ticket_is_told_to_sign_in_again(served):
    with time_machine.travel(time.time() - SECONDS - 5):
        old = ticket(ADA, "en")
    for query in ("", "ticket=nonsense", f"ticket={old}"):
        async with served.knock(query) as line:
            assert await Line(line).closed() == 4401


async def test_a_page_of_somebody_else_is_turned_away(served):
    with pytest.raises(websockets.InvalidStatus, match="403"):
        async with served.open(ADA, origin="https://evil.example"):
            pass
    async with served.open(ADA, origin=f"http://127.0.0.1:{served.port}") as a:
        await Line(a).ask("ping")


async def test_a_person_can_have_so_many_sockets_only(served):
    open_ones = [await served.open(ADA) for _ in range(4)]
    async with served.open(ADA) as one_too_many:
        assert await Line(one_too_many).closed() == 4408
    await open_ones.pop().close()
    await asyncio.sleep(0.1)
    async with served.open(ADA) as another:
        await Line(another).ask("ping")
    for line in open_ones:
        await line.close()


# limits


@pytest.mark.parametrize(("size", "code"), [(17_000, 4413), (1_000_000, 1006)])
async def test_a_frame_that_is_too_large_ends_the_line(served, size, code):
    async with served.open(ADA) as a:
        await a.send(json.dumps({"do": "ping", "ref": "x" * size}))
        assert await Line(a).closed() == code


async def test_who_is_too_fast_is_refused_and_then_cut_off(served, parlour):
    async with served.open(MALLORY) as m:
        mallory = Line(m)
        for _ in range(200):
            await mallory.say("parlour.say", parlour, text="spam")
        assert await mallory.closed() == 4408
    refused = [frame for frame in mallory.heard if frame.get("refused") == "slow.down"]
    assert len(refused) >= 20


async def test_a_reader_who_does_not_read_is_cut_off_and_nobody_else_suffers(served, parlour):
    async with served.open(ADA) as a, served.open(GRACE) as g, served.open(MALLORY) as stuck:
        ada, grace = Line(a), Line(g)
        stuck.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await Line(stuck).enter(parlour)
        stuck.transport.pause_reading()
        await grace.enter(parlour)
        await ada.enter(parlour + ".desk")
        for n in range(20):
            await ada.ask("parlour.shout", parlour, text=f"{n} ")
            await grace.until(event="shout", seq=n + 1)
        stuck.transport.resume_reading()
        assert await asyncio.wait_for(Line(stuck).closed(), PATIENCE) == 1006


# access


async def test_who_is_banned_loses_the_topic_at_once_in_every_process(served, parlour):
    async with served.open(ADA) as a, served.open(GRACE) as g:
        ada, grace = Line(a), Line(g)
        for line in (ada, grace):
            await line.enter(parlour)
        await ada.enter("parlour.8")
        await looked(writer.do, GRACE, verbs.ban, verbs.number(parlour), ADA)
        assert (await ada.until("refused", on=parlour))["refused"] == "room.unknown"
        await ada.until("mine", on="parlour.8")
        await grace.ask("parlour.say", parlour, text="She is gone")
        await ada.ask("ping")
    assert ada.events(parlour) == []


# presence


async def test_presence_is_told_and_ends_with_the_lease(served, parlour):
    async with served.open(ADA) as a:
        ada = Line(a)
        await ada.enter(parlour + ".desk")
        assert await ada.until("here", on=parlour + ".desk") == {"on": parlour + ".desk", "here": 1, "people": [ADA]}
        async with served.open(GRACE) as g:
            await Line(g).enter(parlour + ".desk")
            assert (await ada.until("here"))["people"] == [ADA, GRACE]
        assert (await ada.until("here"))["people"] == [ADA]


async def test_topics_beat(served, parlour):
    async with served.open(ADA) as a:
        ada = Line(a)
        await ada.ask("parlour.say", parlour, text="Hello")
        await ada.enter(parlour)
        beat = await ada.until("beat")
        assert timeless(beat) == {"on": parlour, "beat": 1}
        assert is_now(beat["now"])


async def test_who_enters_is_told_what_time_it_is(served, parlour):
    async with served.open(ADA) as a:
        assert is_now((await Line(a).enter(parlour))["now"])


# the end


async def test_a_planned_restart_says_good_bye_and_answers_what_was_asked(mortal, parlour):
    async with mortal.open(ADA) as a:
        ada = Line(a)
        await ada.enter(parlour)
        refs = [await ada.say("parlour.say", parlour, text=str(n)) for n in range(10)]
        await ada.until(re=refs[0])
        mortal.stop()
        await ada.closed()
    assert {"bye": "restart", "within": 8} in ada.heard
    answered = {frame["re"] for frame in ada.heard if "ok" in frame}
    assert await looked(lambda: set(Receipt.objects.values_list("ref", flat=True))) == answered
    assert await looked(log.verify, parlour) == []
