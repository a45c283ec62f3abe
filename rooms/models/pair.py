import re
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from live.refusal import Refused
from people.models import Block, Person

from .meeting import Meeting

EARLY = timedelta(minutes=5)  # before it starts its doors open
LAST_WORDS = timedelta(minutes=5)  # after its end what was typed before is still on its way
MEDIA = 2**30  # media workers know it by a number: those of sessions' rooms are all below this one
NOTES = 20_000  # letters
TOPIC = re.compile(r"pair\.([0-9]{1,18})")


class Pairs(models.QuerySet):
    def of(self, person: int):
        """Rooms for two that this person is one of."""
        return self.filter(Q(one=person) | Q(two=person))

    def open_to(self, person: int):
        """Those that this person may enter, which every door asks: nobody finds any but these."""
        apart = Block.objects.filter(
            Q(by=OuterRef("one"), of=OuterRef("two")) | Q(by=OuterRef("two"), of=OuterRef("one"))
        )
        return self.of(person).filter(~Exists(apart), one__is_active=True, two__is_active=True)

    def between(self, one: int, other: int):
        return self.of(one).filter(Q(one=other) | Q(two=other))

    def running(self):
        """Whose end has not been said yet."""
        return self.filter(ended_at=None)

    def over(self, now: datetime):
        return self.running().filter(ends_at__lte=now).select_related("one", "two", "meeting")

    def named(self, topic: str):
        """The room of the topic `pair.3`, among these; else Refused("topic.unknown")."""
        named = TOPIC.fullmatch(topic)
        return self._known(pk=named[1]) if named else unknown()

    def coded(self, code: str):
        """The room with this code, among these; else Refused("topic.unknown")."""
        return self._known(code=code)

    def _known(self, **by):
        found = self.select_related("one", "two", "meeting", "conversation").filter(**by).first()
        return found or unknown()


def unknown():
    raise Refused("topic.unknown")


class Pair(models.Model):
    """A room for two: at the time of a meeting, in a round of the lounge, or right now."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        ROUND = "round", _("Speed networking")
        NOW = "now", _("Meet now")

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=24, unique=True)  # in the address; looked up together with the person
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    two = models.ForeignKey(Person, models.CASCADE, related_name="+")
    meeting = models.OneToOneField(Meeting, models.CASCADE, null=True, blank=True, related_name="pair")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="pairs")
    why = models.JSONField(default=dict, blank=True)  # people.affinity reasons, said to each in their language
    notes = models.TextField(blank=True, max_length=NOTES)
    notes_revision = models.PositiveIntegerField(default=0)
    notes_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    extended = models.PositiveSmallIntegerField(default=0)  # minutes
    one_here_at = models.DateTimeField(null=True, blank=True)  # when they first came in
    two_here_at = models.DateTimeField(null=True, blank=True)
    one_page = models.CharField(max_length=32, blank=True)  # the page they use, by the name it gave itself
    two_page = models.CharField(max_length=32, blank=True)
    one_stays = models.BooleanField(default=False)  # would like to stay longer
    two_stays = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    objects = Pairs.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(one=models.F("two")), name="a_pair_is_two")]
        indexes = [
            models.Index(fields=["one", "starts_at"]),
            models.Index(fields=["two", "starts_at"]),
            # The clock looks each second.
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="rooms_pair_running"),
        ]

    def __str__(self):
        return self.code

    @property
    def topic(self) -> str:
        return f"pair.{self.pk}"

    @property
    def media_id(self) -> int:
        return MEDIA + self.pk

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - EARLY

    @property
    def people(self) -> list[Person]:
        return [self.one, self.two]

    def side(self, person: int) -> str:
        """Which of the two this is: "one" or "two"."""
        return "one" if person == self.one_id else "two"

    def other(self, person: int) -> Person:
        return self.two if person == self.one_id else self.one

    def page(self, person: int) -> str:
        return getattr(self, f"{self.side(person)}_page")

    def is_over(self, now: datetime | None = None) -> bool:
        return self.ended_at is not None or (now or timezone.now()) >= self.ends_at

    def insist_open(self) -> None:
        """Raises Refused: "pair.over", "pair.not_open"."""
        now = timezone.now()
        if self.is_over(now):
            raise Refused("pair.over")
        if now < self.opens_at:
            raise Refused("pair.not_open")

    def insist_writable(self) -> None:
        """For the notes. Raises Refused: "pair.over", "pair.not_open"."""
        now = timezone.now()
        if self.ended_by_id or now >= (self.ended_at or self.ends_at) + LAST_WORDS:
            raise Refused("pair.over")
        if now < self.opens_at:
            raise Refused("pair.not_open")
