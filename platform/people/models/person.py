"""People, what they care about, and the groups they belong to."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from live.batch import people as people_of_batch
from live.batch import recall
from live.refusal import Refused

from .. import countries, zones
from ..themes import tag_code


class Language(models.Model):
    """A language people speak or sessions are held in."""

    code = models.CharField(_("code"), max_length=12, primary_key=True, help_text=_("As in BCP 47: en, ar, zh"))
    name = models.CharField(_("name"), max_length=60, help_text=_("As its speakers write it"))

    class Meta:
        verbose_name, verbose_name_plural = _("language"), _("languages")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Themes(models.QuerySet):
    def tag(self, name: str):
        """The free tag of this name, made if it is new, however it is written. `name` has a letter or digit."""
        return self.get_or_create(kind=Theme.Kind.TAG, code=tag_code(name), defaults={"name": name})[0]


class Theme(models.Model):
    """What a session is about and a person is interested in: an Action Line, a goal, or a free tag."""

    class Kind(models.TextChoices):
        ACTION_LINE = "action_line", _("Action Line")
        GOAL = "goal", _("Sustainable Development Goal")
        TAG = "tag", _("Tag")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.SlugField(_("code"), max_length=60, allow_unicode=True, help_text=_("C7, SDG6, open-data"))
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = Themes.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("theme"), _("themes")
        ordering = ["kind", "position", "code"]
        constraints = [models.UniqueConstraint("kind", Lower("code"), name="one_theme_per_code")]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language; tags stay as people typed them."""
        return self.name if self.kind == self.Kind.TAG else gettext(self.name)

    @property
    def told(self) -> str:
        """What people write for it in a table: C7, SDG6, or the tag itself."""
        return self.name if self.kind == self.Kind.TAG else self.code

    @property
    def short(self) -> str:
        """What stands in a narrow place: C7, SDG 6, or the tag itself."""
        return self.told.replace("SDG", "SDG ") if self.kind == self.Kind.GOAL else self.told


class Group(models.Model):
    """People who may enter what is restricted to them, such as “Mayors”."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)

    class Meta:
        verbose_name, verbose_name_plural = _("group"), _("groups")
        ordering = ["name"]

    def __str__(self):
        return self.name


class People(models.QuerySet["Person"]):
    def of_batch(self, pk):
        """The person, read together with everybody else of the writer's batch.

        Raises Refused("person.unknown") for those who are gone or may not take part any more.
        """
        together = recall("people", lambda: self.in_bulk({pk, *people_of_batch()}))
        found = together.get(pk) or self.filter(pk=pk).first()
        if found is None or not found.is_active:
            raise Refused("person.unknown")
        return found

    def with_mail(self):
        """Without those who came with an imported schedule, with a stand-in for an address (RFC 2606)."""
        return self.exclude(email__endswith=".invalid")

    def visible_to(self, viewer):
        """Whose profiles `viewer`, a person or a visitor without a name, may see."""
        if viewer is None or viewer.pk is None:
            return self.none()
        if viewer.is_staff:
            return self
        connected = Person.objects.filter(connections__other=viewer, connections__since__isnull=False)
        to_connections = Q(shown_to=Person.Audience.CONNECTIONS, pk__in=connected.values("pk"))
        shown = Q(shown_to=Person.Audience.EVERYBODY) | to_connections
        return self.filter(shown & Q(is_active=True) & ~Q(pk__in=self.apart_from(viewer)) | Q(pk=viewer.pk))

    def apart_from(self, viewer):
        """Whoever blocked the viewer, or was blocked by them."""
        return Person.objects.filter(Q(blocks__of=viewer) | Q(blocked_by__by=viewer)).values("pk")

    def listed(self):
        """Who chose to be found in the directory, and shows themselves to everybody."""
        return self.filter(is_active=True, listed=True, shown_to=Person.Audience.EVERYBODY)


class PersonManager(BaseUserManager.from_queryset(People)):  # type: ignore[misc]
    def create_user(self, email, password=None, **fields):
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password) if password else person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


def portrait_path(_person, _filename) -> str:
    """A name nobody can guess: whoever was shown a photo has its address."""
    return f"photos/{uuid.uuid4().hex}.jpg"


def page_languages() -> list[tuple[str, str]]:
    return settings.LANGUAGES


class Person(AbstractBaseUser, PermissionsMixin):
    class Stakeholder(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        INTERNATIONAL = "international", _("International organisation")
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        PRIVATE_SECTOR = "private_sector", _("Private sector")
        ACADEMIA = "academia", _("Academia")
        TECHNICAL = "technical", _("Technical community")
        MEDIA = "media", _("Media")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody registered")
        CONNECTIONS = "connections", _("People I’m in touch with")
        NOBODY = "nobody", _("Nobody")

    PRIVATE = _("Never shown to anybody; counted only in the forum’s statistics of balance.")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("As you write it, in any script."))
    honorific = models.CharField(_("honorific"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, choices=countries.choices)
    stakeholder = models.CharField(_("stakeholder type"), max_length=20, blank=True, choices=Stakeholder)
    languages = models.ManyToManyField(Language, verbose_name=_("languages"), blank=True)
    interests = models.ManyToManyField(Theme, verbose_name=_("interests"), blank=True)
    groups_in = models.ManyToManyField(Group, verbose_name=_("groups"), blank=True, related_name="people")
    photo = models.ImageField(_("photo"), upload_to=portrait_path, blank=True)
    bio = models.TextField(_("about me"), max_length=2000, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True, help_text=PRIVATE)
    gender = models.CharField(_("gender"), max_length=40, blank=True, help_text=PRIVATE)
    shown_to = models.CharField(_("show my profile to"), max_length=12, choices=Audience, default=Audience.EVERYBODY)
    offers = models.ManyToManyField(Theme, verbose_name=_("what I offer"), blank=True, related_name="offered_by")
    seeks = models.ManyToManyField(Theme, verbose_name=_("what I’m looking for"), blank=True, related_name="sought_by")
    # What is not named here is shown to everybody who sees the profile.
    audiences = models.JSONField(default=dict, blank=True, editable=False)
    # What each person is asked separately, before anybody can find or reach them.
    listed = models.BooleanField(_("listed in the directory"), default=False)
    takes_messages = models.BooleanField(_("takes messages"), default=False)
    takes_meetings = models.BooleanField(_("takes proposals to meet"), default=False)
    takes_video = models.BooleanField(_("meets by video"), default=False)
    chosen_at = models.DateTimeField(null=True, blank=True, editable=False)
    shares_read = models.BooleanField(_("show others how far I have read"), default=True)
    mails = models.BooleanField(_("e-mail me what I missed"), default=True)
    feed_serial = models.PositiveIntegerField(default=1, editable=False)  # one more withdraws the calendar's address
    zone = models.CharField(_("time zone"), max_length=60, blank=True, choices=zones.choices)
    language = models.CharField(_("language of the pages"), max_length=12, blank=True, choices=page_languages)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = PersonManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self):
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        parts = [word for word in self.name.replace(".", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in parts[:: max(1, len(parts) - 1)][:2]).upper()

    @property
    def country_name(self) -> str:
        return countries.names().get(self.country, "")


class Roster(models.Model):
    """A list of people as uploaded, kept from the report until somebody confirms it, one day at most."""

    uploaded_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    filename = models.CharField(max_length=200)
    content = models.TextField()

    def __str__(self):
        return self.filename
