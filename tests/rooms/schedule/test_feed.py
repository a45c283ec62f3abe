"""The private calendar, read by another program's code."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from live import writer
from people.models import Group, Person
from programme import revisions
from programme.models import Session, Star
from rooms.schedule import feed

from .test_schedule import meet


def address(person: Person) -> str:
    return f"/calendar/{feed.token(Person.objects.get(pk=person.pk))}.ics"


@pytest.fixture
def read(client):
    """The entries of somebody's calendar, by UID; nobody is signed in."""

    def entries(person: Person) -> dict[str, dict]:
        answer = client.get(address(person))
        assert answer.status_code == 200
        return {str(entry["UID"]): entry for entry in Calendar.from_ical(answer.content).walk("VEVENT")}

    return entries


def only(entries: dict):
    [entry] = entries.values()
    return entry


class TestEntries:
    def test_as_in_the_programmes_own_calendar(self, client, plan, ada, read):
        session = plan("Water", starred_by=[ada])
        entry = only(read(ada))
        public = only(
            {str(it["UID"]): it for it in Calendar.from_ical(client.get("/schedule.ics").content).walk("VEVENT")}
        )
        assert entry["UID"] == public["UID"]
        assert entry.decoded("DTSTART") == session.starts_at
        assert entry["DTSTART"].params["TZID"] == "Europe/Zurich"
        assert entry["STATUS"] == "CONFIRMED"

    def test_straight_into_the_room(self, plan, ada, read):
        plan("Water", starred_by=[ada])
        entry = only(read(ada))
        assert entry["URL"] == "http://testserver/session/water/enter"
        assert entry["URL"] in entry["DESCRIPTION"]

    def test_an_alarm_ten_minutes_before(self, plan, ada, read):
        plan("Water", starred_by=[ada])
        [alarm] = only(read(ada)).walk("VALARM")
        assert (alarm["ACTION"], alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(minutes=-10))

    def test_after_a_move_it_is_the_same_entry_with_a_grown_sequence(self, plan, ada, read):
        session = plan("Water", starred_by=[ada])
        before = only(read(ada))
        session.starts_at += timedelta(hours=1)
        session.ends_at += timedelta(hours=1)
        revisions.revise(session, ["starts_at", "ends_at"])
        after = only(read(ada))
        assert after["UID"] == before["UID"]
        assert after["SEQUENCE"] > before["SEQUENCE"]
        assert after.decoded("DTSTART") - before.decoded("DTSTART") == timedelta(hours=1)

    def test_cancelled_is_said(self, plan, ada, read):
        plan("Water", starred_by=[ada])
        before = only(read(ada))
        revisions.cancel(Session.objects.all())
        after = only(read(ada))
        assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
        assert after["SEQUENCE"] > before["SEQUENCE"]
        assert not after.walk("VALARM")

    def test_a_star_taken_back_is_gone(self, plan, ada, read):
        plan("Water", starred_by=[ada])
        Star.objects.all().delete()
        assert read(ada) == {}

    def test_nothing_that_they_may_not_enter(self, plan, ada, read):
        plan("Water", starred_by=[ada]).groups.add(Group.objects.create(name="Mayors", slug="mayors"))
        assert read(ada) == {}

    def test_every_zone_it_names_is_told(self, client, plan, ada):
        plan("Water", starred_by=[ada])
        calendar = Calendar.from_ical(client.get(address(ada)).content)
        assert [str(it["TZID"]) for it in calendar.walk("VTIMEZONE")] == ["Europe/Zurich"]
        assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
        assert (calendar["X-WR-TIMEZONE"], calendar["METHOD"]) == ("Africa/Dakar", "PUBLISH")


class TestMeetings:
    @pytest.fixture
    def meeting(self, event, ada, ines):
        return writer.do(ada.pk, meet, ada, ines, event, datetime(2027, 5, 26, 9, tzinfo=UTC))

    def test_in_both_calendars_and_nobody_elses(self, meeting, read, ada, ines, mallory):
        assert only(read(ada))["SUMMARY"] == "Meeting with Inês Carvalho"
        assert only(read(ines))["SUMMARY"] == "Meeting with Ada Ndiaye"
        assert only(read(ada))["UID"] == only(read(ines))["UID"]
        assert only(read(ada))["CLASS"] == "PRIVATE"
        assert read(mallory) == {}

    def test_moved_and_cancelled_with_a_grown_sequence(self, meeting, read, ada):
        told = [only(read(ada))]
        meeting.starts_at, meeting.ends_at = (at + timedelta(hours=1) for at in (meeting.starts_at, meeting.ends_at))
        meeting.sequence += 1
        meeting.save()
        told.append(only(read(ada)))
        meeting.state = meeting.State.CANCELLED
        meeting.sequence += 1
        meeting.save()
        told.append(only(read(ada)))
        assert [it["SEQUENCE"] for it in told] == [0, 1, 2]
        assert [it["STATUS"] for it in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert len({it["UID"] for it in told}) == 1
        assert told[1].decoded("DTSTART") == meeting.starts_at


class TestAddress:
    @pytest.mark.parametrize(
        "mend",
        [
            lambda own, other: own.replace(own[:10], own[:10] + "x", 1),
            lambda own, other: own.split("-")[0],
            lambda own, other: f"{other.partition('-')[0]}-{own.partition('-')[2]}",
            lambda own, other: "-" + own.partition("-")[2],
            lambda own, other: "99999999999999999999999-x",
            lambda own, other: "²-x",
        ],
        ids=["longer", "no signature", "another's", "nobody's", "huge", "no digits"],
    )
    def test_nobody_guesses_one(self, client, ada, ines, mend):
        tokens = feed.token(ada), feed.token(ines)
        assert client.get(f"/calendar/{mend(*tokens)}.ics").status_code == 404

    def test_withdrawn_by_one_press(self, client, ada):
        before = address(ada)
        client.force_login(ada)
        client.post("/schedule/address")
        assert client.get(before).status_code == 404
        assert client.get(address(ada)).status_code == 200
        assert address(ada) in client.get("/schedule/").content.decode()

    def test_ends_with_the_person(self, client, ada):
        Person.objects.update(is_active=False)
        assert client.get(address(ada)).status_code == 404

    def test_signs_nobody_in(self, client, ada):
        client.get(address(ada))
        assert "_auth_user_id" not in client.session

    def test_asked_again_it_answers_shortly(self, client, plan, ada):
        plan("Water", starred_by=[ada])
        first = client.get(address(ada))
        again = client.get(address(ada), headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "private" in first.headers["Cache-Control"]
        Star.objects.all().delete()
        assert client.get(address(ada), headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
