"""Messages and conversations as they travel. Pure: what is needed has been read before."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from .models import Attachment, Conversation, Member, Membership, Message

QUOTE = 120
SIGNS = ("👍", "🙏", "💡", "👏", "❤️", "🎉")  # what may stand under a message
TO_ME, FROM_ME = "to_me", "from_me"
Told = dict[str, Any]


def person(it) -> Told:
    return {"id": it.pk, "name": it.name}


def _words(message: Message) -> str:
    return "" if message.removed else message.text


def _quote(message: Message | None) -> Told | None:
    if message is None:
        return None
    return {"id": message.pk, "by": person(message.author), "text": _words(message)[:QUOTE]}


def message(it: Message) -> Told:
    """{"id", "number", "rev", "by", "text", "at", "edited", "removed", "reply"}; what was removed has no words.

    "attachments" and "reactions" only where there are any.
    """
    return {
        "id": it.pk,
        "number": it.number,
        "rev": it.revision,
        "by": person(it.author),
        "text": _words(it),
        "at": it.at.isoformat(),
        "edited": it.edited_at is not None,
        "removed": it.removed,
        "reply": None if it.removed else _quote(it.reply_to),
        **({} if it.removed else _beside(it)),
    }


def _beside(it: Message) -> Told:
    files = {"attachments": [attachment(each) for each in it.attachments.all()]} if it.files else {}
    return files | ({"reactions": _reactions(it)} if it.reacted else {})


def _reactions(it: Message) -> Told:
    """{sign: [ids of people]}, signs in the order of SIGNS."""
    given = sorted((reaction.person_id, reaction.sign) for reaction in it.reactions.all())
    people = {sign: [person for person, its in given if its == sign] for sign in SIGNS}
    return {sign: who for sign, who in people.items() if who}


def attachment(it: Attachment) -> Told:
    """{"key", "name", "type", "size" in bytes, "width", "height" of pictures, "path", "preview": what to show of it}"""
    path = reverse("chat-file", args=[it.key])
    return {
        "key": str(it.key),
        "name": it.name,
        "type": it.type,
        "size": it.size,
        "width": it.width,
        "height": it.height,
        "path": path,
        "preview": f"{path}?small=1" if it.preview else path,
    }


def messages(them: Iterable[Message]) -> list[Told]:
    return [message(it) for it in them]


def conversation(it: Conversation, members: Sequence = ()) -> Told:
    """{"open"} of a session's chat; besides that "kind", "state", "title", "people", "started_by", "about"."""
    if not it.by_name:
        return {"open": it.is_open}
    return {"open": it.is_open, **_who(it, members)}


def _who(it: Conversation, members: Sequence) -> Told:
    return {
        "kind": it.kind,
        "state": it.state,
        "title": it.title,
        "people": [person(each) for each in members],
        "started_by": it.started_by_id,
        "about": {"code": it.about.code, "title": it.about.title} if it.about else None,
    }


def row(it: Conversation, members: Sequence, mine: Member | Membership, last: Message | None) -> Told:
    """A line of somebody's inbox: what the conversation is, and "id", "at", "unread", "muted", "hidden", "last",
    "request": who is to answer a request ("to_me", "from_me", ""); "people" are the others.
    """
    others = [member for member in members if member.pk != mine.person_id]
    return {
        "id": it.pk,
        **conversation(it, others),
        "request": request(it, mine.person_id),
        "at": it.spoken_at.isoformat(),
        "unread": unread(it, mine),
        "muted": mine.muted,
        "hidden": mine.hidden,
        "last": _last(last),
    }


def request(it: Conversation, person: int) -> str:
    """Nobody is to answer what whoever asked has left."""
    if it.state != Conversation.State.REQUESTED or not it.is_open:
        return ""
    return FROM_ME if it.started_by_id == person else TO_ME


def unread(it: Conversation, mine: Member | Membership) -> int:
    return max(0, it.said - mine.read)


def _last(it: Message | None) -> Told | None:
    if it is None:
        return None
    return {
        "number": it.number,
        "by": person(it.author),
        "text": _words(it)[:QUOTE],
        "at": it.at.isoformat(),
        "attachments": 0 if it.removed else it.files,
        "removed": it.removed,
    }


def found(it: Message) -> Told:
    """A message that was looked for, as long as a line."""
    text = _words(it)[:QUOTE]
    return {
        "conversation": it.conversation_id,
        "number": it.number,
        "by": person(it.author),
        "text": text,
        "at": it.at.isoformat(),
    }


def reads(marks: Mapping[int, int]) -> Told:
    """How far each has read, by number; JSON has strings for keys."""
    return {str(person): number for person, number in sorted(marks.items())}
