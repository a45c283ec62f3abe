"""What can be asked of a room for two over the line."""

from functools import partial
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from live.commands import command as any_command
from live.log import whisper
from live.refusal import Refused
from live.topics import topic_kind

from . import lookup, pairs

command = partial(any_command, kind="pair")

DESCRIPTION = 12 * 1024  # letters; a frame of the line has room for as many
CONTENTS = ("description", "candidate", "state", "restart", "bye")
Page = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{8,32}\Z")]


class Declared(Struct, forbid_unknown_fields=True):
    """Base of what a client may send."""


class Here(Declared):
    session: Page


class On(Declared):
    on: bool


class Description(Declared, omit_defaults=True):
    """RTCSessionDescription"""

    type: Literal["offer", "answer", "pranswer", "rollback"]
    sdp: Annotated[str, Meta(max_length=DESCRIPTION)] = ""


class Candidate(Declared, omit_defaults=True):
    """RTCIceCandidate, as its toJSON() has it."""

    candidate: Annotated[str, Meta(max_length=1000)] = ""
    sdpMid: Annotated[str, Meta(max_length=64)] | None = None
    sdpMLineIndex: Annotated[int, Meta(ge=0, le=255)] | None = None
    usernameFragment: Annotated[str, Meta(max_length=256)] | None = None


class Sends(Declared):
    """What somebody sends at present; `holds` is what their line carries, `chosen`: text by their own wish."""

    microphone: bool
    camera: bool
    screen: bool
    holds: Literal["all", "voice", "text"]
    chosen: bool


class Signal(Declared):
    """From one page to the other's page `of`: one of the five."""

    session: Page
    of: Page | Literal[""] = ""
    description: Description | UnsetType = UNSET
    candidate: Candidate | UnsetType | None = UNSET
    state: Sends | UnsetType = UNSET
    restart: Literal[True] | UnsetType = UNSET
    bye: Literal[True] | UnsetType = UNSET


class Block(Declared):
    report: Annotated[str, Meta(max_length=2000)] = ""


@command("pair.here", Here)
def here(person: int, on: str, given: Here) -> dict:
    return {"pages": pairs.told(pairs.here(lookup.entered(on, person), person, given.session))["pages"]}


@command("pair.leave", Here)
def leave(person: int, on: str, given: Here) -> None:
    pairs.leave(lookup.entered(on, person), person, given.session)


@command("pair.signal", Signal, rate="signal", once=False)
def signal(person: int, on: str, given: Signal) -> None:
    said = {name: what for name in CONTENTS if (what := getattr(given, name)) is not UNSET}
    if len(said) != 1:
        raise Refused("command.malformed")
    pair = lookup.entered(on, person)
    pairs.insist_in_use(pair, person, given.session)
    to = pair.other(person).pk
    whisper(on, "signal", {"to": to, "from": person, "session": given.session, "of": given.of, **said})


@command("pair.extend", On)
def extend(person: int, on: str, given: On) -> dict:
    told = pairs.told(pairs.extend(lookup.entered(on, person), person, given.on))
    return {"wishes": told["wishes"], "ends": told["ends"]}


@command("pair.stay", On)
def stay(person: int, on: str, given: On) -> dict:
    return {"stay": given.on, "mutual": pairs.stay(lookup.entered(on, person), person, given.on)}


@command("pair.block", Block)
def block(person: int, on: str, given: Block) -> None:
    pairs.block(lookup.entered(on, person), person, given.report)


topic_kind("pair", welcome=lookup.welcome, picture=lookup.picture, presence="people")
