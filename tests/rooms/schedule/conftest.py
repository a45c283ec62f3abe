from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from programme.models import Event, Session, Star

NOW = datetime(2027, 5, 25, 12, tzinfo=UTC)
GENEVA = ZoneInfo("Europe/Zurich")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


@pytest.fixture
def clock(time_machine):
    """Noon in Greenwich, 14:00 in Geneva, on the first day; stands still until it is moved."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def event(db, clock) -> Event:
    return Event.objects.create(
        slug="dsf",
        name="Digital Society Forum",
        place="Geneva",
        zone="Europe/Zurich",
        starts_on=date(2027, 5, 25),
        ends_on=date(2027, 5, 27),
    )


@pytest.fixture
def plan(event):
    """`plan("Water", "25 15:00", minutes=60, starred_by=[ada])`, by Geneva's clocks."""

    def planned(title: str, at: str = "25 15:00", minutes: int = 60, starred_by=(), **fields) -> Session:
        day, _space, hour = at.partition(" ")
        starts = datetime.fromisoformat(f"2027-05-{day}T{hour}").replace(tzinfo=GENEVA)
        code = fields.pop("code", title.lower().replace(" ", "-"))
        ends = starts + timedelta(minutes=minutes)
        session = event.sessions.create(title=title, code=code, starts_at=starts, ends_at=ends, **fields)
        Star.objects.bulk_create(Star(person=person, session=session) for person in starred_by)
        return session

    return planned


@pytest.fixture
def page(client):
    def get(person, path: str = "/schedule/") -> str:
        client.force_login(person)
        return client.get(path).content.decode()

    return get
