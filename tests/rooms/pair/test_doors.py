"""Nobody but the two: every way in is tried by everybody who should not be there."""

import json
from collections.abc import Iterable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from chat.models import Attachment
from live import log, writer
from live.commands import envelope, find, given
from live.refusal import Refused
from live.topics import kind_of
from people import blocks
from people.models import Person
from rooms.models import Pair
from rooms.stage import tokens, whip
from tests.rooms.witness import does, heard

from .conftest import opened, shifted

PAGE = "first0000001"
HERE = {"origin": "http://testserver"}
SDP, FRAGMENT, JSON = "application/sdp", "application/trickle-ice-sdpfrag", "application/json"
NOTES = json.dumps({"rev": 0, "base": "", "text": "not theirs"})

# name: (method, path after the code, body, type of the body); RESOURCE is one that was made for Ada.
DOORS = {
    "page": ("GET", "", "", ""),
    "stay": ("POST", "stay", "on=1", "application/x-www-form-urlencoded"),
    "notes read": ("GET", "notes", "", ""),
    "notes written": ("PUT", "notes", NOTES, JSON),
    "ice": ("GET", "ice", "", ""),
    "token": ("GET", "media/token", "", ""),
    "whip": ("POST", "whip", "v=0", SDP),
    "whip screen": ("POST", "whip?kind=screen", "v=0", SDP),
    "whep": ("POST", "whep", "v=0", SDP),
    "resource restarted": ("PATCH", "media/RESOURCE", "a=ice-ufrag:x", FRAGMENT),
    "resource ended": ("DELETE", "media/RESOURCE", "", ""),
    "resource's figures": ("GET", "media/RESOURCE/stats", "", ""),
    "resource's wish": ("PUT", "media/RESOURCE/wish", "{}", JSON),
}
COMMANDS: dict[str, dict] = {
    "pair.here": {"session": PAGE},
    "pair.leave": {"session": PAGE},
    "pair.signal": {"session": PAGE, "bye": True},
    "pair.extend": {"on": True},
    "pair.stay": {"on": True},
    "pair.block": {"report": ""},
}


PAGES = {"page": 302, "stay": 302}  # what they answer to nobody we know: the way to sign in


# who should not be there


def a_third(pair: Pair, people: dict) -> Person:
    return people["mallory"]


def an_organiser(pair: Pair, people: dict) -> Person:
    return people["organiser"]


def a_superuser(pair: Pair, people: dict) -> Person:
    Person.objects.filter(pk=people["organiser"].pk).update(is_superuser=True)
    return people["organiser"]


def somebody_of_another_pair(pair: Pair, people: dict) -> Person:
    opened(people["mallory"], people["ada"])
    return people["mallory"]


def the_blocked_one(pair: Pair, people: dict) -> Person:
    writer.do(people["ada"].pk, blocks.block, people["ada"].pk, people["ines"].pk)
    return people["ines"]


def the_one_who_blocked(pair: Pair, people: dict) -> Person:
    writer.do(people["ada"].pk, blocks.block, people["ada"].pk, people["ines"].pk)
    return people["ada"]


def one_whose_other_was_barred(pair: Pair, people: dict) -> Person:
    Person.objects.filter(pk=people["ines"].pk).update(is_active=False)
    return people["ada"]


STRANGERS = [
    a_third,
    an_organiser,
    a_superuser,
    somebody_of_another_pair,
    the_blocked_one,
    the_one_who_blocked,
    one_whose_other_was_barred,
]
stranger = pytest.mark.parametrize("who", STRANGERS, ids=[who.__name__ for who in STRANGERS])
STRANGERS_TO_THEIR_TALK = [who for who in STRANGERS if who is not one_whose_other_was_barred]
stranger_to_their_talk = pytest.mark.parametrize(
    "who", STRANGERS_TO_THEIR_TALK, ids=[who.__name__ for who in STRANGERS_TO_THEIR_TALK]
)


@pytest.fixture
def people(ada, ines, mallory, organiser) -> dict:
    return {"ada": ada, "ines": ines, "mallory": mallory, "organiser": organiser}


def tried(pair: Pair, door: str, person: Person | None = None, **headers: str):
    method, path, body, kind = DOORS[door]
    resource = f"w.r.{whip.mark(pair, pair.one_id, 'w.r')}"
    client = Client()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    at = f"/pair/{pair.code}/{path.replace('RESOURCE', resource)}"
    return client.generic(method, at, body, kind, headers=HERE | headers)


def code_of(response) -> str:
    return response.json()["code"] if "json" in response.headers["Content-Type"] else ""


@stranger
def test_no_stranger_comes_through_a_door(pair, people, who):
    person = who(pair, people)
    answers = {door: tried(pair, door, person) for door in DOORS}
    assert {door: answer.status_code for door, answer in answers.items()} == dict.fromkeys(DOORS, 404)
    assert {code_of(answer) for answer in answers.values()} == {"", "topic.unknown"}
    assert not Pair.objects.get(pk=pair.pk).notes


def test_nobody_comes_through_a_door_unless_we_know_who_it_is(pair):
    answers = {door: tried(pair, door) for door in DOORS}
    assert {door: answer.status_code for door, answer in answers.items()} == dict.fromkeys(DOORS, 401) | PAGES
    assert {code_of(answer) for answer in answers.values()} == {"", "ticket.invalid"}


@stranger
def test_a_token_opens_no_door_for_a_stranger(pair, people, who):
    bearer = f"Bearer {tokens.token(who(pair, people).pk, pair)}"
    refused = {door: tried(pair, door, Authorization=bearer).status_code for door in DOORS}
    without = dict.fromkeys(["notes read", "notes written"], 401)
    assert refused in [dict.fromkeys(DOORS, code) | without | PAGES for code in (404, 401)]


def test_a_token_of_one_room_opens_no_other(pair, ada, ines):
    other = opened(ada, ines)
    refused = tried(pair, "ice", Authorization=f"Bearer {tokens.token(ada.pk, other)}")
    assert (refused.status_code, code_of(refused)) == (404, "topic.unknown")
    assert tried(pair, "ice", Authorization=f"Bearer {tokens.token(ada.pk, pair)}").status_code == 200


def test_no_other_site_comes_through_a_door(pair, ada):
    doors = [door for door, (method, *_) in DOORS.items() if method != "GET" and door != "stay"]
    answers = [tried(pair, door, ada, Origin="https://elsewhere.example") for door in doors]
    assert {(answer.status_code, code_of(answer)) for answer in answers} == {(403, "media.foreign")}


def test_a_resource_is_its_makers_alone(pair, ines):
    """Those of the other are the other's, too."""
    assert code_of(tried(pair, "resource's figures", ines)) == "media.unknown"


# the line


@stranger
def test_no_stranger_does_anything(pair, people, who):
    person = who(pair, people)
    before = log.seqs([pair.topic])
    refused = {do: refusal(person, do, pair.topic, what) for do, what in COMMANDS.items()}
    assert refused == dict.fromkeys(COMMANDS, "topic.unknown")
    assert log.seqs([pair.topic]) == before


def refusal(person: Person, do: str, topic: str, what: dict) -> str:
    asked = envelope(json.dumps({"do": do, "ref": "r", "on": topic, "with": what}))
    command = find(asked)
    try:
        writer.do(person.pk, command.verb, person.pk, topic, given(asked, command.decoder))
    except Refused as no:
        return no.code
    return ""


@stranger
def test_no_stranger_hears_anything(pair, people, who):
    person = who(pair, people)
    with pytest.raises(Refused, match=r"topic\.unknown"):
        kind_of(pair.topic).welcome(person.pk, pair.topic)


@pytest.mark.parametrize("topic", ["pair.0", "pair.999999", "pair.1.desk", "pair.1.backstage"])
def test_no_other_topic_leads_in(pair, ada, topic):
    with pytest.raises(Refused, match=r"topic\.unknown"):
        kind_of(topic).welcome(ada.pk, topic)


@stranger_to_their_talk
def test_no_stranger_reads_or_writes_their_conversation(pair, people, who):
    person, topic = who(pair, people), pair.conversation.topic
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/messages/{pair.conversation_id}/").status_code == 404
    assert client.get(f"/conversation/{pair.conversation_id}/messages").status_code == 404
    assert refusal(person, "chat.say", topic, {"text": "Hello?"}) == "topic.unknown"
    with pytest.raises(Refused, match=r"topic\.unknown"):
        kind_of(topic).welcome(person.pk, topic)


@stranger_to_their_talk
def test_no_stranger_gets_a_file_of_their_conversation(pair, people, who, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = Attachment.objects.create(
        conversation=pair.conversation, by=people["ada"], name="map.pdf", type="application/pdf", size=4
    )
    file.file.save("map.pdf", ContentFile(b"%PDF"))
    client = Client()
    client.force_login(who(pair, people), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("chat-file", args=[file.key])).status_code == 404
    assert client.get(f"/media/attachments/{file.key}").status_code == 404


# the two, in time


# Publishing has tests with a worker; here there is none, nor a resource.
OPEN = {door: 404 for door in DOORS if not door.startswith("whip")} | {"whep": 503}
OPEN |= {"page": 200, "stay": 302, "notes read": 200, "notes written": 200, "ice": 200, "token": 200}
SHUT = dict.fromkeys(DOORS, 403) | {"page": 200, "notes read": 200}


def through(pair: Pair, person: Person, doors: Iterable[str] = DOORS) -> tuple[dict[str, int], set[str]]:
    """What each door answers, and the codes of those that refuse."""
    answers = {door: tried(pair, door, person) for door in doors}
    refused = {code_of(answer) for answer in answers.values() if answer.status_code == 403}
    return {door: answer.status_code for door, answer in answers.items()}, refused


def test_its_two_come_through_every_door(pair, ada, ines):
    for person in (ada, ines):
        answers, refused = through(pair, person, OPEN)
        assert answers == OPEN
        assert not refused


def test_before_it_opens_only_the_page_is_there(ada, ines):
    answers, refused = through(opened(ada, ines, minutes=6), ada)
    assert answers == SHUT
    assert refused == {"", "pair.not_open"}


def test_after_the_end_what_was_written_can_be_read(pair, ada):
    shifted(pair, 60)
    answers, refused = through(pair, ada)
    assert answers == SHUT | {"stay": 302}
    assert refused == {"pair.over"}


def refusals(pair: Pair, person: Person) -> dict[str, str]:
    return {do: refusal(person, do, pair.topic, what) for do, what in COMMANDS.items()}


def test_what_can_be_done_before_it_opens(ada, ines):
    refused = dict.fromkeys(COMMANDS, "pair.not_open") | dict.fromkeys(["pair.leave", "pair.block"], "")
    assert refusals(opened(ada, ines, minutes=6), ada) == refused


def test_what_can_be_done_after_the_end(pair, ada):
    shifted(pair, 60)
    refused = dict.fromkeys(COMMANDS, "pair.over") | dict.fromkeys(["pair.leave", "pair.block", "pair.stay"], "")
    assert refusals(pair, ada) == refused


# what a page says


def page(pair: Pair, person: Person):
    return tried(pair, "page", person)


def test_a_page_has_what_its_island_reads(pair, ada, ines):
    does(ada, "pair.here", pair, session=PAGE)
    shown = page(pair, ines).content.decode()
    for part in ("pair-snapshot", "pair-mine", "chat-snapshot", "mine"):
        assert f'<script id="{part}" type="application/json">' in shown
    assert f'data-pair="{pair.pk}" data-conversation="{pair.conversation_id}" data-me="{ines.pk}"' in shown
    assert 'id="pair"' in shown


def test_a_page_may_ask_for_a_camera(pair, ada):
    assert "camera=(self)" in page(pair, ada).headers["Permissions-Policy"]


def test_a_page_before_it_opens_says_when_for_both(ada, linus):
    shown = page(opened(ada, linus, minutes=65), ada).content.decode()
    assert "The room opens at" in shown
    assert f"For <bdi>{linus.name}</bdi> it is" in shown
    assert "Stay in touch?" not in shown


def test_a_page_does_not_tell_the_time_of_somebody_who_hides_it(ada, linus):
    Person.objects.filter(pk=linus.pk).update(audiences={"zone": "nobody"})
    assert f"For <bdi>{linus.name}</bdi> it is" not in page(opened(ada, linus, minutes=65), ada).content.decode()


def test_a_page_after_the_end_shows_the_notes_and_the_way_on(pair, ada, ines):
    tried(pair, "notes written", ada)
    shifted(pair, 60)
    shown = page(pair, ines).content.decode()
    assert "not theirs" in shown
    assert f'href="/messages/{pair.conversation_id}/"' in shown
    assert "Stay in touch?" in shown


def test_staying_in_touch_without_a_script(pair, ada, ines):
    assert tried(pair, "stay", ada).status_code == 302
    assert 'aria-pressed="true"' in page(pair, ada).content.decode()
    assert 'aria-pressed="false"' in page(pair, ines).content.decode()
    tried(pair, "stay", ines)
    assert "are in touch" in page(pair, ada).content.decode()


@pytest.mark.parametrize(
    "body",
    ["[]", "{}", '{"rev":0,"base":"","text":"a","more":1}', '{"rev":-1,"base":"","text":""}', b"\xff"],
    ids=["a list", "too little", "too much", "a wrong number", "no UTF-8"],
)
def test_what_are_no_notes_is_refused(pair, ada, body):
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.generic("PUT", f"/pair/{pair.code}/notes", body, JSON, headers=HERE)
    assert (refused.status_code, code_of(refused)) == (400, "command.malformed")
    assert heard(pair.topic, 0) == []


def test_notes_that_are_too_long_are_refused(pair, ada):
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    for text in ("a" * 20_001, "a" * 300_000):
        long = json.dumps({"rev": 0, "base": "", "text": text})
        refused = client.generic("PUT", f"/pair/{pair.code}/notes", long, JSON, headers=HERE)
        assert refused.status_code in (400, 413)
