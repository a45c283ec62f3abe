from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Person

from .question import Question
from .room import Room


class Turns(models.QuerySet):
    def waiting(self):
        """In the order they will speak."""
        return self.filter(state=Turn.State.WAITING).order_by(*Turn.ORDER)

    def invited(self):
        return self.filter(state=Turn.State.INVITED).order_by(*Turn.ORDER)

    def standing(self):
        return self.filter(state__in=Turn.STANDING)

    def public(self):
        """What everyone sees: who is to speak, who speaks, who spoke."""
        return self.filter(state__in=[*Turn.STANDING, Turn.State.FINISHED])

    def weighed(self):
        """What counts for who should be next: who waits, and who was heard."""
        return self.filter(Q(state=Turn.State.WAITING) | Q(started_at__isnull=False))

    def at_the_floor(self):
        """Who has the floor, speaking or paused."""
        return self.filter(state__in=[Turn.State.SPEAKING, Turn.State.PAUSED])

    def with_people(self):
        return self.select_related("person", "question")


class Turn(models.Model):
    """One entry of the speakers' list: a raised hand, a question to be said aloud, an announced intervention."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        INVITED = "invited", _("Invited")
        SPEAKING = "speaking", _("Speaking")
        PAUSED = "paused", _("Paused")
        FINISHED = "finished", _("Finished")
        LOWERED = "lowered", _("Hand lowered")
        NO_ANSWER = "no_answer", _("No answer")
        SKIPPED = "skipped", _("Skipped")

    class Kind(models.TextChoices):
        HAND = "hand", _("Raised hand")
        QUESTION = "question", _("Question to be said aloud")
        ANNOUNCED = "announced", _("Announced intervention")

    STANDING = [State.WAITING, State.INVITED, State.SPEAKING, State.PAUSED]
    ORDER = ["-point_of_order", "position", "number"]
    TEXT = 2000  # characters of an intervention to be read out
    SHORTEST, LONGEST = 10, 7200  # seconds

    room = models.ForeignKey(Room, models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Somebody in the hall, or announced by an office, may have no account: then the name stands for them.
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="turns")
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    stakeholder = models.CharField(max_length=20, blank=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="turns")
    text = models.TextField(max_length=TEXT, blank=True)
    in_writing = models.BooleanField(default=False)
    point_of_order = models.BooleanField(default=False)
    position = models.BigIntegerField(default=0)
    seconds = models.PositiveIntegerField()
    spoken = models.FloatField(default=0)  # seconds before the present stretch
    overridden = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    running_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    objects = Turns.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("turn"), _("turns")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="one_turn_per_number"),
            models.UniqueConstraint(fields=["room"], condition=Q(state="speaking"), name="one_turn_speaking"),
        ]
        indexes = [models.Index(fields=["room", "state"])]

    def __str__(self):
        return f"{self.number}. {self.name}"

    def ran(self, now: datetime) -> float:
        """Seconds that it has taken until now."""
        stretch = (now - self.running_since).total_seconds() if self.running_since else 0
        return self.spoken + max(0.0, stretch)
