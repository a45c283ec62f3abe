"""What organisers are given to judge by when somebody reports somebody: that part of a conversation, and no more."""

import json
from typing import Any

from live import log
from live.models import Entry
from live.refusal import Refused
from people import reports
from people.models import Person, Report

from . import messages
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
    """{"topic", "seq", "hash": the head of the log, "messages": [{"number", "by", "name", "at", "texts", "removed"}]}

    `texts` are all that the message has said, as the log has them: what was changed or taken back is still there.
    """
    seq, hashed = log.head(conversation.topic)
    around = conversation.messages.filter(number__range=(number - AROUND, number + AROUND)).select_related("author")
    texts = _texts(conversation.topic)
    return {
        "topic": conversation.topic,
        "seq": seq,
        "hash": hashed,
        "messages": [_shown(it, it.author, texts.get(it.pk, [])) for it in around],
    }


def _shown(it: Message, author: Person, texts: list[str]) -> dict[str, Any]:
    at = it.at.isoformat()
    return {
        "number": it.number,
        "by": author.pk,
        "name": author.name,
        "at": at,
        "texts": texts or [it.text],
        "removed": it.removed,
    }


def _texts(topic: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Entry.objects.filter(topic=topic, event="message").order_by("seq").values_list("data", flat=True)
    for told in map(json.loads, rows.iterator()):
        said = found.setdefault(told["id"], [])
        if told["text"] and told["text"] not in said[-1:]:
            said.append(told["text"])
    return found
