"""One room's stage: who sends, who watches, and who gets what."""

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from . import assignment, layers, plans, stats
from .assignment import Candidate, Favour
from .offers import Offer
from .packets.header import Header
from .packets.levels import Speakers
from .peer import Peer
from .plans import Forbidden, Kind, Place, Plan
from .publisher import Publisher
from .slot import Slot
from .track import Track
from .viewer import Viewer

if TYPE_CHECKING:
    from .worker import Worker

REVIEW = 0.25  # seconds between two looks at who is loudest
WHISPERS = 1.0  # seconds between two whispers while nothing changes
MOST_VIEWS = 8  # of one person in one room, on however many devices: each costs as much as somebody else's


class Room:
    def __init__(self, number: int, worker: "Worker"):
        self.number, self.worker = number, worker
        self.plan: Plan | None = None
        self.publishers: dict[int, Publisher] = {}  # by source
        self.viewers: set[Viewer] = set()
        self.speakers: dict[Place, Speakers] = {"live": Speakers(), "backstage": Speakers()}
        self._situated: tuple = ()  # what the last assignment was made of
        self._told: tuple = ()
        self._whispered = self._reviewed = 0.0

    @property
    def peers(self) -> Iterable[Peer]:
        return chain(self.publishers.values(), self.viewers)

    # What the web process wants.

    def apply(self, plan: Plan) -> None:
        """A plan that is older than the one in force is ignored."""
        if self.plan is not None and plan.revision < self.plan.revision:
            return
        self.plan = plan
        for publisher in list(self.publishers.values()):
            self._obey(publisher)
        for viewer in list(self.viewers):
            if not self._may_watch(viewer.place, viewer.person):
                viewer.close("removed")
        self.assign_all()

    def _obey(self, publisher: Publisher) -> None:
        person = self._plan.person(publisher.person)
        if person is None or not self._plan.allows(publisher.person, publisher.kind):
            publisher.close("removed")
        else:
            publisher.open_up(person)

    @property
    def _plan(self) -> Plan:
        if self.plan is None:
            raise Forbidden("no plan was told")
        return self.plan

    def publish(self, offer: Offer, person: int, kind: Kind) -> Publisher:
        """Takes the place of what this person has published before. Raises Forbidden, offers.Unusable."""
        if not self._plan.allows(person, kind):
            raise Forbidden(f"{person} may not publish a {kind}")
        publisher = Publisher(self, offer, person, kind)
        if before := self.publishers.get(publisher.source):
            before.close("replaced")
        self.publishers[publisher.source] = publisher
        self._obey(publisher)
        return publisher

    def watch(self, offer: Offer, place: Place, person: int | None) -> Viewer:
        """Raises Forbidden, offers.Unusable."""
        if not self._may_watch(place, person):
            raise Forbidden(f"{person} may not watch {place}")
        viewer = Viewer(self, offer, place, person)
        self._keep_few_of(person)
        self.viewers.add(viewer)
        return viewer

    def _keep_few_of(self, person: int | None) -> None:
        """Whoever comes once too often takes the place of the most silent of their own."""
        views = [viewer for viewer in self.viewers if viewer.person == person] if person is not None else []
        if len(views) >= MOST_VIEWS:
            min(views, key=lambda viewer: viewer.last_heard).close("too_many_views")

    def _may_watch(self, place: Place, person: int | None) -> bool:
        if place == "backstage":
            return person in self._plan.backstage
        return self._plan.audience is None or person in self._plan.audience

    def audience(self) -> set[int]:
        """Those who watch what everybody may who is let in: the web process looks whether it still would let them."""
        return {viewer.person for viewer in self._seated() if viewer.person is not None}

    def screens(self) -> set[int]:
        """Those whose screen is sent."""
        return {publisher.person for publisher in self.publishers.values() if publisher.kind == "screen"}

    def see_out(self, person: int) -> None:
        """They may not watch from there any more."""
        for viewer in [viewer for viewer in self._seated() if viewer.person == person]:
            viewer.close("removed")

    def _seated(self) -> Iterable[Viewer]:
        return (viewer for viewer in self.viewers if viewer.place == "live")

    # What peers tell.

    def gone(self, peer: Peer) -> None:
        if isinstance(peer, Viewer):
            self.viewers.discard(peer)
        elif isinstance(peer, Publisher) and self.publishers.get(peer.source) is peer:
            del self.publishers[peer.source]
            for speakers in self.speakers.values():
                speakers.gone(peer.source)
            self.assign_all()

    def heard(self, publisher: Publisher, track: Track, head: Header, now: float) -> None:
        """A packet of sound."""
        level = track.level(head)
        if level is not None:
            self.speakers["backstage"].heard(publisher.source, level, now)
            if self._is_live(publisher):
                self.speakers["live"].heard(publisher.source, level, now)

    # Who gets what.

    def assign_all(self) -> None:
        for viewer in self.viewers:
            self.assign(viewer)

    def assign(self, viewer: Viewer) -> None:
        """Maps sources onto the viewer's slots. What it may no longer get stops at once."""
        if viewer.outbound is None or viewer.closed:
            return
        now = self.worker.clock()
        viewer.sources = {one.source: one for one in self.on_stage(viewer.place) if one.person != viewer.person}
        viewer.cut_off(now)
        self._show(viewer, now)
        self._let_hear(viewer, now)
        viewer.aim(now)

    def on_stage(self, place: Place) -> list[Publisher]:
        """Who can be watched from there: in the plan's order, a person's screen before the camera."""
        if place == "live" and self._plan.hidden:
            return []
        people = (person for person in self._plan.people if place == "backstage" or person.place == "live")
        sources = (plans.source(person.id, kind) for person in people for kind in ("screen", "camera"))
        return [self.publishers[source] for source in sources if source in self.publishers]

    def _is_live(self, publisher: Publisher) -> bool:
        person = self._plan.person(publisher.person)
        return person is not None and person.place == "live"

    def _show(self, viewer: Viewer, now: float) -> None:
        candidates = [
            Candidate(publisher.source, publisher.kind == "screen")
            for publisher in viewer.sources.values()
            if self._is_seen(publisher, viewer, now)
        ]
        favour = Favour(self._plan.pinned, viewer.wants.large, self.speaker(viewer.place, now))
        slots = [slot.source for slot in viewer.pictures]
        ranked = assignment.ranked(slots, candidates, favour)
        shown = assignment.seated(slots, ranked)
        viewer.large = favour.large if favour.large in shown else next(iter(ranked), None)
        _give(viewer.pictures, shown)

    def _is_seen(self, publisher: Publisher, viewer: Viewer, now: float) -> bool:
        tier = viewer.wants.video
        if tier == "none" or (tier == "slides" and publisher.kind == "camera"):
            return False
        return viewer.plays(publisher.layers) and bool(layers.live(publisher.layers, now))

    def _let_hear(self, viewer: Viewer, now: float) -> None:
        slots = [slot.source for slot in viewer.voices]
        heard = [source for source in slots if source is not None]
        live = viewer.audible(now) if viewer.wants.audio else []
        wanted = self.speakers[viewer.place].loudest(heard, live, len(slots), now)
        _give(viewer.voices, assignment.seated(slots, wanted))

    def speaker(self, place: Place, now: float) -> int | None:
        """Whose picture is the large one in this place: of the one who speaks, or spoke last."""
        cameras = [publisher.source for publisher in self.on_stage(place) if publisher.kind == "camera"]
        return self.speakers[place].decide(cameras, now)

    def speaking(self, place: Place, now: float) -> int | None:
        """Who is heard at this moment."""
        return self.speakers[place].speaking(now)

    # Time.

    def tick(self, now: float) -> None:
        """Assigns anew when somebody falls silent, begins to speak or shows a picture; tells what has changed."""
        if self.plan is None:
            return
        situation = self._situation(now)
        if situation != self._situated:
            self._situated = situation
            self.assign_all()
        elif now - self._reviewed >= REVIEW:
            self._reviewed = now
            self._review_voices(now)
        self._whisper(now)

    def _review_voices(self, now: float) -> None:
        """Where there are more microphones than slots, whoever speaks takes the place of whoever is silent."""
        for viewer in self.viewers:
            if len(viewer.audible(now)) > len(viewer.voices) > 0:
                self._let_hear(viewer, now)
                viewer.aim_voices(now)

    def _situation(self, now: float) -> tuple:
        """What assignments depend on, besides the plan and who is there."""
        alive = {publisher.id: publisher.aliveness(now) for publisher in self.publishers.values()}
        return self.speaker("live", now), self.speaker("backstage", now), alive

    def _whisper(self, now: float) -> None:
        told = stats.situation(self, now)
        if told == self._told and now - self._whispered < WHISPERS:
            return
        self._told, self._whispered = told, now
        self.worker.ring(self._plan.topic or f"room.{self.number}", "media", stats.whisper(self, "live", now))
        if self._plan.topic is None:
            self.worker.ring(f"room.{self.number}.backstage", "media", stats.whisper(self, "backstage", now))

    def stats(self, now: float) -> dict:
        return stats.of_room(self, now)

    def close(self) -> None:
        for peer in list(self.peers):
            peer.close("closed")


def _give(slots: list[Slot], sources: list[int | None]) -> None:
    for slot, source in zip(slots, sources, strict=True):
        slot.source = source
