"""Any sequence of anything: what people were told always equals what is there, and every count is right."""

import hypothesis
from django.db import transaction
from hypothesis import strategies as st

from live import limits
from live.log import verify
from rooms.models import Question, Room, Vote

from .witness import Witness

TEXTS = ["Who pays?", "Who pays for it?", "Will it last?", "水费由谁支付？", "كيف؟"]
PEOPLE = ["ada", "ines", "linus"]
DESK = [
    "approve",
    "dismiss",
    "next",
    "edit",
    "merge",
    "label",
    "assign",
    "move",
    "now",
    "answered",
    "written",
    "reopen",
]

which = st.integers(0, 7)
deeds = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(PEOPLE), st.sampled_from(TEXTS), st.booleans()),
    st.tuples(
        st.sampled_from(["vote", "unvote", "vote", "withdraw", "rewrite"]), st.sampled_from(PEOPLE), which, which
    ),
    st.tuples(st.sampled_from(DESK), st.sampled_from(["grace", "aiko"]), which, which),
    st.tuples(st.sampled_from(["approve", "next", "merge"]), st.just("grace"), which, which),
    st.tuples(
        st.sampled_from(["undo", "undo last", "silence", "unsilence"]), st.sampled_from(["grace", "aiko"]), which, which
    ),
    st.tuples(st.just("answer"), st.just("linus"), which, which),
    st.tuples(st.sampled_from(["moderation", "vote", "vote"]), st.just("grace"), which, which),
)


class Story:
    """Deeds by number, played by the cast before witnesses."""

    def __init__(self, witness: Witness, cast: dict):
        self.witness, self.cast = witness, cast

    def play(self, deed: tuple) -> None:
        what, who, one, other = deed
        if what == "ask":
            self.tries(who, "question.ask", text=one, anonymous=other)
        elif questions := sorted(self.witness.desk.questions):
            pk, second = questions[one % len(questions)], questions[other % len(questions)]
            self.tries(
                self.asker(pk) if what in ("withdraw", "rewrite") else who, *self.command(what, pk, second, other)
            )

    def asker(self, pk: int) -> str:
        author = Question.objects.get(pk=pk).author_id
        return next(name for name, person in self.cast.items() if person.pk == author)

    def tries(self, who, do, given=None, **more):
        limits.forgive()
        return self.witness.tries(self.cast[who], do, **(given or {}), **more)

    def command(self, what: str, pk: int, second: int, number: int) -> tuple[str, dict]:
        seen = {"question": pk, "rev": self.witness.desk.questions[pk]["rev"]}
        several = {"questions": [[it, self.witness.desk.questions[it]["rev"]] for it in {pk, second}]}
        return {
            "vote": ("question.vote", {"question": self.root(pk), "up": True}),
            "unvote": ("question.vote", {"question": self.root(pk), "up": False}),
            "withdraw": ("question.withdraw", {"question": pk}),
            "rewrite": ("question.edit", {**seen, "text": TEXTS[number % len(TEXTS)]}),
            "answer": ("question.answer", {"question": pk, "text": "Yes."}),
            "approve": ("desk.approve", several),
            "dismiss": ("desk.dismiss", {**several, "reason": "no_time", "note": "Sorry" * (number % 2)}),
            "next": ("desk.next", several),
            "edit": ("desk.edit", {**seen, "text": TEXTS[number % len(TEXTS)]}),
            "merge": ("desk.merge", {**seen, "into": second}),
            "label": ("desk.label", {**seen, "labels": ["Money", "Data"][: number % 3]}),
            "assign": ("desk.assign", {**seen, "to": self.cast["linus"].pk if number % 2 else None}),
            "move": ("desk.move", {**seen, "before": second if number % 3 else None}),
            "now": ("desk.now", {**seen, "then": "next" if number % 2 else "answered"}),
            "answered": ("desk.answered", {**seen, "take": bool(number % 2)}),
            "written": ("desk.written", seen),
            "reopen": ("desk.reopen", seen),
            "undo": ("desk.undo", {"question": pk}),
            "undo last": ("desk.undo", {}),
            "silence": ("desk.silence", {"question": pk}),
            "unsilence": ("desk.unsilence", {"question": pk}),
            "moderation": ("room.set", {"moderation": bool(number % 2)}),
        }[what]

    def root(self, pk: int) -> int:
        """Pages show, and so vote for, the question that another was joined with."""
        return self.witness.room.questions.family().root(pk)


def voters(question: Question) -> set[int]:
    """Everybody who voted for it or for what was joined with it, the slow way."""
    own = set(Vote.objects.filter(question=question).values_list("person", flat=True))
    return own.union(*(voters(child) for child in Question.objects.filter(into=question)))


def check_the_whole(room: Room) -> None:
    for question in room.questions.exclude(state="merged"):
        assert question.votes == len(voters(question)), question.number
    for question in room.questions.all():
        assert (question.into_id is not None) == (question.state == "merged")
        assert (question.position is not None) == (question.state == "next")
    assert room.questions.filter(state="now").count() <= 1
    assert [*verify(room.topic), *verify(room.desk)] == []


@hypothesis.settings(
    max_examples=8,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
@hypothesis.given(story=st.lists(deeds, min_size=20, max_size=35))
def test_everybody_knows_what_is_there(room, ada, ines, linus, grace, aiko, story):
    with transaction.atomic():
        play(room, {"ada": ada, "ines": ines, "linus": linus, "grace": grace, "aiko": aiko}, story)
        transaction.set_rollback(True)


def play(room: Room, cast: dict, story: list[tuple]) -> None:
    witness = Witness(room, cast["ada"], cast["ines"], cast["linus"], suspicious=False)
    told = Story(witness, cast)
    told.play(("ask", "ada", TEXTS[0], True))
    told.play(("moderation", "grace", 0, 0))
    for who in PEOPLE:
        told.play(("ask", who, TEXTS[1], False))
    for deed in story:
        told.play(deed)
    witness.check()
    check_the_whole(room)
