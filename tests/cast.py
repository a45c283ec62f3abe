"""The named cast: who asks, who moderates, who speaks, and who should not be there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Conversation
from people.models import Person
from programme.models import Appearance, Event, Role, Session
from rooms.models import Room
from rooms.states import prepare

ADA = {
    "name": "Ada Ndiaye",
    "job_title": "City engineer",
    "organisation": "City of Dakar",
    "country": "SN",
    "stakeholder": Person.Stakeholder.GOVERNMENT,
    "zone": "Africa/Dakar",
}
GRACE = {
    "name": "Grace Otieno",
    "honorific": "Dr",
    "job_title": "Director of standards",
    "organisation": "Water Services Regulatory Board",
    "country": "KE",
    "stakeholder": Person.Stakeholder.GOVERNMENT,
    "zone": "Africa/Nairobi",
}
LINUS = {
    "name": "Linus Heikkilä",
    "job_title": "Acoustics researcher",
    "organisation": "Tampere University",
    "country": "FI",
    "stakeholder": Person.Stakeholder.ACADEMIA,
    "zone": "Europe/Helsinki",
}
LAYLA = {
    "name": "د. ليلى حدّاد",
    "job_title": "مديرة شبكات المياه",
    "organisation": "بلدية عمّان",
    "country": "JO",
    "stakeholder": Person.Stakeholder.CIVIL_SOCIETY,
    "zone": "Asia/Amman",
    "language": "ar",
}
INES = {
    "name": "Inês Carvalho",
    "job_title": "Head of water data",
    "organisation": "City of Lisbon",
    "country": "PT",
    "stakeholder": Person.Stakeholder.GOVERNMENT,
    "zone": "Europe/Lisbon",
}
AIKO = {
    "name": "森 愛子",
    "job_title": "Programme officer",
    "organisation": "Smart Cities Network",
    "country": "JP",
    "stakeholder": Person.Stakeholder.INTERNATIONAL,
    "zone": "Asia/Tokyo",
}
MALLORY = {"name": "Mallory"}


@pytest.fixture
def ada(db) -> Person:
    """Attends; a city engineer in Dakar."""
    return Person.objects.create_user("ada@dakar.example", **ADA)


@pytest.fixture
def grace(db) -> Person:
    """Chairs and moderates."""
    return Person.objects.create_user("grace@nairobi.example", **GRACE)


@pytest.fixture
def linus(db) -> Person:
    """Speaks, from Tampere."""
    return Person.objects.create_user("linus@tampere.example", **LINUS)


@pytest.fixture
def layla(db) -> Person:
    """Attends, in Arabic."""
    return Person.objects.create_user("layla@amman.example", **LAYLA)


@pytest.fixture
def ines(db) -> Person:
    """Attends; from Lisbon."""
    return Person.objects.create_user("ines@lisbon.example", **INES)


@pytest.fixture
def aiko(db) -> Person:
    """The second moderator."""
    return Person.objects.create_user("aiko@tokyo.example", **AIKO)


@pytest.fixture
def mallory(db) -> Person:
    """Belongs to nothing here and tries all the same."""
    return Person.objects.create_user("mallory@outside.example", **MALLORY)


@pytest.fixture
def organiser(db) -> Person:
    """Runs the forum in the administration, without being a superuser."""
    return Person.objects.create_user("organiser@forum.example", name="Olga Sandoval", is_staff=True)


@pytest.fixture
def session(db, grace, aiko, linus) -> Session:
    """Live now and open to everyone; Grace chairs it, Aiko moderates with her, Linus speaks from afar."""
    now = timezone.now()
    event = Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=now.date(), ends_on=now.date())
    session = Session.objects.create(
        event=event,
        code="leaks",
        title="Water that reports its own leaks",
        starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(minutes=45),
    )
    Appearance.objects.create(session=session, person=grace, role=Appearance.As.CHAIR)
    Appearance.objects.create(session=session, person=linus, position=1, remote=True)
    Role.objects.create(event=event, session=session, person=aiko, role=Role.Kind.MODERATOR)
    return session


@pytest.fixture
def room(session) -> Room:
    """The session's room, live, with its new questions reviewed."""
    room = prepare(session, code="4821")
    Conversation.objects.filter(pk=room.conversation_id).update(is_open=True)
    Room.objects.filter(pk=room.pk).update(
        state=Room.State.LIVE, opened_at=session.starts_at, live_at=session.starts_at
    )
    return Room.objects.get(pk=room.pk)
