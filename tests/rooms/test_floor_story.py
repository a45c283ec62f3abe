"""Any sequence of anything on the speakers' list: one speaks, the order holds, every second is counted once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import hypothesis
import hypothesis.strategies as st
import time_machine
from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from live import limits
from live.log import verify
from rooms.models import Turn

from .witness import Witness

DEEDS = ["invite", "start", "start", "pause", "resume", "finish", "finish", "skip", "no_answer", "lower", "readd"]
OWN = ["hand.lower", "stage.accept", "stage.leave", "stage.decline"]
ATTENDING = ["ada", "ines", "layla"]
which = st.integers(0, 9)


def machine(room, cast: dict) -> type[RuleBasedStateMachine]:
    """A story in this room, told anew from the beginning each time."""

    class Story(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.story = ExitStack()
            self.clock = self.story.enter_context(inside(room))
            self.witness = Witness(room, *cast.values(), suspicious=False)
            self.spoken: dict[int, float] = {}

        def teardown(self):
            with self.story:
                self.witness.check()
                assert [*verify(room.topic), *verify(room.desk), *verify(room.backstage)] == []

        @initialize()
        def nobody_reviews(self):
            self.tries("grace", "room.set", moderation=False)

        @rule(who=st.sampled_from(ATTENDING), order=st.booleans(), text=st.sampled_from([None, None, "Water is life."]))
        def raise_hand(self, who, order, text):
            self.tries(who, "hand.raise", point_of_order=order, in_writing=text)

        @rule(who=st.sampled_from(ATTENDING))
        def ask(self, who):
            self.tries(who, "question.ask", text="Who pays?", aloud=True)

        @rule(who=st.sampled_from(ATTENDING), do=st.sampled_from(OWN))
        def act(self, who, do):
            self.tries(who, do)

        @rule(name=st.sampled_from(["Bari", "Tirana"]))
        def announce(self, name):
            self.tries("aiko", "floor.add", name=name, country="IT")

        @rule(do=st.sampled_from(DEEDS), at=which, also=st.booleans())
        def chair(self, do, at, also):
            if turn := self.pick(at):
                more = {"next": also} if do == "finish" else {}
                self.tries("grace", f"floor.{do}", turn=turn["id"], rev=turn["rev"], **more)

        @rule(at=which, other=which | st.none())
        def move(self, at, other):
            turn, before = self.pick(at), other is not None and self.pick(other)
            if turn:
                self.move_one(turn, before["id"] if before else None)

        @rule(at=which)
        def dismiss(self, at):
            questions = list(self.witness.desk.questions.values())
            if questions:
                it = questions[at % len(questions)]
                self.tries("grace", "desk.dismiss", questions=[[it["id"], it["rev"]]], reason="no_time")

        @rule(is_open=st.booleans())
        def open_list(self, is_open):
            self.tries("grace", "floor.open", open=is_open)

        @rule(seconds=st.integers(1, 90))
        def time_passes(self, seconds):
            for turn in Turn.objects.filter(state="speaking"):
                self.spoken[turn.pk] = self.spoken.get(turn.pk, 0) + seconds
            self.clock.shift(timedelta(seconds=seconds))

        @invariant()
        def nobody_speaks_beside_another(self):
            assert room.turns.filter(state="speaking").count() <= 1
            paused = list(room.turns.filter(state="paused").values_list("point_of_order", flat=True))
            assert len(set(paused)) == len(paused)

        @invariant()
        def every_second_is_counted_once(self):
            for turn in room.turns.all():
                assert abs(turn.spoken - self.spoken.get(turn.pk, 0)) < 1e-6 or turn.state == "speaking"
                assert (turn.running_since is not None) == (turn.state == "speaking")

        @invariant()
        def places_are_all_different(self):
            places = list(room.turns.waiting().values_list("point_of_order", "position"))
            assert len(set(places)) == len(places)

        def pick(self, at: int) -> dict | None:
            turns = sorted(self.witness.desk.turns.values(), key=lambda it: it["id"])
            return turns[at % len(turns)] if turns else None

        def move_one(self, turn: dict, before: int | None) -> None:
            queue = self.waiting(turn["point_of_order"])
            if self.tries("grace", "floor.move", turn=turn["id"], rev=turn["rev"], before=before):
                assert self.waiting(turn["point_of_order"]) == queue
            else:
                queue.remove(turn["id"])
                queue.insert(queue.index(before) if before else len(queue), turn["id"])
                assert self.waiting(turn["point_of_order"]) == queue

        def waiting(self, order: bool) -> list[int]:
            return list(room.turns.waiting().filter(point_of_order=order).values_list("pk", flat=True))

        def tries(self, who: str, do: str, **more) -> str:
            limits.forgive()
            return self.witness.tries(cast[who], do, **more)

    return Story


@contextmanager
def inside(room) -> Iterator[time_machine.Traveller]:
    """Whatever happens in here has not happened afterwards, and takes as long as it is said to."""
    with transaction.atomic(), time_machine.travel(room.session.starts_at, tick=False) as clock:
        yield clock
        transaction.set_rollback(True)


def test_whatever_is_done(room, ada, ines, layla, grace, aiko):
    cast = {"ada": ada, "ines": ines, "layla": layla, "grace": grace, "aiko": aiko}
    settings = hypothesis.settings(max_examples=12, stateful_step_count=40)
    run_state_machine_as_test(machine(room, cast), settings=settings)
