"""How people who are not looking are reached."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .person import Person


class Reach(models.Model):
    """What somebody chose about being told. Who chose nothing has no row, and what stands here as default."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="reach")
    reminders_page = models.BooleanField(_("in the page"), default=True)
    reminders_push = models.BooleanField(_("as a notification of this device"), default=True)
    reminders_mail = models.BooleanField(_("by e-mail"), default=False)
    news_push = models.BooleanField(_("as a notification of this device"), default=True)

    def __str__(self):
        return f"{self.person_id}"


class PushSubscription(models.Model):
    """A browser that takes pushes for its person (Push API; RFC 8030, 8291)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=600, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.person_id}"


class Nudge(models.Model):
    """Something one person is to be told once, wherever they are: in the page, by push, by e-mail if they chose so.

    `key` makes it once: "reminder.session.7", "meeting.12.proposed.3".
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="nudges")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    given = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)  # afterwards it would only confuse
    read_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)  # when to push and mail it; empty once done
    pushed_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_nudge_per_key")]
        indexes = [models.Index(fields=["person", "at"])]

    def __str__(self):
        return f"{self.person_id}: {self.key}"
