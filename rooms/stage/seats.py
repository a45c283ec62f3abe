"""What happens on stage and behind it. The only place that writes it, whichever door asks."""

import json
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils import timezone

from live.access import recheck, topic_of
from live.log import publish
from live.models import Entry
from live.refusal import Refused
from people.models import Person

from .. import pictures
from ..models import Room, Seat
from ..wire import moment, person
from . import plans, stage, wire

Place = Seat.Place
SHOWN = ["camera", "microphone", "name", "organisation"]  # what the audience will see of somebody who comes up


class Act(NamedTuple):
    """Something done to the stage of a room. By nobody: by the room itself."""

    room: Room
    by: Person | None
    what: str

    @property
    def last(self) -> dict:
        """How the record tells it."""
        return {"what": self.what, "by": person(self.by), "at": moment(timezone.now())}


# what people do with their own seat


def enter(room: Room, who: Person) -> Seat:
    """Behind the stage, for whoever speaks or moderates here. Who has a seat keeps it."""
    room.insist_running()
    seat = found(room, who.pk)
    if seat and seat.place != Place.ASKED:
        return seat
    insist_may_enter(room, who.pk)
    done = Act(room, who, "entered")
    return _change(done, seat, place=Place.BACKSTAGE) if seat else _seat(done, who, Place.BACKSTAGE)


def insist_may_enter(room: Room, who: int) -> None:
    if not pictures.roles(room, who):
        raise Refused("stage.not_yours")
    if room.stage_locked and who not in pictures.moderators(room):
        raise Refused("stage.locked")


def accept(room: Room, who: Person, microphone: bool = True, camera: bool = True) -> Seat:
    """Asked to come up, and willing to be heard and seen. Whatever is locked: the chair asked."""
    room.insist_running()
    seat = asked(room, who.pk)
    insist_space(room)
    on = {"microphone": microphone, "camera": camera, "position": end(room)}
    return _change(Act(room, who, "up"), seat, place=Place.LIVE, **on)


def decline(room: Room, who: Person) -> None:
    _take_away(Act(room, who, "declined"), asked(room, who.pk))


def leave(room: Room, who: Person) -> Seat | None:
    """Down from the stage; from behind it, away."""
    seat, done = standing(room, who.pk), Act(room, who, "down")
    if seat.place == Place.LIVE:
        return _step_down(done, seat)
    _take_away(done, seat)
    return None


def switch(
    room: Room, who: Person, microphone: bool | None = None, camera: bool | None = None, screen: bool | None = None
) -> Seat:
    """One's own microphone, camera and shared screen: on or off; None leaves it."""
    room.insist_running()
    seat = seated(room, who.pk)
    if screen and not seat.screen:
        insist_screen_is_free(room, seat)
    wanted = {"microphone": microphone, "camera": camera, "screen": screen}
    changes = {name: on for name, on in wanted.items() if on not in (None, getattr(seat, name))}
    return _change(Act(room, who, "set"), seat, **changes) if changes else seat


def insist_screen_is_free(room: Room, seat: Seat) -> None:
    if room.seats.filter(screen=True).exists():
        raise Refused("stage.screen_taken")
    if seat.place == Place.LIVE:
        insist_space(room)


def ready(room: Room, who: Person, screen: bool = False) -> Seat:
    """Somebody is about to publish from their seat; their screen is announced, if they may.

    Pages publish again by themselves after every loss: that must not bring back whoever has lost their seat.
    """
    room.insist_running()
    seat = seated(room, who.pk)
    return switch(room, who, screen=True) if screen and not seat.screen else seat


def ready_by_program(room: Room, who: Person, screen: bool = False) -> Seat:
    """A program has no other way in, so it is seated; it goes on trying, so not after a removal."""
    if not has_come(room, who.pk) and was_removed(room, who.pk):
        raise Refused("stage.not_seated")
    enter(room, who)
    return ready(room, who, screen)


def was_removed(room: Room, who: int) -> bool:
    """Whether that is the last that was said of their seat."""
    said = Entry.objects.filter(topic=topic_of(who), event="stage").order_by("-seq").values_list("data", flat=True)
    told = (json.loads(data) for data in said.iterator())
    return next((it["why"] for it in told if it["room"] == room.pk and "why" in it), "") == "removed"


# what moderators do


def up(room: Room, by: Person, who: int, turn: int | None = None) -> Seat:
    """From behind the stage on to it; whoever is not behind it is asked first, and told what will be seen.

    `turn` is the number of the turn that they are invited for, if any.
    """
    room.insist_running()
    seat = found(room, who)
    if seat and seat.place == Place.LIVE:
        return seat
    insist_space(room, with_screen=bool(seat and seat.screen))
    if seat and seat.place == Place.BACKSTAGE:
        return _change(Act(room, by, "up"), seat, place=Place.LIVE, position=end(room))
    if who == by.pk:
        return up(room, by, enter(room, by).person_id)
    return _ask(Act(room, by, "asked"), seat or _asked_seat(room, who), turn)


def _asked_seat(room: Room, who: int) -> Seat:
    if not room.session.admits([who]):
        raise Refused("person.unknown")
    invited = Person.objects.of_batch(who)
    return Seat(room=room, person=invited, place=Place.ASKED, position=end(room), revision=0)


def _ask(done: Act, seat: Seat, turn: int | None) -> Seat:
    seat.since = timezone.now()
    _save(seat)
    _advance(done.room)
    _tell_behind(done, seat)
    asking = {"asked": True, "shows": SHOWN, "by": person(done.by), "turn": turn}
    publish(topic_of(seat.person_id), "stage", {"room": done.room.pk, "code": done.room.code, **asking})
    recheck(seat.person_id)
    return seat


def down(room: Room, by: Person, who: int) -> Seat | None:
    """Who has no part in the programme goes back to the audience, everybody else behind the stage."""
    return _step_down(Act(room, by, "down"), on_stage(room, who))


def _step_down(done: Act, seat: Seat) -> Seat | None:
    if pictures.roles(done.room, seat.person_id):
        return _change(done, seat, place=Place.BACKSTAGE, screen=False)
    _take_away(done, seat)
    return None


def remove(room: Room, by: Person, who: int) -> None:
    _take_away(Act(room, by, "removed"), standing(room, who))


def mute(room: Room, by: Person, who: int) -> Seat:
    """Never the other way round: only they themselves switch their microphone on."""
    return _switch_off(Act(room, by, "muted"), seated(room, who), "microphone")


def camera_off(room: Room, by: Person, who: int) -> Seat:
    return _switch_off(Act(room, by, "camera_off"), seated(room, who), "camera")


def screen_off(room: Room, by: Person, who: int) -> Seat:
    return _switch_off(Act(room, by, "screen_off"), seated(room, who), "screen")


def _switch_off(done: Act, seat: Seat, what: str) -> Seat:
    return _change(done, seat, **{what: False}) if getattr(seat, what) else seat


def ask_to_unmute(room: Room, by: Person, who: int) -> Seat:
    seat = seated(room, who)
    publish(topic_of(who), "stage", {"room": room.pk, "unmute": True, "by": person(by)})
    return seat


def order(room: Room, by: Person, people: list[int]) -> None:
    """Those on stage in this order; who is not named comes after, as before."""
    seats = sorted(stage.live(room), key=lambda seat: people.index(seat.person_id) if seat.person_id in people else 99)
    moved = [(place, seat) for place, seat in enumerate(seats, 1) if seat.position != place]
    if not moved:
        return
    done = Act(room, by, "ordered")
    _advance(room)
    for place, seat in moved:
        seat.position = place
        _save(seat)
        _tell_behind(done, seat)
        _tell_own(done, seat)
    _tell_everyone(room)


def pin(room: Room, by: Person, source: int | None) -> None:
    """One source large for everybody, whoever speaks."""
    if source is not None and source not in sources(room):
        raise Refused("stage.not_live")
    _set(Act(room, by, "pinned"), pinned=source)


def lock(room: Room, by: Person, locked: bool) -> None:
    """Nobody takes a seat by themselves; whom the chair asks may come all the same."""
    _set(Act(room, by, "locked" if locked else "unlocked"), stage_locked=locked)


def hide(room: Room, by: Person, hidden: bool) -> None:
    """An interlude: the audience neither sees nor hears the stage."""
    _set(Act(room, by, "hidden" if hidden else "shown"), stage_hidden=hidden)


def hand_over(room: Room, by: Person, to: int) -> None:
    if to not in pictures.moderators(room):
        raise Refused("stage.chair_moderates")
    _set(Act(room, by, "chair"), chair=Person.objects.of_batch(to))


def _set(done: Act, **fields: Any) -> None:
    """Of the stage itself."""
    done.room.insist_running()
    if all(getattr(done.room, name) == value for name, value in fields.items()):
        return
    _keep(done.room, **fields)
    _advance(done.room)
    _tell_stage(done)


def _keep(room: Room, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(room, name, value)
    room.save(update_fields=list(fields))


# what the room does by itself


def follow(room: Room) -> None:
    """The room's state has changed: the audience sees the stage from going live until the end, when all leave it."""
    if room.state == Room.State.ENDED:
        _clear(Act(room, None, "ended"))
    elif room.state == Room.State.LIVE:
        _advance(room)
        _tell_stage(Act(room, None, "live"))


def _clear(done: Act) -> None:
    for seat in done.room.seats.select_related("person"):
        _take_away(done, seat)
    _keep(done.room, pinned=None, stage_hidden=False)
    _advance(done.room)
    _tell_stage(done)


# finding seats, each with its refusal


def found(room: Room, who: int) -> Seat | None:
    return room.seats.select_related("person").filter(person=who).first()


def has_come(room: Room, who: int) -> bool:
    """Whether they are on stage or behind it."""
    return room.seats.publishing().filter(person=who).exists()


def standing(room: Room, who: int) -> Seat:
    """Their seat, whatever it is; else Refused("stage.not_seated")."""
    seat = found(room, who)
    if seat is None:
        raise Refused("stage.not_seated")
    return seat


def seated(room: Room, who: int) -> Seat:
    """On stage or behind it."""
    seat = standing(room, who)
    if seat.place == Place.ASKED:
        raise Refused("stage.not_seated")
    return seat


def asked(room: Room, who: int) -> Seat:
    seat = found(room, who)
    if seat is None or seat.place != Place.ASKED:
        raise Refused("stage.not_asked")
    return seat


def on_stage(room: Room, who: int) -> Seat:
    seat = found(room, who)
    if seat is None or seat.place != Place.LIVE:
        raise Refused("stage.not_live")
    return seat


# space


def insist_space(room: Room, with_screen: bool = False) -> None:
    """For one more, or for one who brings a shared screen along."""
    if taken(room) + 1 + with_screen > Seat.LIMIT:
        raise Refused("stage.full")


def taken(room: Room) -> int:
    """Places on stage in use: people, and a shared screen."""
    screens = list(room.seats.live().values_list("screen", flat=True))
    return len(screens) + sum(screens)


def end(room: Room) -> int:
    return (room.seats.aggregate(last=Max("position"))["last"] or 0) + 1


def sources(room: Room) -> set[int]:
    """The numbers under which those on stage can be seen."""
    seats = list(room.seats.live())
    return {seat.source for seat in seats} | {seat.screen_source for seat in seats if seat.screen}


# changing, and telling whoever it concerns


def _seat(done: Act, who: Person, place: str) -> Seat:
    seat = Seat(room=done.room, person=who, position=end(done.room), revision=0)
    return _change(done, seat, place=place)


def _change(done: Act, seat: Seat, **fields: Any) -> Seat:
    was = seat.place
    for name, value in fields.items():
        setattr(seat, name, value)
    if seat.place != was:
        seat.since = timezone.now()
    _save(seat)
    _settle(done, seat, was)
    return seat


def _save(seat: Seat) -> None:
    seat.revision += 1
    seat.save()


def _take_away(done: Act, seat: Seat) -> None:
    was = seat.place
    seat.delete()
    seat.place, seat.revision = "", seat.revision + 1
    _settle(done, seat, was)


def _settle(done: Act, seat: Seat, was: str) -> None:
    """Tell those behind the stage, everyone if they see a difference, and whose seat it is."""
    room = done.room
    unpinned = _unpin(room)
    _advance(room)
    _tell_behind(done, seat)
    if unpinned:
        _tell_stage(done)
    elif Place.LIVE in (was, seat.place):
        _tell_everyone(room)
    _tell_own(done, seat)
    if seat.place != was:
        recheck(seat.person_id)


def _unpin(room: Room) -> bool:
    """What is pinned has left the stage."""
    if room.pinned is None or room.pinned in sources(room):
        return False
    _keep(room, pinned=None)
    return True


def _advance(room: Room) -> None:
    room.next_stage_revision()
    plans.changed(room.media_id)


def _tell_behind(done: Act, seat: Seat) -> None:
    told = stage.told(done.room, seat) if seat.place else wire.gone(seat)
    publish(done.room.backstage, "seat", {**told, "last": done.last})


def _tell_own(done: Act, seat: Seat) -> None:
    now = stage.told(done.room, seat) if seat.place else None
    publish(topic_of(seat.person_id), "stage", {"room": done.room.pk, "seat": now, "why": done.what})


def _tell_stage(done: Act) -> None:
    told = wire.stage(done.room, stage.chair(done.room))
    publish(done.room.backstage, "stage", {**told, "last": done.last})
    _tell_everyone(done.room)


def _tell_everyone(room: Room) -> None:
    publish(room.topic, "stage", stage.public(room))
