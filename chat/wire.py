"""Messages as they travel. Pure: what is needed has been read before."""

from .models import Message

QUOTE = 120


def _person(person) -> dict:
    return {"id": person.pk, "name": person.name}


def _words(message: Message) -> str:
    return "" if message.removed else message.text


def _quote(message: Message | None) -> dict | None:
    if message is None:
        return None
    return {"id": message.pk, "by": _person(message.author), "text": _words(message)[:QUOTE]}


def message(it: Message) -> dict:
    """{"id", "number", "rev", "by", "text", "at", "edited", "removed", "reply"}; what was removed has no words."""
    return {
        "id": it.pk,
        "number": it.number,
        "rev": it.revision,
        "by": _person(it.author),
        "text": _words(it),
        "at": it.at.isoformat(),
        "edited": it.edited_at is not None,
        "removed": it.removed,
        "reply": None if it.removed else _quote(it.reply_to),
    }


def messages(them) -> list[dict]:
    return [message(it) for it in them]


def conversation(it) -> dict:
    return {"open": it.is_open}
