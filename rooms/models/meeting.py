"""Two people agree on a time."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from people.models import Group, Person
from programme.models import Event


class MeetingRules(models.Model):
    """What the organisers allow at an event."""

    LENGTHS = [(15, _("15 minutes")), (20, _("20 minutes")), (30, _("30 minutes"))]

    event = models.OneToOneField(Event, models.CASCADE, related_name="meeting_rules", verbose_name=_("event"))
    minutes = models.PositiveSmallIntegerField(_("length of a meeting"), choices=LENGTHS, default=15)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    is_open = models.BooleanField(_("meetings"), default=True)
    groups = models.ManyToManyField(
        Group, verbose_name=_("only these groups may propose"), blank=True, help_text=_("Empty: everybody may")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("rules for meetings"), _("rules for meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")) | Q(starts_on=None) | Q(ends_on=None),
                name="meetings_end_after_they_start",
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self):
        return str(self.event)

    def clean(self):
        event, named = getattr(self, "event", None), {"starts_on": self.starts_on, "ends_on": self.ends_on}
        if event is None or event.starts_on is None or event.ends_on is None:
            return  # what is wrong with the event itself is said beside it
        outside = [name for name, day in named.items() if day and not event.starts_on <= day <= event.ends_on]
        if outside:
            raise ValidationError(dict.fromkeys(outside, _("This is no day of the event.")))


class Hour(models.Model):
    """Where somebody's free times differ from the humane hours that are assumed: one slot, opened or closed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="hours")
    starts_at = models.DateTimeField()
    free = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "starts_at"], name="one_word_per_slot")]

    def __str__(self):
        return f"{self.person_id} {self.starts_at:%a %H:%M}"


class Meetings(models.QuerySet):
    def of(self, person: int):
        return self.filter(Q(proposer=person) | Q(invitee=person))

    def with_people(self):
        """As wire.py and the pages need them."""
        people = ("proposer", "invitee", "acted_by", "handled_by", "conversation", "event")
        return self.select_related(*people).prefetch_related("slots")


class Meeting(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        COUNTERED = "countered", _("Other times proposed")
        ACCEPTED = "accepted", _("Accepted")
        HELD = "held", _("Held")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")
        NO_SHOW = "no_show", _("Not held")

    class Act(models.TextChoices):
        """The last step taken. Other times can be asked for when a meeting is agreed: it stands meanwhile."""

        DRAFTED = "drafted", _("Drafted")
        PROPOSED = "proposed", _("Proposed")
        COUNTERED = "countered", _("Proposed other times")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Left without an answer")
        CANCELLED = "cancelled", _("Cancelled")
        ASKED_TO_MOVE = "asked", _("Asked to move it")
        MOVED = "moved", _("Moved")
        KEPT = "kept", _("Left at its time")
        HELD = "held", _("Said it was held")
        NO_SHOW = "no_show", _("Said the other did not come")

    class Way(models.TextChoices):
        VIDEO = "video", _("By video")
        VOICE = "voice", _("By voice")
        IN_PERSON = "in_person", _("In person")

    event = models.ForeignKey(Event, models.CASCADE, related_name="meetings")
    proposer = models.ForeignKey(Person, models.CASCADE, related_name="meetings_proposed")
    invitee = models.ForeignKey(Person, models.CASCADE, related_name="meetings_invited_to")
    # None of a draft: nobody else knows of it.
    conversation = models.ForeignKey(Conversation, models.PROTECT, null=True, blank=True, related_name="meetings")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    way = models.CharField(max_length=10, choices=Way, default=Way.VIDEO)
    place = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=280, blank=True)
    minutes = models.PositiveSmallIntegerField(default=15)
    starts_at = models.DateTimeField(null=True, blank=True)  # once accepted
    ends_at = models.DateTimeField(null=True, blank=True)
    turn = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")  # who is to answer
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    absent = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")  # of a no-show
    act = models.CharField(max_length=10, choices=Act, default=Act.PROPOSED)
    acted_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")  # one of the two
    handled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")  # a delegate
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)  # of the calendar entry (RFC 5545, 3.8.7.4)
    objects = Meetings.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("meeting"), _("meetings")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(proposer=models.F("invitee")), name="nobody_meets_themselves"),
            models.CheckConstraint(
                condition=Q(conversation__isnull=False) | Q(state="draft"), name="only_drafts_are_alone"
            ),
        ]

    def __str__(self):
        return f"{self.proposer_id} and {self.invitee_id}"

    @property
    def two(self) -> tuple[int, int]:
        return self.proposer_id, self.invitee_id

    def other(self, person: int) -> Person:
        return self.invitee if person == self.proposer_id else self.proposer


class Slot(models.Model):
    """A time that is proposed; blocks nobody's calendar."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="slots")
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    standing = models.BooleanField(default=True)  # of the last proposal, not one that was countered

    class Meta:
        ordering = ["starts_at"]

    def __str__(self):
        return f"{self.starts_at:%a %H:%M}"


class Booking(models.Model):
    """Five minutes of somebody's time. The database itself keeps anybody from being booked twice."""

    MINUTES = 5

    person = models.ForeignKey(Person, models.CASCADE, related_name="bookings")
    at = models.DateTimeField()
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="bookings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "at"], name="one_meeting_at_a_time")]

    def __str__(self):
        return f"{self.person_id} {self.at:%a %H:%M}"


class Delegation(models.Model):
    """An assistant who may answer and propose meetings for somebody, visibly so."""

    principal = models.ForeignKey(Person, models.CASCADE, related_name="delegates")
    delegate = models.ForeignKey(Person, models.CASCADE, related_name="principals")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("delegation"), _("delegations")
        constraints = [
            models.UniqueConstraint(fields=["principal", "delegate"], name="one_delegation"),
            models.CheckConstraint(condition=~Q(principal=models.F("delegate")), name="nobody_is_their_own_delegate"),
        ]

    def __str__(self):
        return f"{self.delegate_id} for {self.principal_id}"
