"""One who watches: its slots, what it reports, and what its line bears."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from . import answers, layers, offers, plans, stats
from .fanout import Packet
from .offers import Offer
from .packets import timeline
from .packets.bandwidth import NOTHING, Allocator, Estimate, Losses, Want
from .packets.header import Malformed
from .packets.loss import Budget
from .packets.pacing import Pacer
from .packets.rtcp import (
    Description,
    FullIntra,
    Message,
    Nack,
    PictureLoss,
    ReceiverReport,
    Remb,
    Report,
    SenderReport,
    read,
)
from .packets.sequence import Mapping
from .peer import Peer
from .slot import Slot
from .track import Track

if TYPE_CHECKING:
    from .publisher import Publisher
    from .room import Room

NARROW = 1_500_000  # bit/s that a line must bear, or else packets are paced
LASTING = 10.0  # seconds for which they then are
MOST_NACKED = 256  # packets in one request, which may name thousands
NAME = "stage"  # the canonical name of all that we send


class Viewer(Peer):
    hears_rtp = False
    tick_every = 0.5

    def __init__(self, room: "Room", offer: Offer, place: plans.Place, person: int | None):
        """Raises offers.Unusable."""
        super().__init__(room.worker)
        self.room, self.place, self.person = room, place, person
        self.counters = room.worker.counters
        outlets = offers.outlets(offer)
        self.budget = Budget(room.worker.clock())
        self.slots = [Slot(self, outlet, self.budget) for outlet in outlets]
        self.pictures = [slot for slot in self.slots if slot.is_video]
        self.voices = [slot for slot in self.slots if not slot.is_video]
        self.by_ssrc = {slot.outlet.ssrc: slot for slot in self.slots}
        self.wants = plans.Wish()
        self.sources: dict[int, Publisher] = {}  # that it may get
        self.round_trip = 0.1  # seconds, until a report tells
        self.losses = Losses()
        self.estimate = Estimate(room.worker.clock())
        self.allocator = Allocator()
        self.large: int | None = None  # the source whose picture is the large one
        self.pacer = Pacer()
        self.is_paced = False
        self.narrow_at = float("-inf")
        self.queue: deque[tuple[float, Slot, Packet, Mapping]] = deque()  # from when on each may go
        self.timer: asyncio.TimerHandle | None = None
        self.bitrate = 0.0
        self._octets, self._measured = 0, room.worker.clock()
        self.answer = answers.viewer(offer, self.transport(), outlets)

    def connected(self) -> None:
        self.room.assign(self)

    def moved(self) -> None:
        """What was on its way to the old address is lost."""
        self._refresh()
        self.want_keys(self.pictures)

    def _refresh(self) -> None:
        for slot in self.slots:
            if slot.current is not None:
                slot.current.refresh(slot)

    def want_keys(self, slots: Iterable[Slot]) -> None:
        now = self.worker.clock()
        for slot in slots:
            for track in filter(None, {slot.current, slot.target}):
                track.want_key(now)

    def ended(self, reason: str) -> None:  # noqa: ARG002
        for slot in self.slots:
            slot.aim(None, self.worker.clock())
        self.queue.clear()
        if self.timer:
            self.timer.cancel()
        self.room.gone(self)
        # Slots know their viewer: without this circle its memory, most of it OpenSSL's, is free at once.
        for known in (self.slots, self.pictures, self.voices, self.by_ssrc):
            known.clear()

    def wish(self, wish: plans.Wish) -> bool:
        self.wants = wish
        self.room.assign(self)
        return True

    # Pacing: for lines too narrow for a key frame at once.

    def send(self, slot: Slot, packet: Packet, now: float) -> None:
        at = self.pacer.when(len(packet.payload), now) if self.is_paced else now
        if at <= now and not self.queue:
            self.send_rtp(slot.packet(packet, slot.mapping, now))
            return
        self.queue.append((at, slot, packet, slot.mapping))
        if self.timer is None:
            self._wake(at, now)

    def _wake(self, at: float, now: float) -> None:
        self.timer = asyncio.get_running_loop().call_later(max(0.0, at - now), self._drain)

    def _drain(self) -> None:
        now, self.timer = self.worker.clock(), None
        while self.queue and self.queue[0][0] <= now:
            self._send_queued(*self.queue.popleft()[1:], now)
        if self.queue:
            self._wake(self.queue[0][0], now)

    def _send_queued(self, slot: Slot, packet: Packet, mapping: Mapping, now: float) -> None:
        """Unless it has been forbidden while it waited."""
        if mapping.track.is_open and mapping.track.source in self.sources:
            self.send_rtp(slot.packet(packet, mapping, now))

    def _suit_pace(self, now: float) -> None:
        bitrate = self.estimate.bitrate(now)
        self.pacer.follow(bitrate)
        if bitrate < NARROW:
            self.narrow_at = now
        is_paced = now - self.narrow_at < LASTING
        if is_paced != self.is_paced:
            self.is_paced = is_paced
            self._refresh()

    def stats(self, now: float) -> dict:
        return stats.of_viewer(self, now)

    # Reports.

    def rtcp(self, data: bytes, now: float) -> None:
        try:
            messages = read(data)
        except Malformed:
            self.counters["dropped_malformed"] += 1
            return
        for message in messages:
            self._heed(message, now)

    def _heed(self, message: Message, now: float) -> None:
        match message:
            case Nack(media=ssrc, lost=lost) if slot := self.by_ssrc.get(ssrc):
                self._resend(slot, lost, now)
            case PictureLoss(media=ssrc) if slot := self.by_ssrc.get(ssrc):
                self._lost_picture([slot])
            case FullIntra(requests=requests):
                self._lost_picture(slot for ssrc, _ in requests if (slot := self.by_ssrc.get(ssrc)))
            case Remb(bitrate=bitrate):
                self.estimate.remb(bitrate, now, self.bitrate)
            case ReceiverReport(reports=reports) | SenderReport(reports=reports):
                self._note_reports(reports)

    def _resend(self, slot: Slot, lost: Iterable[int], now: float) -> None:
        for outgoing in islice(lost, MOST_NACKED):
            self.counters["nacks_in"] += 1
            slot.resend(outgoing, now)

    def _lost_picture(self, slots: Iterable[Slot]) -> None:
        self.counters["key_requests_in"] += 1
        self.want_keys(slots)

    def _note_reports(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if slot := self.by_ssrc.get(report.ssrc):
                self._note_round_trip(report.round_trip(timeline.ntp(time.time())))
                self.losses.heard(report)
                slot.report = report

    def _note_round_trip(self, seconds: float | None) -> None:
        if seconds is not None and seconds < 5:
            self.round_trip += (seconds - self.round_trip) * 0.2

    def switched(self, slot: Slot, now: float) -> None:
        """The browser must learn at once which moment the new timestamps mean, or sound and picture drift apart."""
        if self.outbound is not None:
            self._report([slot], now)

    def tick(self, now: float) -> None:
        self._report(self.slots, now)
        self._measure(now)
        self.budget.follow(self.bitrate)
        if (loss := self.losses.take()) is not None:
            self.estimate.lost(loss, self.bitrate, now)
        self.aim_pictures(now)
        self._suit_pace(now)

    def _report(self, slots: Iterable[Slot], now: float) -> None:
        unix = time.time()
        reports = [report for slot in slots if (report := slot.sender_report(now, unix))]
        if reports:
            names = Description(tuple((report.ssrc, NAME) for report in reports))
            self.send_rtcp(b"".join(report.pack() for report in reports) + names.pack())

    # What flows.

    def plays(self, tracks: Iterable[Track]) -> bool:
        return any(slot.plays(track.codec) for track in tracks for slot in self.pictures)

    def audible(self, now: float) -> list[int]:
        return [source for source, publisher in self.sources.items() if publisher.is_audible(now)]

    def cut_off(self, now: float) -> None:
        """What this viewer may no longer get ends now, not when the successor's key frame comes."""
        for slot in self.slots:
            track = slot.current
            if track is not None and not (track.is_open and track.source in self.sources):
                slot.aim(None, now)

    def aim(self, now: float) -> None:
        """Has what is assigned flow: sound always, and of pictures the layers that the line bears."""
        self.aim_voices(now)
        self.aim_pictures(now)

    def aim_voices(self, now: float) -> None:
        for slot in self.voices:
            publisher = self._publisher(slot)
            slot.aim(publisher.audio if publisher else None, now)

    def aim_pictures(self, now: float) -> None:
        slots = sorted(self.pictures, key=lambda slot: slot.source != self.large)
        shown = [self._layers(slot, now) for slot in slots]
        wants = [_want(slot, tracks) for slot, tracks in zip(slots, shown, strict=True)]
        # Nothing has to be shared out among those who wait for it to begin.
        chosen = self._allocated(wants, now) if any(shown) else [NOTHING] * len(wants)
        for slot, tracks, layer in zip(slots, shown, chosen, strict=True):
            slot.aim(None if layer == NOTHING else tracks[layer], now)

    def _allocated(self, wants: list[Want], now: float) -> list[int]:
        sound = sum(slot.target.bitrate for slot in self.voices if slot.target)
        return self.allocator.decide(self.estimate, sound, wants, now)

    def _publisher(self, slot: Slot) -> "Publisher | None":
        return self.sources.get(slot.source) if slot.source is not None else None

    def _layers(self, slot: Slot, now: float) -> list[Track]:
        publisher = self._publisher(slot)
        if publisher is None:
            return []
        playable = [track for track in publisher.layers if slot.plays(track.codec)]
        return layers.fitting(playable, slot.source == self.large, self.wants.width, now)

    def _measure(self, now: float) -> None:
        octets, passed = sum(slot.octets for slot in self.slots), now - self._measured
        if passed > 0:
            self.bitrate = (octets - self._octets) * 8 / passed
        self._octets, self._measured = octets, now


def _want(slot: Slot, tracks: list[Track]) -> Want:
    bitrates = tuple(track.bitrate for track in tracks)
    return Want(bitrates, any(track.is_screen for track in tracks), slot.source or 0)
