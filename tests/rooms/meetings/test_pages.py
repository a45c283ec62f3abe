"""The pages of meetings, as somebody without a script has them; every door tried by those whom it is closed to."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat import conversations
from live import writer
from people.blocks import block
from people.models import Connection, Person
from people.nudges import unread_as_shown
from rooms.meetings import delegates, meetings
from rooms.models import Delegation, Hour, Meeting, MeetingRules

from ..witness import refused_as as refused_on_the_line
from .agreeing import accept, agreed, at, do, propose, slot_of, state

pytestmark = pytest.mark.django_db
DOINGS = ["accept", "decline", "cancel", "counter", "move", "held", "no_show", "send", "discard"]


@pytest.fixture(autouse=True)
def _event(event):
    return event


@pytest.fixture
def salma(layla, ines):
    """Who acts for Inês, and reads English today."""
    Person.objects.filter(pk=layla.pk).update(language="en")
    layla.refresh_from_db()
    Delegation.objects.create(principal=ines, delegate=layla)
    return layla


def browser(person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(person, name: str, *args, **query) -> str:
    answer = browser(person).get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", answer.content.decode())


def post(person, meeting, deed: str, **fields):
    return browser(person).post(reverse("meeting", args=[meeting.pk]), {"do": deed, **fields})


def iso(clock: str, day: int = 25) -> str:
    return at(clock, day).isoformat()


# proposing


def test_times_are_shown_by_both_clocks(ada, ines):
    shown = page(ada, "meet", ines.pk)
    assert '<b><time datetime="2027-05-25T08:00+00:00">08:00</time> Dakar' in shown
    assert "09:00 Lisbon" in shown
    assert iso("07:45") not in shown  # still asleep in Dakar
    assert iso("19:00") not in shown  # past eight in Lisbon


def test_a_proposal_by_form(ada, ines):
    fields = {"starts": [iso("10:30"), iso("13:30")], "way": "voice", "note": "Article 4", "do": "propose"}
    answer = browser(ada).post(reverse("meet", args=[ines.pk]), fields)
    made = Meeting.objects.get()
    assert answer.url == reverse("meeting", args=[made.pk])
    assert [it.starts_at for it in made.slots.all()] == [at("10:30"), at("13:30")]
    assert (made.way, made.note, state(made)) == ("voice", "Article 4", ("proposed", ines.pk))
    assert "Waiting for your answer." in page(ines, "meeting", made.pk)


def test_what_was_typed_stays_when_it_is_refused(ada, ines):
    fields = {"starts": [iso("10:30")], "way": "in_person", "note": "Article 4", "place": ""}
    answer = browser(ada).post(reverse("meet", args=[ines.pk]), fields)
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert "Please say where you would meet" in shown
    assert "Article 4" in shown
    assert f'value="{iso("10:30")}" checked' in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"starts": ["tomorrow"], "way": "video"},
        {"starts": ["2027-05-25T10:30:00"], "way": "video"},
        {"starts": ["9999-12-31T23:59:00-12:00"], "way": "video", "do": "draft"},
        {"starts": [], "way": "video"},
        {"starts": [iso("10:30")], "way": "by post"},
        {"starts": [iso("10:30")], "way": "video", "note": "x" * 281},
        {"starts": [iso("10:30")], "way": "in_person", "place": "x" * 121},
    ],
    ids=["no time", "no zone", "after all time", "none", "no way", "long note", "long place"],
)
def test_forms_that_no_page_sends(ada, ines, fields):
    assert browser(ada).post(reverse("meet", args=[ines.pk]), fields).status_code == 403
    assert not Meeting.objects.exists()


def test_sent_twice_it_is_proposed_once(ada, ines):
    fields = {"starts": [iso("10:30")], "way": "video", "ref": "once"}
    one, two = (browser(ada).post(reverse("meet", args=[ines.pk]), fields) for _ in range(2))
    assert one.url == two.url
    assert Meeting.objects.count() == 1


def test_a_draft_is_kept_and_sent(ada, ines):
    browser(ada).post(reverse("meet", args=[ines.pk]), {"starts": [iso("10:30")], "way": "video", "do": "draft"})
    draft = Meeting.objects.get()
    assert "Drafts" in page(ada, "meetings")
    assert browser(ines).get(reverse("meeting", args=[draft.pk])).status_code == 404
    sent = post(ada, draft, "send")
    assert state(Meeting.objects.get()) == ("proposed", ines.pk)
    assert sent.url == reverse("meeting", args=[Meeting.objects.get().pk])


# answering


def test_the_whole_way_by_form(ada, ines, clock):
    meeting = propose(ada, ines, "10:30", "11:00")
    post(ines, meeting, "counter", starts=[iso("15:00")], note="Later?")
    assert "Later?" in page(ada, "meeting", meeting.pk)
    post(ada, meeting, "accept", slot=slot_of(meeting, "15:00"))
    shown = page(ada, "meeting", meeting.pk)
    assert "Agreed." in shown
    assert reverse("pair", args=[meeting.pair.code]) in shown
    post(ines, meeting, "move", starts=[iso("16:00")])
    post(ada, meeting, "accept", slot=slot_of(meeting, "16:00"))
    clock.move_to(at("16:20"))
    assert "Did you meet?" in page(ines, "meeting", meeting.pk)
    post(ines, meeting, "held")
    history = page(ines, "meeting", meeting.pk)
    steps = ["proposed it", "proposed other times", "accepted", "asked to move it", "agreed to move it", "was held"]
    places = [history.index(step, history.index("So far")) for step in steps]
    assert places == sorted(places)


def test_a_time_that_went_can_not_be_chosen(ada, ines, linus):
    one, two = propose(ada, ines, "10:30", "11:00"), propose(ada, linus, "10:30", "11:00")
    accept(ines, one)
    assert "This time has gone" in page(linus, "meeting", two.pk)
    answer = post(linus, two, "accept", slot=slot_of(two, "10:30"))
    assert answer.status_code == 403
    assert "This time has just gone" in answer.content.decode()


def test_the_list_says_whose_turn_it_is(ada, ines, linus, clock):
    agreed(ada, linus, "09:00")
    propose(ada, ines)
    assert "Waiting for others" in page(ada, "meetings")
    assert "Waiting for your answer." in page(ines, "meetings")
    clock.shift(timedelta(days=3))
    assert page(linus, "meetings")


# one's own times


def test_ones_own_times(ines, ada):
    shown = page(ines, "availability", day="2027-05-25")
    assert f'value="{iso("07:00")}" checked' in shown  # 08:00 in Lisbon
    assert f'value="{iso("06:45")}" checked' not in shown
    browser(ines).post(reverse("availability"), {"day": "2027-05-25", "starts": [iso("06:45"), iso("10:30")]})
    assert Hour.objects.get(free=True).starts_at == at("06:45")
    assert iso("10:30") in page(ada, "meet", ines.pk)
    assert iso("10:45") not in page(ada, "meet", ines.pk)


def test_pages_when_there_is_no_day_to_meet(ada, ines, event):
    meeting = propose(ada, ines)
    MeetingRules.objects.create(event=event, starts_on=date(2027, 7, 1))
    assert "There is no day on which people may meet." in page(ines, "availability")
    fields = {"day": "2027-05-25", "starts": [iso("10:30")]}
    assert browser(ines).post(reverse("availability"), fields).status_code == 403
    for name, pk in (("meet", ada.pk), ("meeting", meeting.pk)):
        assert "There is no time left that is free for both of you." in page(ines, name, pk)


def test_who_chose_no_zone_is_told_and_keeps_that_of_their_device(ines, ada):
    Person.objects.filter(pk=ines.pk).update(zone="")
    pages = [reverse("availability"), reverse("meet", args=[ada.pk])]
    device = browser(ines)
    device.cookies["zone"] = "Asia%2FTokyo"
    for path in pages:
        shown = device.get(path).content.decode()
        assert "counted as in Zurich" in shown
        assert "Count them as in Tokyo" in shown
    assert Person.objects.get(pk=ines.pk).zone == ""
    answer = device.post(reverse("meetings-zone"), {"zone": "Asia/Tokyo", "next": pages[1]})
    assert answer.url == pages[1]
    assert Person.objects.get(pk=ines.pk).zone == "Asia/Tokyo"
    assert all("counted as in" not in device.get(path).content.decode() for path in pages)


@pytest.mark.parametrize("zone", ["", "Asia/Atlantis", "../../etc/passwd"])
def test_only_zones_that_there_are(ines, zone):
    Person.objects.filter(pk=ines.pk).update(zone="")
    assert browser(ines).post(reverse("meetings-zone"), {"zone": zone}).status_code == 403
    assert Person.objects.get(pk=ines.pk).zone == ""


def test_who_chose_a_zone_keeps_it(ines):
    browser(ines).post(reverse("meetings-zone"), {"zone": "Asia/Tokyo", "next": "https://elsewhere.example/"})
    assert Person.objects.get(pk=ines.pk).zone == "Europe/Lisbon"


# what is not everybody's to see


@pytest.fixture
def hidden(ines):
    """Inês shows her photo and her zone to those she is in touch with."""
    audiences = {"photo": "connections", "zone": "connections", "organisation": "connections"}
    Person.objects.filter(pk=ines.pk).update(photo="people/ines.jpg", audiences=audiences)
    ines.refresh_from_db()
    return ines


def test_photo_and_zone_are_for_those_who_may_see_them(ada, hidden):
    meeting = propose(ada, hidden)
    pages = [("meet", hidden.pk), ("meeting", meeting.pk), ("meetings",)]
    for name, *args in pages:
        shown = page(ada, name, *args)
        assert hidden.photo.url not in shown, name
        assert "Lisbon" not in shown, name
    in_touch(ada, hidden)
    for name, *args in pages:
        shown = page(ada, name, *args)
        assert hidden.photo.url in shown, name
        assert "Lisbon" in shown, name


def in_touch(one, other):
    for owner, who in ((one, other), (other, one)):
        Connection.objects.create(owner=owner, other=who, since=at("08:00"))


def test_nor_do_those_who_act_for_each_other_see_more(hidden, salma):
    shown = page(salma, "delegates")
    assert hidden.name in shown
    assert hidden.photo.url not in shown
    in_touch(hidden, salma)
    assert hidden.photo.url in page(salma, "delegates")


def test_a_list_asks_once_with_whom_one_is_in_touch(ada, ines, linus):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(ada, "meetings")
        return sum("people_connection" in it["sql"] for it in seen)

    propose(ada, ines)
    before = asked()
    propose(ada, linus, "11:00")
    assert asked() == before


@pytest.mark.parametrize(
    "fields",
    [{"listed": False}, {"audiences": {"organisation": "connections"}}, {"shown_to": "connections"}],
    ids=["not listed", "organisation hidden", "profile hidden"],
)
def test_naming_an_organisation_tells_nobody_who_belongs_to_it(mallory, ines, fields):
    Person.objects.filter(pk=mallory.pk).update(organisation="city of lisbon")
    assert "Inês Carvalho" in page(mallory, "delegates")
    Person.objects.filter(pk=ines.pk).update(**fields)
    assert "Inês Carvalho" not in page(mallory, "delegates")
    answer = browser(mallory).post(reverse("delegates"), {"do": "appoint", "person": ines.pk})
    assert answer.status_code == 403
    assert not Delegation.objects.exists()


def test_the_room_says_the_day_by_ones_own_clock(aiko, ada):
    Hour.objects.create(person=aiko, starts_at=at("17:00"), free=True)
    meeting = agreed(ada, aiko, "17:00")
    shown = page(aiko, "pair", meeting.pair.code)
    assert "You meet on Wednesday 26 May at 02:00 (Tokyo)." in shown
    assert "You meet on Tuesday 25 May at 17:00 (Dakar)." in page(ada, "pair", meeting.pair.code)


# delegates


def test_an_assistant_answers_visibly(ada, ines, salma):
    meeting = propose(ada, ines, note="Article 4")
    assert [it["kind"] for it in unread_as_shown(salma.pk)] == ["meeting.proposed"]
    assert "for <bdi>Inês Carvalho</bdi>" in page(salma, "meetings")
    post(salma, meeting, "accept", slot=slot_of(meeting, "10:30"))
    assert state(meeting) == ("accepted", None)
    [news] = unread_as_shown(ines.pk)
    assert news["text"] == f"{salma.name} acted for you in the meeting with Ada Ndiaye."
    assert unread_as_shown(salma.pk) == []
    assert f"by <bdi>{salma.name}</bdi> for <bdi>Inês Carvalho</bdi>" in page(ada, "meeting", meeting.pk)
    shown = page(salma, "meeting", meeting.pk)
    assert meeting.pair.code not in shown
    assert f"conversation/{meeting.conversation_id}" not in shown
    assert browser(salma).get(reverse("conversation", args=[meeting.conversation_id])).status_code in (403, 404)
    assert browser(salma).get(reverse("pair", args=[meeting.pair.code])).status_code in (403, 404)


def test_an_assistant_proposes_in_the_others_name(ada, ines, salma):
    fields = {"starts": [iso("10:30")], "way": "video", "for": ines.pk}
    browser(salma).post(reverse("meet", args=[ada.pk]), fields)
    made = Meeting.objects.get()
    assert (made.proposer, made.handled_by, made.conversation.started_by) == (ines, salma, ines)


def test_nobody_acts_for_somebody_without_being_asked(ada, ines, mallory):
    fields = {"starts": [iso("10:30")], "way": "video", "for": ines.pk}
    assert browser(mallory).post(reverse("meet", args=[ada.pk]), fields).status_code == 404
    assert browser(mallory).post(reverse("delegates"), {"do": "appoint", "person": ines.pk}).status_code == 403
    assert not Meeting.objects.exists()


def test_naming_and_ending_an_assistant(ada, ines, aiko):
    Connection.objects.create(owner=ines, other=aiko, since=at("08:00"))
    Connection.objects.create(owner=aiko, other=ines, since=at("08:00"))
    assert ada.name not in page(ines, "delegates")
    browser(ines).post(reverse("delegates"), {"do": "appoint", "person": aiko.pk})
    assert delegates.principals_of(aiko.pk) == {ines.pk}
    assert "I act for them" in page(aiko, "delegates")
    browser(aiko).post(reverse("delegates"), {"do": "release", "person": ines.pk})
    assert not Delegation.objects.exists()


def test_who_does_not_act_for_them_any_more_finds_nothing(ada, ines, salma):
    meeting = propose(ada, ines)
    browser(ines).post(reverse("delegates"), {"do": "dismiss", "person": salma.pk})
    assert browser(salma).get(reverse("meeting", args=[meeting.pk])).status_code == 404


def test_an_assistant_whom_a_block_keeps_from_the_other_finds_nothing(ada, ines, salma):
    meeting = propose(ada, ines)
    writer.do(ada.pk, block, ada.pk, salma.pk)
    assert browser(salma).get(reverse("meeting", args=[meeting.pk])).status_code == 404
    assert state(meeting) == ("proposed", ines.pk)


def test_nor_does_an_assistant_see_whom_a_block_keeps_from_them(ada, ines, salma):
    path = reverse("meet", args=[ada.pk])
    assert browser(salma).get(path, {"for": ines.pk}).status_code == 200
    writer.do(ada.pk, block, ada.pk, salma.pk)
    for answer in (browser(salma).get(path, {"for": ines.pk}), browser(salma).post(path, {"for": ines.pk})):
        assert answer.status_code == 404
        assert ada.name not in answer.content.decode()


def test_there_is_no_way_to_a_conversation_that_one_left(ada, ines):
    meeting = agreed(ada, ines)
    way = reverse("conversation", args=[meeting.conversation_id])
    assert way in page(ada, "meeting", meeting.pk)
    writer.do(ada.pk, conversations.leave, meeting.conversation, ada.pk)
    assert way not in page(ada, "meeting", meeting.pk)
    assert way in page(ines, "meeting", meeting.pk)


# closed doors


@pytest.mark.parametrize("deed", DOINGS)
def test_a_third_person_is_told_there_is_none(ada, ines, mallory, organiser, deed):
    meeting = agreed(ada, ines)
    for person in (mallory, organiser):
        answer = post(person, meeting, deed, slot=1, starts=[iso("15:00")])
        assert answer.status_code == 404
        assert ada.name not in answer.content.decode()
    assert state(meeting) == ("accepted", None)


@pytest.mark.parametrize("deed", DOINGS)
def test_who_is_blocked_is_told_there_is_none(ada, ines, deed):
    meeting = propose(ada, ines)
    writer.do(ines.pk, block, ines.pk, ada.pk)
    for person in (ada, ines):
        assert post(person, meeting, deed, slot=1, starts=[iso("15:00")]).status_code == 404
    assert browser(ada).get(reverse("meet", args=[ines.pk])).status_code == 404
    assert "Inês" not in page(ada, "meetings")


@pytest.mark.parametrize("name", ["meetings", "availability", "delegates"])
def test_whoever_is_not_signed_in_is_asked_to(client, name):
    assert client.get(reverse(name)).url.startswith(reverse("sign-in"))


def test_neither_are_strangers_let_in(client, ada, ines):
    meeting = propose(ada, ines)
    for path in (reverse("meeting", args=[meeting.pk]), reverse("meet", args=[ines.pk])):
        assert client.get(path).url.startswith(reverse("sign-in"))
        assert client.post(path, {"do": "accept"}).url.startswith(reverse("sign-in"))


def test_who_takes_no_proposals_has_a_page_that_says_so(ada, ines):
    ines.takes_meetings = False
    ines.save()
    answer = browser(ada).get(reverse("meet", args=[ines.pk]))
    assert (answer.status_code, "take no proposals" in answer.content.decode()) == (403, True)


# over the line


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("accept", {"slot": 1}),
        ("counter", {"starts": [iso("15:00")]}),
        ("move", {"starts": [iso("15:00")]}),
        ("decline", {}),
        ("cancel", {}),
        ("held", {}),
        ("no_show", {}),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_on_the_line_only_the_two_find_it(ada, ines, mallory, salma, command, more):
    meeting = propose(ada, ines)
    for person in (mallory, salma):
        assert on_the_line(person, f"meeting.{command}", meeting, **more) == "meeting.unknown"
    elsewhere = propose(ines, mallory, "15:30")
    mixed = refused_on_the_line(ada, f"meeting.{command}", elsewhere.conversation, meeting=meeting.pk, **more)
    assert mixed == "meeting.unknown"


def on_the_line(person, command, meeting, **more) -> str:
    return refused_on_the_line(person, command, meeting.conversation, meeting=meeting.pk, **more)


@pytest.mark.parametrize("command", ["counter", "move"])
def test_moments_after_all_time_are_none(ada, ines, command):
    meeting = propose(ada, ines)
    starts = ["9999-12-31T23:59:00-12:00"]
    assert on_the_line(ines, f"meeting.{command}", meeting, starts=starts) == "command.malformed"


def test_the_card_in_a_conversation(ada, ines):
    meeting = propose(ada, ines)
    assert [it["id"] for it in meetings.in_conversation(meeting.conversation)] == [meeting.pk]
    assert on_the_line(ines, "meeting.counter", meeting, starts=["2027-05-25T17:00:00+02:00"]) == ""
    assert on_the_line(ada, "meeting.accept", meeting, slot=slot_of(meeting, "15:00")) == ""
    [card] = meetings.in_conversation(meeting.conversation)
    assert (card["state"], card["starts"]) == ("accepted", iso("15:00"))
    assert card["room"] == reverse("pair", args=[meeting.pair.code])
    do(ada, meetings.cancel, meeting.pk)
    assert meetings.in_conversation(meeting.conversation) == []
