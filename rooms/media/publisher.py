"""One who sends: takes packets in, has what is lost repaired, and reports."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import answers, layers, offers, plans, stats
from .offers import MID, REPAIRED_RID, RID, TRANSPORT_CC, Offer, Stream
from .packets import extended, header, timeline
from .packets.header import Header, Malformed
from .packets.rtcp import Block, Goodbye, Nack, PictureLoss, ReceiverReport, SenderReport, read, split
from .packets.timeline import SenderClock
from .packets.twcc import Arrivals
from .peer import Peer
from .track import Track

if TYPE_CHECKING:
    from .room import Room

OURS = 1  # the SSRC of what we report, having no packets of our own
SMOOTHING = 0.3  # of what a new round trip counts
REPORTS = 1.0  # seconds between two receiver reports
FEEDBACK = 0.1  # seconds between two of transport-wide feedback
MOST_SSRCS = 16  # that are learned from packets
LAYERS = ("q", "h", "f")  # quarter, half and full size, as our own page calls them


class Publisher(Peer):
    urgent = True
    tick_every = 0.05

    def __init__(self, room: "Room", offer: Offer, person: int, kind: plans.Kind):
        """Raises offers.Unusable."""
        super().__init__(room.worker)
        self.room, self.person, self.kind = room, person, kind
        self.source = plans.source(person, kind)
        self.counters = room.worker.counters
        streams = offers.streams(offer)
        self.sender = SenderClock()
        self.tracks = [track for stream in streams for track in self._tracks(stream)]
        self.audio = next((track for track in self.tracks if not track.is_video), None)
        self.layers = sorted((track for track in self.tracks if track.is_video), key=_rank)
        self.by_ssrc = {track.ssrc: track for track in self.tracks if track.ssrc is not None}
        self.by_repair = {stream.rtx_ssrc: self._track(stream) for stream in streams if stream.rtx_ssrc is not None}
        self.extensions = {uri: number for stream in streams for uri, number in stream.extensions.items()}
        self.arrivals = Arrivals() if any(stream.twcc for stream in streams) else None
        self.round_trip: float | None = None
        self._reported = self._fed_back = 0.0
        self.answer = answers.publisher(offer, self.transport(), streams)

    def _tracks(self, stream: Stream) -> Iterator[Track]:
        for rid in stream.rids or [""]:
            yield Track(stream, rid, self.source, self.sender, self._request_key, self.counters)

    def _track(self, stream: Stream) -> Track:
        return next(track for track in self.tracks if track.stream is stream)

    def connected(self) -> None:
        for ssrc in self.by_ssrc:
            self.claim(ssrc)

    def moved(self) -> None:
        """What was on its way to us is lost."""
        for track in self.layers:
            if track.is_wanted:
                track.want_key(self.worker.clock())

    def ended(self, reason: str) -> None:  # noqa: ARG002
        for track in self.tracks:
            track.is_open = False
        self.room.gone(self)
        # Tracks know their publisher: without this circle its memory is free at once.
        self.audio = None
        for known in (self.tracks, self.layers, self.by_ssrc, self.by_repair):
            known.clear()

    def open_up(self, person: plans.Person) -> None:
        """What the plan lets through of a camera, or of a screen, which is there as a whole or not at all."""
        is_screen = self.kind == "screen"
        for track in self.tracks:
            track.is_open = is_screen or (person.camera if track.is_video else person.microphone)

    def is_audible(self, now: float) -> bool:
        return self.audio is not None and self.audio.is_open and self.audio.silent_for(now) < layers.PAUSED

    def aliveness(self, now: float) -> tuple[bool, int]:
        """What comes of it: sound, and how many layers of its picture."""
        return self.is_audible(now), len(layers.live(self.layers, now))

    def stats(self, now: float) -> dict:
        return stats.of_publisher(self, now)

    # Packets.

    def rtp(self, data: bytes, now: float) -> None:
        try:
            self._take(header.parse(data), data, now)
        except Malformed:
            self.counters["dropped_malformed"] += 1

    def _take(self, head: Header, data: bytes, now: float) -> None:
        self._note_arrival(head, now)
        if (track := self.by_ssrc.get(head.ssrc)) or (track := self._learned(head)):
            self._forward(track, head, data, now)
        elif track := self.by_repair.get(head.ssrc) or self._learned_repair(head):
            self._repair(track, head, data, now)
        else:
            self.counters["dropped_unknown_ssrc"] += 1

    def _forward(self, track: Track, head: Header, data: bytes, now: float) -> None:
        track.arrived(head, data, now)
        self._ask_again(track, now)
        if not track.is_video and track.is_open:
            self.room.heard(self, track, head, now)

    def _repair(self, track: Track, head: Header, data: bytes, now: float) -> None:
        """RFC 4588: the number it was lost under, then what was lost. An empty one is a probe of the bandwidth."""
        if head.end - head.start >= 2:
            sequence = int.from_bytes(data[head.start : head.start + 2], "big")
            track.repaired(sequence, head, data[head.start + 2 : head.end], now)

    def _note_arrival(self, head: Header, now: float) -> None:
        value = head.extensions.get(self.extensions.get(TRANSPORT_CC, 0))
        if value and len(value) == 2 and self.arrivals:
            self.arrivals.arrived(int.from_bytes(value, "big"), now)

    def _learned(self, head: Header) -> Track | None:
        """Who sends under a new SSRC, by what its first packets say of themselves; None: no track's, or a repair."""
        track = next((track for track in self.tracks if self._is_of(track, head)), None)
        if track is None or self._are_many():
            return None
        track.ssrc = head.ssrc
        self.by_ssrc[head.ssrc] = track
        self.claim(head.ssrc)
        return track

    def _is_of(self, track: Track, head: Header) -> bool:
        if track.ssrc is not None or head.payload_type != track.stream.codec.pt or not self._is_from(track, head):
            return False
        return self._says(RID, head) == track.rid

    def _is_from(self, track: Track, head: Header) -> bool:
        return self._says(MID, head) in ("", track.stream.mid)

    def _learned_repair(self, head: Header) -> Track | None:
        rid = self._says(REPAIRED_RID, head)
        repaired = [track for track in self.tracks if track.stream.rtx_pt == head.payload_type and track.rid == rid]
        track = next((track for track in repaired if self._is_from(track, head)), None)
        if track is not None and not self._are_many():
            self.by_repair[head.ssrc] = track
        return track

    def _are_many(self) -> bool:
        return len(self.by_ssrc) + len(self.by_repair) >= MOST_SSRCS

    def _says(self, uri: str, head: Header) -> str:
        return head.extensions.get(self.extensions.get(uri, 0), b"").decode(errors="replace")

    # Reports.

    def rtcp(self, data: bytes, now: float) -> None:
        try:
            messages, blocks = read(data), split(data)
        except Malformed:
            self.counters["dropped_malformed"] += 1
            return
        for message in messages:
            if isinstance(message, SenderReport):
                self._note_report(message, now)
            elif isinstance(message, Goodbye):
                self._note_goodbye(message)
        for block in blocks:
            self._note_round_trip(block)

    def _note_report(self, report: SenderReport, now: float) -> None:
        if track := self.by_ssrc.get(report.ssrc):
            track.clock.report(report.ntp, report.timestamp, now)
            track.reception.reported(report.ntp, now)

    def _note_round_trip(self, block: Block) -> None:
        found = extended.round_trip(block, OURS, timeline.ntp(time.time()))
        if found is not None:
            known = found if self.round_trip is None else self.round_trip
            self.round_trip = known + (found - known) * SMOOTHING

    def _note_goodbye(self, message: Goodbye) -> None:
        for track in filter(None, map(self.by_ssrc.get, message.ssrcs)):
            track.last_arrival = float("-inf")

    def tick(self, now: float) -> None:
        for track in self.tracks:
            self._ask_again(track, now)
            self._ask_for_key(track, now)
        if now - self._fed_back >= FEEDBACK:
            self._fed_back = now
            self._feed_back()
        if now - self._reported >= REPORTS:
            self._measure(now - self._reported)
            self._reported = now
            self._report(now)

    def _ask_again(self, track: Track, now: float) -> None:
        """Sound is not repaired: Opus has its own redundancy, and it would come too late."""
        if not track.is_video or track.ssrc is None:
            return
        lost = track.missing.lost
        due = track.missing.due(now)
        if due and track.is_wanted:
            self.counters["nacks_out"] += len(due)
            self.send_rtcp(Nack(OURS, track.ssrc, tuple(due)).pack())
        if track.missing.lost > lost and track.is_wanted:
            track.want_key(now)

    def _ask_for_key(self, track: Track, now: float) -> None:
        if not track.is_wanted:
            track.keys.arrived()
        elif track.keys.due(now):
            self._request_key(track)

    def _request_key(self, track: Track) -> None:
        if track.ssrc is not None:
            self.counters["key_requests_out"] += 1
            self.send_rtcp(PictureLoss(OURS, track.ssrc).pack())

    def _feed_back(self) -> None:
        packet = self.arrivals and self.arrivals.feedback(OURS, next(iter(self.by_ssrc), 0))
        if packet:
            self.send_rtcp(packet)

    def _report(self, now: float) -> None:
        reports = tuple(report for track in self.tracks if (report := track.report(now)))
        if reports:
            asked = extended.reference(OURS, timeline.ntp(time.time()))
            self.send_rtcp(ReceiverReport(OURS, reports).pack() + asked)

    def _measure(self, passed: float) -> None:
        for track in self.tracks:
            track.measure(passed)


def _rank(track: Track) -> int:
    """From the smallest to the largest; of names not ours, the first is the most preferred one (RFC 8853, 5.2)."""
    return LAYERS.index(track.rid) if track.rid in LAYERS else -track.stream.rids.index(track.rid) if track.rid else 0
