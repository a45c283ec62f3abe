from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Person
from programme.models import Document

from .room import Room


class Segments(models.QuerySet):
    def with_papers(self):
        """With all that is told of them, in three queries however many there are."""
        return self.prefetch_related(models.Prefetch("people", Person.objects.only("name")), "documents")


class Segment(models.Model):
    """A part of the run of show."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        PRESENTATION = "presentation", _("Thematic presentation")
        FLOW = "flow", _("How the session flows")
        INTRODUCTION = "introduction", _("Introduction of a speaker")
        TALK = "talk", _("Talk")
        REMARKS = "remarks", _("Remarks between")
        PANEL = "panel", _("Panel")
        QUESTIONS = "questions", _("Questions")
        INTERVENTION = "intervention", _("Intervention from the floor")
        CLOSING = "closing", _("Closing statements")
        PHOTO = "photo", _("Group photo")
        BREAK = "break", _("Break")
        OTHER = "other", _("Other")

    NOTES = 8000  # characters
    MOST = 100  # parts of one session
    LONGEST = 600  # minutes

    room = models.ForeignKey(Room, models.CASCADE, related_name="segments", verbose_name=_("room"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    who = models.CharField(_("who"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    # What it may take after the chair accepted a proposal; empty while it is as planned.
    seconds = models.PositiveIntegerField(_("seconds, as last agreed"), null=True, blank=True)
    notes = models.TextField(_("notes for the stage"), max_length=NOTES, blank=True)
    remote = models.BooleanField(_("remote"), default=False)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    skipped = models.BooleanField(_("skipped"), default=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    people = models.ManyToManyField(Person, verbose_name=_("people"), blank=True, related_name="+")
    documents = models.ManyToManyField(Document, verbose_name=_("documents"), blank=True, related_name="+")
    objects = Segments.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("segment"), _("run of show")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title

    @property
    def agreed(self) -> int:
        """Seconds that it may take."""
        return 60 * self.minutes if self.seconds is None else self.seconds

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def is_to_come(self) -> bool:
        return self.started_at is None and not self.skipped


class Proposals(models.QuerySet):
    def standing(self):
        return self.filter(state=Proposal.State.OPEN)


class Proposal(models.Model):
    """What to shorten so that the session ends on time."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        OVERTAKEN = "overtaken", _("Overtaken")

    room = models.ForeignKey(Room, models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    late = models.IntegerField()  # seconds that the session would end late
    changes = models.JSONField()  # [[segment id, seconds from, seconds to, why], …], as timing.Change
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    objects = Proposals.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("proposal"), _("proposals")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["room"], condition=Q(state="open"), name="one_proposal_open"),
        ]

    def __str__(self):
        return f"{self.state} {self.late}"


class Notices(models.QuerySet):
    def with_people(self):
        return self.select_related("by", "to").prefetch_related("acknowledgements")

    def for_all(self):
        return self.filter(to=None)


class Notice(models.Model):
    """From the chair, or from the run of show itself, to one person or to all backstage, until acknowledged."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("Message")
        CUE = "cue", _("Cue")

    TEXT = 500  # characters

    room = models.ForeignKey(Room, models.CASCADE, related_name="notices")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MESSAGE)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    text = models.CharField(max_length=TEXT, blank=True)
    segment = models.ForeignKey(Segment, models.CASCADE, null=True, related_name="cues")
    at = models.DateTimeField()
    acknowledged = models.ManyToManyField(Person, through="Acknowledgement", related_name="+")
    objects = Notices.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="one_notice_per_number")]

    def __str__(self):
        return f"{self.number}. {self.text[:40]}"


class Acknowledgement(models.Model):
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("acknowledgement"), _("acknowledgements")
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="acknowledged_once")]

    def __str__(self):
        return f"{self.person_id} heard {self.notice_id}"
