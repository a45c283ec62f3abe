"""What the web process tells about a room: who is on stage, and what of each may be seen and heard. Pure."""

from typing import Annotated, Literal

import msgspec

Place = Literal["live", "backstage"]
Kind = Literal["camera", "screen"]
Tier = Literal["all", "slides", "none"]
Number = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
# It goes into the CSRC of packets, which has 32 bits (RFC 3550, 5.1).
Source = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
Topic = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[a-z]+\.[1-9][0-9]{0,17}\Z")]
Width = Annotated[int, msgspec.Meta(ge=1, le=16384)]

# Together less than the door takes.
MOST_PEOPLE = 250
MOST_BACKSTAGE = 3000


class Forbidden(Exception):
    """The plan does not have it; the message is for the log of the web process."""


class Malformed(Exception):
    """No plan or wish at all."""


class Person(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    id: Number
    place: Place
    microphone: bool = True
    camera: bool = True
    screen: bool = False


class Plan(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    room: Number
    revision: Annotated[int, msgspec.Meta(ge=0)]
    people: Annotated[list[Person], msgspec.Meta(max_length=MOST_PEOPLE)] = []
    hidden: bool = False
    pinned: Source | None = None
    backstage: Annotated[list[Number], msgspec.Meta(max_length=MOST_BACKSTAGE)] = []  # who may watch from there
    audience: Annotated[list[Number], msgspec.Meta(max_length=MOST_PEOPLE)] | None = None  # None: whoever is let in
    topic: Topic | None = None  # where to whisper what all may know; None: where a session's room does

    def person(self, number: int) -> Person | None:
        return next((person for person in self.people if person.id == number), None)

    def allows(self, number: int, kind: Kind) -> bool:
        """Whether this person may publish this. A muted or hidden one may: it is not forwarded until it is back."""
        person = self.person(number)
        return person is not None and (kind == "camera" or person.screen)


class Wish(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a viewer wants to get, and what it shows large."""

    video: Tier = "all"
    audio: bool = True
    large: Source | None = None
    width: Width | None = None  # pixels of the large picture


def source(person: int, kind: Kind) -> int:
    """The number of what one person publishes."""
    return 2 * person + (kind == "screen")


_plan = msgspec.json.Decoder(Plan)
_wish = msgspec.json.Decoder(Wish)


def read(body: bytes) -> Plan:
    """Raises Malformed."""
    return _read(_plan, body)


def read_wish(body: bytes) -> Wish:
    """Raises Malformed."""
    return _read(_wish, body)


def _read(decoder: msgspec.json.Decoder, body: bytes):
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Malformed(str(problem)) from None
