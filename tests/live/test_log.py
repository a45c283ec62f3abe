"""The record and its chain: whoever touches it is found out, and where."""

import pytest

from live import log, writer
from live.log import Fault, publish, retract, whisper
from live.models import Entry, Topic
from live.refusal import Refused

pytestmark = pytest.mark.django_db

ADA = 1
ROOM, DESK = "parlour.7", "parlour.7.desk"


def say(*texts: str) -> None:
    for text in texts:
        publish(ROOM, "note", {"text": text})


@pytest.fixture
def record():
    """Five entries in two batches."""
    writer.do(ADA, say, "a", "b", "c")
    writer.do(ADA, say, "d", "e")
    return Entry.objects.filter(topic=ROOM)


def test_entries_are_numbered_by_topic():
    def both():
        publish(ROOM, "note", 1)
        publish(DESK, "note", 2)
        publish(ROOM, "note", 3)

    writer.do(ADA, both)
    assert log.seqs([ROOM, DESK, "parlour.8"]) == {ROOM: 2, DESK: 1}
    assert [(frame.topic, frame.seq) for frame in log.since(ROOM, 0)] == [(ROOM, 1), (ROOM, 2)]


def test_since_gives_what_follows_up_to_a_limit(record):
    assert [frame.seq for frame in log.since(ROOM, 2)] == [3, 4, 5]
    assert [frame.seq for frame in log.since(ROOM, 2, limit=2)] == [3, 4]


def test_many_topics_are_asked_in_several_queries(django_assert_num_queries):
    with django_assert_num_queries(3):
        assert log.seqs(f"parlour.{number}" for number in range(1100)) == {}


def test_whispers_are_told_and_not_kept():
    with log.listening() as said:
        whisper(ROOM, "typing", 1)
        publish(ROOM, "note", 2)
        told = log.append(said)
    assert [(frame.event, frame.seq) for frame in told] == [("typing", 0), ("note", 1)]
    assert Entry.objects.count() == 1


def test_only_a_verb_run_by_the_writer_can_publish():
    with pytest.raises(RuntimeError, match=r"live\.writer"):
        publish(ROOM, "note", 1)


def test_listening_inside_of_listening_keeps_them_apart():
    with log.listening() as outer:
        publish(ROOM, "note", 1)
        with log.listening() as inner:
            publish(ROOM, "note", 2)
        publish(ROOM, "note", 3)
    assert ([saying.data for saying in outer], [saying.data for saying in inner]) == (["1", "3"], ["2"])


# the chain


def test_an_untouched_record_is_whole(record):
    assert log.verify(ROOM) == []
    assert log.verify("parlour.8") == []
    assert log.head(ROOM) == (5, bytes(record.get(seq=5).hash).hex())


@pytest.mark.parametrize(
    "touched", [{"data": '{"text":"B"}'}, {"event": "motion"}, {"at": "2027-05-25T10:00Z"}, {"hash": b"x"}]
)
def test_a_changed_entry_is_found(record, touched):
    record.filter(seq=2).update(**touched)
    assert Fault(ROOM, 2, "changed") in log.verify(ROOM)


def test_a_changed_entry_does_not_hide_another(record):
    record.filter(seq__in=[2, 4]).update(data="null")
    assert log.verify(ROOM) == [Fault(ROOM, 2, "changed"), Fault(ROOM, 4, "changed")]


def test_a_missing_entry_is_found(record):
    record.filter(seq=3).delete()
    assert log.verify(ROOM) == [Fault(ROOM, 3, "missing")]


def test_a_missing_entry_is_found_when_the_rest_moved_up(record):
    record.filter(seq=3).delete()
    for seq in (4, 5):
        record.filter(seq=seq).update(seq=seq - 1)
    Topic.objects.filter(name=ROOM).update(seq=4)
    assert log.verify(ROOM)[0] == Fault(ROOM, 3, "changed")


def test_a_beginning_that_was_cut_is_found(record):
    record.filter(seq__lte=2).delete()
    assert log.verify(ROOM) == [Fault(ROOM, 1, "missing")]


def test_an_end_that_was_cut_is_found(record):
    record.filter(seq__gte=4).delete()
    assert log.verify(ROOM) == [Fault(ROOM, 4, "cut")]


def test_an_end_that_was_cut_with_its_head_is_found(record):
    record.filter(seq__gte=4).delete()
    Topic.objects.filter(name=ROOM).update(seq=3)
    assert log.verify(ROOM) == [Fault(ROOM, 3, "head")]


def test_entries_that_changed_places_are_found(record):
    for seq, to in [(2, 99), (4, 2), (99, 4)]:
        record.filter(seq=seq).update(seq=to)
    assert log.verify(ROOM) == [Fault(ROOM, 2, "moved"), Fault(ROOM, 4, "moved")]


def test_an_entry_put_in_between_is_found(record):
    Entry.objects.create(topic=ROOM, seq=6, event="note", data="null", hash=b"?")
    assert log.verify(ROOM) == [Fault(ROOM, 6, "changed"), Fault(ROOM, 6, "head")]


def test_an_entry_of_another_topic_is_found(record):
    def elsewhere():
        publish(DESK, "note", {"text": "b"})

    writer.do(ADA, elsewhere)
    stolen = Entry.objects.get(topic=DESK)
    record.filter(seq=1).delete()
    Entry.objects.filter(topic=DESK).update(topic=ROOM)
    assert stolen.seq == 1
    assert log.verify(ROOM) == [Fault(ROOM, 1, "changed"), Fault(ROOM, 2, "changed")]


# taking back


def about(note: int, text: str) -> None:
    publish(ROOM, "note", {"id": note, "text": text})


def take_back(note: int) -> None:
    retract(ROOM, "note", "id", note)
    about(note, "")


@pytest.fixture
def told_of_two():
    """Two notes, told of in five entries; 17 is not 1."""
    for note, text in [(1, "swordfish"), (17, "herring"), (1, "swordfish!"), (17, "herring!")]:
        writer.do(ADA, about, note, text)
    writer.do(ADA, publish, DESK, "note", {"id": 1, "text": "on the desk"})


def words() -> list[str]:
    return [str(frame.wire) for frame in log.since(ROOM, 0)]


def test_what_is_taken_back_is_told_to_nobody_any_more(told_of_two):
    writer.do(ADA, take_back, 1)
    assert [(frame.seq, frame.event) for frame in log.since(ROOM, 0)] == [
        (1, "gone"), (2, "note"), (3, "gone"), (4, "note"), (5, "retracted"), (6, "note"),
    ]  # fmt: skip
    assert "swordfish" not in "".join(words())
    assert "herring" in words()[1]
    assert log.since(ROOM, 0, limit=1) == log.since(ROOM, 0)[:1]
    assert [frame.event for frame in log.since(DESK, 0)] == ["note"]


def test_the_record_keeps_what_was_taken_back_and_its_chain(told_of_two):
    writer.do(ADA, take_back, 1)
    assert "swordfish" in Entry.objects.get(topic=ROOM, seq=1).data
    assert log.verify(ROOM) == []


def test_what_was_said_and_taken_back_in_one_batch(db):
    with log.listening() as said:
        about(1, "swordfish")
        take_back(1)
        told = log.append(said)
    assert [(frame.seq, frame.event) for frame in told] == [(1, "note"), (2, "retracted"), (3, "note")]
    assert "swordfish" not in "".join(words())


def test_a_verb_that_is_refused_takes_nothing_back(told_of_two):
    def thinks_again():
        take_back(1)
        raise Refused("chat.closed")

    with pytest.raises(Refused):
        writer.do(ADA, thinks_again)
    assert "swordfish" in words()[0]
