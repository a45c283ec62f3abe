"""Two clocks side by side: the venue's, and that of whoever looks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from .checks import zones


@dataclass(frozen=True)
class Zone:
    """A time zone and the name of the place that people know it by."""

    key: str
    place: str

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.key)

    def at(self, moment: datetime) -> datetime:
        return moment.astimezone(self.tz)

    def short(self, moment: datetime) -> str:
        """CEST, GMT, or UTC+05:45 where the zone has no letters of its own."""
        name = self.at(moment).tzname() or ""
        return ":".join(filter(None, [f"UTC{name[:3]}", name[3:]])) if name[:1] in ("+", "-") else name


@dataclass(frozen=True)
class Clocks:
    """The venue's zone, the reader's own where it shows another time, and which of the two stands first."""

    venue: Zone
    own: Zone | None = None
    own_first: bool = False

    @property
    def first(self) -> Zone:
        return self.own if self.own and self.own_first else self.venue

    @property
    def second(self) -> Zone | None:
        return self.venue if self.own and self.own_first else self.own


@lru_cache(maxsize=512)
def place_of(key: str, language: str) -> str:
    """The zone's city in the reader's language; the zone's own name where it has none."""
    if "/" not in key or key.startswith("Etc/"):
        return key.removeprefix("Etc/")
    return get_timezone_location(key, locale=language.replace("-", "_"), return_city=True).rpartition("/")[2]


def zone_of_person(person, cookies) -> str | None:
    """The zone of the profile, else what the browser said in the cookie `zone`; None if neither is a zone."""
    named = [getattr(person, "zone", ""), unquote(cookies.get("zone", ""))]
    return next((name for name in named if name in zones()), None)


def clocks(event, own: str | None, moment: datetime, language: str, own_first: bool = False) -> Clocks:
    """The venue's clock, and the reader's own only if it shows another time at that moment."""
    venue = Zone(event.zone, event.place or place_of(event.zone, language))
    mine = Zone(own, place_of(own, language)) if own else None
    if mine is None or mine.at(moment).utcoffset() == venue.at(moment).utcoffset():
        return Clocks(venue)
    return Clocks(venue, mine, own_first)


def bounds(day: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a calendar day at the venue, and of the next; 23 to 25 hours apart."""
    return tuple(datetime.combine(day + timedelta(days), time.min, tz) for days in (0, 1))  # type: ignore[return-value]


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Whole minutes, begun ones counted: what is still to come never reads as 0."""
    return max(0, -int(-(later - earlier).total_seconds() // 60))
