"""What people write to each other."""
from django.db import models
from django.db.models import Q

from people.models import Person
from programme.models import Session


class Conversations(models.QuerySet):
    def open_to(self, person):
        return self.filter(session__in=Session.objects.open_to(person))


class Conversation(models.Model):
    """Several people writing in one place; a session's has everybody who may enter the session."""

    session = models.OneToOneField(Session, models.CASCADE, null=True, blank=True, related_name="conversation")
    is_open = models.BooleanField(default=True)
    said = models.PositiveIntegerField(default=0)
    objects = Conversations.as_manager()

    @property
    def topic(self) -> str:
        return f"conversation.{self.pk}"


class Membership(models.Model):
    """One person in one conversation: how far they have read, and whether they may still write."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    read = models.PositiveIntegerField(default=0)
    silenced_at = models.DateTimeField(null=True, blank=True)
    silenced_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_membership")]


class Message(models.Model):
    class Removed(models.TextChoices):
        NO = ""
        BY_AUTHOR = "author"
        BY_MODERATOR = "moderator"

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    text = models.CharField(max_length=1000)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed = models.CharField(max_length=10, choices=Removed, default=Removed.NO, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_message_per_number"),
            models.CheckConstraint(condition=~Q(text="") | ~Q(removed=""), name="message_says_something"),
        ]
