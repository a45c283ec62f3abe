from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from people.models import Person

from .meeting import Meeting


class Pairs(models.QuerySet):
    def of(self, person: int):
        """Rooms for two that this person is one of: nobody else finds them."""
        return self.filter(Q(one=person) | Q(two=person))


class Pair(models.Model):
    """A room for two: at the time of a meeting, in a round of the lounge, or right now."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        ROUND = "round", _("Speed networking")
        NOW = "now", _("Meet now")

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=24, unique=True)  # in the address; looked up together with the person
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    two = models.ForeignKey(Person, models.CASCADE, related_name="+")
    meeting = models.OneToOneField(Meeting, models.CASCADE, null=True, blank=True, related_name="pair")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="pairs")
    why = models.JSONField(default=dict, blank=True)  # people.affinity reasons, said to each in their language
    notes = models.TextField(blank=True, max_length=20_000)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    extended = models.PositiveSmallIntegerField(default=0)  # minutes
    one_here_at = models.DateTimeField(null=True, blank=True)  # when they first came in
    two_here_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    objects = Pairs.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(one=models.F("two")), name="a_pair_is_two")]
        indexes = [models.Index(fields=["one", "starts_at"]), models.Index(fields=["two", "starts_at"])]

    def __str__(self):
        return self.code

    @property
    def topic(self) -> str:
        return f"pair.{self.pk}"
