"""Reading and writing schedule files, without a database."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.schedule import frab_json, frab_xml, reading
from programme.schedule.shape import BadSchedule, Paper, Place, Schedule, Speaker, Strand, Talk, in_order
from programme.schedule.writing import acronym
from programme.schedule.zones import zone_that_fits

from .conftest import DATA

READING = UUID("11111111-1111-4111-8111-111111111111")


def faults(read, data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadSchedule) as bad:
        read(data)
    return [(fault.line, str(fault)) for fault in bad.value.faults]


def changed(data: bytes, **event) -> bytes:
    """The harbour's schedule with other values in its first session; None takes one away."""
    found = json.loads(data)
    first = found["schedule"]["conference"]["days"][0]["rooms"]["Quay"][0]
    first.update(event)
    for name in [name for name, value in event.items() if value is None]:
        del first[name]
    return json.dumps(found).encode()


class TestReadingJson:
    def test_times_are_right_whatever_the_zone_is_called(self, harbour):
        schedule = frab_json.read(harbour)
        assert schedule.talks[0].starts == datetime(2027, 5, 24, 7, 0, tzinfo=UTC)
        assert schedule.zone == "Etc/GMT-2"
        assert "UTC" in schedule.notes[0]

    def test_two_rooms_may_share_a_guid(self, harbour):
        places = frab_json.read(harbour).places
        assert [place.name for place in places] == ["Quay", "Mole"]
        assert places[0].guid == places[1].guid
        assert places[1].description == "At the far end"

    def test_what_a_session_says(self, harbour):
        talk = frab_json.read(harbour).talks[0]
        assert (talk.guid, talk.title, talk.place, talk.strand) == (READING, "Reading the water", "Quay", "Tides")
        assert talk.description == "First hour: gauges.\n\nThen: talk."
        assert not talk.recorded
        assert talk.ends - talk.starts == timedelta(minutes=90)
        assert talk.url == "https://harbour.example/2027/talk/AAAAAA/"
        assert [paper.url for paper in talk.papers] == [
            "https://tables.example/2027",
            "https://harbour.example/2027/media/slides.pdf",
        ]
        assert [speaker.keys for speaker in talk.speakers] == [("code:ZZTOP1",), ("code:ZZTOP2",)]

    def test_a_slug_that_cannot_stand_in_an_address_is_left_out(self, harbour):
        assert [talk.slug for talk in frab_json.read(harbour).talks][2] == ""


class TestReadingXml:
    def test_what_a_session_says(self):
        schedule = frab_xml.read((DATA / "harbour.xml").read_bytes())
        (talk,) = schedule.talks
        assert schedule.zone == "Europe/Zurich"
        assert schedule.places == (Place("Quay", UUID("3f0b9d0e-6a52-4c6e-9e66-0a4f8c1d7b10")),)
        assert talk.abstract == "What gauges tell & what they keep to themselves."
        assert talk.starts == datetime(2027, 5, 24, 9, 0, tzinfo=ZoneInfo("Europe/Zurich"))
        assert not talk.recorded
        assert talk.speakers == (Speaker("Mahalia Brandt", ("guid:aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",)),)
        assert talk.papers == (Paper("https://tables.example/2027", "Tide tables"),)

    def test_faults_name_their_line(self):
        data = (DATA / "harbour.xml").read_bytes().replace(b"<date>2027-05-24T09:00:00+02:00", b"<date>tomorrow")
        assert faults(frab_xml.read, data) == [
            (23, "schedule.conference.days[0].rooms.Quay[0].date: “tomorrow” is not a date with a time.")
        ]


class TestFaults:
    def test_a_fault_names_its_line_and_place(self, harbour):
        data = harbour.replace(b'"2027-05-24T09:00:00+02:00"', b'"2027-05-24T09:00:00"')
        line = data[: data.index(b'"id": 7')].count(b"\n")  # where its object begins
        assert faults(frab_json.read, data) == [
            (
                line,
                "schedule.conference.days[0].rooms.Quay[0].date: "
                "This time does not say how far it is from UTC, as in +01:00.",
            )
        ]

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"guid": "seven"}, "guid: “seven” is not a GUID."),
            ({"guid": None}, "guid: This is missing."),
            ({"title": "  "}, "title: This is missing."),
            ({"title": "x" * 251}, "title: This is longer than 250 characters."),
            ({"title": ["a", "b"]}, "title: This should be text."),
            ({"title": "bell\u0007"}, "title: This holds characters that cannot be written."),
            ({"title": "half \ud83d"}, "title: This holds characters that cannot be written."),
            ({"date": "0001-01-01T00:00:00+14:00"}, "date: “0001-01-01T00:00:00+14:00” is not a date with a time."),
            ({"date": 5}, "date: This should be text."),
            ({"duration": "00:00"}, "duration: The session has to end after it starts, and within two weeks."),
            ({"duration": "soon"}, "duration: “soon” is not a duration such as 01:30."),
            ({"duration": None}, "duration: This is missing."),
            ({"language": "Klingon!"}, "language: “Klingon!” is not a language’s code, such as en."),
            ({"url": "javascript:alert(1)"}, "url: “javascript:alert(1)” is not an address on the web."),
            ({"links": [{"url": "http://["}]}, "links[0].url: “http://[” is not an address on the web."),
            ({"persons": [{"code": "A"}]}, "persons[0].name: This is missing."),
            ({"persons": "Ada"}, "persons: This should be a list."),
            ({"persons": ["Ada"]}, "persons[0]: This should be an object."),
            ({"do_not_record": "no"}, "do_not_record: This should be true or false."),
            ({"guid": "22222222-2222-4222-8222-222222222222"}, "has the same GUID."),
        ],
    )
    def test_each_fault_is_told(self, harbour, change, reason):
        told = faults(frab_json.read, changed(harbour, **change))
        assert len(told) == 1
        assert told[0][1].endswith(reason)

    @pytest.mark.parametrize(
        ("data", "line", "reason"),
        [
            (b'{"schedule":\n {,}}', 2, "This is not JSON"),
            (b"", 1, "This is not JSON"),
            (b'{"a": 1}\n{"b": 2}', 2, "This is not JSON: Extra data at column 1."),
            (b'{"a":\n"\xff"}', 2, "This is not text in UTF-8."),
            (b"[" * 100_000, 1, "This is nested too deeply."),
            (b'{"a": NaN}', 1, "This holds a number that is none: NaN"),
            (b'{"a": ' + b"9" * 5000 + b"}", 1, "This holds a number that is none"),
            (b"[]", 1, "This is not a schedule"),
            (b'{"schedule": {}}', 1, "schedule.conference: This is missing."),
        ],
    )
    def test_broken_json(self, data, line, reason):
        told = [fault for fault in faults(frab_json.read, data) if reason in fault[1]]
        assert told[0][0] == line

    @pytest.mark.parametrize(
        ("data", "line", "reason"),
        [
            (b"<schedule>\n<day></schedule>", 2, "This is not XML: mismatched tag"),
            (b"<programme/>", 1, "its first element is not “schedule”"),
            (b"<a>" * 200, 1, "This is nested too deeply."),
            (b'<?xml version="1.0" encoding="x-unknown"?><schedule/>', 1, ""),
            (b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<schedule>&b;</schedule>', 1, "document type"),
            (b'<!DOCTYPE s SYSTEM "file:///etc/passwd">\n<schedule/>', 1, "document type"),
        ],
    )
    def test_broken_xml(self, data, line, reason):
        told = faults(frab_xml.read, data)
        assert told[0][0] == line
        assert reason in told[0][1]

    def test_a_schedule_without_sessions_is_refused(self, harbour):
        found = json.loads(harbour)
        found["schedule"]["conference"]["days"] = []
        told = faults(frab_json.read, json.dumps(found).encode())
        assert told == [(1, "schedule.conference.days: There is no session in this file.")]

    def test_faults_are_told_together_up_to_a_limit(self, harbour):
        found = json.loads(harbour)
        rooms = found["schedule"]["conference"]["days"][0]["rooms"]
        rooms["Quay"] = [{"guid": "x"} for _ in range(1000)]
        assert len(faults(frab_json.read, json.dumps(found).encode())) == 50


class TestZones:
    @pytest.mark.parametrize(
        ("named", "moments", "zone"),
        [
            ("Europe/Zurich", ["2027-01-10T09:00:00+01:00", "2027-07-10T09:00:00+02:00"], "Europe/Zurich"),
            ("UTC", ["2020-12-14T09:00:00+01:00"], "Etc/GMT-1"),
            ("", ["2027-05-24T09:00:00+00:00"], "UTC"),
            ("UTC", ["2027-05-24T09:00:00-05:00"], "Etc/GMT+5"),
            ("UTC", ["2027-05-24T09:00:00+05:45"], "Asia/Kathmandu"),
            ("Europe/Paris", [], "Europe/Paris"),
            ("", [], "UTC"),
        ],
    )
    def test_the_zone_is_one_that_shows_the_times_as_written(self, named, moments, zone):
        assert zone_that_fits(named, [datetime.fromisoformat(moment) for moment in moments]) == zone


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
line = words.map(reading.in_one_line).filter(lambda text: text and not reading.UNWRITABLE.search(text))
block = st.lists(line, max_size=4).map(lambda lines: reading.tidy("\n\n".join(lines)))
slugs = st.from_regex(r"[a-z0-9_]{4,20}-[a-z0-9_-]{4,20}[a-z0-9]", fullmatch=True)
speakers = st.builds(
    Speaker,
    name=line,
    keys=st.uuids().map(lambda guid: (f"guid:{guid}",)),
    biography=block.map(lambda text: text[:500]),
)
papers = st.builds(Paper, url=slugs.map(lambda slug: f"https://papers.example/{slug}"), title=line)


@st.composite
def talks(draw, zone: ZoneInfo, places: list[str], strands: list[str]):
    starts = draw(st.datetimes(datetime(2027, 3, 1), datetime(2027, 11, 30))).replace(second=0, microsecond=0)
    starts = starts.replace(tzinfo=zone).astimezone(UTC)
    return Talk(
        guid=draw(st.uuids()),
        title=draw(line),
        starts=starts,
        ends=starts + timedelta(minutes=draw(st.integers(1, 40 * 60))),
        place=draw(st.sampled_from(["", *places])),
        subtitle=draw(st.one_of(st.just(""), line)),
        abstract=draw(block),
        description=draw(block),
        strand=draw(st.sampled_from(["", *strands])),
        kind=draw(st.one_of(st.just(""), line)),
        languages=draw(
            st.lists(st.sampled_from(["ar", "en", "fr", "pt-br", "zh-hant"]), unique=True).map(sorted).map(tuple)
        ),
        recorded=draw(st.booleans()),
        slug=draw(slugs),
        url=f"https://forum.example/{draw(slugs)}",
        speakers=draw(st.lists(speakers, max_size=3, unique_by=lambda one: one.keys).map(tuple)),
        papers=draw(st.lists(papers, max_size=2, unique=True).map(tuple)),
    )


@st.composite
def schedules(draw):
    zone = draw(st.sampled_from(["Europe/Zurich", "UTC", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Dakar"]))
    places = draw(st.lists(line, max_size=3, unique=True))
    strands = draw(st.lists(line, max_size=3, unique=True))
    drawn = st.lists(talks(ZoneInfo(zone), places, strands), min_size=1, max_size=4, unique_by=lambda one: one.guid)
    said = in_order(draw(drawn))
    days = [talk.starts.astimezone(ZoneInfo(zone)).date() for talk in said]
    return Schedule(
        acronym=draw(st.from_regex(r"[a-z0-9_]{4,12}", fullmatch=True)),
        title=draw(line),
        first_day=min(days),
        last_day=max(days),
        zone=zone,
        version=draw(line),
        places=tuple(
            Place(name, draw(st.uuids()), draw(line), draw(st.none() | st.integers(1, 5000))) for name in places
        ),
        strands=tuple(Strand(name) for name in strands),
        talks=said,
    )


def nested(inner):
    names = st.sampled_from(["days", "rooms", "persons", "guid", "date", "title", "links", "tracks", "acronym", "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)


class TestRoundTrip:
    @given(schedules())
    @settings(max_examples=40)
    def test_json_says_all_of_it_again(self, schedule):
        assert frab_json.read(frab_json.write(schedule)) == schedule

    @given(schedules())
    @settings(max_examples=40)
    def test_xml_says_all_that_it_has_room_for(self, schedule):
        again = frab_xml.read(frab_xml.write(schedule))
        assert again.talks == tuple(without_biographies(talk) for talk in schedule.talks)
        assert (again.title, again.zone, again.strands) == (schedule.title, schedule.zone, schedule.strands)
        assert {place.guid for place in again.places} <= {place.guid for place in schedule.places}

    @given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
    def test_nothing_but_a_refusal_comes_of_rubbish(self, data):
        for read in (frab_json.read, frab_xml.read):
            assert faults(read, data)

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), nested, max_leaves=20))
    def test_nothing_but_a_refusal_comes_of_other_json(self, value):
        for found in ({"schedule": value}, {"schedule": {"conference": value}}, conference_with(value)):
            assert faults(frab_json.read, json.dumps(found).encode())


def conference_with(value) -> dict:
    event = {"guid": value, "date": value, "persons": value, "links": value, "duration": value, "title": value}
    days = [{"rooms": {"Quay": [event, value]}}, value]
    return {"schedule": {"conference": {"acronym": "x", "title": "y", "tracks": value, "rooms": value, "days": days}}}


def without_biographies(talk: Talk) -> Talk:
    speakers = tuple(Speaker(speaker.name, speaker.keys) for speaker in talk.speakers)
    return Talk(**{**vars(talk), "speakers": speakers})


def test_acronyms_are_as_the_schemas_want_them():
    assert [acronym(slug) for slug in ("dsf-2027", "Ö", "go", "harbour")] == ["dsf_2027", "____", "go__", "harbour"]


def test_a_day_begins_and_ends_by_the_venues_clocks_when_they_change():
    talk = Talk(READING, "Late", datetime(2027, 10, 31, 10, tzinfo=UTC), datetime(2027, 10, 31, 11, tzinfo=UTC))
    schedule = Schedule("late", "Late", date(2027, 10, 31), date(2027, 10, 31), "Europe/Zurich", talks=(talk,))
    (day,) = json.loads(frab_json.write(schedule))["schedule"]["conference"]["days"]
    assert (day["day_start"], day["day_end"]) == ("2027-10-31T00:00:00+02:00", "2027-10-31T23:59:00+01:00")
