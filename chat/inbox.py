"""What one person has of all their conversations: which, in what order, and how much of them is unread."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, PositiveIntegerField, Q, Sum, Value, When

from live.access import told_to_oneself, topic_of
from live.batch import recall
from live.log import publish
from people.models import Person

from . import wire
from .models import Conversation, Membership, Message

PAGE = 30
ACCEPTED = Q(conversation__state=Conversation.State.ACCEPTED)
ASKED = Q(conversation__state=Conversation.State.REQUESTED) & ~Q(conversation__started_by=F("person"))
NOTHING = {"unread": 0, "requests": 0}


def members(conversation: Conversation) -> list[Person]:
    """Who is in it by name, in the order they came."""
    return recall(("members", conversation.topic), lambda: _members([conversation]).get(conversation.pk, []))


def _members(conversations: Collection[Conversation]) -> dict[int, list[Person]]:
    rows = Membership.objects.standing().filter(conversation__in=conversations).order_by("joined_at", "pk")
    found: dict[int, list[Person]] = {}
    for row in rows.select_related("person").only("conversation_id", "person__name"):
        found.setdefault(row.conversation_id, []).append(row.person)
    return found


def counts(people: Iterable[int]) -> dict[int, dict[str, int]]:
    """{"unread": messages in conversations that are not muted, "requests": waiting for an answer} for each."""
    mine = Membership.objects.standing().not_apart().filter(person__in=list(people), hidden=False)
    behind = F("conversation__said") - F("read")
    rows = mine.values("person").annotate(
        unread=Sum(behind, filter=ACCEPTED & Q(muted=False, conversation__said__gt=F("read"))),
        requests=Count("pk", filter=ASKED),
    )
    return {row["person"]: {"unread": row["unread"] or 0, "requests": row["requests"]} for row in rows}


@told_to_oneself("inbox")
def counted(person: int) -> dict[str, int]:
    return counts([person]).get(person, NOTHING)


def spoken(conversation: Conversation, message: Message) -> None:
    """Whoever writes has read; and what was put away stands in every inbox again."""
    own = When(person=message.author_id, then=Value(message.number))
    read = Case(own, default=F("read"), output_field=PositiveIntegerField())
    conversation.memberships.filter(left_at=None).update(hidden=False, read=read)
    tell(conversation, [member.pk for member in members(conversation)], message)


def tell(conversation: Conversation, people: Collection[int], last: Message | None = None) -> None:
    """These people's pages hear, wherever they are, how their inbox stands now."""
    here = conversation.memberships.standing().filter(person__in=people)
    mine = {membership.person_id: membership for membership in here}
    totals, last = counts(people), last or last_of(conversation)
    for person in people:
        row = wire.row(conversation, members(conversation), mine[person], last) if person in mine else None
        publish(topic_of(person), "inbox", _news(conversation, totals.get(person, NOTHING), row))


def _news(conversation: Conversation, total: dict[str, int], row: dict[str, Any] | None) -> dict[str, Any]:
    """`row` is None once it is none of theirs any more."""
    return {
        "conversation": conversation.pk,
        "unread": row["unread"] if row else 0,
        "total": total["unread"],
        "requests": total["requests"],
        "row": row,
    }


def last_of(conversation: Conversation) -> Message | None:
    return conversation.messages.with_people().filter(number=conversation.said).first()


def of(person: int) -> Any:
    """Memberships of all that may stand in this person's inbox, the latest first."""
    mine = Membership.objects.standing().not_apart().filter(person=person).select_related("conversation__about")
    unsaid = Q(conversation__kind=Conversation.Kind.ENCOUNTER, conversation__said=0)
    return mine.exclude(unsaid).order_by("-conversation__spoken_at", "-conversation")


def rows(person: int, before: datetime | None = None, hidden: bool = False) -> list[dict[str, Any]]:
    """The next PAGE lines of the inbox: those that were last spoken in before then."""
    mine = of(person).filter(hidden=hidden)
    return drawn(mine.filter(conversation__spoken_at__lt=before)[:PAGE] if before else mine[:PAGE])


def drawn(mine: Sequence[Membership]) -> list[dict[str, Any]]:
    conversations = [membership.conversation for membership in mine]
    said = Message.objects.filter(conversation__in=conversations, number=F("conversation__said")).with_people()
    last = {message.conversation_id: message for message in said}
    who = _members(conversations)
    return [wire.row(it.conversation, who.get(it.conversation_id, []), it, last.get(it.conversation_id)) for it in mine]


def talks_with(person: int) -> Any:
    """People with whom this person has an accepted conversation of two: whom they may ask into a group."""
    mine = of(person).filter(ACCEPTED, conversation__kind=Conversation.Kind.PAIR, conversation__is_open=True)
    pairs = Conversation.objects.filter(pk__in=mine.order_by().values("conversation"))
    return Person.objects.filter(is_active=True).filter(
        Q(pk__in=pairs.filter(two=person).values("one")) | Q(pk__in=pairs.filter(one=person).values("two"))
    )
