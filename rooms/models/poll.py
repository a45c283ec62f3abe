from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Person

from .room import Room


class Poll(models.Model):
    class Kind(models.TextChoices):
        SINGLE = "single", _("One choice")
        MULTIPLE = "multiple", _("Several choices")
        RATING = "rating", _("Rating")
        WORDS = "words", _("Word cloud")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", pgettext_lazy("poll", "Open")
        CLOSED = "closed", _("Closed")
        SHOWN = "shown", _("Results shown")

    class Results(models.TextChoices):
        LIVE = "live", _("While people vote")
        AFTER_VOTE = "after_vote", _("After one’s own vote")
        AFTER_CLOSE = "after_close", _("When the moderator shows them")

    QUESTION, OPTION, OPTIONS, WORD, WORDS = 300, 120, 20, 30, 3

    room = models.ForeignKey(Room, models.CASCADE, related_name="polls")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    question = models.CharField(max_length=QUESTION)
    options = models.JSONField(default=list)  # texts; of a rating: [worst, best] labels
    most = models.PositiveSmallIntegerField(default=1)  # choices, or steps of a rating, or words
    named = models.BooleanField(default=False)
    results = models.CharField(max_length=12, choices=Results, default=Results.AFTER_VOTE)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    struck = models.JSONField(default=list)  # words that moderators took out, folded
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    since = models.DateTimeField()  # in its state

    class Meta:
        verbose_name, verbose_name_plural = _("poll"), _("polls")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="one_poll_per_number")]

    def __str__(self):
        return self.question

    @property
    def topic(self) -> str:
        """Where those who voted hear the results that only they may see."""
        return f"poll.{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.CLOSED, self.State.SHOWN)

    @property
    def shows_everyone(self) -> bool:
        live = self.results == self.Results.LIVE and self.state == self.State.OPEN
        return live or self.state == self.State.SHOWN

    @property
    def shows_voters(self) -> bool:
        return self.results == self.Results.AFTER_VOTE and self.state != self.State.DRAFT


class Ballot(models.Model):
    """`voter` is a keyed digest: it tells whether somebody voted, and of an anonymous poll nobody can tell who."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="ballots")
    voter = models.CharField(max_length=43)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("ballot"), _("ballots")
        constraints = [models.UniqueConstraint(fields=["poll", "voter"], name="one_ballot_each")]

    def __str__(self):
        return f"{self.poll_id}"
