"""What ties one person to another, or keeps them apart."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .person import Person


class Blocks(models.QuerySet):
    def about(self, person: int):
        """Those that this person made, and those made against them."""
        return self.filter(Q(by=person) | Q(of=person))

    def apart_from(self, person: int) -> set[int]:
        """Ids of everybody whom this person must not meet, whoever of the two wished it."""
        return {of if by == person else by for by, of in self.about(person).values_list("by", "of")}

    def between(self, one: int, other: int):
        return self.filter(Q(by=one, of=other) | Q(by=other, of=one))


class Block(models.Model):
    """Somebody wants nothing to do with somebody else. It holds both ways and everywhere; the other isn't told."""

    by = models.ForeignKey(Person, models.CASCADE, related_name="blocks")
    of = models.ForeignKey(Person, models.CASCADE, related_name="blocked_by")
    at = models.DateTimeField(default=timezone.now)
    objects = Blocks.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("block"), _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["by", "of"], name="one_block"),
            models.CheckConstraint(condition=~Q(by=models.F("of")), name="nobody_blocks_themselves"),
        ]

    def __str__(self):
        return f"{self.by_id} of {self.of_id}"


class Report(models.Model):
    """What somebody told the organisers about somebody else, with the evidence as it stood then."""

    by = models.ForeignKey(Person, models.CASCADE, related_name="reports", verbose_name=_("by"))
    about = models.ForeignKey(Person, models.CASCADE, related_name="reported_in", verbose_name=_("about"))
    text = models.TextField(_("what happened"), max_length=2000)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    verdict = models.TextField(_("what was done"), max_length=2000, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("report"), _("reports")
        ordering = ["-at"]

    def __str__(self):
        return f"{self.about}, {self.at:%Y-%m-%d %H:%M}"


class Connections(models.QuerySet):
    def mutual(self):
        return self.exclude(since=None)

    def of(self, person: int):
        return self.mutual().filter(owner=person)


class Connection(models.Model):
    """`owner` would like to stay in touch with `other`. Secret until both do: then both rows have `since`.

    Notes and tags are the owner's alone.
    """

    owner = models.ForeignKey(Person, models.CASCADE, related_name="connections")
    other = models.ForeignKey(Person, models.CASCADE, related_name="connected_by")
    wished_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    tags = models.JSONField(default=list, blank=True)
    objects = Connections.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("connection"), _("connections")
        constraints = [
            models.UniqueConstraint(fields=["owner", "other"], name="one_connection"),
            models.CheckConstraint(condition=~Q(owner=models.F("other")), name="nobody_connects_to_themselves"),
        ]

    def __str__(self):
        return f"{self.owner_id} with {self.other_id}"


class Suggestion(models.Model):
    """`to` was shown `of` among the people they should meet, on a day; or never wants to be shown them again."""

    to = models.ForeignKey(Person, models.CASCADE, related_name="suggestions")
    of = models.ForeignKey(Person, models.CASCADE, related_name="suggested_to")
    shown_on = models.DateField(null=True, blank=True)
    not_interested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "of"], name="one_suggestion")]
        indexes = [models.Index(fields=["of", "shown_on"])]

    def __str__(self):
        return f"{self.of_id} to {self.to_id}"
