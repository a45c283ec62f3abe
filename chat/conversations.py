"""Conversations that people are in by name: how they begin, who is in them, how they end. People are given by id."""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from live import batch
from live.access import recheck, recheck_all
from live.models import Entry
from live.refusal import Refused
from people import blocks, connections
from people.models import Block, Person
from programme.models import Session

from . import inbox, messages
from .models import Conversation, Membership

REQUEST = 280  # characters of a stranger's first words
LINES = 2
MOST = 20  # people in a group
TITLE = 120
Kind, State = Conversation.Kind, Conversation.State


def between(one: int, two: int) -> Conversation | None:
    return Conversation.objects.of_pair(one, two).first()


def write(by: int, to: int, text: str) -> Conversation:
    """Says it to somebody this person talks with already; to others it is a request, answered before there is more.

    Refused: "person.unknown" (gone, hidden, blocked either way), "person.takes_no_messages", "request.pending",
    "request.declined", "request.too_long", "request.too_many".
    """
    author = Person.objects.of_batch(by)
    other = _other(author, to)
    found = between(by, to)
    if found is None or _is_over(found):
        return _begin(author, other, text, found)
    if found.state != State.ACCEPTED and found.started_by_id != by:
        accept(found, by)
    messages.say(found, author, text)
    return found


def _other(author: Person, to: int) -> Person:
    blocks.insist_not_apart(author.pk, to)
    other = Person.objects.filter(pk=to, is_active=True).exclude(pk=author.pk).first()
    if other is None:
        raise Refused("person.unknown")
    return other


def _is_over(conversation: Conversation) -> bool:
    """Somebody left it."""
    return not conversation.is_open or conversation.memberships.standing().count() < 2


def _begin(author: Person, other: Person, text: str, before: Conversation | None) -> Conversation:
    if connections.are_connected(author.pk, other.pk):
        conversation = open_pair(author.pk, other.pk)
        messages.say(conversation, author, text)
        return conversation
    _insist_not_asked(before, author.pk)
    insist_may_ask(author, other)
    conversation = _pair(author.pk, other.pk, State.REQUESTED, author.pk)
    messages.put(conversation, author, two_lines(text))
    return conversation


def _insist_not_asked(before: Conversation | None, by: int) -> None:
    """Leaving takes no request back that the other still has: whoever was not answered does not ask again."""
    if before and before.started_by_id == by and before.memberships.standing().exclude(person=by).exists():
        messages.insist_answered(before, by)


def insist_may_ask(author: Person, other: Person) -> None:
    if not Person.objects.visible_to(author).filter(pk=other.pk).exists():
        raise Refused("person.unknown")
    if not other.takes_messages:
        raise Refused("person.takes_no_messages")
    insist_not_too_many(author.pk)


def insist_not_too_many(by: int) -> None:
    """What somebody began with others without being asked, within a day."""
    since = timezone.now() - timedelta(days=1)
    lately = list(Conversation.objects.filter(started_by=by, started_at__gt=since))
    if len(lately) + _asked_again(by, lately, since) >= settings.CONVERSATIONS_A_DAY:
        raise Refused("request.too_many")


def _asked_again(by: int, them: Collection[Conversation], since: datetime) -> int:
    """How often one of these was begun anew since then: it stays one conversation, only the log has each time."""
    asked = Entry.objects.filter(topic__in=[it.topic for it in them if it.one_id], event="conversation", at__gt=since)
    begun = Counter(topic for topic, data in asked.values_list("topic", "data") if _begins(by, json.loads(data)))
    return sum(times - 1 for times in begun.values())


def _begins(by: int, told: dict[str, Any]) -> bool:
    return bool(told["open"] and told["state"] == State.REQUESTED and told["started_by"] == by)


def two_lines(text: str) -> str:
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    said = "\n".join([*lines[: LINES - 1], " ".join(lines[LINES - 1 :])]).strip()
    if len(said) > REQUEST:
        raise Refused("request.too_long")
    return said


def _pair(one: int, two: int, state: Conversation.State, by: int | None) -> Conversation:
    """The one conversation of these two, made or opened again in this state."""
    now = {"state": state, "started_by_id": by, "started_at": timezone.now(), "answered_at": None, "is_open": True}
    conversation, _ = Conversation.objects.update_or_create(
        kind=Kind.PAIR, one_id=min(one, two), two_id=max(one, two), defaults=now
    )
    _join(conversation, [one, two])
    messages.tell_state(conversation)
    return conversation


def open_pair(one: int, two: int) -> Conversation:
    """Accepted, whatever it was before: they agreed to meet, or to stay in touch. Refused("person.unknown")."""
    blocks.insist_not_apart(one, two)
    found = between(one, two)
    if found and found.state == State.ACCEPTED and not _is_over(found):
        return found
    conversation = _pair(one, two, State.ACCEPTED, None)
    inbox.tell(conversation, [one, two])
    return conversation


def ask_to_meet(by: int, to: int) -> Conversation:
    """Where a proposal to meet stands: theirs as it is, or a request without words, whether the other takes messages
    or not. To propose to somebody who asked is to accept.

    Refused: "person.unknown", "request.declined"; "request.pending" to whoever left a request that waits.
    """
    blocks.insist_not_apart(by, to)
    found = between(by, to)
    if found is None or _is_over(found):
        return _without_words(by, to, found)
    if found.state != State.ACCEPTED and found.started_by_id != by:
        accept(found, by)
    elif found.state == State.DECLINED:
        raise Refused("request.declined")
    return found


def _without_words(by: int, to: int, before: Conversation | None) -> Conversation:
    if connections.are_connected(by, to):
        return open_pair(by, to)
    _insist_not_asked(before, by)
    conversation = _pair(by, to, State.REQUESTED, by)
    inbox.tell(conversation, [by, to])
    return conversation


def encounter(one: int, two: int) -> Conversation:
    """A new one for a room for two, beside whatever these two have. Refused("person.unknown")."""
    blocks.insist_not_apart(one, two)
    [made] = encounters([(one, two)])
    return made


def encounters(twos: Collection[tuple[int, int]]) -> list[Conversation]:
    """The same for many at once, in their order: of people of whom it is known that they are not apart."""
    made = Conversation.objects.bulk_create(
        Conversation(kind=Kind.ENCOUNTER, one_id=min(two), two_id=max(two)) for two in twos
    )
    now = timezone.now()
    Membership.objects.bulk_create(
        Membership(conversation=it, person_id=person, joined_at=now)
        for it, two in zip(made, twos, strict=True)
        for person in two
    )
    batch.forget()
    return made


def close(conversation: Conversation) -> None:
    """It can still be read."""
    messages.close(conversation)


def _join(conversation: Conversation, people: Iterable[int]) -> None:
    now = timezone.now()
    for person in people:
        Membership.objects.update_or_create(
            conversation=conversation,
            person_id=person,
            defaults={"left_at": None, "hidden": False},
            create_defaults={"joined_at": now, "read": conversation.said},
        )
    batch.forget()


# answering


def accept(conversation: Conversation, person: int) -> None:
    """Says nothing if it was accepted already."""
    if conversation.state != State.ACCEPTED:
        _answer(conversation, person, State.ACCEPTED)
        conversation.memberships.update(hidden=False)
        batch.forget()
        _tell_all(conversation)


def decline(conversation: Conversation, person: int) -> None:
    """Whoever asked is told "not now", and no more."""
    if conversation.state != State.REQUESTED:
        raise Refused("request.answered")
    _answer(conversation, person, State.DECLINED)
    _set(conversation, person, hidden=True)
    _tell_all(conversation)


def ignore(conversation: Conversation, person: int) -> None:
    """Out of the way; whoever asked sees it as pending."""
    _insist_asked(conversation, person)
    hide(conversation, person, True)


def _answer(conversation: Conversation, person: int, state: Conversation.State) -> None:
    _insist_asked(conversation, person)
    conversation.state, conversation.answered_at = state, timezone.now()
    conversation.save(update_fields=["state", "answered_at"])
    batch.forget()
    messages.tell_state(conversation)


def _insist_asked(conversation: Conversation, person: int) -> None:
    if conversation.kind != Kind.PAIR or conversation.started_by_id in (None, person):
        raise Refused("request.not_yours")


def _tell_all(conversation: Conversation) -> None:
    inbox.tell(conversation, [member.pk for member in inbox.members(conversation)])


# groups, and a session's speakers


def start_group(by: int, people: Collection[int], title: str = "") -> Conversation:
    """With people this person talks with already. Refused: "group.strangers", "group.full", "request.too_many"."""
    insist_not_too_many(by)
    _insist_known(by, set(people) - {by})
    _insist_together({by, *people})
    made = Conversation.objects.create(kind=Kind.GROUP, title=title, started_by_id=by)
    _join(made, sorted({by, *people}))
    _tell_all(made)
    return made


def add(conversation: Conversation, by: int, people: Collection[int]) -> None:
    """Those who are there already stay there; nobody is brought together with somebody they keep away from."""
    _insist_group(conversation)
    here = {member.pk for member in inbox.members(conversation)}
    new = sorted(set(people) - here)
    _insist_known(by, new)
    _insist_together(here | set(new))
    _join(conversation, new)
    _tell_who(conversation)


def _tell_who(conversation: Conversation) -> None:
    """Others are in it now: how far people have read is shown to others, or to nobody any more."""
    messages.tell_state(conversation)
    recheck_all(conversation.topic)
    _tell_all(conversation)


def _insist_group(conversation: Conversation) -> None:
    if conversation.kind != Kind.GROUP:
        raise Refused("group.none")


def _insist_known(by: int, people: Iterable[int]) -> None:
    known = {*inbox.talks_with(by).values_list("pk", flat=True), *connections.connected_to(by)}
    if not known.issuperset(people):
        raise Refused("group.strangers")


def _insist_together(people: Collection[int]) -> None:
    if len(people) > MOST:
        raise Refused("group.full")
    if Block.objects.filter(by__in=people, of__in=people).exists():
        raise Refused("group.strangers")


def retitle(conversation: Conversation, title: str) -> None:
    _insist_group(conversation)
    conversation.title = title
    conversation.save(update_fields=["title"])
    batch.forget()
    messages.tell_state(conversation)
    _tell_all(conversation)


def write_to_speakers(by: int, session: Session, text: str) -> Conversation:
    """One conversation for each who writes, with those of the session's speakers who take messages.

    Refused: "speakers.none", "request.too_many".
    """
    author = Person.objects.of_batch(by)
    found = with_speakers(by, session) or _begin_with_speakers(author, session)
    messages.say(found, author, text)
    return found


def with_speakers(by: int, session: Session) -> Conversation | None:
    """What this person began with them and has not left."""
    begun = Conversation.objects.filter(kind=Kind.SPEAKERS, about=session, started_by=by).order_by("-pk")
    return next((it for it in begun if by in it.admits([by])), None)


def _begin_with_speakers(author: Person, session: Session) -> Conversation:
    speakers = speakers_for(author, session)
    if not speakers:
        raise Refused("speakers.none")
    insist_not_too_many(author.pk)
    made = Conversation.objects.create(kind=Kind.SPEAKERS, about=session, started_by=author)
    _join(made, [author.pk, *(speaker.pk for speaker in speakers)])
    return made


def speakers_for(author: Person, session: Session) -> list[Person]:
    """The speakers whom this person may write to, in the programme's order."""
    speak = session.appearances.filter(person__is_active=True, person__takes_messages=True).exclude(person=author)
    apart = Block.objects.apart_from(author.pk)
    found = [it.person for it in speak.select_related("person") if it.person_id not in apart]
    return found[: MOST - 1]


# leaving, muting, hiding


def leave(conversation: Conversation, person: int) -> None:
    """Of two, the other can read on but not write: to begin again is to ask again."""
    _part(conversation, [person])
    inbox.tell(conversation, [person])
    if conversation.one_id:
        messages.close(conversation)
    _tell_who(conversation)


def _part(conversation: Conversation, people: Collection[int]) -> None:
    conversation.memberships.filter(person__in=people).update(left_at=timezone.now())
    batch.forget()
    for person in people:
        recheck(person)


def mute(conversation: Conversation, person: int, on: bool) -> None:
    """Neither counted nor mailed."""
    _set(conversation, person, muted=on)
    _tell_oneself(conversation, person)


def hide(conversation: Conversation, person: int, on: bool) -> None:
    """Out of the inbox until somebody writes in it again."""
    _set(conversation, person, hidden=on)
    _tell_oneself(conversation, person)


def _set(conversation: Conversation, person: int, **fields: bool) -> None:
    conversation.memberships.filter(person=person).update(**fields)
    batch.forget()


def _tell_oneself(conversation: Conversation, person: int) -> None:
    inbox.tell(conversation, [person])
    recheck(person)


@blocks.when_blocked
def part(by: int, of: int) -> None:
    """What the two have alone ends for both; from what they share with others one of them goes."""
    one, two = min(by, of), max(by, of)
    for conversation in Conversation.objects.filter(one=one, two=two).select_related("about"):
        _part(conversation, _who_parts(conversation, by, of))
        messages.close(conversation)
        inbox.tell(conversation, [by, of])
        _tell_who(conversation)
    for conversation in _shared(by, of):
        leave(conversation, _who_goes(conversation, by, of))


def _who_parts(conversation: Conversation, by: int, of: int) -> list[int]:
    """Both; but nobody takes back what they asked, to ask it again, by blocking the other and unblocking them."""
    waits = conversation.state != State.ACCEPTED and conversation.started_by_id == by
    return [by] if waits else [by, of]


def _shared(by: int, of: int) -> list[Conversation]:
    mine, theirs = (Membership.objects.standing().filter(person=it).values("conversation") for it in (by, of))
    many = Conversation.objects.filter(kind__in=[Kind.GROUP, Kind.SPEAKERS]).select_related("about")
    return list(many.filter(pk__in=mine).filter(pk__in=theirs))


def _who_goes(conversation: Conversation, by: int, of: int) -> int:
    """Whoever began it stays; among others whoever wants nothing to do with the other goes."""
    return of if conversation.started_by_id == by else by
