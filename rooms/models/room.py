from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from live.refusal import Refused
from people.models import Person
from programme.models import Session


class Rooms(models.QuerySet):
    def open_to(self, person):
        return self.filter(session__in=Session.objects.open_to(person))

    def moderated_by(self, person):
        return self.filter(session__in=Session.objects.moderated_by(person))

    def named(self, topic: str):
        """The room of the topic `room.7` or `room.7.desk`, among these; else Refused("room.unknown")."""
        pk = topic.split(".")[1]
        room = self.select_related("session").filter(pk=pk).first() if pk.isdecimal() else None
        if room is None:
            raise Refused("room.unknown")
        return room


class Room(models.Model):
    """Where a session happens live."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        OPEN = "open", _("Open")
        LIVE = "live", _("Live")
        ENDED = "ended", _("Ended")

    session = models.OneToOneField(Session, models.CASCADE, related_name="room", verbose_name=_("session"))
    conversation = models.OneToOneField(Conversation, models.PROTECT, related_name="room")
    code = models.CharField(_("room number"), max_length=8, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SCHEDULED)
    moderation = models.BooleanField(_("review new questions"), default=True)
    anonymity = models.BooleanField(_("questions without a name"), default=True)
    questions_open = models.BooleanField(_("questions open"), default=True)
    votes_open = models.BooleanField(_("votes open"), default=True)
    asked = models.PositiveIntegerField(default=0, editable=False)
    queued = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    objects = Rooms.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("room"), _("rooms")

    def __str__(self):
        return self.session.title

    @property
    def topic(self) -> str:
        return f"room.{self.pk}"

    @property
    def desk(self) -> str:
        return f"room.{self.pk}.desk"

    def next_number(self) -> int:
        """Counted in the database: several processes ask at once."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE rooms_room SET asked = asked + 1 WHERE id = %s RETURNING asked", [self.pk])
            return cursor.fetchone()[0]


class Segment(models.Model):
    """A part of the session's running order."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    who = models.CharField(_("who"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    people = models.ManyToManyField(Person, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["room", "position"], name="one_segment_per_position")]
