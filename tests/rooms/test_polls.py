"""Polls from draft to shown: who may do what, who may see what, and what is never written down."""

import json
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live import log, writer
from live.batch import together
from live.models import Entry, Receipt
from live.refusal import Refused
from live.topics import kind_of
from people.models import Group, Person
from programme.models import Session
from rooms import pictures, record
from rooms.models import Ballot, Poll, Room
from rooms.polls import ballots
from rooms.polls import commands as poll_commands
from rooms.polls import pictures as poll_pictures
from rooms.states import prepare

from .witness import Witness, does, refused_as

FERRY = {"kind": "single", "question": "How did you come?", "options": ["By train", "By ferry", "On foot"]}
WORDS = {"kind": "words", "question": "What does it need?", "most": 3}
WHEN = pytest.mark.parametrize("results", ["live", "after_vote", "after_close"])


@pytest.fixture
def witness(room, ada, ines, grace):
    return Witness(room, ada, ines, grace)


def made(room: Room, by, **about) -> Poll:
    [pk] = does(by, "poll.add", room, **{**FERRY, **about})["done"]
    return Poll.objects.get(pk=pk)


def opened(room: Room, by, **about) -> Poll:
    return moved(room, by, made(room, by, **about), "open")


def moved(room: Room, by, poll: Poll, *steps: str) -> Poll:
    for step in steps:
        does(by, f"poll.{step}", room, poll=poll.pk, rev=Poll.objects.get(pk=poll.pk).revision)
    return Poll.objects.get(pk=poll.pk)


@contextmanager
def overheard():
    """What is said inside of the block, whispers included: (topic, event, data)."""
    said: list[tuple[str, str, dict]] = []
    with transaction.atomic(), log.listening() as sayings, together([]):
        yield said
        said += [(it.topic, it.event, json.loads(it.data)) for it in sayings]


def whispers(room: Room, *votes: tuple[object, dict]) -> dict[str, dict]:
    """What each topic is told of the tally when these people vote at once."""
    with overheard() as said:
        poll_commands.vote(room.topic, [(who.pk, poll_commands.Vote(**what)) for who, what in votes])
    assert {event for _, event, _ in said} <= {"tally"}
    return {topic: data for topic, _, data in said}


def welcomed(person, room: Room) -> dict:
    return pictures.welcome(person.pk, room.topic)


def tallies(person, room: Room) -> dict[int, dict]:
    return {it["poll"]: it for it in welcomed(person, room)["tallies"]}


def test_a_poll_goes_its_way(witness, room, ada, ines, grace):
    [pk] = witness.does(grace, "poll.add", **FERRY)["done"]
    assert pictures.picture(room.topic)["polls"] == []
    assert witness.tries(ada, "poll.vote", poll=pk, choices=[0]) == "poll.unknown"
    witness.does(grace, "poll.open", poll=pk, rev=1)
    assert witness.does(ada, "poll.vote", poll=pk, choices=[1]) == {"poll": pk, "answer": [1]}
    witness.does(ines, "poll.vote", poll=pk, choices=[1])
    witness.does(grace, "poll.close", poll=pk, rev=2)
    assert witness.tries(ada, "poll.vote", poll=pk, choices=[0]) == "poll.closed"
    assert witness.public.polls[pk]["tally"] == {"poll": pk, "voted": 2}
    witness.does(grace, "poll.show", poll=pk, rev=3)
    assert witness.public.polls[pk]["tally"] == {"poll": pk, "voted": 2, "counts": [0, 2, 0]}
    witness.does(grace, "poll.hide", poll=pk, rev=4)
    assert witness.public.polls[pk]["tally"] == {"poll": pk, "voted": 2}
    assert witness.desk.polls[pk]["tally"]["counts"] == [0, 2, 0]


def test_numbers_follow_each_other(room, grace):
    assert [made(room, grace).number for _ in range(3)] == [1, 2, 3]


def test_a_mind_can_be_changed_while_the_poll_is_open(room, ada, grace):
    poll = opened(room, grace)
    for choice in (0, 2):
        does(ada, "poll.vote", room, poll=poll.pk, choices=[choice])
    assert ballots.counted(poll).counts == (0, 0, 1)
    assert welcomed(ada, room)["ballots"] == {poll.pk: [2]}


def test_the_last_of_two_votes_in_one_tick_holds(room, ada, grace):
    poll = opened(room, grace)
    vote = {"poll": poll.pk}
    told = whispers(room, (ada, vote | {"choices": [0]}), (ada, vote | {"choices": [1]}))
    assert told[room.desk] == vote | {"voted": 1, "counts": [0, 1, 0]}


STEPS = ["open", "close", "show", "hide", "remove"]
WAYS = {"draft": ["open", "remove"], "open": ["close"], "closed": ["show"], "shown": ["hide"]}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", list(WAYS))
def test_only_the_next_step_is_possible(room, grace, state, step):
    poll = made(room, grace, results="after_close")
    Poll.objects.filter(pk=poll.pk).update(state=state)
    code = refused_as(grace, f"poll.{step}", room, poll=poll.pk, rev=1)
    assert code == ("" if step in WAYS[state] else "poll.wrong_state")


@pytest.mark.parametrize("step", STEPS)
def test_only_moderators_move_polls(room, ada, linus, grace, step):
    poll = made(room, grace)
    for person in (ada, linus):
        assert refused_as(person, f"poll.{step}", room, poll=poll.pk, rev=1) == "room.not_yours"
    assert refused_as(grace, f"poll.{step}", room, poll=poll.pk, rev=9) == "poll.changed"
    assert refused_as(grace, f"poll.{step}", room, poll=poll.pk + 1, rev=1) == "poll.unknown"


def test_only_moderators_make_polls(room, ada, grace):
    poll = made(room, grace)
    assert refused_as(ada, "poll.add", room, **FERRY) == "room.not_yours"
    assert refused_as(ada, "poll.edit", room, poll=poll.pk, rev=1, **FERRY) == "room.not_yours"
    assert refused_as(ada, "poll.strike", room, poll=poll.pk, word="spam") == "room.not_yours"


def test_what_people_vote_on_stays_as_they_saw_it(room, grace):
    poll = made(room, grace)
    other = {**FERRY, "question": "And back?", "named": True}
    assert refused_as(grace, "poll.edit", room, poll=poll.pk, rev=1, **other) == ""
    moved(room, grace, poll, "open")
    assert refused_as(grace, "poll.edit", room, poll=poll.pk, rev=3, **FERRY) == "poll.wrong_state"
    assert Poll.objects.get(pk=poll.pk).named


def test_a_draft_that_is_removed_is_gone(witness, grace):
    [pk] = witness.does(grace, "poll.add", **FERRY)["done"]
    witness.does(grace, "poll.remove", poll=pk, rev=1)
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({"question": "  "}, id="no question"),
        pytest.param({"options": ["Yes", " "]}, id="an empty option"),
        pytest.param({"options": ["Yes", "yes "]}, id="twice the same"),
        pytest.param({"kind": "rating", "options": ["Poor", "Good"], "most": 1}, id="a single step"),
    ],
)
def test_a_poll_asks_something(room, grace, about):
    assert refused_as(grace, "poll.add", room, **{**FERRY, **about}) == "poll.incomplete"


@pytest.mark.parametrize(
    "vote",
    [
        pytest.param({"choices": []}, id="nothing"),
        pytest.param({"choices": [0, 1]}, id="two of a single choice"),
        pytest.param({"choices": [3]}, id="an option that is not there"),
        pytest.param({"choices": [0], "words": ["ferry"]}, id="words besides"),
        pytest.param({"words": ["ferry"]}, id="words instead"),
    ],
)
def test_answers_that_do_not_fit(room, ada, grace, vote):
    poll = opened(room, grace)
    assert refused_as(ada, "poll.vote", room, poll=poll.pk, **vote) == "poll.unfit"
    assert not Ballot.objects.exists()


def test_answers_that_fit(room, ada, grace):
    several = opened(room, grace, kind="multiple", most=2)
    rating = opened(room, grace, kind="rating", options=["Poor", "Good"], most=5)
    cloud = opened(room, grace, **WORDS, options=[])
    assert does(ada, "poll.vote", room, poll=several.pk, choices=[2, 0])["answer"] == [0, 2]
    assert refused_as(ada, "poll.vote", room, poll=several.pk, choices=[0, 1, 2]) == "poll.unfit"
    assert does(ada, "poll.vote", room, poll=rating.pk, choices=[4])["answer"] == [4]
    assert refused_as(ada, "poll.vote", room, poll=rating.pk, choices=[5]) == "poll.unfit"
    words = [" open  data ", "Open Data", "", "2027"]
    assert refused_as(ada, "poll.vote", room, poll=cloud.pk, words=words) == "command.malformed"
    assert does(ada, "poll.vote", room, poll=cloud.pk, words=words[:3])["answer"] == ["open data"]


def test_one_bad_word_fails_nobody_else(room, ada, ines, grace):
    poll = opened(room, grace, **WORDS, options=[])
    votes = [(ada.pk, ["\u200b"]), (ines.pk, ["trust"])]
    cast = [(person, poll_commands.Vote(poll.pk, words=words)) for person, words in votes]
    bad, good = writer.do(0, poll_commands.vote, room.topic, cast)
    assert isinstance(bad, Refused)
    assert good == {"poll": poll.pk, "answer": ["trust"]}


def test_silenced_people_do_not_vote(room, ada, ines, grace):
    poll = opened(room, grace)
    question = does(ada, "question.ask", room, text="Me first!")["id"]
    does(grace, "desk.silence", room, question=question)
    assert refused_as(ada, "poll.vote", room, poll=poll.pk, choices=[0]) == "person.silenced"
    assert refused_as(ines, "poll.vote", room, poll=poll.pk, choices=[0]) == ""


def test_whoever_may_not_enter_does_not_vote(room, mallory, session, grace):
    poll = opened(room, grace)
    session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    assert refused_as(mallory, "poll.vote", room, poll=poll.pk, choices=[0]) == "room.unknown"
    with pytest.raises(Refused, match=r"^room\.unknown$"):
        poll_pictures.results_welcome(mallory.pk, poll.topic)


def test_polls_of_another_room_are_not_there(room, session, ada, grace):
    poll = opened(room, grace)
    times = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    other = prepare(Session.objects.create(event=session.event, code="other", title="Another", **times))
    Room.objects.filter(pk=other.pk).update(state=Room.State.LIVE)
    assert refused_as(ada, "poll.vote", other, poll=poll.pk, choices=[0]) == "poll.unknown"


def test_a_session_that_ends_closes_its_polls(room, ada, grace):
    polls = [opened(room, grace, results=results).pk for results in ("live", "after_vote")]
    draft = made(room, grace)
    witness = Witness(room, ada)
    witness.does(ada, "poll.vote", poll=polls[0], choices=[0])
    witness.does(grace, "room.state", state="ended")
    assert list(Poll.objects.order_by("pk").values_list("state", flat=True)) == ["shown", "closed", "draft"]
    assert refused_as(grace, "poll.open", room, poll=draft.pk, rev=1) == "room.ended"
    assert refused_as(grace, "poll.add", room, **FERRY) == "room.ended"


# What may not be seen is never sent.


@WHEN
def test_while_people_vote(room, ada, ines, grace, results):
    poll = opened(room, grace, results=results)
    told = whispers(room, (ada, {"poll": poll.pk, "choices": [1]}))
    turnout, counts = {"poll": poll.pk, "voted": 1}, {"poll": poll.pk, "voted": 1, "counts": [0, 1, 0]}
    assert told[room.desk] == counts
    assert told[room.topic] == (counts if results == "live" else turnout)
    assert told.get(poll.topic) == (counts if results == "after_vote" else None)
    assert tallies(ines, room) == {poll.pk: counts if results == "live" else turnout}
    assert tallies(ada, room) == {poll.pk: turnout if results == "after_close" else counts}
    assert pictures.desk_welcome(grace.pk, room.desk)["tallies"] == [counts]
    assert pictures.picture(room.topic)["polls"][0]["tally"] is None


@WHEN
def test_when_it_is_closed(room, ada, ines, grace, results):
    poll = opened(room, grace, results=results)
    does(ada, "poll.vote", room, poll=poll.pk, choices=[1])
    moved(room, grace, poll, "close")
    turnout, counts = {"poll": poll.pk, "voted": 1}, {"poll": poll.pk, "voted": 1, "counts": [0, 1, 0]}
    assert pictures.picture(room.topic)["polls"][0]["tally"] == (counts if results == "live" else turnout)
    assert tallies(ada, room) == ({poll.pk: counts} if results == "after_vote" else {})
    assert tallies(ines, room) == {}
    assert pictures.desk_picture(room.desk)["polls"][0]["tally"] == counts
    if results != "live":
        moved(room, grace, poll, "show")
    assert pictures.picture(room.topic)["polls"][0]["tally"] == counts
    moved(room, grace, poll, "hide")
    assert pictures.picture(room.topic)["polls"][0]["tally"] == turnout


@WHEN
def test_results_for_those_who_voted(room, ada, ines, grace, results):
    poll = opened(room, grace, results=results)
    does(ada, "poll.vote", room, poll=poll.pk, choices=[1])
    counts = {"poll": poll.pk, "voted": 1, "counts": [0, 1, 0]}
    welcome = kind_of(poll.topic).welcome
    for person in [ines, grace] if results == "after_vote" else [ada, ines, grace]:
        with pytest.raises(Refused, match=r"^poll\.vote_first$"):
            welcome(person.pk, poll.topic)
    if results == "after_vote":
        assert welcome(ada.pk, poll.topic) == {"tally": counts}
        moved(room, grace, poll, "close")
        assert public_frames_of(poll) == [("tally", counts)]


def public_frames_of(poll: Poll) -> list:
    return [(it.event, json.loads(it.data)) for it in Entry.objects.filter(topic=poll.topic).order_by("seq")]


def test_results_of_a_poll_that_is_not_there(ada, room):
    with pytest.raises(Refused, match=r"^poll\.unknown$"):
        poll_pictures.results_welcome(ada.pk, "poll.77")


def test_words_that_moderators_strike(room, ada, ines, grace):
    poll = opened(room, grace, **WORDS, options=[], results="live")
    witness = Witness(room, ada, ines)
    witness.does(ada, "poll.vote", poll=poll.pk, words=["Trust", "SPAM"])
    witness.does(ines, "poll.vote", poll=poll.pk, words=["trust", "spam"])
    witness.does(grace, "poll.strike", poll=poll.pk, word=" Spam")
    assert tallies(ada, room)[poll.pk]["words"] == [["Trust", 2]]
    assert witness.desk.polls[poll.pk]["struck"] == ["spam"]
    assert "struck" not in witness.public.polls[poll.pk]
    moved(room, grace, poll, "close")
    witness.listen()
    assert witness.public.polls[poll.pk]["tally"] == {"poll": poll.pk, "voted": 2, "words": [["Trust", 2]], "more": 0}
    witness.does(grace, "poll.strike", poll=poll.pk, word="spam", struck=False)
    assert len(witness.public.polls[poll.pk]["tally"]["words"]) == 2


def test_a_word_that_is_struck_can_be_kept(room, grace):
    poll = opened(room, grace, **WORDS, options=[], results="live")
    does(grace, "poll.strike", room, poll=poll.pk, word="sp\x00am")
    assert room.polls.get().struck == ["spam"]
    assert refused_as(grace, "poll.strike", room, poll=poll.pk, word=" \x00") == "poll.unfit"


def test_only_words_can_be_struck(room, grace):
    poll = opened(room, grace)
    assert refused_as(grace, "poll.strike", room, poll=poll.pk, word="ferry") == "poll.wrong_state"


# An anonymous ballot carries no person, and nothing else gives them away.


def test_an_anonymous_ballot_tells_neither_who_nor_when(room, ada, grace):
    poll = opened(room, grace)
    does(ada, "poll.vote", room, poll=poll.pk, choices=[1])
    ballot = Ballot.objects.get()
    assert ballot.person is None
    assert ballot.at == poll.opened_at
    assert len(ballot.voter) == 43
    assert ballot.voter == ballots.digest(poll.pk, ada.pk) != ballots.digest(poll.pk + 1, ada.pk)


def test_whoever_has_another_key_cannot_tell_who_voted(room, ada, grace, settings):
    before = ballots.digest(1, ada.pk)
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key"
    assert ballots.digest(1, ada.pk) != before


def test_rows_do_not_tell_who_came_first(room, ada, ines, linus, grace):
    poll = opened(room, grace)
    vote = poll_commands.Vote(poll.pk, choices=[0])
    writer.do(0, poll_commands.vote, room.topic, [(person.pk, vote) for person in (ada, ines, linus)])
    voters = list(Ballot.objects.order_by("pk").values_list("voter", flat=True))
    assert voters == sorted(voters)


@WHEN
def test_the_record_does_not_tell_who_voted_what(room, ada, ines, grace, results):
    poll = opened(room, grace, results=results)
    for person, choice in [(ada, 0), (ines, 1)]:
        before = Entry.objects.count(), Receipt.objects.count()
        does(person, "poll.vote", room, poll=poll.pk, choices=[choice])
        assert (Entry.objects.count(), Receipt.objects.count()) == before
    moved(room, grace, poll, "close")
    assert "Ada" not in "".join(Entry.objects.values_list("data", flat=True))


def test_a_named_ballot_has_a_name(room, ada, grace):
    poll = opened(room, grace, named=True)
    does(ada, "poll.vote", room, poll=poll.pk, choices=[1])
    ballot = Ballot.objects.get()
    assert (ballot.person, ballot.answer) == (ada, [1])
    assert ballot.at > poll.opened_at


def test_everybody_at_once(room, grace, django_assert_max_num_queries):
    poll = opened(room, grace, results="live")
    crowd = Person.objects.bulk_create([Person(email=f"{n}@crowd.example", name=f"Person {n}") for n in range(500)])
    votes = [(person.pk, poll_commands.Vote(poll.pk, choices=[person.pk % 3])) for person in crowd]
    with django_assert_max_num_queries(40):
        replies = writer.do(0, poll_commands.vote, room.topic, votes)
    assert len(replies) == ballots.counted(poll).voted == 500


def test_the_record_is_compared_with_the_ballots(room, ada, grace):
    poll = opened(room, grace)
    does(ada, "poll.vote", room, poll=poll.pk, choices=[1])
    made(room, grace)
    removed = made(room, grace)
    moved(room, grace, poll, "close")
    does(grace, "poll.remove", room, poll=removed.pk, rev=1)
    assert record.findings(room) == []
    Ballot.objects.update(answer=[0])
    assert [finding.where for finding in record.findings(room)] == ["poll 1"]
    Poll.objects.filter(pk=poll.pk).delete()
    assert next(str(finding) for finding in record.findings(room)).startswith("poll 1: it is on record")


# Any sequence of anything.

deeds = st.tuples(
    st.sampled_from(["add", "vote", "vote", "vote", *STEPS, "strike"]),
    st.sampled_from(["ada", "ines", "grace"]),
    st.integers(0, 5),
    st.sampled_from(["live", "after_vote", "after_close"]),
    st.booleans(),
)


def play(witness: Witness, cast: dict, deed: tuple) -> None:
    what, who, number, results, flag = deed
    about = [{**FERRY}, {**FERRY, "kind": "multiple", "most": 2}, {**WORDS}][number % 3]
    if what == "add" or not witness.desk.polls:
        witness.does(cast["grace"], "poll.add", **about, results=results, named=flag)
        return
    polls = list(witness.desk.polls.values())
    poll = polls[number % len(polls)]
    if what == "vote":
        answer = {"words": ["Trust", "time"][flag:]} if poll["kind"] == "words" else {"choices": [number % 3]}
        witness.tries(cast[who], "poll.vote", poll=poll["id"], **answer)
    elif what == "strike":
        witness.tries(cast["grace"], "poll.strike", poll=poll["id"], word="time", struck=flag)
    else:
        witness.tries(cast["grace"], f"poll.{what}", poll=poll["id"], rev=poll["rev"])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=st.lists(deeds, min_size=10, max_size=25))
def test_everybody_knows_what_is_there(room, ada, ines, grace, story):
    with transaction.atomic():
        witness = Witness(room, ada, ines, suspicious=False)
        for deed in story:
            play(witness, {"ada": ada, "ines": ines, "grace": grace}, deed)
        witness.check()
        assert record.findings(room) == []
        assert not Ballot.objects.filter(poll__named=False).exclude(person=None).exists()
        transaction.set_rollback(True)
