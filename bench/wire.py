"""The protocol (docs/protocol.md) from a client's side."""

from typing import Any, NamedTuple

import msgspec

encode = msgspec.json.encode


class Told(msgspec.Struct):
    """What benches look at in any frame of the server; what it does not have is None."""

    re: str | None = None
    refused: str | None = None
    on: str | None = None
    snapshot: int | None = None
    entered: int | None = None
    beat: int | None = None
    seq: int | None = None
    event: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class Entered(NamedTuple):
    """A note that from here on a topic's frames follow."""

    topic: str


read = msgspec.json.Decoder(Told).decode


def enter(topic: str, since: int | None = None) -> bytes:
    return command("enter", f"enter {topic}", topic, **({} if since is None else {"since": since}))


def command(do: str, ref: str, on: str, **given: Any) -> bytes:
    return encode({"do": do, "ref": ref, "on": on, "with": given})
