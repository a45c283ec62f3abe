"""What one person has of all their conversations: which, in what order, and how much of them is unread."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from live.access import told_to_oneself, topic_of
from live.batch import recall, topics
from live.log import later, publish, retract
from people.models import Person

from . import wire
from .models import Conversation, Member, Membership, Message, present_in

PAGE = 30
ACCEPTED = Q(conversation__state=Conversation.State.ACCEPTED)
REQUESTED = Q(conversation__state=Conversation.State.REQUESTED, conversation__is_open=True)
ASKED = REQUESTED & ~Q(conversation__started_by=F("person"))
NOTHING = {"unread": 0, "requests": 0}


# By hand, as chat.models.PRESENT is.
COUNTS = """
    SELECT here.person_id,
        COALESCE(SUM(it.said - here.read) FILTER (WHERE it.state = 'accepted' AND NOT here.muted), 0),
        COUNT(*) FILTER (WHERE it.state = 'requested' AND it.is_open AND it.started_by_id <> here.person_id)
    FROM chat_membership here JOIN chat_conversation it ON it.id = here.conversation_id
    WHERE here.person_id IN ({}) AND here.joined_at IS NOT NULL AND here.left_at IS NULL AND NOT here.hidden
    AND (it.said > here.read OR it.state = 'requested')
    AND NOT EXISTS (SELECT 1 FROM people_block WHERE by_id = it.one_id AND of_id = it.two_id)
    AND NOT EXISTS (SELECT 1 FROM people_block WHERE by_id = it.two_id AND of_id = it.one_id)
    GROUP BY here.person_id
"""


def present(conversation: Conversation) -> dict[int, Member]:
    """The same in all of a batch: whoever changes somebody's part in it changes it here too, or forgets the batch's."""
    return recall(("present", conversation.topic), lambda: _here().get(conversation.pk) or conversation.present())


def _here() -> dict[int, dict[int, Member]]:
    """Of all that the batch is about, read at once."""
    return recall("present", lambda: present_in([it.pk for it in of_batch().values()]))


def of_batch() -> dict[str, Conversation]:
    """The conversations that the batch is about, by topic, read at once."""
    return recall("conversations", lambda: Conversation.objects.named_among(topics()))


def members(conversation: Conversation) -> list[Member]:
    """Who is in it by name, in the order they came."""
    return list(present(conversation).values())


def shown(conversation: Conversation) -> list[Any]:
    """Whom it is shown to be with: who is in it; of two both, also once one has left."""
    here = members(conversation)
    return here if len(here) > 1 or not conversation.one_id else _shown([conversation]).get(conversation.pk, [])


def _shown(conversations: Collection[Conversation]) -> dict[int, list[Person]]:
    here, of_two = Q(left_at=None, person__is_active=True), Q(conversation__one__isnull=False)
    rows = Membership.objects.exclude(joined_at=None).filter(here | of_two, conversation__in=conversations)
    found: dict[int, list[Person]] = {}
    for row in rows.order_by("joined_at", "pk").select_related("person").only("conversation_id", "person__name"):
        found.setdefault(row.conversation_id, []).append(row.person)
    return found


def names(them: Collection[Conversation], person: int) -> dict[int, str]:
    """What each may be looked for by: its title, its session's, and who this person is in it with."""
    who = _shown(them)
    others = {it.pk: [each.name for each in who.get(it.pk, []) if each.pk != person] for it in them}
    return {it.pk: " ".join([it.title, it.about.title if it.about else "", *others[it.pk]]) for it in them}


def counts(people: Collection[int]) -> dict[int, dict[str, int]]:
    """{"unread": messages in conversations that are not muted, "requests": waiting for an answer} for each."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(",".join(["%s"] * len(people))), list(people))
        found = {person: {"unread": unread, "requests": requests} for person, unread, requests in cursor}
    return dict.fromkeys(people, NOTHING) | found


@told_to_oneself("inbox")
def counted(person: int) -> dict[str, int]:
    return counts([person])[person]


def spoken(conversation: Conversation, message: Message) -> None:
    """Whoever writes has read; and what was put away stands in every inbox again."""
    here, author = present(conversation), message.author_id
    Membership.objects.keep_spoken(conversation, author, message.number)
    for member in list(here.values()):
        here[member.pk] = member._replace(hidden=False, read=message.number if member.pk == author else member.read)
    tell(conversation, list(here), message)


def read(conversation: Conversation, said: dict[int, int]) -> None:
    """How far people have read now. What everybody shows is told to all."""
    here = present(conversation)
    for person, number in said.items():
        here[person] = here[person]._replace(read=number)
    tell(conversation, list(said))
    if all(member.shares_read for member in here.values()):
        publish(conversation.topic, "reads", wire.reads(said))


class News(NamedTuple):
    """These people's inboxes are to be told of a conversation; `last` is what was said in it last, if it is at hand."""

    conversation: Conversation
    people: Collection[int]
    last: Message | None


def tell(conversation: Conversation, people: Collection[int], last: Message | None = None) -> None:
    """These people's pages hear, wherever they are, how their inbox stands after this batch."""
    if people:
        later(_tell_all, News(conversation, people, last))


def tell_anew(conversation: Conversation, changed: Message) -> None:
    """The same to all who ever were in it. Nobody hears any more what was told before: it may have quoted this."""
    ever = list(conversation.memberships.values_list("person", flat=True))
    for person in ever:
        retract(topic_of(person), "inbox", "conversation", conversation.pk)
    tell(conversation, ever, changed if changed.number == conversation.said else None)


def _tell_all(news: Sequence[News]) -> None:
    totals = counts({person for it in news for person in it.people})
    for it in _latest(news):
        here, who, last = present(it.conversation), shown(it.conversation), it.last or last_of(it.conversation)
        for person in it.people:
            row = wire.row(it.conversation, who, here[person], last) if person in here else None
            publish(topic_of(person), "inbox", _news(it.conversation, totals[person], row))


def _latest(news: Sequence[News]) -> Iterable[News]:
    """One of each conversation: as it stood last, for all who were to be told of it."""
    latest: dict[int, News] = {}
    for it in news:
        before = latest.get(it.conversation.pk, it)
        latest[it.conversation.pk] = it._replace(people={*before.people, *it.people}, last=it.last or before.last)
    return latest.values()


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
    who = _shown(conversations)
    return [wire.row(it.conversation, who.get(it.conversation_id, []), it, last.get(it.conversation_id)) for it in mine]


def untold(told: str, until: datetime) -> QuerySet[Membership]:
    """Parts in conversations where somebody else has said, until then, what their person has neither read nor been
    told of; `told` is the field that says up to which number they were."""
    there = Membership.objects.standing().not_apart().filter(muted=False, hidden=False)
    behind = there.annotate(known=Greatest("read", told)).filter(conversation__said__gt=F("known"))
    new = Message.objects.standing().filter(conversation=OuterRef("conversation"), number__gt=OuterRef("known"))
    theirs = new.filter(at__lte=until).exclude(author=OuterRef("person"))
    return behind.filter(ACCEPTED | ASKED).filter(Exists(theirs)).select_related("person", "conversation__about")


def keep_told(told: str, them: Collection[Membership]) -> None:
    said = Conversation.objects.filter(pk=OuterRef("conversation")).values("said")
    Membership.objects.filter(pk__in=[it.pk for it in them]).update(**{told: said})


def talks_with(person: int) -> Any:
    """People with whom this person has an accepted conversation of two: whom they may ask into a group."""
    mine = of(person).filter(ACCEPTED, conversation__kind=Conversation.Kind.PAIR, conversation__is_open=True)
    pairs = Conversation.objects.filter(pk__in=mine.order_by().values("conversation"))
    return Person.objects.filter(is_active=True).filter(
        Q(pk__in=pairs.filter(two=person).values("one")) | Q(pk__in=pairs.filter(one=person).values("two"))
    )
