"""Keeps the plans of media workers right: at once after a change, and each second whatever was missed.

Level-triggered: it compares what is with what should be, so nothing depends on any message having arrived. Each web
process does it; told twice, a plan is the same plan.
"""

import asyncio
import logging
import time
from contextlib import suppress

from live import writer
from live.chores import Look, chore
from live.log import whisper
from live.refusal import Refused
from people.models import Person

from ..models import Room
from . import plans, seats
from .placement import AWAY, Gone, Lease, Workers, forget, held

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two looks
AUDIT = 5.0  # seconds between two looks at whole plans: roles change without the stage changing
SILENCE = 10.0  # seconds without a lease after which even a worker whose door is open counts as gone
MISSED = 3  # audits in which a screen is not there; one that was just announced is on its way
NOBODY = 0


class Alarm:
    """Rings in the loop when a change of a stage was committed by this process."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.rung = asyncio.Event()

    def __enter__(self) -> "Alarm":
        plans.heed(self.ring)
        return self

    def __exit__(self, *_: object) -> None:
        plans.heed_no_more(self.ring)

    def ring(self, _room: int) -> None:
        """From any thread."""
        self.loop.call_soon_threadsafe(self.rung.set)

    async def within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return
        self.rung.clear()


class Keeper:
    """What one process remembers between two looks."""

    def __init__(self, look: Look, workers: Workers):
        self.look = look
        self.workers = workers
        self.known: dict[str, tuple[Lease, float]] = {}  # and when the lease was last there
        self.plans: dict[tuple[str, int], plans.Plan] = {}
        self.audited = 0.0
        self.missing: dict[tuple[int, int], int] = {}  # screens that nobody sends, and in how many audits
        self.is_away = False

    async def turn(self) -> None:
        """Raises what the database raises; Redis and workers may be away."""
        try:
            await self._reconcile(await self._living())
            self.is_away = False
        except AWAY as problem:
            self._note(problem)

    def _note(self, problem: Exception) -> None:
        if not self.is_away:
            logger.warning("media workers cannot be found: %r", problem)
        self.is_away = True

    async def _reconcile(self, leases: list[Lease]) -> None:
        await self._mourn(leases)
        homes = [(lease, room) for lease in leases for room in await self._homes(lease)]
        audit = self._is_time_for_an_audit()
        due = await self._due(homes, audit)
        for lease, room in homes:
            if room in due and due[room] != self.plans.get((lease.name, room)):
                await self._tell(lease, due[room])
        if audit:
            of_sessions = [home for home in homes if plans.kind_of(home[1]).admitted]
            await self._look_over(of_sessions)
            await self._look_for_screens(of_sessions, due)

    # who lives

    async def _living(self) -> list[Lease]:
        leases = await self.workers.leases()
        living, dead = await self._parted(leases)
        for lease in dead:
            await self.workers.bury(lease)
        return living

    async def _parted(self, leases: list[Lease]) -> tuple[list[Lease], list[Lease]]:
        there = await asyncio.gather(*(self.workers.is_there(lease) for lease in leases))
        told = list(zip(leases, there, strict=True))
        return [lease for lease, is_there in told if is_there], [lease for lease, is_there in told if not is_there]

    async def _mourn(self, living: list[Lease]) -> None:
        """Everybody who was on a worker that is no more is told. While Redis forgets, the living keep their doors."""
        now, names = time.monotonic(), {lease.name for lease in living}
        missing = [(lease, at) for name, (lease, at) in self.known.items() if name not in names]
        _, dead = await self._parted([lease for lease, _ in missing])
        lost = {lease.name for lease in dead} | {lease.name for lease, at in missing if now - at > SILENCE}
        for name in lost:
            await self._tell_lost(self.known.pop(name)[0])
        self.known |= {lease.name: (lease, now) for lease in living}
        forget(self.known)

    async def _tell_lost(self, lease: Lease) -> None:
        self.plans = {key: plan for key, plan in self.plans.items() if key[0] != lease.name}
        for room in lease.rooms:
            await writer.ado(NOBODY, tell_lost, int(room), lease.name)

    # what each should know

    async def _homes(self, lease: Lease) -> list[int]:
        """The rooms that live there. One that was placed elsewhere, while this worker was thought dead, is closed."""
        here = []
        for room in map(int, lease.rooms):
            if await self.workers.claim(room, lease) == lease.name:
                here.append(room)
            else:
                await self._close(lease, room)
        return here

    async def _due(self, homes: list[tuple[Lease, int]], audit: bool) -> dict[int, plans.Plan]:
        """Plans of rooms whose worker has an older one; in an audit, of all of them."""
        wanted = await self.look(plans.revisions, [room for _, room in homes]) if homes else {}
        behind = [room for lease, room in homes if audit or lease.revision(room) < wanted.get(room, 0)]
        return await self.look(plans.plans_of, behind) if behind else {}

    def _is_time_for_an_audit(self) -> bool:
        if time.monotonic() - self.audited < AUDIT:
            return False
        self.audited = time.monotonic()
        return True

    async def _tell(self, lease: Lease, plan: plans.Plan) -> None:
        try:
            await self.workers.tell(lease, plan)
            self.plans[lease.name, plan["room"]] = plan
        except (Gone, Refused):
            logger.warning("room %d: %s was not told", plan["room"], lease.name)

    # who watches

    async def _look_over(self, homes: list[tuple[Lease, int]]) -> None:
        """A plan does not name the audience: whoever may not be among it any more is seen out."""
        for lease, room in homes:
            try:
                people = await self.workers.audience(lease, room)
                for person in await self.look(plans.shut_out, room, people) if people else ():
                    await self.workers.see_out(lease, room, person)
            except (Gone, Refused):
                logger.warning("room %d: the audience on %s was not looked over", room, lease.name)

    # whose screen

    async def _look_for_screens(self, homes: list[tuple[Lease, int]], due: dict[int, plans.Plan]) -> None:
        """A browser that crashed ends no screen, which nobody else may share meanwhile."""
        missing = [key for lease, room in homes if room in due for key in await self._missing(lease, due[room])]
        self.missing = {key: self.missing.get(key, 0) + 1 for key in missing}
        for (room, person), times in self.missing.items():
            if times >= MISSED:
                await writer.ado(NOBODY, end_screen, room, person)

    async def _missing(self, lease: Lease, plan: plans.Plan) -> list[tuple[int, int]]:
        """Room and person of those who are to share a screen and send none."""
        sharing = {person["id"] for person in plan["people"] if person["screen"]}
        try:
            sent = await self.workers.screens(lease, plan["room"]) if sharing else set()
        except (Gone, Refused):
            return []
        return [(plan["room"], person) for person in sharing - sent]

    async def _close(self, lease: Lease, room: int) -> None:
        try:
            await self.workers.close_room(lease, room)
        except (Gone, Refused):
            logger.warning("room %d stays on %s too", room, lease.name)


def end_screen(number: int, person: int) -> None:
    """Of somebody who has not said so, and may have left by now."""
    room, who = Room.objects.filter(pk=number).first(), Person.objects.filter(pk=person).first()
    if room and who and room.seats.filter(person=who, screen=True).exists():
        with suppress(Refused):
            seats.switch(room, who, screen=False)


def tell_lost(room: int, worker: str) -> None:
    """Whoever was connected to this worker should come again."""
    for topic in plans.kind_of(room).topics(room):
        whisper(topic, "media", {"lost": worker})


@chore(every=EVERY)
async def keep(look: Look) -> None:
    """Without end: a change rings at any time, also while it looks."""
    async with held() as workers:
        keeper = Keeper(look, workers)
        with Alarm() as alarm:
            while True:
                await keeper.turn()
                await alarm.within(EVERY)
