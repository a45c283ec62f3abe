"""Speed networking: rounds in which everybody meets somebody."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.refusal import Refused
from people.models import Group, Person
from programme.models import Event

from .pair import Pair

DOORS = timedelta(minutes=10)  # before it starts people come in
GOODBYE = timedelta(seconds=10)  # after a round people can still say goodbye
PAUSE = timedelta(seconds=10)  # then they read whom they meet next, and why


class Lounges(models.QuerySet):
    def open_to(self, person):
        """Those that this person may enter."""
        if person is None or person.pk is None or not person.is_active:
            return self.none()
        return self.filter(Q(groups=None) | Q(groups__in=person.groups_in.all())).distinct()

    def named(self, topic: str):
        """The lounge of the topic `lounge.3`, among these; else Refused("lounge.unknown")."""
        kind, _dot, pk = topic.partition(".")
        found = self.filter(pk=pk).first() if kind == "lounge" and pk.isdecimal() else None
        if found is None:
            raise Refused("lounge.unknown")
        return found

    def opening(self, now: datetime):
        return self.filter(state=Lounge.State.PLANNED, starts_at__lte=now + DOORS)

    def running(self):
        return self.filter(state=Lounge.State.OPEN)


class Lounge(models.Model):
    """Its rounds follow each other: one ends at `round_ends_at`, the next begins GOODBYE and PAUSE later."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        OVER = "over", _("Over")

    WEIGHT = [MaxValueValidator(10)]

    event = models.ForeignKey(Event, models.CASCADE, related_name="lounges", verbose_name=_("event"))
    title = models.CharField(_("title"), max_length=120)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("Of one without a number of rounds"))
    rounds = models.PositiveSmallIntegerField(
        _("rounds"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    seconds = models.PositiveSmallIntegerField(
        _("seconds for a round"), default=240, validators=[MinValueValidator(120), MaxValueValidator(600)]
    )
    groups = models.ManyToManyField(Group, verbose_name=_("only for groups"), blank=True)
    region_weight = models.PositiveSmallIntegerField(_("weight of other regions"), default=2, validators=WEIGHT)
    stakeholder_weight = models.PositiveSmallIntegerField(
        _("weight of other stakeholder types"), default=1, validators=WEIGHT
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED)
    round = models.PositiveIntegerField(default=0, editable=False)
    round_ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    matching_since = models.DateTimeField(null=True, blank=True, editable=False)  # some process finds the next pairs
    revision = models.PositiveIntegerField(default=1, editable=False)
    objects = Lounges.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("lounge"), _("lounges")
        ordering = ["starts_at"]

    def __str__(self):
        return self.title

    @property
    def topic(self) -> str:
        return f"lounge.{self.pk}"

    def clean(self):
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It has to end after it starts.")})

    @property
    def round_starts_at(self) -> datetime | None:
        """Of the round whose pairs have been found last."""
        return self.round_ends_at and self.round_ends_at - timedelta(seconds=self.seconds)

    @property
    def next_at(self) -> datetime:
        """When the next round begins, if there is one."""
        return self.round_ends_at + GOODBYE + PAUSE if self.round_ends_at else self.starts_at

    @property
    def is_between(self) -> bool:
        """People wait for the next round, or for the first."""
        return self.round_ends_at is None or timezone.now() >= self.round_ends_at

    def is_last(self, now: datetime) -> bool:
        """No round follows the one that is on, or was."""
        if self.rounds is not None:
            return self.round >= self.rounds
        return self.ends_at is not None and max(self.next_at, now) >= self.ends_at


class Stool(models.Model):
    """Somebody's place in a lounge; leaving and coming back keeps it."""

    lounge = models.ForeignKey(Lounge, models.CASCADE, related_name="stools")
    person = models.ForeignKey(Person, models.CASCADE, related_name="stools")
    came_at = models.DateTimeField(default=timezone.now)
    away = models.BooleanField(default=False)
    waited = models.PositiveSmallIntegerField(default=0)  # rounds they sat out as the odd one
    waited_in = models.PositiveIntegerField(default=0)  # the last such round
    language = models.CharField(max_length=12, blank=True)  # of the page they came by

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lounge", "person"], name="one_stool")]

    def __str__(self):
        return f"{self.person_id} in {self.lounge_id}"


class Matches(models.QuerySet):
    def of(self, person: int):
        return self.filter(Q(one=person) | Q(two=person))

    def between(self, one: int, two: int):
        return self.filter(one=min(one, two), two=max(one, two))

    def going_on(self, now: datetime):
        """Whose pair has not ended."""
        return self.filter(pair__ended_at=None, pair__ends_at__gt=now)


class Match(models.Model):
    """Who was put with whom: at an event never twice."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="matches")
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")  # the smaller id
    two = models.ForeignKey(Person, models.CASCADE, related_name="+")
    lounge = models.ForeignKey(Lounge, models.CASCADE, null=True, blank=True, related_name="matches")
    round = models.PositiveIntegerField(default=0)
    pair = models.OneToOneField(Pair, models.CASCADE, related_name="match")
    at = models.DateTimeField(default=timezone.now)
    objects = Matches.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "one", "two"], name="never_twice_at_an_event")]

    def __str__(self):
        return f"{self.one_id} and {self.two_id}"


class Seeker(models.Model):
    """Somebody who would like to meet somebody right now."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="seekers")
    person = models.OneToOneField(Person, models.CASCADE, related_name="seeking")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)  # not seen for a while: not seeking any more

    def __str__(self):
        return f"{self.person_id}"
