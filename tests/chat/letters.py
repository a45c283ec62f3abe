"""People who write to each other, and the proof that what each was told equals what is there."""

import json

from chat import conversations, inbox, messages
from chat.models import Conversation
from live import log, writer
from live.refusal import Refused
from people.models import Person

from .talk import applied, asks, heard_since, picture, says


def does(person: Person, verb, *args):
    return writer.do(person.pk, verb, *args)


def writes(by: Person, to: Person, text: str = "I run the pipes of Ngor.") -> Conversation:
    return does(by, conversations.write, by.pk, to.pk, text)


def talking(one: Person, two: Person) -> Conversation:
    """Asked and accepted."""
    conversation = writes(one, two)
    asks(two, "chat.accept", conversation)
    return Conversation.objects.get(pk=conversation.pk)


def refused_as(doing, *args, **more) -> str:
    """The code of the refusal; "" if it was done."""
    try:
        doing(*args, **more)
    except Refused as no:
        return no.code
    return ""


class Tab:
    """One person's page: their inbox, and one conversation, kept up by frames alone."""

    def __init__(self, person: Person, conversation: Conversation | None = None):
        self.person, self.conversation = person, conversation
        self.own = f"person.{person.pk}"
        self.seqs = log.seqs([self.own, *self.topics()])
        self.rows = {row["id"]: row for row in as_json(inbox.rows(person.pk))}
        self.counts = inbox.counted(person.pk)
        self.picture: dict = picture(conversation) if conversation else {}
        self.reads = self.fresh_reads()

    def topics(self) -> list[str]:
        return [self.conversation.topic] if self.conversation else []

    def fresh_reads(self) -> dict:
        return as_json(messages.welcome(self.person.pk, self.conversation.topic)["reads"]) if self.is_in() else {}

    def is_in(self) -> bool:
        return bool(self.conversation) and self.person.pk in self.conversation.admits([self.person.pk])

    def listen(self) -> None:
        for event, data in heard(self.own, self.seqs.get(self.own, 0)):
            if event == "inbox":
                self.hear(data)
        if self.conversation:
            frames = heard_since(self.conversation, self.seqs.get(self.conversation.topic, 0))
            for event, data in frames:
                self.hear_reading(event, data)
            self.picture = applied(self.picture, [it for it in frames if it[0] in ("message", "conversation")])
        self.seqs = log.seqs([self.own, *self.topics()])

    def hear_reading(self, event: str, data: dict) -> None:
        """Whoever writes has read so far."""
        if event == "reads":
            self.reads |= data
        elif event == "access":
            self.reads = self.fresh_reads()
        elif event == "message" and self.reads.get(str(data["by"]["id"]), data["number"]) < data["number"]:
            self.reads[str(data["by"]["id"])] = data["number"]

    def hear(self, data: dict) -> None:
        self.counts = {"unread": data["total"], "requests": data["requests"]}
        self.rows.pop(data["conversation"], None)
        if data["row"] and not data["row"]["hidden"]:
            self.rows[data["conversation"]] = data["row"]

    def check(self) -> None:
        """As a newcomer sees it."""
        self.listen()
        fresh = Tab(self.person, self.conversation)
        assert self.counts == fresh.counts
        assert self.rows == fresh.rows
        assert self.picture == fresh.picture
        if self.is_in():
            assert self.reads == fresh.reads


def as_json(value):
    return json.loads(json.dumps(value))


def heard(topic: str, seq: int) -> list[tuple[str, dict]]:
    wires = [next(log.frames.payloads(frame.wire)) for frame in log.since(topic, seq)]
    return [(frame["event"], frame["data"]) for frame in map(json.loads, wires)]


__all__ = ["Tab", "asks", "does", "heard", "refused_as", "says", "talking", "writes"]
