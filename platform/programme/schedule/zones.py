"""Which time zone a programme is in, when its file's word and its times disagree."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ..checks import zones


def fits(key: str, moments: Sequence[datetime]) -> bool:
    """Whether clocks of that zone show the times as they are written."""
    tz = ZoneInfo(key)
    return all(moment.astimezone(tz).utcoffset() == moment.utcoffset() for moment in moments)


def fixed(moments: Sequence[datetime]) -> str | None:
    """The zone of one whole-hour offset, if the times have that: Etc/GMT-1 is an hour ahead of UTC."""
    offsets = {moment.utcoffset() for moment in moments}
    hours = offsets.pop().total_seconds() / 3600 if len(offsets) == 1 else 0.5  # type: ignore[union-attr]
    name = f"Etc/GMT{-int(hours):+d}" if hours else "UTC"
    return name if hours == int(hours) and name in zones() else None


def zone_that_fits(named: str, moments: Sequence[datetime]) -> str:
    """The zone the file names if it shows its times as written, else one that does; the written times are right."""
    if named in zones() and fits(named, moments):
        return named
    if moments and (constant := fixed(moments)):
        return constant
    fitting = (key for key in sorted(zones()) if moments and "/" in key and fits(key, moments))
    return next(fitting, named if named in zones() else "UTC")
