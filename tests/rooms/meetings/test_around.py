"""Around meetings: the organisers' rules, and the chore that keeps their time."""

from datetime import timedelta

import pytest
from django.test import Client

from people.models import Nudge
from rooms.meetings import clock as by_itself
from rooms.models import MeetingRules

from .agreeing import agreed, at, propose, state


@pytest.fixture
def office(organiser, event) -> Client:
    client = Client()
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rules(event, **fields):
    about = {"name": event.name, "place": event.place, "zone": event.zone, "brand": event.brand, "current": "on"}
    days = {"starts_on": event.starts_on.isoformat(), "ends_on": event.ends_on.isoformat()}
    of_meetings = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "0-is_open": "on", "0-minutes": "15"} | fields
    return about | days | {f"meeting_rules-{name}": value for name, value in of_meetings.items()}


def test_rules_are_on_the_events_page(office, event):
    path = f"/admin/programme/event/{event.pk}/change/"
    assert b"rules for meetings" in office.get(path).content.lower()
    fields = {"0-minutes": "20", "0-starts_on": "2027-05-26", "0-event": event.pk}
    answer = office.post(path, rules(event, **fields))
    assert answer.status_code == 302, answer.context["errors"]
    found = MeetingRules.objects.get()
    assert (found.minutes, str(found.starts_on), found.is_open) == (20, "2027-05-26", True)


def test_days_that_end_before_they_start(office, event):
    fields = {"0-starts_on": "2027-05-26", "0-ends_on": "2027-05-25", "0-minutes": "20"}
    answer = office.post(f"/admin/programme/event/{event.pk}/change/", rules(event, **fields))
    assert answer.status_code == 200
    assert b"The last day is before the first." in answer.content
    assert not MeetingRules.objects.exists()


@pytest.mark.parametrize("field", ["0-starts_on", "0-ends_on"])
@pytest.mark.parametrize("day", ["2027-05-24", "2027-05-27", "9999-12-31"])
def test_days_that_are_none_of_the_event(office, event, field, day):
    fields = {"0-minutes": "20", field: day}
    answer = office.post(f"/admin/programme/event/{event.pk}/change/", rules(event, **fields))
    assert answer.status_code == 200
    assert b"This is no day of the event." in answer.content
    assert not MeetingRules.objects.exists()


def test_rules_of_an_event_without_days_are_no_stumbling_block(office):
    about = {"name": "Forum", "slug": "forum", "starts_on": "soon"}
    fields = {"meeting_rules-TOTAL_FORMS": "1", "meeting_rules-INITIAL_FORMS": "0"}
    fields |= {"meeting_rules-0-minutes": "20", "meeting_rules-0-starts_on": "2027-05-26"}
    assert office.post("/admin/programme/event/add/", about | fields).status_code == 200


@pytest.mark.django_db(transaction=True)
async def test_the_chore_does_all_of_it(ada, ines, linus, event, clock):
    from asgiref.sync import sync_to_async

    async def look(f, *args):
        return await sync_to_async(f)(*args)

    def made():
        meeting = agreed(ada, ines)
        return meeting, propose(ada, linus, "11:00", "16:00")

    meeting, waiting = await look(made)
    await look(clock.move_to, at("10:27"))
    await by_itself.keep_time(look)
    assert await look(Nudge.objects.filter(kind="meeting.soon").count) == 2
    assert await look(state, waiting) == ("expired", None)
    await look(clock.move_to, at("10:45", 26) + timedelta(seconds=1))
    await by_itself.keep_time(look)
    assert await look(state, meeting) == ("held", None)
