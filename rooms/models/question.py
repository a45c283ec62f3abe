from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Person

from .room import Room


class Questions(models.QuerySet):
    def public(self):
        return self.filter(state__in=Question.PUBLIC)

    def waiting(self):
        return self.filter(state=Question.State.REVIEW)

    def queued(self):
        return self.filter(state=Question.State.NEXT).order_by("position", "number")

    def ranked(self):
        return self.order_by("-votes", "number")

    def by(self, person):
        return self.filter(author=person)


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

    room = models.ForeignKey(Room, models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Person, models.CASCADE, related_name="questions")
    anonymous = models.BooleanField(default=False)
    text = models.CharField(max_length=500)
    original = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State)
    position = models.PositiveIntegerField(null=True)
    votes = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    edited = models.BooleanField(default=False)
    labels = models.JSONField(default=list)
    to = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="questions_to_answer")
    into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="joined")
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    note = models.CharField(max_length=300, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    asked_at = models.DateTimeField()
    since = models.DateTimeField()
    objects = Questions.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["room", "number"], name="one_question_per_number")]
        indexes = [models.Index(fields=["room", "state"])]

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC


class Step(models.Model):
    """One thing that was done to a question, by whom, and what it was before, so that it can be undone."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=20)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=600, blank=True)
    before = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]


class Vote(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="votes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "question"], name="one_vote")]
        indexes = [models.Index(fields=["question"])]
