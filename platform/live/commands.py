"""The table of what can be asked of the server. The domain fills it."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec
from django.conf import settings
from msgspec import Meta

from .refusal import Refused
from .topics import NAME, name_of_kind

Ref = Annotated[str, Meta(min_length=1, max_length=64)]
On = Annotated[str, Meta(max_length=100, pattern=NAME)]


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """What every frame of a client looks like; `with` stays as it came until it is known what it is for."""

    do: Annotated[str, Meta(max_length=40)]
    ref: Ref
    on: On | None = None
    given: msgspec.Raw = msgspec.field(name="with", default=msgspec.Raw(b"{}"))


class Command(NamedTuple):
    """One row of the table."""

    name: str
    decoder: msgspec.json.Decoder
    verb: Callable[..., Any]
    rate: str
    gathered: bool
    once: bool
    kind: str | None
    every: float | None = None


class Malformed(Refused):
    """Not a command, or not as its shape says. `detail` tells developers what is wrong with it."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(code)
        self.detail = detail


_table: dict[str, Command] = {}
_envelopes = msgspec.json.Decoder(Envelope)


def command(
    name: str,
    shape: type,
    *,
    rate: str = "default",
    gathered: bool = False,
    once: bool = True,
    kind: str | None = None,
    every: float | None = None,
):
    """Register a verb for what clients ask as `{"do": name, "ref": …, "on": topic, "with": shape}`.

    verb(person, on, given) -> JSON-able reply; raises Refused.
    gathered: verb(on, [(person, given), …]) -> a reply or a Refused for each, all that came within a tick.
    every: how many seconds such a tick lasts, if not settings.LIVE_TICK: whoever waits for a reply waits as long.
    once: keep a receipt, so that a resent ref is not done again. What is gathered must bear repetition.
    rate: which of settings.LIVE_RATES it is counted against.
    kind: the kind of topics it can be asked on, if it matters: others are refused with "topic.unknown".
    """
    if rate not in settings.LIVE_RATES:
        raise ValueError(f"{name} counts against {rate}, which settings.LIVE_RATES does not know")
    if gathered and once:
        raise ValueError(f"{name} is gathered: it keeps no receipts, say once=False")

    def register(verb):
        if name in _table:
            raise ValueError(f"There is a command called {name} already.")
        _table[name] = Command(name, msgspec.json.Decoder(shape), verb, rate, gathered, once, kind, every)
        return verb

    return register


def envelope(text: str) -> Envelope:
    """Raises Malformed."""
    try:
        return _envelopes.decode(text)
    except msgspec.DecodeError as problem:
        raise Malformed("command.malformed", str(problem)) from None


def find(asked: Envelope) -> Command:
    """Raises Malformed, or Refused("topic.unknown")."""
    found = _table.get(asked.do)
    if found is None:
        raise Malformed("command.unknown", asked.do)
    if asked.on is None or found.kind not in (None, name_of_kind(asked.on)):
        raise Refused("topic.unknown")
    return found


def given(asked: Envelope, decoder: msgspec.json.Decoder) -> Any:
    """Raises Malformed."""
    try:
        return decoder.decode(asked.given)
    except msgspec.DecodeError as problem:
        raise Malformed("command.malformed", str(problem)) from None
