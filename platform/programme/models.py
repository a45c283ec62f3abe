"""The programme: what happens when, where, and who speaks."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from people.models import Group, Language, Person, Theme

from .checks import ending, known_zone, safe_file

OPENS_BEFORE = timedelta(minutes=15)
HEX_COLOUR = RegexValidator(r"^#[0-9a-f]{6}\Z", _("Write the colour as # and six digits from 0 to f, such as #0a5c4c."))


class Event(models.Model):
    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=160)
    tagline = models.CharField(_("tagline"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("Shown beside times, such as Geneva"))
    zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[known_zone])
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    brand = models.CharField(_("brand colour"), max_length=7, default="#0a5c4c", validators=[HEX_COLOUR])
    registration_url = models.URLField(_("registration address"), blank=True)
    current = models.BooleanField(_("shown on the first page"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("event"), _("events")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="event_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Track(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="tracks", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, allow_unicode=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("track"), _("tracks")
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="one_track_per_slug")]

    def __str__(self):
        return self.name


class Venue(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, related_name="venues", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=120)
    guid = models.UUIDField(_("guid"), default=uuid.uuid4, help_text=_("Real schedules repeat it: not unique"))
    description = models.CharField(_("description"), max_length=300, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("venue"), _("venues")
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="one_venue_per_name")]

    def __str__(self):
        return self.name


def signed_in(person) -> bool:
    return person is not None and person.pk is not None and person.is_active


# Each way in is a look-up of its own: joined in one query they would multiply, roles by speakers by members.
def runs(person) -> Q:
    """Sessions this person runs: organisers and moderators of the event or session, its chair and moderators."""
    return (
        Q(event__in=Role.objects.running(person).values("event"))
        | Q(pk__in=Role.objects.filter(person=person, role__in=Role.RUNNING).values("session"))
        | Q(pk__in=Appearance.objects.filter(person=person, role__in=Appearance.RUNNING).values("session"))
    )


def has_part_in(person) -> Q:
    """Sessions this person speaks in or has any role in, or whose event they run."""
    return (
        Q(pk__in=Appearance.objects.filter(person=person).values("session"))
        | Q(pk__in=Role.objects.filter(person=person).values("session"))
        | Q(event__in=Role.objects.running(person).values("event"))
    )


def for_groups() -> models.Exists:
    return models.Exists(Session.groups.through.objects.filter(session=models.OuterRef("pk")))


def for_groups_of(person) -> models.Exists:
    return models.Exists(
        Session.groups.through.objects.filter(
            session=models.OuterRef("pk"),
            group__in=Person.groups_in.through.objects.filter(person=person).values("group"),
        )
    )


def not_barred(person) -> Q:
    """Sessions whose groups do not keep this person, or visitor, out."""
    if not signed_in(person):
        return Q(~for_groups())
    return Q(~for_groups()) | Q(for_groups_of(person)) | has_part_in(person)


class Sessions(models.QuerySet):
    def standing(self):
        return self.filter(cancelled=False)

    def moderated_by(self, person):
        return self.filter(runs(person)) if signed_in(person) else self.none()

    def spoken_in_by(self, person):
        if not signed_in(person):
            return self.none()
        return self.filter(pk__in=Appearance.objects.filter(person=person).values("session"))

    def open_to(self, person):
        """What this person may enter: everything open, their groups' sessions, and where they have a part."""
        return self.joinable_by(person) if signed_in(person) else self.none()

    def joinable_by(self, person):
        """What this person may enter, or a visitor could after signing in."""
        return self.standing().filter(not_barred(person))

    def for_listing(self):
        """With all that an entry of the programme shows, in five queries however many there are."""
        people = Appearance.objects.select_related("person").defer("person__bio")
        return self.select_related("event", "track", "venue", "room").prefetch_related(
            "languages", "themes", "groups", models.Prefetch("appearances", people)
        )


class Session(models.Model):
    class Format(models.TextChoices):
        CEREMONY = "ceremony", _("Ceremony")
        DIALOGUE = "dialogue", _("High-level dialogue")
        PANEL = "panel", _("Panel")
        WORKSHOP = "workshop", _("Workshop")
        ROUND_TABLE = "round_table", _("Round table")
        KNOWLEDGE_CAFE = "knowledge_cafe", _("Knowledge café")
        TALK = "talk", _("Talk")
        SOCIAL = "social", _("Social")

    class Participation(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("Hybrid")

    class Stage(models.TextChoices):
        """Where a session is in its life, as a page shows it; see `Session.stage`."""

        SCHEDULED = "scheduled", _("Scheduled")
        OPEN = "open", _("Open")
        LIVE = "live", _("Live")
        OVER = "over", _("Over")
        CANCELLED = "cancelled", _("Cancelled")

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions", verbose_name=_("event"))
    guid = models.UUIDField(_("guid"), default=uuid.uuid4)
    code = models.SlugField(_("code"), max_length=60, help_text=_("In the session’s address"))
    title = models.CharField(_("title"), max_length=250)
    subtitle = models.CharField(_("subtitle"), max_length=250, blank=True)
    abstract = models.TextField(_("abstract"), blank=True)
    description = models.TextField(_("description"), blank=True)
    format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.PANEL)
    kind = models.CharField(_("type, as imported"), max_length=80, blank=True)
    track = models.ForeignKey(
        Track, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("track")
    )
    venue = models.ForeignKey(
        Venue, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    participation = models.CharField(
        _("participation"), max_length=12, choices=Participation, default=Participation.HYBRID
    )
    languages = models.ManyToManyField(Language, verbose_name=_("languages"), blank=True)
    themes = models.ManyToManyField(
        Theme, verbose_name=_("Action Lines, goals and tags"), blank=True, related_name="sessions"
    )
    groups = models.ManyToManyField(
        Group,
        verbose_name=_("only for groups"),
        blank=True,
        related_name="sessions",
        help_text=_("Empty: open to everyone registered"),
    )
    registration_url = models.URLField(_("registration address"), blank=True)
    url = models.URLField(_("address elsewhere"), max_length=500, blank=True)
    recorded = models.BooleanField(_("recorded"), default=True)
    cancelled = models.BooleanField(_("cancelled"), default=False)
    imported = models.BooleanField(
        _("imported"), default=False, editable=False, help_text=_("Cancelled when a newer schedule file leaves it out")
    )
    revision = models.PositiveIntegerField(
        _("revision"),
        default=0,
        editable=False,
        help_text=_("Grows when title, time, place or state change, so that calendars follow"),
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = Sessions.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("session"), _("sessions")
        ordering = ["starts_at", "title"]
        indexes = [models.Index(fields=["event", "starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["event", "guid"], name="one_session_per_guid"),
            models.UniqueConstraint(fields=["event", "code"], name="one_session_per_code"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session has to end after it starts."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.code])

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    def admits(self, people: Iterable[int]) -> set[int]:
        """Those of these people who may enter: what `Sessions.open_to` says of one, for many in few queries."""
        if self.cancelled:
            return set()
        active = Person.objects.filter(pk__in=set(people), is_active=True)
        if groups := list(self.groups.values_list("pk", flat=True)):
            active = active.filter(self.invited(groups))
        return set(active.values_list("pk", flat=True))

    def invited(self, groups: list[int]) -> Q:
        """People of these groups, or with a part here."""
        running = Role.objects.filter(event=self.event_id, session=None, role__in=Role.RUNNING)
        return (
            Q(groups_in__in=groups)
            | Q(pk__in=self.appearances.values("person"))
            | Q(pk__in=self.roles.values("person"))
            | Q(pk__in=running.values("person"))
        )

    def moderators(self) -> models.QuerySet[Person]:
        """Everyone of whom `Sessions.moderated_by` says it."""
        here = Q(session=self) | Q(session=None, event=self.event_id)
        running = Role.objects.filter(here, role__in=Role.RUNNING)
        leading = Appearance.objects.filter(session=self, role__in=Appearance.RUNNING)
        return Person.objects.filter(Q(pk__in=running.values("person")) | Q(pk__in=leading.values("person")))

    @property
    def restricted(self) -> bool:
        return bool(self.groups.all())

    def stage(self, now=None) -> "Session.Stage":
        """What its moderators say by going live or ending it; the clock decides about the rest."""
        if self.cancelled:
            return self.Stage.CANCELLED
        said = getattr(getattr(self, "room", None), "state", None)
        by_the_clock = self.stage_by_the_clock(now or timezone.now())
        opened_early = said == "open" and by_the_clock == self.Stage.SCHEDULED
        return self.Stage.OPEN if opened_early else SAID.get(said or "") or by_the_clock

    def stage_by_the_clock(self, now) -> "Session.Stage":
        if now < self.starts_at - OPENS_BEFORE:
            return self.Stage.SCHEDULED
        if now < self.starts_at:
            return self.Stage.OPEN
        return self.Stage.LIVE if now < self.ends_at else self.Stage.OVER

    def is_on(self, now=None) -> bool:
        return not self.cancelled and self.starts_at <= (now or timezone.now()) < self.ends_at


SAID = {"live": Session.Stage.LIVE, "ended": Session.Stage.OVER}


class Documents(models.QuerySet):
    def readable_by(self, person):
        """Papers of open sessions are for everybody, those of restricted sessions for whoever may enter."""
        return self.filter(session__in=Session.objects.filter(not_barred(person)))


class Document(models.Model):
    session = models.ForeignKey(Session, models.CASCADE, related_name="documents", verbose_name=_("session"))
    title = models.CharField(_("title"), max_length=200)
    language = models.ForeignKey(Language, models.SET_NULL, null=True, blank=True, verbose_name=_("language"))
    file = models.FileField(_("file"), upload_to="documents", blank=True, validators=[safe_file])
    url = models.URLField(_("or address"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    imported = models.BooleanField(default=False, editable=False)

    objects = Documents.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(url=""),
                name="document_is_somewhere",
                violation_error_message=_("Add a file or an address."),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def file_name(self) -> str:
        """What the file is saved as: its title, in the letters that every system takes."""
        return f"{slugify(self.title) or 'document'}{ending(self.file.name or '')}"

    @property
    def host(self) -> str:
        """Where a paper that is kept elsewhere is kept."""
        return urlsplit(self.url).hostname or ""

    @property
    def file_kind(self) -> str:
        """PDF, DOCX: what people call this sort of file."""
        return ending(self.file.name or "")[1:].upper()


class Appearance(models.Model):
    """Who takes part in a session on the programme, and as what."""

    class As(models.TextChoices):
        CHAIR = "chair", _("Chair")
        MODERATOR = "moderator", _("Moderator")
        KEYNOTE = "keynote", _("Keynote")
        PANELLIST = "panellist", _("Panellist")
        SPEAKER = "speaker", _("Speaker")

    RUNNING = [As.CHAIR, As.MODERATOR]

    session = models.ForeignKey(Session, models.CASCADE, related_name="appearances", verbose_name=_("session"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="appearances", verbose_name=_("person"))
    role = models.CharField(_("as"), max_length=12, choices=As, default=As.SPEAKER)
    remote = models.BooleanField(_("remote"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    imported = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("appearance"), _("appearances")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_appearance_per_session")]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"


class SpeakerKey(models.Model):
    """What a schedule file calls a person, so that the next file finds the same one."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="speaker_keys")
    key = models.CharField(max_length=160, help_text="guid:…, code:…, id:…, mail:… or name:…")
    person = models.ForeignKey(Person, models.CASCADE, related_name="speaker_keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "key"], name="one_person_per_key")]

    def __str__(self):
        return self.key


class Roles(models.QuerySet):
    def running(self, person):
        """Roles with which this person runs a whole event."""
        return self.filter(person=person, session=None, role__in=Role.RUNNING)


class Role(models.Model):
    """What somebody may do at an event, or in one of its sessions, without being on the programme."""

    class Kind(models.TextChoices):
        ORGANISER = "organiser", _("Organiser")
        MODERATOR = "moderator", _("Moderator")
        SPEAKER = "speaker", _("Speaker")
        INTERPRETER = "interpreter", _("Interpreter")
        ATTENDEE = "attendee", _("Attendee")

    RUNNING = [Kind.ORGANISER, Kind.MODERATOR]

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles", verbose_name=_("person"))
    event = models.ForeignKey(Event, models.CASCADE, related_name="roles", verbose_name=_("event"))
    session = models.ForeignKey(
        Session, models.CASCADE, null=True, blank=True, related_name="roles", verbose_name=_("only in the session")
    )
    role = models.CharField(_("role"), max_length=12, choices=Kind)

    objects = Roles.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("role"), _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "event", "role"], condition=Q(session=None), name="one_role_in_an_event"
            ),
            models.UniqueConstraint(
                fields=["person", "session", "role"], condition=~Q(session=None), name="one_role_in_a_session"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"

    def clean(self):
        if self.session and self.event_id and self.session.event_id != self.event_id:
            raise ValidationError({"session": _("This session belongs to another event.")})


class Viewing(models.Model):
    """Somebody, or a browser nobody signed in with, has looked at a session's page."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="viewings", db_index=False)
    viewer = models.CharField(max_length=40, help_text="person:<id> or browser:<random>")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "viewer"], name="one_viewing")]

    def __str__(self):
        return self.viewer


class Star(models.Model):
    """A session in somebody's own schedule."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="stars")
    session = models.ForeignKey(Session, models.CASCADE, related_name="stars")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "session"], name="one_star")]

    def __str__(self):
        return f"{self.person_id}: {self.session_id}"


class ScheduleFile(models.Model):
    """A schedule that was uploaded and looked at, and waits to be taken in; forgotten after a day."""

    uploaded_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    def __str__(self):
        return self.name
