"""People talking, and the proof that what they were told equals what is there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from chat import consumers, messages
from live import log, writer
from live.commands import envelope, find, given


def asks(person, do, conversation, **with_):
    """The command as it comes over the line, up to the reply."""
    asked = envelope(json.dumps({"do": do, "ref": "r", "on": conversation.topic, "with": with_}))
    command = find(asked)
    read = given(asked, command.decoder)
    if command.gathered:
        [reply] = writer.do(person.pk, command.verb, conversation.topic, [(person.pk, read)])
        if isinstance(reply, Exception):
            raise reply
        return reply
    return writer.do(person.pk, command.verb, person.pk, conversation.topic, read)


def says(person, conversation, text, **more):
    return asks(person, "chat.say", conversation, text=text, **more)


def picture(conversation) -> dict:
    return json.loads(json.dumps(messages.picture(conversation.topic)))


def heard_since(conversation, seq) -> list[tuple[str, dict]]:
    wires = [next(log.frames.payloads(frame.wire)) for frame in log.since(conversation.topic, seq)]
    return [(frame["event"], frame["data"]) for frame in map(json.loads, wires)]


def applied(state: dict, heard) -> dict:
    """What a client that had `state` has after these frames: of every message the newest revision."""
    known = {message["id"]: message for message in state["messages"]}
    for event, data in heard:
        if event == "conversation":
            state = state | data
        elif event == "message" and data["rev"] >= known.get(data["id"], data)["rev"]:
            known[data["id"]] = data
    newest = sorted(known.values(), key=lambda message: message["number"])[-messages.SHOWN :]
    return state | {"messages": newest}


@contextmanager
def told(conversation) -> Iterator[list]:
    """Whatever happens inside: the old picture and the frames give the new picture. Yields what is heard."""
    before, seq = picture(conversation), log.seqs([conversation.topic]).get(conversation.topic, 0)
    heard: list = []
    yield heard
    heard += heard_since(conversation, seq)
    assert applied(before, heard) == picture(conversation)
    assert log.verify(conversation.topic) == []


__all__ = ["applied", "asks", "consumers", "heard_since", "picture", "says", "told"]
