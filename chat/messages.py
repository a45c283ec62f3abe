"""Everything that can be done in a conversation. The only place that writes it, whichever door asks."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import F
from django.utils import timezone

from live.access import recheck
from live.batch import people, recall
from live.log import publish, retract, whisper
from live.refusal import Refused
from people.models import Person

from . import attachments, inbox, wire
from .models import Attachment, Conversation, Membership, Message, Reaction, complete

LIMIT = 1000
SHOWN = 200


def named(topic: str) -> Conversation:
    """The conversation of the topic, the same object for everyone in the batch."""
    return recall(("conversation", topic), lambda: inbox.of_batch().get(topic) or Conversation.objects.named(topic))


def entered(topic: str, person: int) -> Conversation:
    """The conversation of the topic, if this person may enter it; else Refused("topic.unknown")."""
    conversation = named(topic)
    if person not in admitted(conversation, [person]):
        raise Refused("topic.unknown")
    return conversation


def admitted(conversation: Conversation, whom: Iterable[int]) -> set[int]:
    """Those who may enter, among these and everyone of the batch."""
    if conversation.by_name:
        return set(inbox.present(conversation))
    return recall(("admitted", conversation.topic), lambda: conversation.admits({*whom, *people()}))


def moderated(topic: str, person: int) -> Conversation:
    """The conversation of the topic, if this person moderates it; else refused, outsiders as if there were none."""
    conversation = entered(topic, person)
    if person not in moderators(conversation):
        raise Refused("room.not_yours")
    return conversation


def silenced(conversation: Conversation) -> set[int]:
    """Ids of those who may not write here for now, in the chat and in the questions of its session alike."""
    return recall(("silenced", conversation.topic), lambda: set(Membership.objects.silenced_in(conversation)))


def moderators(conversation: Conversation) -> set[int]:
    return recall(("moderators", conversation.topic), conversation.moderators)


def say(
    conversation: Conversation, author: Person, text: str, reply: int | None = None, files: Collection[str] = ()
) -> Message:
    """`files`: keys of what this person has put here and not said yet. Raises Refused."""
    insist_may_write(conversation, author.pk)
    quoted = standing(conversation, reply) if reply else None
    found = attachments.unsaid(conversation, author.pk, files)
    if not (text or found):
        raise Refused("chat.empty")
    return put(conversation, author, text, quoted, found)


def put(
    conversation: Conversation,
    author: Person,
    text: str,
    quoted: Message | None = None,
    files: Collection[Attachment] = (),
) -> Message:
    """For verbs that have seen to it that it may be said."""
    message = Message(conversation=conversation, author=author, text=text, at=timezone.now(), files=len(files))
    message.reply_to = quoted
    message.number = conversation.next_number(message.at)
    message.save(force_insert=True)
    attachments.say_with(message, files)
    if conversation.by_name:
        inbox.spoken(conversation, message)
    return tell(conversation, message)


def edit(conversation: Conversation, author: int, pk: int, text: str) -> Message:
    insist_may_write(conversation, author)
    message = own(conversation, author, pk)
    message.text, message.edited_at = text, timezone.now()
    return change(conversation, message)


def delete(conversation: Conversation, author: int, pk: int) -> Message:
    """The author takes it back: the words are gone."""
    insist_open(conversation)
    message = own(conversation, author, pk)
    message.text, message.removed, message.files = "", Message.Removed.BY_AUTHOR, 0
    attachments.take_back(message)
    return change(conversation, message)


def react(conversation: Conversation, person: int, pk: int, sign: str, on: bool) -> Message:
    """A sign of wire.SIGNS under a message, or no more. Says nothing if it is so already."""
    insist_may_write(conversation, person)
    message = standing(conversation, pk)
    mine = Reaction.objects.filter(message=message, person=person, sign=sign)
    if mine.exists() == on:
        return complete([message])[0]
    if on:
        Reaction.objects.create(message=message, person_id=person, sign=sign)
    else:
        mine.delete()
    message.reacted = message.reactions.exists()
    message.revision += 1
    message.save(update_fields=["reacted", "revision"])
    return tell(conversation, message)


def typing(conversation: Conversation, person: int) -> None:
    insist_may_write(conversation, person)
    whisper(conversation.topic, "typing", {"person": person})


def remove(conversation: Conversation, pk: int) -> Message:
    """A moderator takes it away: nobody reads it any more, the words stay for the organisers."""
    message = standing(conversation, pk)
    message.removed = Message.Removed.BY_MODERATOR
    return change(conversation, message)


def author_of(conversation: Conversation, pk: int) -> int:
    return found(conversation.messages.filter(pk=pk).values_list("author", flat=True).first())


def silence(conversation: Conversation, person: int, by: int, by_name: bool = True) -> None:
    """Until it is lifted this person may neither write nor ask here. Refused("person.moderates") for moderators.

    `by_name`: others may hear of it; once true it stays so.
    """
    if person in moderators(conversation):
        raise Refused("person.moderates")
    said = {"by_name": True} if by_name else {}
    _membership(conversation, person, silenced_at=timezone.now(), silenced_by_id=by, **said)
    silenced(conversation).add(person)
    recheck(person)


def unsilence(conversation: Conversation, person: int) -> None:
    _membership(conversation, person, silenced_at=None, silenced_by_id=None, by_name=False)
    silenced(conversation).discard(person)
    recheck(person)


def forget_name(conversation: Conversation, person: int) -> None:
    """Still silenced, but nobody may hear of it any more."""
    _membership(conversation, person, by_name=False)


def _membership(conversation: Conversation, person: int, **fields) -> None:
    Membership.objects.update_or_create(conversation=conversation, person_id=person, defaults=fields)


def read(conversation: Conversation, marks: dict[int, int]) -> None:
    """How far each of these people has read, by number; it never goes back."""
    said = {person: min(number, conversation.said) for person, number in marks.items()}
    if conversation.by_name:
        here = inbox.present(conversation)
        said = {person: number for person, number in said.items() if number > here[person].read}
    Membership.objects.keep_read(conversation, said)
    if conversation.by_name and said:
        inbox.read(conversation, said)


def reopen(conversation: Conversation) -> None:
    _set_open(conversation, True)


def close(conversation: Conversation) -> None:
    _set_open(conversation, False)


def _set_open(conversation: Conversation, is_open: bool) -> None:
    """Says nothing if it is so already."""
    if Conversation.objects.filter(pk=conversation.pk).exclude(is_open=is_open).update(is_open=is_open):
        named(conversation.topic).is_open = conversation.is_open = is_open
        tell_state(conversation)


def tell_state(conversation: Conversation) -> None:
    publish(conversation.topic, "conversation", drawn(conversation))


def drawn(conversation: Conversation) -> dict:
    return wire.conversation(conversation, inbox.shown(conversation) if conversation.by_name else ())


def insist_open(conversation: Conversation) -> None:
    if not conversation.is_open:
        raise Refused("chat.closed")


def insist_may_write(conversation: Conversation, person: int) -> None:
    insist_open(conversation)
    if conversation.by_name:
        insist_answered(conversation, person)
    elif person in silenced(conversation):
        raise Refused("person.silenced")


def insist_answered(conversation: Conversation, person: int) -> None:
    """A stranger's first words wait for an answer before there is more."""
    if conversation.state == Conversation.State.DECLINED:
        raise Refused("request.declined")
    if conversation.state == Conversation.State.REQUESTED:
        raise Refused("request.pending" if conversation.started_by_id == person else "request.unanswered")


def standing(conversation: Conversation, pk: int) -> Message:
    return found(conversation.messages.standing().with_people().filter(pk=pk).first())


def own(conversation: Conversation, author: int, pk: int) -> Message:
    message = standing(conversation, pk)
    if message.author_id != author:
        raise Refused("message.not_yours")
    return message


def found(it):
    if it is None:
        raise Refused("message.unknown")
    return it


def change(conversation: Conversation, message: Message) -> Message:
    """Keep it as a new revision, and tell also what quotes it. Nobody hears any more what it said before."""
    message.revision += 1
    message.save(update_fields=["text", "edited_at", "removed", "revision", "files"])
    message.replies.update(revision=F("revision") + 1)
    for reply in message.replies.with_people():
        tell_anew(conversation, reply)
    if conversation.by_name:
        inbox.tell_anew(conversation, message)
    return tell_anew(conversation, message)


def tell_anew(conversation: Conversation, message: Message) -> Message:
    retract(conversation.topic, "message", "id", message.pk)
    return tell(conversation, message)


def tell(conversation: Conversation, message: Message) -> Message:
    publish(conversation.topic, "message", wire.message(*complete([message])))
    return message


_beside: dict[str, Callable[[Conversation], Any]] = {}


def in_picture(name: str, told: Callable[[Conversation], Any]) -> None:
    """Register `f(conversation) -> JSON-able`: what floors above tell of a conversation of people by name."""
    if name in _beside:
        raise ValueError(f"Somebody tells {name} of conversations already.")
    _beside[name] = told


def picture(topic: str) -> dict:
    """{"messages": the last 200, oldest first, the conversation as wire.py has it, what floors above tell of it}"""
    conversation = Conversation.objects.named(topic)
    beside = {name: told(conversation) for name, told in _beside.items()} if conversation.by_name else {}
    return {"messages": wire.messages(conversation.messages.before(None, SHOWN)), **drawn(conversation), **beside}


def welcome(person: int, topic: str) -> dict:
    """{"read": number of the last message read, "silenced", "moderator"}

    Where people are by name also "muted", "hidden", "reads": how far each has read, if all show it.
    """
    conversation = entered(topic, person)
    if conversation.by_name:
        return _welcome_by_name(conversation, person)
    return {
        "read": read_by(conversation, person),
        "silenced": person in silenced(conversation),
        "moderator": person in moderators(conversation),
    }


def _welcome_by_name(conversation: Conversation, person: int) -> dict:
    here = inbox.present(conversation)
    shared = all(member.shares_read for member in here.values())
    reads = wire.reads({pk: member.read for pk, member in here.items()} if shared else {})
    mine, nobody = here[person], {"silenced": False, "moderator": False}
    return {"read": mine.read, "muted": mine.muted, "hidden": mine.hidden, "reads": reads, **nobody}


def read_by(conversation: Conversation, person: int) -> int:
    marks = recall(("read", conversation.topic), lambda: Membership.objects.read_by(conversation, {person, *people()}))
    return marks.get(person, 0)
