"""The programme for other programs: JSON, XML, calendars."""

import gzip
import json
import re
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from django.core.management import call_command
from icalendar import Calendar

from people.models import Group, Language
from programme import revisions
from programme.models import Appearance, Document, Session
from programme.schedule import frab_json, frab_xml

from .conftest import DATA

# The published schemas and a real schedule lie beside the project's folder; where they don't, our own checks remain.
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(forum, plan, grace, layla):
    """Three sessions: in Arabic with papers, restricted, cancelled."""
    track = forum.tracks.create(name="Cities", slug="cities")
    venue = forum.venues.create(name="Room C", capacity=200)
    water = plan("Water", track=track, venue=venue, abstract="Leaks & <pipes>\x0b", subtitle="Four cities")
    water.languages.add(Language.objects.get_or_create(code="ar", defaults={"name": "العربية"})[0])
    Appearance.objects.create(session=water, person=layla)
    Appearance.objects.create(session=water, person=grace, role=Appearance.As.CHAIR, position=5)
    Document.objects.create(session=water, title="Night flow", url="https://papers.example/flow.pdf")
    mayors = plan("Mayors", "26 09:00", track=track)
    mayors.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    Document.objects.create(session=mayors, title="Not for everybody", url="https://papers.example/secret.pdf")
    plan("Breakfast", "26 07:30", cancelled=True)
    return forum


def titles(data: bytes, read) -> list[str]:
    return [talk.title for talk in read(data).talks]


class TestSchedules:
    def test_both_formats_are_read_again(self, client, programme):
        for path, read in (("/schedule.json", frab_json.read), ("/schedule.xml", frab_xml.read)):
            assert titles(client.get(path).content, read) == ["Water", "Mayors"]

    def test_json_says_what_the_schema_asks_for(self, client, programme):
        conference = client.get("/schedule.json").json()["schedule"]["conference"]
        assert re.fullmatch(r"[a-z0-9_]{4,}", conference["acronym"])
        assert conference["time_zone_name"] == "Europe/Zurich"
        (event,) = conference["days"][0]["rooms"]["Room C"]
        assert event["date"] == "2027-05-25T15:00:00+02:00"
        assert (event["start"], event["duration"], event["language"]) == ("15:00", "01:15", "ar")
        assert UUID(event["guid"])
        assert [sorted(person) for person in event["persons"]] == [["guid", "name"]] * 2
        assert [person["name"] for person in event["persons"]] == ["Grace Otieno", "د. ليلى حدّاد"]
        assert event["links"] == [{"url": "https://papers.example/flow.pdf", "title": "Night flow"}]
        assert event["abstract"] == "Leaks & <pipes>"

    def test_papers_and_addresses_of_people_stay_private(self, client, programme):
        for path in ("/schedule.json", "/schedule.xml", "/schedule.ics"):
            data = client.get(path).content
            assert b"secret.pdf" not in data
            assert b"@nairobi.example" not in data

    def test_xml_says_what_the_schema_asks_for(self, client, programme):
        root = ElementTree.fromstring(client.get("/schedule.xml").content)
        assert [child.tag for child in root] == ["generator", "version", "conference", "day", "day"]
        event = root.find("day/room/event")
        assert int(event.get("id")) > 0
        assert {"room", "title", "type", "date", "start", "duration", "abstract", "track"} <= {one.tag for one in event}

    def test_asked_again_only_changes_are_sent(self, client, programme):
        for path in ("/schedule.json", "/schedule.xml", "/schedule.ics", "/session/water.ics", "/track/cities.ics"):
            first = client.get(path)
            assert "max-age=60" in first["Cache-Control"]
            assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
            assert client.get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
            Session.objects.get(code="water").save()
            Session.objects.filter(code="water").update(title=f"Water {path}", revision=3)
            assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200

    def test_made_once_for_many(self, client, programme, django_assert_max_num_queries):
        client.get("/schedule.ics")
        with django_assert_max_num_queries(2):
            client.get("/schedule.ics")

    def test_sent_packed_to_whoever_unpacks(self, client, programme):
        packed = client.get("/schedule.json", headers={"Accept-Encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert titles(gzip.decompress(packed.content), frab_json.read) == ["Water", "Mayors"]

    def test_there_is_none_before_there_is_a_forum(self, client, db):
        assert client.get("/schedule.json").status_code == 404

    def test_by_command_too(self, programme, capsys):
        call_command("export_schedule", "xml", event="dsf-2027")
        assert titles(capsys.readouterr().out.encode(), frab_xml.read) == ["Water", "Mayors"]

    def test_an_event_without_sessions_still_has_a_schedule(self, client, forum):
        assert client.get("/schedule.json").json()["schedule"]["conference"]["daysCount"] == 1
        assert len(ElementTree.fromstring(client.get("/schedule.xml").content).findall("day")) == 1


class TestCalendars:
    def test_an_occasion(self, client, programme):
        book = Calendar.from_ical(client.get("/session/water.ics").content)
        (entry,) = book.events
        session = Session.objects.get(code="water")
        assert entry["UID"] == f"{session.guid}@dsf-2027.plenary"
        assert entry["SUMMARY"] == "Water"
        assert entry.start.isoformat() == "2027-05-25T15:00:00+02:00"
        assert entry["DTSTART"].params["TZID"] == "Europe/Zurich"
        assert [zone["TZID"] for zone in book.timezones] == ["Europe/Zurich"]
        assert entry["URL"] == "http://testserver/session/water/"
        assert entry["LOCATION"] == "Room C, Geneva, online"
        assert entry["STATUS"] == "CONFIRMED"

    def test_calendars_follow_what_changes(self, client, programme):
        session = Session.objects.get(code="water")
        before = Calendar.from_ical(client.get("/schedule.ics").content)
        revisions.cancel(Session.objects.filter(pk=session.pk))
        after = Calendar.from_ical(client.get("/schedule.ics").content)
        (was,), (now,) = ([e for e in book.events if e["SUMMARY"] == "Water"] for book in (before, after))
        assert was["UID"] == now["UID"]
        assert (now["STATUS"], now["SEQUENCE"]) == ("CANCELLED", was["SEQUENCE"] + 1)

    def test_only_what_concerns_calendars_is_told_again(self, programme):
        session = Session.objects.get(code="water")
        revisions.revise(session, ["abstract"])
        assert session.revision == 0
        revisions.revise(session, ["venue", "abstract"])
        assert session.revision == 1

    def test_of_the_event_and_of_a_track(self, client, programme):
        def summaries(path: str) -> list[str]:
            return sorted(e["SUMMARY"] for e in Calendar.from_ical(client.get(path).content).events)

        assert summaries("/schedule.ics") == ["Breakfast", "Mayors", "Water"]
        assert summaries("/track/cities.ics") == ["Mayors", "Water"]
        assert client.get("/track/none.ics").status_code == 404
        assert client.get("/session/none.ics").status_code == 404

    def test_lines_cannot_be_broken_into(self, client, plan):
        plan("Water", abstract="End\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:False")
        assert len(Calendar.from_ical(client.get("/schedule.ics").content).events) == 1


if SHARED.is_dir():

    class TestAgainstThePublishedSchemas:
        @pytest.fixture(params=[SHARED / "pretalx-democon.json", DATA / "harbour.json"], ids=lambda path: path.stem)
        def imported(self, request, db):
            call_command("import_schedule", request.param)

        def test_json(self, client, imported):
            schema = json.loads((SHARED / "schedule.schema.json").read_text())
            jsonschema.Draft6Validator(schema).validate(client.get("/schedule.json").json())

        def test_xml(self, client, imported):
            xmlschema.XMLSchema(SHARED / "schedule.xml.xsd").validate(client.get("/schedule.xml").content.decode())

        def test_our_own_programme(self, client, programme):
            schema = json.loads((SHARED / "schedule.schema.json").read_text())
            jsonschema.Draft6Validator(schema).validate(client.get("/schedule.json").json())
            xmlschema.XMLSchema(SHARED / "schedule.xml.xsd").validate(client.get("/schedule.xml").content.decode())

        def test_a_real_schedule_comes_back_as_it_was(self, client, db):
            call_command("import_schedule", SHARED / "pretalx-democon.json")
            real = frab_json.read((SHARED / "pretalx-democon.json").read_bytes())
            ours = frab_json.read(client.get("/schedule.json").content)
            for one, other in zip(real.talks, ours.talks, strict=True):
                assert (one.guid, one.title, one.starts, one.ends) == (
                    other.guid,
                    other.title,
                    other.starts,
                    other.ends,
                )
                assert (one.place, one.strand, one.slug, one.abstract) == (
                    other.place,
                    other.strand,
                    other.slug,
                    other.abstract,
                )
