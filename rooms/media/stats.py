"""What is told of a room: to those in it by whispers, and in numbers to whoever runs the place."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from . import layers
from .packets.rtcp import Report

if TYPE_CHECKING:
    from .plans import Place
    from .publisher import Publisher
    from .room import Room
    from .slot import Slot
    from .track import Track
    from .viewer import Viewer

MUTE = 1.0  # seconds without a packet after which a source is told as silent, or without a picture
POOR = 0.05  # loss on the way to us from which on a speaker is told


def situation(room: "Room", now: float) -> tuple:
    """What a whisper must not wait with."""
    sources = {source: (_sounds(one, now), _shows(one, now)) for source, one in room.publishers.items()}
    return room.speaking("live", now), room.speaking("backstage", now), sources, room.on_stage("live")


def whisper(room: "Room", place: "Place", now: float) -> dict[str, Any]:
    tell = for_backstage if place == "backstage" else for_audience
    sources = {str(one.source): tell(room, one, now) for one in room.on_stage(place)}
    viewers = {"viewers": len(room.viewers)} if place == "backstage" else {}
    return {"speaking": room.speaking(place, now), "sources": sources} | viewers


def for_audience(room: "Room", publisher: "Publisher", now: float) -> dict[str, Any]:
    level = room.speakers["backstage"].level(publisher.source, now)
    return {"audio": _sounds(publisher, now), "video": _shows(publisher, now), "level": level}


def for_backstage(room: "Room", publisher: "Publisher", now: float) -> dict[str, Any]:
    return for_audience(room, publisher, now) | {
        "kbps": round(sum(track.bitrate for track in _coming(publisher, now)) / 1000),
        "loss": round(_loss(publisher), 3),
        "rtt": None if publisher.round_trip is None else round(publisher.round_trip * 1000),
        "layers": [track.rid or "f" for track in layers.live(publisher.layers, now)],
        "repaired": sum(track.missing.repaired for track in publisher.tracks),
        "state": _state(publisher, now),
    }


def _coming(publisher: "Publisher", now: float) -> list["Track"]:
    return [track for track in publisher.tracks if track.silent_for(now) < MUTE]


def _sounds(publisher: "Publisher", now: float) -> bool:
    return any(track.is_open for track in _coming(publisher, now) if not track.is_video)


def _shows(publisher: "Publisher", now: float) -> bool:
    return bool(layers.live(publisher.layers, now))


def _loss(publisher: "Publisher") -> float:
    return max((track.loss for track in publisher.tracks), default=0.0)


def _state(publisher: "Publisher", now: float) -> str:
    """`audio_only`: a picture was sent and does not come any more, although it may."""
    if not _coming(publisher, now):
        return "gone"
    if any(track.is_open and track.packets for track in publisher.layers) and not _shows(publisher, now):
        return "audio_only"
    return "poor" if _loss(publisher) >= POOR else "ok"


def of_publisher(publisher: "Publisher", now: float) -> dict[str, Any]:
    return {
        "source": publisher.source,
        "person": publisher.person,
        "kind": publisher.kind,
        "connected": publisher.connected_at is not None,
        "rtt": publisher.round_trip,
        "tracks": [_track(track, now) for track in publisher.tracks],
    }


def _track(track: "Track", now: float) -> dict[str, Any]:
    return {
        "kind": track.stream.kind,
        "codec": track.codec,
        "rid": track.rid,
        "ssrc": track.ssrc,
        "open": track.is_open,
        "live": track.silent_for(now) < MUTE,
        "kbps": round(track.bitrate / 1000),
        "packets": track.reception.packets,
        "bytes": track.reception.octets,
        "loss": round(track.loss, 4),
        "jitter": round(track.reception.jitter, 4),
        "repaired": track.missing.repaired,
        "lost": track.missing.lost,
        "forwarded": track.packets,
        "slots": len(track.slots()),
        "waiting": len(track.waiting),
    }


def of_viewer(viewer: "Viewer", now: float) -> dict[str, Any]:
    return {
        "place": viewer.place,
        "person": viewer.person,
        "connected": viewer.connected_at is not None,
        "state": viewer.allocator.state,
        "estimate": round(viewer.estimate.bitrate(now)),
        "kbps": round(viewer.bitrate / 1000),
        "loss": round(viewer.estimate.loss, 4),
        "rtt": round(viewer.round_trip, 4),
        "paced": viewer.is_paced,
        "slots": [_slot(slot) for slot in viewer.slots],
    }


def _slot(slot: "Slot") -> dict[str, Any]:
    return {
        "kind": slot.kind,
        "mid": slot.outlet.mid,
        "ssrc": slot.outlet.ssrc,
        "source": slot.source,
        "layer": slot.current.rid if slot.current else None,
        "flowing": slot.current.source if slot.current else None,
        "packets": slot.packets,
        "bytes": slot.octets,
        "switches": slot.switches,
        "repaired": slot.repaired,
        "refused": slot.resends.refused,
        **_report(slot.report),
    }


def _report(report: Report | None) -> dict[str, Any]:
    """What the viewer says of it; jitter in ticks."""
    return {"lost": report.lost, "fraction": report.fraction / 256, "jitter": report.jitter} if report else {}


def of_room(room: "Room", now: float) -> dict[str, Any]:
    return {
        "revision": room.plan.revision if room.plan else None,
        "viewers": len(room.viewers),
        "states": Counter(viewer.allocator.state for viewer in room.viewers),
        "tracks": sum(len(publisher.tracks) for publisher in room.publishers.values()),
        "publishers": {str(source): of_publisher(one, now) for source, one in room.publishers.items()},
    }


GAUGES = {
    "kbps": "Kilobits per second of a stream, as it comes",
    "loss": "Fraction of a stream lost on its way here, in the last second",
    "jitter": "Seconds by which its packets come unevenly",
    "repaired": "Packets of a stream that were lost and came after all",
    "lost": "Packets of a stream that were given up",
    "slots": "Slots of viewers in which a stream flows",
}


def prometheus(rooms: dict[int, dict[str, Any]]) -> str:
    """Each stream and the viewers of each room, of `of_room`, in Prometheus' text format."""
    lines = [line for name, what in GAUGES.items() for line in _gauge(name, what, rooms)]
    return "".join(f"{line}\n" for line in (*lines, *_round_trips(rooms), *_viewers(rooms)))


def _gauge(name: str, what: str, rooms: dict[int, dict[str, Any]]) -> Iterator[str]:
    yield f"# HELP plenary_media_stream_{name} {what}"
    yield f"# TYPE plenary_media_stream_{name} gauge"
    for room, publisher in _publishers(rooms):
        for track in publisher["tracks"]:
            labels = f'room="{room}",source="{publisher["source"]}",kind="{track["kind"]}",layer="{track["rid"]}"'
            yield f"plenary_media_stream_{name}{{{labels}}} {track[name]:g}"


def _publishers(rooms: dict[int, dict[str, Any]]) -> Iterable[tuple[int, dict[str, Any]]]:
    return ((number, one) for number, room in rooms.items() for one in room.get("publishers", {}).values())


def _round_trips(rooms: dict[int, dict[str, Any]]) -> Iterator[str]:
    yield "# HELP plenary_media_publisher_rtt_seconds Round trip to a publisher"
    yield "# TYPE plenary_media_publisher_rtt_seconds gauge"
    for room, publisher in _publishers(rooms):
        if publisher["rtt"] is not None:
            labels = f'room="{room}",source="{publisher["source"]}"'
            yield f"plenary_media_publisher_rtt_seconds{{{labels}}} {publisher['rtt']:g}"


def _viewers(rooms: dict[int, dict[str, Any]]) -> Iterator[str]:
    yield "# HELP plenary_media_room_viewers Viewers of a room, by what their lines bear"
    yield "# TYPE plenary_media_room_viewers gauge"
    for number, room in rooms.items():
        for state, count in sorted(room.get("states", {}).items()):
            yield f'plenary_media_room_viewers{{room="{number}",state="{state}"}} {count}'
