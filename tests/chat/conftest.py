from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Conversation
from live import limits
from programme.models import Appearance, Event, Session


@pytest.fixture
def session(db, grace, linus):
    """Live now, open to everyone; Grace chairs it, Linus speaks."""
    now = timezone.now()
    today = now.date()
    event = Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=today, ends_on=today)
    session = Session.objects.create(
        event=event,
        code="leaks",
        title="Water that reports its own leaks",
        starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(minutes=45),
    )
    Appearance.objects.create(session=session, person=grace, role=Appearance.As.CHAIR)
    Appearance.objects.create(session=session, person=linus, position=1)
    return session


@pytest.fixture
def conversation(session):
    return Conversation.objects.create(session=session)


@pytest.fixture(autouse=True)
def _forgiven():
    limits.forgive()
