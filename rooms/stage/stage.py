"""What is told of the stage: to everyone, to those behind it, to each of them. Reads only."""

from live.batch import recall
from people.models import Person
from programme.models import Appearance, Role

from ..models import Room, Seat
from . import wire


def parts(room: Room) -> dict[int, str]:
    """What each of those who take part is on the programme, or by their role in this session."""
    roles = Role.objects.filter(session=room.session_id, role__in=[Role.Kind.MODERATOR, Role.Kind.SPEAKER])
    return {**by_person(roles), **by_person(room.session.appearances)}


def by_person(parts) -> dict[int, str]:
    return dict(parts.order_by("role").values_list("person", "role"))


def chair(room: Room) -> Person | None:
    """Who has the chair: whoever it was handed to, else whoever the programme names."""
    return room.chair or chair_of_programme(room)


def chair_of_programme(room: Room) -> Person | None:
    chairs = room.session.appearances.filter(role=Appearance.As.CHAIR).select_related("person")
    first = chairs.first()
    return first.person if first else None


def live(room: Room) -> list[Seat]:
    return list(room.seats.live().select_related("person"))


def public(room: Room) -> dict:
    """The stage as everybody in the room is told of it."""
    return wire.public(room, chair(room), live(room), parts(room))


def picture(room: Room) -> dict:
    """{"stage"}"""
    return {"stage": public(room)}


def behind(room: Room) -> dict:
    """{"seats": all, in order, "stage"}: for those behind the stage."""
    named = parts(room)
    seats = room.seats.select_related("person")
    return {
        "seats": [wire.seat(it, named.get(it.person_id, "")) for it in seats],
        "stage": wire.stage(room, chair(room)),
    }


def mine(room: Room, person: int, roles: list[str]) -> dict:
    """{"seat": own or None, "may": {"publish", "backstage"}}"""
    own = recall(("seats", room.pk), lambda: seats_by_person(room)).get(person)
    may = may_go_behind(own, roles)
    return {"seat": own and told(room, own), "may": {"publish": may, "backstage": may}}


def may_go_behind(own: Seat | None, roles: list[str]) -> bool:
    """Whoever speaks or moderates here, and whoever came up when asked."""
    return bool(roles) or (own is not None and own.place != Seat.Place.ASKED)


def seats_by_person(room: Room) -> dict[int, Seat]:
    return {it.person_id: it for it in room.seats.select_related("person")}


def told(room: Room, seat: Seat) -> dict:
    """One seat as those behind the stage see it."""
    return wire.seat(seat, recall(("parts", room.pk), lambda: parts(room)).get(seat.person_id, ""))
