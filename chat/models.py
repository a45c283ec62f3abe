"""What people write to each other."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.refusal import Refused
from people.models import Block, Person
from programme.models import Session


class Member(NamedTuple):
    """Somebody who is in a conversation by name: what is asked about them at every message."""

    pk: int
    name: str
    shares_read: bool
    read: int
    muted: bool
    hidden: bool

    @property
    def person_id(self) -> int:
        return self.pk


# By hand, because it is asked at every message and the ORM would take ten times as long to word it.
PRESENT = """
    SELECT it.id, person.id, person.name, person.shares_read, here.read, here.muted, here.hidden
    FROM chat_membership here
    JOIN chat_conversation it ON it.id = here.conversation_id
    JOIN people_person person ON person.id = here.person_id
    WHERE it.id IN ({}) AND here.joined_at IS NOT NULL AND here.left_at IS NULL AND person.is_active
    AND NOT EXISTS (SELECT 1 FROM people_block WHERE by_id = it.one_id AND of_id = it.two_id)
    AND NOT EXISTS (SELECT 1 FROM people_block WHERE by_id = it.two_id AND of_id = it.one_id)
    ORDER BY here.joined_at, here.id
"""


class Conversations(models.QuerySet):
    def open_to(self, person):
        return self.filter(session__in=Session.objects.open_to(person))

    def named(self, topic: str):
        """The conversation of the topic `conversation.9`, among these; else Refused("topic.unknown")."""
        found = self.named_among([topic]).get(topic)
        if found is None:
            raise Refused("topic.unknown")
        return found

    def named_among(self, topics: Iterable[str]) -> dict[str, "Conversation"]:
        """By topic, all that there are."""
        parts = (topic.partition(".") for topic in topics)
        pks = [int(pk) for kind, _dot, pk in parts if kind == "conversation" and pk.isdecimal() and len(pk) < 19]
        known: Iterable[Any] = self.filter(pk__in=pks)
        return {it.topic: it for it in known}

    def of_pair(self, one: int, two: int):
        return self.filter(kind=Conversation.Kind.PAIR, one=min(one, two), two=max(one, two))


class Conversation(models.Model):
    """Several people writing in one place; a session's has everybody who may enter the session."""

    class Kind(models.TextChoices):
        SESSION = "session", _("A session’s chat")
        PAIR = "pair", _("Two people")
        GROUP = "group", _("A group")
        SPEAKERS = "speakers", _("With a session’s speakers")
        ENCOUNTER = "encounter", _("In a room for two")

    class State(models.TextChoices):
        """Of a pair's conversation: a stranger's first words are a request. All others are accepted."""

        REQUESTED = "requested", _("Requested")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Not now")

    session = models.OneToOneField(Session, models.CASCADE, null=True, blank=True, related_name="conversation")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SESSION)
    state = models.CharField(max_length=10, choices=State, default=State.ACCEPTED)
    title = models.CharField(max_length=120, blank=True)
    # A pair's two, the smaller id first; nobody has two conversations with the same person.
    one = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    two = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    # Of a conversation with a session's speakers.
    about = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="speakers_conversations")
    started_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    spoken_at = models.DateTimeField(default=timezone.now, db_index=True)  # the last message: the inbox's order
    is_open = models.BooleanField(default=True)
    said = models.PositiveIntegerField(default=0)
    objects = Conversations.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("conversation"), _("conversations")
        constraints = [
            models.UniqueConstraint(fields=["one", "two"], condition=Q(kind="pair"), name="one_conversation_per_pair"),
        ]

    def __str__(self):
        return str(self.session) if self.session_id else self.topic

    @property
    def topic(self) -> str:
        return f"conversation.{self.pk}"

    @property
    def by_name(self) -> bool:
        """Whether people are in it because somebody named them, and not because they may enter a session."""
        return self.kind != self.Kind.SESSION

    def next_number(self, at: datetime) -> int:
        """Counted in the database: several processes write at once."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE chat_conversation SET said = said + 1, spoken_at = %s WHERE id = %s RETURNING said",
                [connection.ops.adapt_datetimefield_value(at), self.pk],
            )
            [self.said] = cursor.fetchone()
        self.spoken_at = at
        return self.said

    def admits(self, people: Iterable[int]) -> set[int]:
        """Those of these people who may enter."""
        if self.by_name:
            return self.present().keys() & set(people)
        return self.session.admits(people) if self.session else set()

    def present(self) -> dict[int, Member]:
        """Who is in it by name, by id, in the order they came: without two of whom one wants nothing of the other."""
        return present_in([self.pk])[self.pk]

    def moderators(self) -> set[int]:
        return set(self.session.moderators().values_list("pk", flat=True)) if self.session else set()


def present_in(conversations: Collection[int]) -> dict[int, dict[int, Member]]:
    """The same of several, by their ids."""
    found: dict[int, dict[int, Member]] = {pk: {} for pk in conversations}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(PRESENT.format(",".join(["%s"] * len(found))), list(found))
            for conversation, pk, name, shares, read, muted, hidden in cursor:
                found[conversation][pk] = Member(pk, name, bool(shares), read, bool(muted), bool(hidden))
    return found


class Memberships(models.QuerySet):
    def standing(self):
        """Of people who were named and have not left, as far as they still take part in the forum."""
        return self.exclude(joined_at=None).filter(left_at=None, person__is_active=True)

    def not_apart(self):
        """Without those of two people of whom one wants nothing to do with the other."""
        apart = Q(by=OuterRef("conversation__one"), of=OuterRef("conversation__two"))
        apart |= Q(of=OuterRef("conversation__one"), by=OuterRef("conversation__two"))
        return self.exclude(Exists(Block.objects.filter(apart)))

    def silenced(self):
        return self.exclude(silenced_at=None)

    def silenced_by_name(self):
        return self.silenced().filter(by_name=True)

    def silenced_in(self, conversation: Conversation):
        """Ids of people."""
        return self.silenced().filter(conversation=conversation).values_list("person", flat=True)

    def read_by(self, conversation: Conversation, whom: Iterable[int]) -> dict[int, int]:
        """How far each of these people has read, by number of the message; without those who never did."""
        return dict(self.filter(conversation=conversation, person__in=whom).values_list("person", "read"))

    def keep_spoken(self, conversation: Conversation, author: int, number: int) -> None:
        """Whoever writes has read; and what was put away stands in every inbox again."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE chat_membership SET hidden = %s, read = CASE WHEN person_id = %s THEN %s ELSE read END"
                " WHERE conversation_id = %s AND left_at IS NULL",
                [False, author, number, conversation.pk],
            )

    def keep_read(self, conversation: Conversation, marks: dict[int, int]) -> None:
        """How far each person has read, by number of the message; never goes back."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO chat_membership (conversation_id, person_id, read) VALUES (%s, %s, %s)"
                " ON CONFLICT (conversation_id, person_id)"
                " DO UPDATE SET read = excluded.read WHERE excluded.read > chat_membership.read",
                [(conversation.pk, person, number) for person, number in sorted(marks.items())],
            )


class Membership(models.Model):
    """One person in one conversation: how far they have read, and whether they may still write."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    read = models.PositiveIntegerField(default=0)
    silenced_at = models.DateTimeField(null=True, blank=True)
    # Else only for what was asked without a name, of which nobody may hear.
    by_name = models.BooleanField(db_default=False)
    silenced_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    # Of conversations that people are in by name: pairs, groups, with speakers.
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    muted = models.BooleanField(db_default=False)
    hidden = models.BooleanField(db_default=False)  # a request that was ignored, or is not to stand in the inbox
    mailed = models.PositiveIntegerField(db_default=0)  # number of the last message a digest has told of
    mailed_at = models.DateTimeField(null=True, blank=True)
    pushed = models.PositiveIntegerField(db_default=0)  # and a notification
    objects = Memberships.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_membership")]

    def __str__(self):
        return f"{self.person_id} in {self.conversation_id}"


class Messages(models.QuerySet):
    def standing(self):
        return self.filter(removed=Message.Removed.NO)

    def with_people(self):
        """As wire.py needs them: who wrote it, and what it replies to."""
        return self.select_related("author", "reply_to__author").only(
            "number",
            "text",
            "at",
            "edited_at",
            "removed",
            "revision",
            "files",
            "reacted",
            "conversation_id",
            "author__name",
            "reply_to__text",
            "reply_to__removed",
            "reply_to__author__name",
        )

    def before(self, number: int | None, count: int) -> list["Message"]:
        """The last `count` messages, of those before `number`; oldest first."""
        them = self if number is None else self.filter(number__lt=number)
        return complete(list(them.with_people().order_by("-number")[:count])[::-1])


def complete(messages: list["Message"]) -> list["Message"]:
    """With the files and the reactions of those that have any, as wire.py needs them."""
    prefetch_related_objects([it for it in messages if it.files], "attachments")
    prefetch_related_objects([it for it in messages if it.reacted], "reactions")
    return messages


class Message(models.Model):
    class Removed(models.TextChoices):
        NO = "", _("No")
        BY_AUTHOR = "author", _("By its author")
        BY_MODERATOR = "moderator", _("By a moderator")

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", verbose_name=_("conversation")
    )
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(Person, models.CASCADE, related_name="messages", verbose_name=_("author"))
    text = models.CharField(_("text"), max_length=1000, blank=True)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    removed = models.CharField(_("removed"), max_length=10, choices=Removed, default=Removed.NO, blank=True)
    revision = models.PositiveIntegerField(default=1)
    # Most messages have neither: whoever reads many need not ask for them.
    files = models.PositiveSmallIntegerField(db_default=0, default=0)
    reacted = models.BooleanField(db_default=False, default=False)
    objects = Messages.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_message_per_number"),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(removed="") | Q(files__gt=0), name="message_says_something"
            ),
            # A moderator's removal keeps the words, for organisers to look into; the author's own takes them back.
            models.CheckConstraint(condition=Q(text="") | ~Q(removed="author"), name="taken_back_is_gone"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text[:40]}"


def kept_as(attachment, _filename) -> str:
    """Outside the web root, under a name that tells nothing."""
    return f"attachments/{attachment.key}"


def preview_kept_as(attachment, _filename) -> str:
    return f"attachments/{attachment.key}.small"


class Attachment(models.Model):
    """A file that somebody put into a conversation; until its message is said it is nobody's but theirs."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="attachments")
    by = models.ForeignKey(Person, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(upload_to=kept_as)
    preview = models.FileField(upload_to=preview_kept_as, blank=True)  # WebP
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name


class Reaction(models.Model):
    """One person's sign under a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    sign = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person", "sign"], name="one_reaction")]

    def __str__(self):
        return self.sign
