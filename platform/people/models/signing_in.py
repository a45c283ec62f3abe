from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .person import Person


class SignIns(models.QuerySet):
    def since(self, seconds: float):
        return self.filter(asked_at__gt=timezone.now() - timedelta(seconds=seconds))

    def fresh(self):
        """Those whose code or link still counts."""
        return self.since(SignIn.SECONDS).filter(used_at=None)


class SignIn(models.Model):
    """Somebody asked to be let in with an e-mail address; they prove it is theirs by the code or the link we sent."""

    SECONDS = 600
    TRIES = 5

    email = models.EmailField()
    code_digest = models.CharField(max_length=64)
    link_digest = models.CharField(max_length=64, unique=True)
    address_digest = models.CharField(max_length=64, help_text="Of the network address that asked")
    next = models.CharField(max_length=500, default="/")
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    used_at = models.DateTimeField(null=True)

    objects = SignIns.as_manager()

    class Meta:
        indexes = [models.Index(fields=["email", "asked_at"]), models.Index(fields=["address_digest", "asked_at"])]

    def __str__(self):
        return self.email


class Invitations(models.QuerySet):
    def standing(self):
        """Those that still sign somebody in; never into the administration, whose people prove themselves each time."""
        who = Q(person__is_active=True, person__is_staff=False, person__is_superuser=False)
        return self.filter(who, withdrawn_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A personal link that signs its person in, once per device, until it expires or is withdrawn."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = Invitations.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["-sent_at"]

    def __str__(self):
        return str(self.person)


class InvitationUse(models.Model):
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="uses")
    device = models.CharField(max_length=64)
    at = models.DateTimeField(_("used"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("device that used the invitation"), _("devices that used the invitation")
        constraints = [models.UniqueConstraint(fields=["invitation", "device"], name="once_per_device")]

    def __str__(self):
        return f"{self.invitation}, {self.at:%Y-%m-%d %H:%M}"
