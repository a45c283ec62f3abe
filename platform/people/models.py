"""People, what they care about, the groups they belong to, and how they are invited."""
import secrets

import pycountry
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from live.batch import people as people_of_batch
from live.batch import recall

COUNTRIES = sorted(((c.alpha_2, getattr(c, "common_name", c.name)) for c in pycountry.countries), key=lambda c: c[1])


class Language(models.Model):
    """A language people speak or sessions are held in."""

    code = models.CharField(_("code"), max_length=12, primary_key=True, help_text=_("As in BCP 47: en, ar, zh"))
    name = models.CharField(_("name"), max_length=60, help_text=_("As its speakers write it"))

    class Meta:
        verbose_name, verbose_name_plural = _("language"), _("languages")
        ordering = ["code"]

    def __str__(self):
        return self.name


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

    class Meta:
        verbose_name, verbose_name_plural = _("theme"), _("themes")
        ordering = ["kind", "position", "code"]
        constraints = [models.UniqueConstraint("kind", Lower("code"), name="one_theme_per_code")]

    def __str__(self):
        return self.name


class Group(models.Model):
    """People who may enter what is restricted to them, such as “Mayors”."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=True)

    class Meta:
        verbose_name, verbose_name_plural = _("group"), _("groups")
        ordering = ["name"]

    def __str__(self):
        return self.name


class People(models.QuerySet):
    def of_batch(self, pk):
        """The person, read together with everybody else of the writer's batch."""
        return recall("people", lambda: self.in_bulk({pk, *people_of_batch()})).get(pk) or self.get(pk=pk)


class PersonManager(BaseUserManager.from_queryset(People)):  # type: ignore[misc]
    def create_user(self, email, password=None, **fields):
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password) if password else person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


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

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("As you write it, in any script."))
    honorific = models.CharField(_("honorific"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, choices=COUNTRIES)
    stakeholder = models.CharField(_("stakeholder type"), max_length=20, blank=True, choices=Stakeholder)
    languages = models.ManyToManyField(Language, verbose_name=_("languages"), blank=True)
    interests = models.ManyToManyField(Theme, verbose_name=_("interests"), blank=True)
    groups_in = models.ManyToManyField(Group, verbose_name=_("groups"), blank=True, related_name="people")
    photo = models.ImageField(_("photo"), upload_to="photos", blank=True)
    bio = models.TextField(_("about me"), max_length=2000, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    gender = models.CharField(_("gender"), max_length=40, blank=True)
    shown_to = models.CharField(_("show my profile to"), max_length=12, choices=Audience, default=Audience.EVERYBODY)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    language = models.CharField(_("language of the pages"), max_length=12, blank=True)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = PersonManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def initials(self) -> str:
        parts = [word for word in self.name.replace(".", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in parts[:: max(1, len(parts) - 1)][:2]).upper()


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Invitation(models.Model):
    """A personal link that signs its person in, once per device, until it expires or is withdrawn."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["-sent_at"]


class InvitationUse(models.Model):
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="uses")
    device = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "device"], name="once_per_device")]
