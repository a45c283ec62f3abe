"""People acting in a room, and the proof that what everyone was told equals what is there."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from live import log, writer
from live.commands import envelope, find, given
from live.refusal import Refused
from people.models import Person
from rooms import consumers, pictures
from rooms.models import Question, Room, Turn

__all__ = ["Witness", "asks", "consumers", "does", "public_frames", "refused_as"]


def does(person: Person, do: str, room: Room, /, **with_):
    """The command as it comes over the line, up to the reply; raises Refused."""
    topic = room.desk if do.startswith("desk.") else room.topic
    asked = envelope(json.dumps({"do": do, "ref": "r", "on": topic, "with": with_}))
    command = find(asked)
    read = given(asked, command.decoder)
    if not command.gathered:
        return writer.do(person.pk, command.verb, person.pk, topic, read)
    [reply] = writer.do(person.pk, command.verb, topic, [(person.pk, read)])
    if isinstance(reply, Refused):
        raise reply
    return reply


def asks(person: Person, room: Room, text: str, **more) -> Question:
    return room.questions.get(pk=does(person, "question.ask", room, text=text, **more)["id"])


def refused_as(person: Person, do: str, room: Room, /, **with_) -> str:
    """The code of the refusal; "" if it was done."""
    try:
        does(person, do, room, **with_)
    except Refused as no:
        return no.code
    return ""


def as_json(value):
    return json.loads(json.dumps(value))


def heard(topic: str, seq: int) -> list[tuple[str, dict]]:
    wires = [next(log.frames.payloads(frame.wire)) for frame in log.since(topic, seq)]
    return [(frame["event"], frame["data"]) for frame in map(json.loads, wires)]


def public_frames(room: Room, seq: int = 0) -> list[tuple[str, dict]]:
    return heard(room.topic, seq)


def seqs(*topics: str) -> dict[str, int]:
    return dict.fromkeys(topics, 0) | log.seqs(topics)


def by_id(questions: list[dict]) -> dict[int, dict]:
    return {question["id"]: question for question in questions}


def count(questions: dict[int, dict], counts: list) -> None:
    for pk, votes in counts:
        if pk in questions:
            questions[pk] = questions[pk] | {"votes": votes}


def put(segments: dict[int, dict], data: dict) -> None:
    if data.get("gone"):
        del segments[data["id"]]
    else:
        segments[data["id"]] = data


def put_public(turns: dict[int, dict], data: dict) -> None:
    """A turn that left the speakers' list is seen no more."""
    turns[data["id"]] = data
    if data["state"] not in Turn.STANDING and data["state"] != "finished":
        del turns[data["id"]]


def amend(turns: dict[int, dict], hints: list) -> None:
    for pk, its, before in hints:
        turns[pk] = turns[pk] | {"hints": its, "spoken_before": before}


def timely(segments: Iterable[dict], show: dict) -> dict[int, dict]:
    """By id, with the times that the whole run of show is told for all of them."""
    times = {pk: {"expected": at, "seconds": seconds} for pk, at, seconds in show["segments"]}
    return {it["id"]: it | times.get(it["id"], {}) for it in segments}


def timeless(state: dict) -> dict:
    """What happens behind the stage moves its revision, and is no business of the audience."""
    return {**state, "stage": {**state["stage"], "rev": None}}


class Public:
    """The page of somebody who looks on."""

    def __init__(self, room: Room):
        self.state = as_json(pictures.picture(room.topic))
        self.questions = by_id(self.state.pop("questions"))
        self.polls = by_id(self.state.pop("polls"))
        self.turns = by_id(self.state["floor"].pop("turns"))
        self.segments = timely(self.state.pop("segments"), self.state["show"])

    def hear(self, event: str, data: dict) -> None:
        if event == "votes":
            count(self.questions, data["counts"])
        elif event in ("room", "stage", "show", "floor"):
            self.state[event] = data
            self.segments = timely(self.segments.values(), self.state["show"])
        elif event == "segment":
            put(self.segments, data)
        elif event == "poll":
            put(self.polls, data)
        elif event == "turn":
            put_public(self.turns, data)
        elif event == "question" and "gone" in data:
            assert set(data) == {"id", "number", "rev", "state", "gone", "into"}
            self.questions.pop(data["id"], None)
        elif event == "question":
            self.questions[data["id"]] = data


class Desk:
    """The page of a moderator, who hears the room as well."""

    def __init__(self, room: Room):
        self.state = as_json(pictures.desk_picture(room.desk))
        self.questions = by_id(self.state.pop("questions"))
        self.polls = by_id(self.state.pop("polls"))
        self.turns = by_id(self.state.pop("turns"))
        self.state.pop("labels")

    def hear(self, event: str, data: dict) -> None:
        if event == "votes":
            count(self.questions, data["counts"])
        elif event == "silenced":
            self.state["silenced"] = data["people"]
        elif event in ("floor.suggestion", "floor.totals"):
            self.state[event.partition(".")[2]] = data
        elif event == "floor.hints":
            amend(self.turns, data["hints"])
        elif event == "turn" and "hints" in data:
            self.turns[data["id"]] = data
        elif event == "poll" and ("struck" in data or "gone" in data):
            put(self.polls, data)
        elif event == "question" and "labels" in data:
            self.questions[data["id"]] = data


class Own:
    """What one person sees of their own questions and votes."""

    def __init__(self, room: Room, person: Person):
        self.room, self.person = room, person
        self.state = as_json(pictures.welcome(person.pk, room.topic))
        self.questions = by_id(self.state.pop("questions"))
        self.votes = set(self.state.pop("votes"))
        self.turns = by_id([it for it in [self.state.pop("turn")] if it])
        self.state.pop("tallies")  # whispered meanwhile, and not on record

    def hear(self, event: str, data: dict) -> None:
        if event == "votes":
            count(self.questions, data["counts"])
        elif event == "question" and "mine" in data:
            self.questions[data["id"]] = data
        elif event == "stage" and "seat" in data:
            self.state["seat"] = data["seat"]
        elif event == "turn" and "room" in data:
            self.turns[data["id"]] = data
        elif event == "access":
            fresh = Own(self.room, self.person)
            self.state, self.turns = fresh.state, self.turns | fresh.turns

    def reply(self, do: str, data: dict, public: Public, reply: dict) -> None:
        """What the person's own tab learns from the answer to what it did."""
        if do in ("question.ask", "question.edit", "question.withdraw"):
            self.questions[reply["id"]] = as_json(reply)
        elif do == "poll.vote":
            self.state["ballots"][str(reply["poll"])] = reply["answer"]
        elif do == "question.vote" and data["up"]:
            self.votes.add(data["question"])
        elif do == "question.vote":
            self.votes -= {data["question"], *public.questions[data["question"]]["joined"]}

    def voted(self, public: Public) -> set[int]:
        """The public questions that this person's vote counts for."""
        return {pk for pk, it in public.questions.items() if self.votes & {pk, *it["joined"]}}


class Witness:
    """Everybody's pages, kept up by frames alone and compared with fresh ones after whatever was done."""

    def __init__(self, room: Room, *people: Person, suspicious: bool = True):
        """`suspicious`: compares after each deed, not only when told to."""
        self.room, self.people, self.suspicious = room, people, suspicious
        self.public, self.desk = Public(room), Desk(room)
        self.own = {person.pk: Own(room, person) for person in people}
        self.topics = [room.topic, room.desk, *(f"person.{person.pk}" for person in people)]
        self.seqs = seqs(*self.topics)

    def does(self, person: Person, do: str, /, **with_):
        """Done, answered, heard by all, and everything is as a newcomer would see it. Raises Refused."""
        with self.watching():
            reply = does(person, do, self.room, **with_)
            if person.pk in self.own:
                self.own[person.pk].reply(do, with_, self.public, reply)
        return reply

    def tries(self, person: Person, do: str, /, **with_) -> str:
        """The same, or the code of the refusal, which must leave no trace."""
        before = seqs(*self.topics)
        try:
            self.does(person, do, **with_)
        except Refused as no:
            assert seqs(*self.topics) == before
            return no.code
        return ""

    @contextmanager
    def watching(self) -> Iterator[None]:
        yield
        self.listen()
        if self.suspicious:
            self.check()

    def listen(self) -> None:
        for topic in self.topics:
            for event, data in heard(topic, self.seqs[topic]):
                self.tell(topic, event, data)
        self.seqs = seqs(*self.topics)

    def tell(self, topic: str, event: str, data: dict) -> None:
        kind, _, who = topic.partition(".")
        if kind == "person":
            self.own[int(who)].hear(event, data)
        elif topic == self.room.desk:
            self.desk.hear(event, data)
        else:
            for page in [self.public, self.desk, *self.own.values()]:
                page.hear(event, data)

    def check(self) -> None:
        public = Public(self.room)
        assert timeless(self.public.state) == timeless(public.state)
        assert self.public.questions == public.questions
        assert self.public.polls == public.polls
        assert self.public.turns == public.turns
        assert self.public.segments == public.segments
        desk = Desk(self.room)
        assert self.desk.state == desk.state
        assert self.desk.questions == desk.questions
        assert self.desk.polls == desk.polls
        assert self.desk.turns == desk.turns
        for person in self.people:
            self.check_own(self.own[person.pk], Own(self.room, person), public)

    def check_own(self, kept: Own, fresh: Own, public: Public) -> None:
        assert kept.state == fresh.state
        assert kept.questions == fresh.questions
        assert fresh.turns.items() <= kept.turns.items()
        assert any(it["state"] in Turn.STANDING for it in kept.turns.values()) == bool(fresh.turns)
        assert kept.voted(self.public) == fresh.voted(public)
