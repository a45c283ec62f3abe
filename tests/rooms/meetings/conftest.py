from datetime import UTC, date, datetime

import pytest

from programme.models import Event, Session

NOW = datetime(2027, 5, 24, 9, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    """Stands still until it is moved: the evening before the forum's days, by nobody's clock at night."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def event(db, clock) -> Event:
    """Two days in Geneva."""
    return Event.objects.create(
        slug="dsf",
        name="Digital Society Forum",
        place="Geneva",
        zone="Europe/Zurich",
        starts_on=date(2027, 5, 25),
        ends_on=date(2027, 5, 26),
    )


@pytest.fixture(autouse=True)
def _taking_proposals(request):
    """Those of the cast whom a test asks for take proposals to meet, by video too."""
    for name in {"ada", "grace", "linus", "layla", "ines", "aiko", "mallory"} & set(request.fixturenames):
        person = request.getfixturevalue(name)
        person.takes_meetings = person.takes_video = person.takes_messages = person.listed = True
        person.save()


@pytest.fixture
def session(event) -> Session:
    """From 11:00 to 12:00 in Geneva on the first day."""
    starts, ends = (datetime(2027, 5, 25, hour, tzinfo=UTC) for hour in (9, 10))
    return Session.objects.create(event=event, code="leaks", title="Leaks", starts_at=starts, ends_at=ends)
