"""Taking a schedule in: whole or not at all, and what people did stays."""

import json
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from django.core.management import CommandError, call_command

from live.models import Entry
from people.models import Language, Person
from programme.exports import schedule_of
from programme.imports import read, take_in
from programme.models import Appearance, Document, Event, Session, SpeakerKey, Track, Venue
from programme.schedule import frab_json, frab_xml
from programme.schedule.shape import LARGEST, BadSchedule
from rooms.states import prepare

from .conftest import DATA

READING = UUID("11111111-1111-4111-8111-111111111111")
NIGHT = UUID("22222222-2222-4222-8222-222222222222")
EVERYTHING = [Event, Session, Track, Venue, Appearance, Document, SpeakerKey, Person, Language]

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    return [model.objects.count() for model in EVERYTHING]


def edited(data: bytes, edit) -> bytes:
    """The harbour's schedule after `edit(days, sessions by guid)`."""
    found = json.loads(data)
    days = found["schedule"]["conference"]["days"]
    edit(days, {one["guid"]: one for day in days for room in day["rooms"].values() for one in room})
    return json.dumps(found).encode()


def without(guid: UUID):
    def edit(days, _sessions):
        for day in days:
            day["rooms"] = {name: [e for e in its if e["guid"] != str(guid)] for name, its in day["rooms"].items()}

    return edit


def having(guid: UUID, **values):
    return lambda _days, sessions: sessions[str(guid)].update(values)


def address(path: str) -> str:
    return f"https://forum.example{path}"


class TestTakingIn:
    def test_a_first_file_makes_the_event_and_all_in_it(self, harbour):
        report = take_in(read(harbour))
        assert str(report) == "3 added, 0 changed, 0 cancelled, 0 unchanged"
        assert (report.event.slug, report.event.zone, report.event.current) == ("harbour", "Etc/GMT-2", True)
        session = Session.objects.get(guid=READING)
        assert (session.code, session.format, session.kind) == ("harbour-7-reading-the-water", "workshop", "Workshop")
        assert (session.venue.name, session.track.slug, session.recorded) == ("Quay", "tides", False)
        assert [one.person.name for one in session.appearances.all()] == ["Mahalia Brandt", "سلمى بن يوسف"]
        assert [paper.title for paper in session.documents.all()] == ["Tide tables", "Slides"]
        assert [language.code for language in session.languages.all()] == ["en"]

    def test_people_without_an_address_cannot_be_written_to_or_sign_in(self, harbour):
        take_in(read(harbour))
        mahalia = Person.objects.get(name="Mahalia Brandt")
        assert mahalia.email.endswith("@imported.invalid")
        assert not mahalia.has_usable_password()
        assert mahalia.appearances.count() == 2

    def test_the_same_file_again_changes_nothing(self, harbour):
        take_in(read(harbour))
        before = counts(), list(Session.objects.values_list("revision", "changed_at"))
        assert str(take_in(read(harbour))) == "0 added, 0 changed, 0 cancelled, 3 unchanged"
        assert (counts(), list(Session.objects.values_list("revision", "changed_at"))) == before

    def test_what_moved_keeps_what_people_did(self, harbour):
        take_in(read(harbour))
        session = Session.objects.get(guid=READING)
        session.viewings.create(viewer="browser:one")
        session.appearances.filter(position=0).update(role=Appearance.As.CHAIR)
        moved = having(READING, date="2027-05-24T11:00:00+02:00", room="Mole", title="Reading deep water")
        report = take_in(read(edited(harbour, moved)))
        assert [change.what for change in report.changed] == [("title", "starts_at", "ends_at")]
        again = Session.objects.get(guid=READING)
        assert (again.pk, again.code, again.revision) == (session.pk, session.code, 1)
        assert again.viewings.count() == 1
        assert again.appearances.get(position=0).role == Appearance.As.CHAIR

    def test_what_is_gone_is_cancelled_and_may_come_back(self, harbour):
        take_in(read(harbour))
        report = take_in(read(edited(harbour, without(NIGHT))))
        assert [change.session.guid for change in report.cancelled] == [NIGHT]
        night = Session.objects.get(guid=NIGHT)
        assert (night.cancelled, night.revision) == (True, 1)
        report = take_in(read(harbour))
        assert [change.what for change in report.changed] == [("cancelled",)]
        night.refresh_from_db()
        assert (night.cancelled, night.revision) == (False, 2)

    def test_what_organisers_entered_by_hand_stays(self, harbour, ada):
        event = take_in(read(harbour)).event
        session = Session.objects.get(guid=READING)
        own = Session.objects.create(
            event=event, code="own", title="Own", starts_at=session.starts_at, ends_at=session.ends_at
        )
        Appearance.objects.create(session=session, person=ada, role=Appearance.As.MODERATOR)
        Document.objects.create(session=session, title="Ours", url="https://ours.example/")
        report = take_in(read(edited(harbour, having(READING, persons=[], links=[], attachments=[]))))
        assert [change.what for change in report.changed] == [("speakers", "documents")]
        own.refresh_from_db()
        assert not own.cancelled
        assert [one.person for one in session.appearances.all()] == [ada]
        assert [paper.title for paper in session.documents.all()] == ["Ours"]

    def test_a_dry_run_tells_the_same_and_takes_it_back(self, harbour):
        before = counts()
        report = take_in(read(harbour), dry_run=True)
        assert (str(report), report.new_event) == ("3 added, 0 changed, 0 cancelled, 0 unchanged", True)
        assert counts() == before

    def test_whoever_lost_a_place_leaves_at_once(self, harbour, django_capture_on_commit_callbacks):
        take_in(read(harbour))
        reading, night = (prepare(Session.objects.get(guid=guid)) for guid in (READING, NIGHT))
        narrower = edited(edited(harbour, without(NIGHT)), having(READING, persons=[]))
        for dry_run, told in ((True, set()), (False, {reading.topic, reading.desk, night.topic, night.desk})):
            with django_capture_on_commit_callbacks(execute=True):
                take_in(read(narrower), dry_run=dry_run)
            topics = set(Entry.objects.filter(event="access").values_list("topic", flat=True))
            assert {topic for topic in topics if topic.startswith("room.")} == told

    def test_an_event_may_be_chosen(self, harbour, forum):
        report = take_in(read(harbour), forum)
        assert not report.new_event
        forum.refresh_from_db()
        assert (forum.sessions.count(), forum.zone, forum.slug) == (3, "Europe/Zurich", "dsf-2027")

    def test_codes_are_made_unique(self, harbour):
        same = "harbour-7-reading-the-water"
        take_in(read(edited(harbour, having(NIGHT, slug=same))))
        codes = sorted(Session.objects.values_list("code", flat=True))
        assert codes[:2] == ["33333333", same]
        assert codes[2] == f"{same}-2"


class TestFindingPeople:
    def test_by_their_address(self, harbour, ada):
        people = [{"public_name": "A. Ndiaye", "code": "ADA", "email": "Ada@Dakar.example"}]
        take_in(read(edited(harbour, having(READING, persons=people))))
        assert Session.objects.get(guid=READING).appearances.get().person == ada
        ada.refresh_from_db()
        assert ada.name == "Ada Ndiaye"

    def test_by_the_guid_that_software_makes_of_an_address(self, harbour, ada):
        people = [{"public_name": "Ada", "guid": str(uuid5(NAMESPACE_URL, "acct:ada@dakar.example"))}]
        take_in(read(edited(harbour, having(READING, persons=people))))
        assert Session.objects.get(guid=READING).appearances.get().person == ada

    def test_by_the_key_of_an_earlier_file_even_after_their_address_is_known(self, harbour):
        take_in(read(harbour))
        mahalia = Person.objects.get(name="Mahalia Brandt")
        Person.objects.filter(pk=mahalia.pk).update(email="mahalia@tides.example", name="Dr Mahalia Brandt")
        take_in(read(edited(harbour, having(READING, title="Reading"))))
        assert Person.objects.filter(name__contains="Mahalia").get().name == "Dr Mahalia Brandt"

    def test_who_never_signed_in_is_called_what_the_file_calls_them(self, harbour):
        take_in(read(harbour))
        renamed = [{"code": "ZZTOP1", "public_name": "Mahalia Brandt-Sow", "biography": "Reads more."}]
        data = edited(edited(harbour, having(READING, persons=renamed)), having(NIGHT, persons=[]))
        take_in(read(data))
        assert Person.objects.get(name="Mahalia Brandt-Sow").bio == "Reads more."


class TestRefusing:
    def test_a_bad_file_changes_nothing(self, harbour):
        take_in(read(harbour))
        before = counts(), list(Session.objects.order_by("pk").values())
        bad = edited(harbour, lambda days, _sessions: days[1]["rooms"]["Quay"][0].update(date="tomorrow"))
        with pytest.raises(BadSchedule):
            take_in(read(bad))
        assert (counts(), list(Session.objects.order_by("pk").values())) == before

    def test_too_large_a_file_is_not_even_read(self):
        with pytest.raises(BadSchedule) as bad:
            read(b" " * (LARGEST + 1))
        assert bad.value.faults[0].reason == "The file is larger than 10 MB."


class TestRoundTrip:
    @pytest.mark.parametrize("form", [frab_json, frab_xml])
    def test_our_own_export_changes_nothing_where_it_came_from(self, harbour, form):
        event = take_in(read(harbour)).event
        before = counts()
        report = take_in(form.read(form.write(schedule_of(event, address))))
        assert (report.event, str(report)) == (event, "0 added, 0 changed, 0 cancelled, 3 unchanged")
        assert counts()[:-3] == before[:-3]
        assert Person.objects.count() == before[-2]

    def test_xml_and_json_say_the_same(self, harbour):
        schedule = schedule_of(take_in(read(harbour)).event, address)
        by_xml, by_json = (form.read(form.write(schedule)) for form in (frab_xml, frab_json))
        titles = [(talk.title, talk.starts, talk.ends, talk.place) for talk in by_json.talks]
        assert [(talk.title, talk.starts, talk.ends, talk.place) for talk in by_xml.talks] == titles


class TestCommand:
    def test_it_reports_what_it_did(self, capsys):
        call_command("import_schedule", DATA / "harbour.json")
        call_command("import_schedule", DATA / "harbour.xml", event="harbour")
        told = capsys.readouterr().out
        assert "+ Night walk along the mole" in told
        assert "- Night walk along the mole" in told
        assert "~ Reading the water (abstract," in told
        assert told.endswith("harbour: 0 added, 1 changed, 2 cancelled, 0 unchanged\n")

    def test_a_dry_run_says_so(self, capsys):
        call_command("import_schedule", DATA / "harbour.json", dry_run=True)
        assert "a dry run, nothing was changed" in capsys.readouterr().out
        assert not Session.objects.exists()

    def test_a_bad_file_is_refused_with_line_and_reason(self, tmp_path, harbour):
        file = tmp_path / "bad.json"
        file.write_bytes(harbour.replace(b'"duration": "01:30"', b'"duration": "soon"'))
        with pytest.raises(CommandError) as refused:
            call_command("import_schedule", file)
        assert f"{file}:27: schedule.conference.days[0].rooms.Quay[0].duration" in str(refused.value)
        assert "Nothing was changed." in str(refused.value)
        assert not Event.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [(["nowhere.json"], "No such file"), ([str(DATA / "harbour.json"), "--event", "none"], "no event none")],
    )
    def test_what_cannot_be_found_is_said(self, arguments, said):
        with pytest.raises(CommandError, match=said):
            call_command("import_schedule", *arguments)
