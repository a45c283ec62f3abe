from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from people.models import Person

from .room import Room


class Family(NamedTuple):
    """Which questions of a room were joined: `into`, id -> id of the one it was joined with."""

    into: dict[int, int]

    def way(self, pk: int) -> list[int]:
        """This one, the one it was joined with, the one that was joined with, up to the root."""
        way = [pk]
        while way[-1] in self.into:
            way.append(self.into[way[-1]])
        return way

    def root(self, pk: int) -> int:
        """Where votes for this one count."""
        return self.way(pk)[-1]

    def joined(self, pk: int) -> list[int]:
        """Everything that was joined with this one, also by way of others; in order."""
        return sorted(child for child in self.into if pk in self.way(child)[1:])


class Questions(models.QuerySet):
    def public(self):
        return self.filter(state__in=Question.PUBLIC)

    def waiting(self):
        return self.filter(state=Question.State.REVIEW)

    def queued(self):
        return self.filter(state=Question.State.NEXT).order_by("position", "number")

    def being_answered(self):
        return self.filter(state=Question.State.NOW)

    def by(self, person):
        return self.filter(author=person)

    def with_people(self):
        """As wire.py needs them."""
        return self.select_related("author", "to", "into")

    def family(self) -> Family:
        return Family(dict(self.exclude(into=None).values_list("pk", "into")))

    def count_votes(self) -> None:
        """Keep how many voted for each, of those that nothing was joined with."""
        cast = Vote.objects.filter(question=OuterRef("pk")).values("question").annotate(n=Count("pk"))
        self.update(votes=Coalesce(Subquery(cast.values("n")), 0))


class Question(models.Model):
    class State(models.TextChoices):
        REVIEW = "review", _("In review")
        OPEN = "open", _("Open")
        NEXT = "next", _("Next")
        NOW = "now", _("Being answered")
        ANSWERED = "answered", _("Answered")
        WRITTEN = "written", _("To be answered in writing")
        DISMISSED = "dismissed", _("Not taken up")
        MERGED = "merged", _("Joined with another")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Reason(models.TextChoices):
        ANSWERED_BEFORE = "answered_before", _("Already answered")
        OTHER_SESSION = "other_session", _("Not about this session")
        NO_TIME = "no_time", _("No time left")
        NOT_A_QUESTION = "not_a_question", _("Not a question")
        UNSUITABLE = "unsuitable", _("Against the rules of conduct")
        OTHER = "other", _("Another reason")

    PUBLIC = [State.OPEN, State.NEXT, State.NOW, State.ANSWERED, State.WRITTEN]
    VOTABLE = [State.OPEN, State.NEXT]
    TEXT, ANSWER, NOTE = 500, 4000, 300  # characters

    room = models.ForeignKey(Room, models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.CASCADE, related_name="questions")
    anonymous = models.BooleanField(default=False)
    early = models.BooleanField(default=False)  # asked before the room opened, of the speaker in `to`
    aloud = models.BooleanField(default=False)  # its asker would like to say it: it has a turn in the speakers' list
    text = models.CharField(max_length=TEXT)
    original = models.CharField(max_length=TEXT, blank=True)
    language = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State)
    position = models.BigIntegerField(null=True)
    votes = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    edited = models.BooleanField(default=False)
    labels = models.JSONField(default=list)
    similar = models.PositiveIntegerField(null=True)
    silenced = models.BooleanField(default=False)
    to = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="questions_to_answer")
    into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="joined")
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    note = models.CharField(max_length=NOTE, blank=True)
    answer = models.TextField(max_length=ANSWER, blank=True)
    asked_at = models.DateTimeField()
    since = models.DateTimeField()
    objects = Questions.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("question"), _("questions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="one_question_per_number"),
            models.UniqueConstraint(fields=["room"], condition=Q(state="now"), name="one_question_now"),
        ]
        indexes = [models.Index(fields=["room", "state"])]

    def __str__(self):
        return f"{self.number}. {self.text[:40]}"

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC


class Step(models.Model):
    """One thing that was done to a question, by whom, and what it was before, so that it can be undone.

    `act` is shared by steps that somebody did at once. `by` is empty where the asker of a question without
    a name did it. The first step, asking, is the question itself.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=20)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=600, blank=True)
    before = models.JSONField(default=dict)
    act = models.UUIDField()
    undone = models.BooleanField(default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("step"), _("steps")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.question_id} {self.what}"


class Votes(models.QuerySet):
    def give(self, given: Iterable[tuple[int, int]]) -> None:
        """(question, person) each; who voted already has done so. By hand: Django's way takes most of a tick."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO rooms_vote (question_id, person_id) VALUES (%s, %s) ON CONFLICT DO NOTHING", list(given)
            )


class Vote(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="votes")
    objects = Votes.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("vote"), _("votes")
        constraints = [models.UniqueConstraint(fields=["person", "question"], name="one_vote")]
        indexes = [models.Index(fields=["question"])]

    def __str__(self):
        return f"{self.person_id} for {self.question_id}"
