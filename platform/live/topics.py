"""Kinds of topics: who may enter, and what a newcomer is told. The domain fills the table."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from .refusal import Refused

Welcome = Callable[[int, str], dict]
Picture = Callable[[str], Any]


class Kind(NamedTuple):
    welcome: Welcome
    picture: Picture | None
    presence: Literal["count", "people"] | None


_kinds: dict[str, Kind] = {}


def topic_kind(
    name: str,
    *,
    welcome: Welcome,
    picture: Picture | None = None,
    presence: Literal["count", "people"] | None = None,
) -> None:
    """Tell the kernel about topics such as "room.7" (kind "room") or "room.7.desk" (kind "room.desk").

    welcome(person, topic) -> dict: what only this person is told; raises Refused when they may not enter.
        Many are welcomed in one batch: `live.batch.recall` and `people` work in there.
    picture(topic) -> JSON-able: the public state, the same for everyone, drawn after its seq was read.
    presence: "count" tells everyone how many are here, "people" also who.
    """
    if name in _kinds:
        raise ValueError(f"There is a kind of topics called {name} already.")
    _kinds[name] = Kind(welcome, picture, presence)


NAME = r"^[a-z]+\.[1-9][0-9]{0,17}(\.[a-z]+)*\Z"  # room.7, room.7.desk; each has one name


@lru_cache(maxsize=4096)
def name_of_kind(topic: str) -> str:
    return ".".join(part for part in topic.split(".") if not part.isdecimal())


def kind_of(topic: str) -> Kind:
    """Raises Refused("topic.unknown")."""
    try:
        return _kinds[name_of_kind(topic)]
    except KeyError:
        raise Refused("topic.unknown") from None
