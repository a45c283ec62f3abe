"""One transaction for many: what fails, fails alone; what was done, is done once."""

import sqlite3
import threading
from contextlib import contextmanager
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.utils import timezone

from live import log
from live.batch import people, recall, topics
from live.commands import Command
from live.commit import RECEIPTS, commit, forget_receipts
from live.jobs import Cast, Done, of_call, of_casts
from live.log import later, publish
from live.models import Entry, Receipt
from live.refusal import Refused
from tests.live.parlour.models import Hand, Note

pytestmark = pytest.mark.django_db

ADA, GRACE, LINUS = 1, 2, 3
told: list = []


@pytest.fixture(autouse=True)
def nobody_told():
    told.clear()


ROOM = "parlour.7"


def say(text: str) -> dict:
    if text == "refused at once":
        raise Refused("questions.closed")
    Note.objects.create(parlour=7, person=ADA, text=text)
    publish(ROOM, "note", text)
    if text == "refused after writing":
        raise Refused("chat.closed")
    return {"said": text, "bug": 1 / (text != "bug")}


def job(text: str, person: int = ADA, ref: str | None = None):
    return of_call(person, say, (text,), ref, answer=print)


def codes(outcomes) -> list:
    return [outcome.code if isinstance(outcome, Refused) else "ok" for outcome in outcomes]


def texts() -> list[str]:
    return list(Note.objects.order_by("pk").values_list("text", flat=True))


def test_a_batch_is_one_transaction():
    outcomes, frames = commit([job("a"), job("b")])
    assert [outcome.value["said"] for outcome in outcomes] == ["a", "b"]
    assert [(frame.topic, frame.seq) for frame in frames] == [(ROOM, 1), (ROOM, 2)]


def test_a_bug_fails_alone(caplog):
    outcomes, frames = commit([job("a"), job("bug"), job("c")])
    assert codes(outcomes) == ["ok", "server.stumbled", "ok"]
    assert [frame.seq for frame in frames] == [1, 2]
    assert texts() == ["a", "c"]
    assert "ZeroDivisionError" in caplog.text


def test_a_broken_query_fails_alone():
    def broken():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    outcomes, _ = commit([job("a"), of_call(GRACE, broken, (), None, print), job("c")])
    assert codes(outcomes) == ["ok", "server.stumbled", "ok"]
    assert texts() == ["a", "c"]


def test_a_refusal_at_once_needs_no_second_run(caplog):
    outcomes, _ = commit([job("a"), job("refused at once"), job("c")])
    assert codes(outcomes) == ["ok", "questions.closed", "ok"]
    assert "done again" not in caplog.text


def test_a_refusal_after_writing_leaves_nothing():
    outcomes, frames = commit([job("a"), job("refused after writing"), job("c")])
    assert codes(outcomes) == ["ok", "chat.closed", "ok"]
    assert texts() == ["a", "c"]
    assert [frame.seq for frame in frames] == [1, 2]
    assert Entry.objects.count() == 2
    assert log.verify(ROOM) == []


def test_what_a_refused_verb_published_before_it_wrote_is_not_said():
    def publish_then_refuse():
        publish(ROOM, "note", "never")
        raise Refused("chat.closed")

    _, frames = commit([of_call(ADA, publish_then_refuse, (), None, print), job("a")])
    assert [frame.seq for frame in frames] == [1]


# receipts


def test_the_same_ref_in_one_batch_is_done_once():
    outcomes, frames = commit([job("a", ref="x"), job("a", ref="x")])
    assert outcomes[0] == outcomes[1]
    assert (len(frames), texts()) == (1, ["a"])


def test_the_same_ref_in_a_later_batch_gets_the_same_reply():
    [first], _ = commit([job("a", ref="x")])
    [second], frames = commit([job("a", ref="x")])
    assert second == first
    assert (frames, texts()) == ([], ["a"])


def test_the_same_ref_of_another_person_is_another_command():
    commit([job("a", ADA, ref="x")])
    commit([job("b", GRACE, ref="x")])
    assert texts() == ["a", "b"]


def test_a_refused_command_may_be_sent_again():
    commit([job("refused at once", ref="x"), job("bug", ref="y")])
    assert not Receipt.objects.exists()
    [outcome], _ = commit([job("a", ref="x")])
    assert codes([outcome]) == ["ok"]


def test_a_receipt_remembers_a_model_by_its_key():
    def create():
        return Note.objects.create(parlour=7, person=ADA, text="a")

    [first], _ = commit([of_call(ADA, create, (), "x", print)])
    [again], _ = commit([of_call(ADA, create, (), "x", print)])
    assert again.value == first.value.pk


def test_a_reply_that_is_no_json_fails_alone(caplog):
    outcomes, _ = commit([of_call(ADA, lambda: {"no": object()}, (), "x", print), job("a", ref="y")])
    assert codes(outcomes) == ["server.stumbled", "ok"]


def test_old_receipts_are_forgotten():
    commit([job("a", ref="old"), job("b", ref="new")])
    Receipt.objects.filter(ref="old").update(at=timezone.now() - RECEIPTS - timedelta(minutes=1))
    forget_receipts()
    assert [receipt.ref for receipt in Receipt.objects.all()] == ["new"]


# what a batch knows together


def test_what_is_recalled_is_looked_up_once_in_a_batch():
    looks = []

    def look():
        return recall("room", find)

    def find():
        looks.append(1)
        return len(looks)

    outcomes, _ = commit([of_call(ADA, look, (), None, print)] * 1 + [of_call(GRACE, look, (), None, print)])
    assert [outcome.value for outcome in outcomes] == [1, 1]
    commit([of_call(ADA, look, (), None, print)])
    assert len(looks) == 2
    assert recall("room", lambda: "looked") == "looked"


def test_what_was_recalled_is_forgotten_when_somebody_fails():
    def count(fail: bool):
        room = recall("room", lambda: {"number": 0})
        room["number"] += 1
        if fail:
            raise Refused("chat.closed")
        return room["number"]

    outcomes, _ = commit([of_call(ADA, count, (fail,), None, print) for fail in (False, True, False)])
    assert [outcome.value for outcome in outcomes if isinstance(outcome, Done)] == [1, 1]


def tell_together(texts: list[str]) -> None:
    publish(ROOM, "summary", texts)
    if "bug in the end" in texts:
        raise ZeroDivisionError


def say_later(text: str) -> None:
    later(tell_together, text)
    say(text)


def later_job(text: str):
    return of_call(ADA, say_later, (text,), None, print)


def summaries() -> list:
    return [
        msgspec.json.decode(data)
        for data in Entry.objects.filter(event="summary").order_by("seq").values_list("data", flat=True)
    ]


def test_what_is_left_for_later_is_told_once_for_the_whole_batch():
    _, frames = commit([later_job("a"), later_job("refused at once"), later_job("b")])
    assert [frame.event for frame in frames] == ["note", "note", "summary"]
    assert summaries() == [["a", "b"]]


@pytest.mark.parametrize("wrong", ["bug", "refused after writing", "bug in the end"])
def test_what_somebody_who_failed_left_for_later_is_not_told(wrong):
    outcomes, _ = commit([later_job("a"), later_job(wrong), later_job("b")])
    assert [code == "ok" for code in codes(outcomes)] == [True, False, True]
    assert summaries() == [["a"], ["b"]]
    assert texts() == ["a", "b"]


def test_the_topics_of_a_batch_are_known():
    seen = []

    def cast(_on, casts):
        seen.append(topics())
        return [None] * len(casts)

    commit([of_casts_of([ADA], cast), of_casts_of([GRACE], cast, "parlour.8")])
    assert seen == [{ROOM, "parlour.8"}] * 2


def test_everyone_in_the_batch_is_known():
    def who():
        return sorted(people())

    casts = of_casts_of([LINUS], lambda on, casts: [sorted(people())])
    outcomes, _ = commit([of_call(ADA, who, (), None, print), of_call(GRACE, who, (), None, print), casts])
    assert outcomes[0].value == outcomes[1].value == outcomes[2][0].value == [ADA, GRACE, LINUS]
    assert people() == frozenset()


# gathered commands


def of_casts_of(persons, verb, on=ROOM):
    gathered = Command("test", msgspec.json.Decoder(), verb, "vote", True, False, None)
    return of_casts(gathered, on, [Cast(person, None, told.append) for person in persons])


def test_each_cast_gets_its_own_answer():
    job = of_casts_of([ADA, GRACE], lambda on, casts: [{"up": 1}, Refused("votes.closed")])
    [outcome], _ = commit([job])
    job.answer(outcome)
    assert (told[0], told[1].code) == (Done({"up": 1}, b'{"up":1}'), "votes.closed")


def test_a_bug_with_many_casts_is_answered_to_all_and_leaves_nothing():
    def cast_badly(on, casts):
        Hand.objects.create(parlour=7, person=ADA)
        return [{"up": 1}]

    gathered = of_casts_of([ADA, GRACE], cast_badly)
    [outcome, other], _ = commit([gathered, job("a")])
    gathered.answer(outcome)
    assert codes(told) == ["server.stumbled"] * 2
    assert (codes([other]), Hand.objects.count()) == (["ok"], 0)


# the database in trouble


@pytest.mark.django_db(transaction=True)
def test_passing_trouble_of_the_database_is_nobodys_refusal():
    commit([job("a", ref="x")])
    with {"postgresql": a_lost_line, "sqlite": somebody_elses_lock}[connection.vendor]():
        outcomes, _ = commit([job("b", ref="y"), job("c")])
    assert codes(outcomes) == ["ok", "ok"]
    assert texts() == ["a", "b", "c"]


@contextmanager
def a_lost_line():
    """As if the server had been restarted: the connection is there and of no use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    in_another_thread(terminate, pid)
    yield


@contextmanager
def somebody_elses_lock():
    """Another program writes for longer than SQLite is willing to wait."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.rollback)
    release.start()
    yield
    release.join()
    other.close()
    connection.close()


def terminate(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def in_another_thread(work, *args) -> None:
    def run():
        try:
            work(*args)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_writers_wait_for_each_other():
    """Sixteen batches at once from four threads: no seq twice, no number lost, nobody refused."""
    outcomes = []

    def many(thread: int):
        for turn in range(4):
            outcomes.extend(commit([job(f"{thread}-{turn}-{n}") for n in range(5)])[0])

    threads = [threading.Thread(target=lambda thread=thread: in_another_thread(many, thread)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes(outcomes) == ["ok"] * 80
    assert log.seqs([ROOM]) == {ROOM: 80}
    assert log.verify(ROOM) == []
