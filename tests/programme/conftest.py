from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from programme.models import Event, Session

DATA = Path(__file__).parent / "data"
GENEVA = ZoneInfo("Europe/Zurich")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Figures for the cover are kept for a minute; a test's forum lives shorter."""
    cache.clear()


@pytest.fixture
def forum(db) -> Event:
    """Four days in Geneva in May 2027."""
    return Event.objects.create(
        slug="dsf-2027",
        name="Digital Society Forum 2027",
        place="Geneva",
        zone="Europe/Zurich",
        starts_on=date(2027, 5, 24),
        ends_on=date(2027, 5, 27),
    )


@pytest.fixture
def plan(forum):
    """Puts a session on the programme: `plan("Water", "25 15:00", minutes=75, venue=…)`, by Geneva's clocks."""

    def planned(title: str, at: str = "25 15:00", minutes: int = 75, **fields) -> Session:
        day, _space, clock = at.partition(" ")
        starts = datetime.fromisoformat(f"2027-05-{day}T{clock}").replace(tzinfo=GENEVA)
        code = fields.pop("code", title.lower().replace(" ", "-"))
        ends = starts + timedelta(minutes=minutes)
        return forum.sessions.create(title=title, code=code, starts_at=starts, ends_at=ends, **fields)

    return planned


@pytest.fixture
def harbour() -> bytes:
    """A schedule as pretalx exports it: UTC in name only, two rooms with one guid, people without addresses."""
    return (DATA / "harbour.json").read_bytes()
