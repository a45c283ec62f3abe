"""What organisers are given to judge by when somebody reports somebody: that part of a conversation, and no more."""

import json
from typing import Any, NamedTuple

from django.urls import reverse

from live import log
from live.models import Entry
from live.refusal import Refused
from people import reports
from people.models import Person, Report

from . import messages, wire
from .models import Conversation, Message

LIMIT = 2000  # characters of what happened
AROUND = 10  # messages before and after the one in question


def report(conversation: Conversation, by: int, text: str, pk: int | None = None) -> Report:
    """About whoever wrote the message; without one, of two people, about the other. Raises Refused."""
    message = messages.found(conversation.messages.filter(pk=pk).first()) if pk else None
    about = message.author_id if message else _other(conversation, by)
    if about == by:
        raise Refused("report.oneself")
    return reports.report(by, about, text, gathered(conversation, message.number if message else conversation.said))


def _other(conversation: Conversation, by: int) -> int:
    two = {conversation.one_id, conversation.two_id} - {by, None}
    if len(two) != 1:
        raise Refused("report.whom")
    return int(two.pop() or 0)


def gathered(conversation: Conversation, number: int) -> dict[str, Any]:
    """{"topic", "seq", "hash": the head of the log, "messages": [{"number", "by", "name", "at", "texts", "removed",
    "files": [{"key", "name", "type", "size", "path": where organisers get it}]}]}

    `texts` and `files` are all that the message ever had, as the log has them: what was changed or taken back is still
    there, a file that was taken back before by its name alone.
    """
    seq, hashed = log.head(conversation.topic)
    around = conversation.messages.filter(number__range=(number - AROUND, number + AROUND)).select_related("author")
    told = _told(conversation.topic)
    return {
        "topic": conversation.topic,
        "seq": seq,
        "hash": hashed,
        "messages": [_shown(it, it.author, told.get(it.pk, Told([], {}))) for it in around],
    }


class Told(NamedTuple):
    """What a message has said, one after the other, and its files by key."""

    texts: list[str]
    files: dict[str, dict[str, Any]]


def _shown(it: Message, author: Person, told: Told) -> dict[str, Any]:
    files = told.files | {str(each.key): wire.attachment(each) for each in it.attachments.all()}
    return {
        "number": it.number,
        "by": author.pk,
        "name": author.name,
        "at": it.at.isoformat(),
        "texts": told.texts or [it.text],
        "removed": it.removed,
        "files": [_file(it.conversation_id, each) for each in files.values()],
    }


def _file(conversation: int, told: dict[str, Any]) -> dict[str, Any]:
    path = reverse("reported-file", args=[conversation, told["key"]])
    return {**{name: told[name] for name in ("key", "name", "type", "size")}, "path": path}


def _told(topic: str) -> dict[int, Told]:
    found: dict[int, Told] = {}
    rows = Entry.objects.filter(topic=topic, event="message").order_by("seq").values_list("data", flat=True)
    for it in map(json.loads, rows.iterator()):
        said = found.setdefault(it["id"], Told([], {}))
        said.files.update({each["key"]: each for each in it.get("attachments", [])})
        if it["text"] and it["text"] not in said.texts[-1:]:
            said.texts.append(it["text"])
    return found
