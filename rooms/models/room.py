import re
from datetime import datetime

from django.core.validators import RegexValidator
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from live.refusal import Refused
from people.models import Person
from programme.models import OPENS_BEFORE, Role, Session

NUMBER = RegexValidator(r"^[0-9]{4,8}\Z")
TOPIC = re.compile(r"room\.([0-9]{1,18})(\.desk|\.backstage)?")


class Rooms(models.QuerySet):
    def open_to(self, person):
        return self.filter(session__in=Session.objects.open_to(person))

    def moderated_by(self, person):
        return self.filter(session__in=Session.objects.moderated_by(person))

    def named(self, topic: str):
        """The room of `room.7`, `room.7.desk` or `room.7.backstage`, among these; else Refused("room.unknown")."""
        named = TOPIC.fullmatch(topic)
        rooms = self.select_related("session__event", "conversation")
        room = rooms.filter(pk=named[1]).first() if named else None
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
    code = models.CharField(_("room number"), max_length=8, unique=True, validators=[NUMBER])
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SCHEDULED)
    moderation = models.BooleanField(_("review new questions"), default=True)
    anonymity = models.BooleanField(_("questions without a name"), default=True)
    questions_open = models.BooleanField(_("questions open"), default=True)
    votes_open = models.BooleanField(_("votes open"), default=True)
    # The stage and the speakers' list.
    chair = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("in the chair")
    )
    stage_locked = models.BooleanField(_("stage locked"), default=False)
    stage_hidden = models.BooleanField(_("interlude"), default=False)
    pinned = models.PositiveBigIntegerField(null=True, blank=True, editable=False)  # a source's number
    stage_revision = models.PositiveIntegerField(default=1, editable=False)
    list_open = models.BooleanField(_("speakers’ list open"), default=True)
    turn_seconds = models.PositiveIntegerField(_("seconds for a turn"), default=120)
    reactions_open = models.BooleanField(_("reactions"), default=True)
    asked = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    live_at = models.DateTimeField(_("live since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
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

    @property
    def backstage(self) -> str:
        return f"room.{self.pk}.backstage"

    @property
    def media_id(self) -> int:
        """The number by which media workers know it."""
        return self.pk

    @property
    def shows_stage(self) -> bool:
        """The audience sees who is on stage: neither during a soundcheck before the session nor in an interlude."""
        return self.state == self.State.LIVE and not self.stage_hidden

    @property
    def opens_at(self) -> datetime:
        return self.session.starts_at - OPENS_BEFORE

    @property
    def ends_at(self) -> datetime:
        return self.session.ends_at

    def is_due(self, now: datetime | None = None) -> bool:
        """Time to open by itself: nobody has to be there to unlock a door."""
        now = now or timezone.now()
        return self.state == self.State.SCHEDULED and self.opens_at <= now < self.session.ends_at

    def is_over(self, now: datetime | None = None) -> bool:
        """Its time has passed and nobody ever went live, so nobody will end it."""
        return self.state in (self.State.SCHEDULED, self.State.OPEN) and (now or timezone.now()) >= self.session.ends_at

    def insist_running(self) -> None:
        if self.state == self.State.SCHEDULED:
            raise Refused("room.not_open")
        if self.state == self.State.ENDED:
            raise Refused("room.ended")

    def next_number(self) -> int:
        """For a question. Counted in the database: several processes ask at once."""
        return self._next("asked")

    def next_stage_revision(self) -> int:
        """The stage is about to change: what media workers are told of it is new."""
        self.stage_revision = self._next("stage_revision")
        return self.stage_revision

    def _next(self, column: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE rooms_room SET {column} = {column} + 1 WHERE id = %s RETURNING {column}", [self.pk])
            return cursor.fetchone()[0]

    def moderators(self) -> set[int]:
        """Ids of those who run this session."""
        return set(self.session.moderators().values_list("pk", flat=True))

    def speakers(self) -> set[int]:
        """Ids of those who can be given a question: everybody on the programme, speakers and moderators by role."""
        roles = Role.objects.filter(session=self.session, role__in=[Role.Kind.SPEAKER, Role.Kind.MODERATOR])
        return {*whose(roles), *whose(self.session.appearances.all())}


def whose(parts):
    return parts.order_by().values_list("person", flat=True)
