"""The protocol (docs/protocol.md) from a client's side."""

from typing import Any

import msgspec

encode = msgspec.json.encode


class Told(msgspec.Struct):
    """Any frame of the server; what it does not have is None."""

    re: str | None = None
    ok: msgspec.Raw | None = None
    refused: str | None = None
    on: str | None = None
    snapshot: int | None = None
    entered: int | None = None
    beat: int | None = None
    mine: msgspec.Raw | None = None
    seq: int | None = None
    event: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


read = msgspec.json.Decoder(Told).decode


def enter(topic: str, since: int | None = None) -> bytes:
    return command("enter", f"enter {topic}", topic, **({} if since is None else {"since": since}))


def command(do: str, ref: str, on: str, **given: Any) -> bytes:
    return encode({"do": do, "ref": ref, "on": on, "with": given})
