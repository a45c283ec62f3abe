"""The doors of media, before a worker and a web process that run in earnest."""

import base64
import hmac
import itertools
import json
from datetime import timedelta

import pytest
from django.test import AsyncClient
from django.utils import timezone

from live import writer
from people.models import Group
from programme.models import Session
from rooms import states
from rooms.models import Room, Seat
from rooms.stage import relays, seats, tokens
from tests.live.line import looked
from tests.media.client import OPUS, Client, audio, rtp, video

from . import studio
from .studio import FRAGMENT, SDP, guest, until
from .witness import does

REVISIONS = itertools.count(100, 100)


@pytest.fixture(scope="module")
def worker(embedded_valkey):
    worker = studio.Worker()
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def web(django_db_setup, django_db_blocker, embedded_valkey, worker):
    with django_db_blocker.unblock():
        web = studio.Web(TURN_URL="turn:relay.example:3478 stun:relay.example:3478", TURN_SECRET="a shared secret")
    yield web
    web.stop()


@pytest.fixture
def room(transactional_db, room):
    """The worker remembers rooms of earlier tests, which had the same id."""
    Room.objects.filter(pk=room.pk).update(stage_revision=next(REVISIONS))
    return room


async def done(person, do: str, room: Room, /, **given):
    return await looked(lambda: does(person, do, room, **given))


async def code_of(answer) -> str:
    assert answer.content_type == "application/problem+json"
    told = json.loads(await answer.text())
    assert told["status"] == answer.status
    assert told["title"]
    return told["code"]


async def stats_of(somebody, answer) -> dict:
    told = await somebody.ask("GET", answer.headers["Location"] + "/stats")
    return json.loads(await told.text())


async def is_gone(somebody, answer) -> bool:
    return (await somebody.ask("GET", answer.headers["Location"] + "/stats")).status == 404


# publishing and watching


async def test_a_speaker_publishes_from_behind_the_stage(web, room, linus):
    await done(linus, "stage.enter", room)
    async with guest(web, room.code, linus) as somebody:
        answer = await somebody.publishes()
        await somebody.connected(answer)
        assert answer.content_type == SDP
        assert answer.headers["Location"].startswith(f"/room/{room.code}/media/")
        assert answer.headers["ETag"]


async def test_a_page_that_publishes_on_does_not_bring_back_who_was_removed(web, room, linus, grace):
    await done(linus, "stage.enter", room)
    async with guest(web, room.code, linus) as somebody:
        answer = await somebody.publishes()
        await somebody.connected(answer)
        await done(grace, "stage.remove", room, person=linus.pk)
        await until(is_gone, somebody, answer)
        refused = await somebody.publishes()
        assert (refused.status, await code_of(refused)) == (403, "stage.not_seated")
        assert not await looked(lambda: Seat.objects.filter(person=linus).exists())


async def test_the_audience_watches(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        await somebody.connected(await somebody.watches())


async def test_what_is_published_is_seen_by_the_audience_once_it_is_on_stage(web, room, linus, grace, ada):
    await done(linus, "stage.enter", room)
    async with guest(web, room.code, linus) as speaker, guest(web, room.code, ada) as viewer:
        sending = await speaker.connected(await speaker.publishes())
        await done(grace, "stage.up", room, person=linus.pk)
        receiving = await viewer.connected(await viewer.watches())
        await until(lambda: forwarded(sending, receiving))


def forwarded(sending: Client, receiving: Client) -> bool:
    sending.sequence = getattr(sending, "sequence", 0) + 1
    sending.send(rtp(OPUS, sending.sequence, 960 * sending.sequence, 11, b"opus", mid=b"0", level=b"\x10"))
    return any(packet[-4:] == b"opus" for packet in receiving.rtp)


async def test_a_promoted_attendee_publishes_until_taken_down(web, room, ada, grace):
    async with guest(web, room.code, ada) as somebody:
        await done(grace, "stage.up", room, person=ada.pk)
        await done(ada, "stage.accept", room)
        answer = await somebody.publishes()
        await somebody.connected(answer)
        await done(grace, "stage.down", room, person=ada.pk)
        await until(is_gone, somebody, answer)
        assert (await somebody.publishes()).status == 403


async def test_a_screen_is_announced_by_publishing_it(web, room, linus, grace):
    await done(linus, "stage.enter", room)
    await done(grace, "stage.enter", room)
    async with guest(web, room.code, linus) as speaker, guest(web, room.code, grace) as chair:
        await speaker.connected(await speaker.publishes("screen"))
        seat = await looked(lambda: Seat.objects.get(person=linus))
        assert seat.screen
        taken = await chair.publishes("screen")
        assert (taken.status, await code_of(taken)) == (409, "stage.screen_taken")


async def test_the_end_of_the_session_ends_what_is_published(web, room, linus, grace):
    await done(linus, "stage.enter", room)
    async with guest(web, room.code, linus) as somebody:
        answer = await somebody.publishes()
        await somebody.connected(answer)
        await done(grace, "room.state", room, state="ended")
        await until(is_gone, somebody, answer)
        refused = await somebody.publishes()
        assert (refused.status, await code_of(refused)) == (403, "room.ended")
        assert (await somebody.watches()).status == 403


async def test_only_those_behind_the_stage_watch_it(web, room, linus, ada):
    async with guest(web, room.code, linus) as speaker, guest(web, room.code, ada) as attendee:
        await speaker.connected(await speaker.watches("backstage"))
        refused = await attendee.watches("backstage")
        assert (refused.status, await code_of(refused)) == (403, "room.not_yours")


async def test_who_is_removed_stops_hearing_what_happens_behind_the_stage(web, room, ada, grace):
    async with guest(web, room.code, ada) as somebody:
        await done(grace, "stage.up", room, person=ada.pk)
        await done(ada, "stage.accept", room)
        answer = await somebody.watches("backstage")
        await somebody.connected(answer)
        await done(grace, "stage.remove", room, person=ada.pk)
        await until(is_gone, somebody, answer)
        assert (await somebody.watches("backstage")).status == 403


# nobody else ever publishes


async def attending(web, room, people):
    return {"person": people["ada"]}


async def not_come_yet(web, room, people):
    return {"person": people["linus"]}


async def asked_only(web, room, people):
    await done(people["grace"], "stage.up", room, person=people["ada"].pk)
    return {"person": people["ada"]}


async def declined(web, room, people):
    await done(people["grace"], "stage.up", room, person=people["ada"].pk)
    await done(people["ada"], "stage.decline", room)
    return {"person": people["ada"]}


async def removed(web, room, people):
    await done(people["grace"], "stage.up", room, person=people["ada"].pk)
    await done(people["ada"], "stage.accept", room)
    await done(people["grace"], "stage.remove", room, person=people["ada"].pk)
    return {"person": people["ada"]}


async def outside(web, room, people):
    await looked(lambda: room.session.groups.add(Group.objects.create(name="Mayors", slug="mayors")))
    return {"person": people["mallory"]}


async def signed_out(web, room, people):
    return {"Origin": web.address}


async def from_another_site(web, room, people):
    return {"person": people["linus"], "Origin": "https://elsewhere.example"}


async def from_nowhere(web, room, people):
    return {"person": people["linus"], "Origin": ""}


async def token_of_an_attendee(web, room, people):
    return {"token": await looked(tokens.token, people["ada"].pk, room)}


async def token_of_another_room(web, room, people):
    return {"token": await looked(lambda: tokens.token(people["linus"].pk, another(room)))}


async def expired_token(web, room, people):
    ended = timezone.now() - timedelta(hours=2)
    return {"token": await looked(lambda: tokens.token(people["linus"].pk, prolonged(room, ended)))}


async def forged_token(web, room, people):
    good = await looked(tokens.token, people["linus"].pk, room)
    return {"token": good[:-2] + ("AA" if good[-2:] != "AA" else "BB")}


async def token_of_somebody_barred(web, room, people):
    token = await looked(tokens.token, people["linus"].pk, room)
    await looked(lambda: type(people["linus"]).objects.filter(pk=people["linus"].pk).update(is_active=False))
    return {"token": token}


async def before_it_opens(web, room, people):
    later = {"starts_at": timezone.now() + timedelta(hours=5), "ends_at": timezone.now() + timedelta(hours=6)}
    await looked(lambda: Session.objects.filter(pk=room.session_id).update(**later))
    await looked(lambda: Room.objects.filter(pk=room.pk).update(state=Room.State.SCHEDULED))
    return {"person": people["linus"]}


def prolonged(room: Room, until) -> Room:
    room.session.ends_at = until
    return room


def another(room: Room) -> Room:
    """A room of the same forum in which the same people speak."""
    session = Session.objects.create(
        event=room.session.event,
        code="other",
        title="Other",
        starts_at=room.session.starts_at,
        ends_at=room.session.ends_at,
    )
    for part in room.session.appearances.all():
        session.appearances.create(person=part.person, role=part.role)
    return states.prepare(session, code="4822")


CANDIDATES = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
    "a=candidate:1 1 udp 1 198.51.100.1 9 typ host\r\na=end-of-candidates\r\n"
)
NOBODYS = [
    (attending, 403, "stage.not_seated"),
    (not_come_yet, 403, "stage.not_seated"),
    (asked_only, 403, "stage.not_seated"),
    (declined, 403, "stage.not_seated"),
    (removed, 403, "stage.not_seated"),
    (outside, 404, "room.unknown"),
    (signed_out, 401, "ticket.invalid"),
    (from_another_site, 403, "media.foreign"),
    (from_nowhere, 403, "media.foreign"),
    (token_of_an_attendee, 403, "stage.not_yours"),
    (token_of_another_room, 404, "room.unknown"),
    (expired_token, 401, "ticket.invalid"),
    (forged_token, 401, "ticket.invalid"),
    (token_of_somebody_barred, 401, "ticket.invalid"),
    (before_it_opens, 403, "room.not_open"),
]


@pytest.mark.parametrize("kind", ["camera", "screen"])
@pytest.mark.parametrize(("who", "status", "code"), NOBODYS, ids=[who.__name__ for who, *_ in NOBODYS])
async def test_nobody_else_publishes(web, room, ada, linus, grace, mallory, who, status, code, kind):
    people = {"ada": ada, "linus": linus, "grace": grace, "mallory": mallory}
    async with guest(web, room.code, **await who(web, room, people)) as somebody:
        refused = await somebody.publishes(kind)
        assert (refused.status, await code_of(refused)) == (status, code)
    assert not await looked(lambda: Seat.objects.publishing().exists())


CANNOT_WATCH = [(who, status, code) for who, status, code in NOBODYS if not code.startswith("stage.")]


@pytest.mark.parametrize(("who", "status", "code"), CANNOT_WATCH, ids=[who.__name__ for who, *_ in CANNOT_WATCH])
async def test_nobody_watches_what_they_may_not_enter(web, room, ada, linus, grace, mallory, who, status, code):
    people = {"ada": ada, "linus": linus, "grace": grace, "mallory": mallory}
    async with guest(web, room.code, **await who(web, room, people)) as somebody:
        refused = await somebody.watches()
        assert (refused.status, await code_of(refused)) == (status, code)


async def test_somebody_unknown_is_told_how_to_sign_in(web, room):
    async with guest(web, room.code) as somebody:
        assert (await somebody.watches()).headers["WWW-Authenticate"].startswith("Bearer")


# resources


async def test_a_resource_is_its_makers_alone(web, room, ada, ines):
    async with guest(web, room.code, ada) as maker, guest(web, room.code, ines) as other:
        answer = await maker.watches()
        await maker.connected(answer)
        at = answer.headers["Location"]
        for method, path, body, kind in [
            ("DELETE", at, "", SDP),
            ("PATCH", at, "a=ice-ufrag:x\r\n", FRAGMENT),
            ("GET", f"{at}/stats", "", SDP),
            ("PUT", f"{at}/wish", '{"video":"none"}', "application/json"),
        ]:
            assert (await other.ask(method, path, body, Content_Type=kind)).status == 404
        assert await stats_of(maker, answer)


async def test_leaving(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        answer = await somebody.watches()
        await somebody.connected(answer)
        assert (await somebody.ask("DELETE", answer.headers["Location"])).status == 200
        assert await is_gone(somebody, answer)
        assert (await somebody.ask("DELETE", answer.headers["Location"])).status == 404


async def test_restarting_ice(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        answer = await somebody.watches()
        client = await somebody.connected(answer)
        at, fragment = answer.headers["Location"], client.restart()
        missing = await somebody.ask("PATCH", at, fragment, Content_Type=FRAGMENT)
        assert (missing.status, await code_of(missing)) == (428, "media.changed")
        other = await somebody.ask("PATCH", at, fragment, Content_Type=FRAGMENT, If_Match='"another"')
        assert (other.status, await code_of(other)) == (412, "media.changed")
        restarted = await somebody.ask("PATCH", at, fragment, Content_Type=FRAGMENT, If_Match="*")
        assert restarted.status == 200
        assert restarted.content_type == FRAGMENT
        assert restarted.headers["ETag"] != answer.headers["ETag"]


async def test_trickling(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        answer = await somebody.watches()
        client = await somebody.connected(answer)
        given = (
            f"a=ice-ufrag:{client.ufrag}\r\na=ice-pwd:{client.pwd}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
        )
        given += "a=candidate:1 1 udp 1 198.51.100.1 9 typ host\r\na=end-of-candidates\r\n"
        etag = answer.headers["ETag"]
        told = await somebody.ask("PATCH", answer.headers["Location"], given, Content_Type=FRAGMENT, If_Match=etag)
        assert told.status == 204


async def test_a_viewer_wishes(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        answer = await somebody.watches()
        await somebody.connected(answer)
        at = answer.headers["Location"] + "/wish"
        kind = "application/json"
        assert (await somebody.ask("PUT", at, '{"video":"none","audio":true}', Content_Type=kind)).status == 204
        assert (await somebody.ask("PUT", at, '{"video":"most"}', Content_Type=kind)).status == 400


# what RFC 9725 asks for


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("door", ["whip", "whep"])
async def test_other_methods_are_reserved(web, room, linus, door, method):
    async with guest(web, room.code, linus) as somebody:
        answer = await somebody.ask(method, door)
        assert (answer.status, answer.headers["Allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
async def test_other_methods_of_a_session_are_reserved(web, room, linus, method):
    async with guest(web, room.code, linus) as somebody:
        answer = await somebody.ask(method, "media/abc.def.ghi")
        assert (answer.status, answer.headers["Allow"]) == (405, "PATCH, DELETE, OPTIONS")


@pytest.mark.parametrize("door", ["whip", "whep"])
async def test_a_page_elsewhere_asks_first(web, room, door):
    async with guest(web, room.code, Origin="https://player.example") as somebody:
        told = await somebody.ask("OPTIONS", door, Access_Control_Request_Method="POST")
        assert told.status == 204
        assert told.headers["Accept-Post"] == SDP
        assert told.headers["Access-Control-Allow-Origin"] == "*"
        assert "Authorization" in told.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in told.headers


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("v=0", "text/plain", 415, "media.wrong_type"),
        ("nonsense", SDP, 400, "media.malformed"),
        ("v=0\r\n" + "a=x\r\n" * 20_000, SDP, 413, "command.too_large"),
    ],
    ids=["type", "nonsense", "too large"],
)
@pytest.mark.parametrize("door", ["whip", "whep"])
async def test_offers_that_are_none(web, room, linus, door, body, kind, status, code):
    await done(linus, "stage.enter", room)
    async with guest(web, room.code, linus) as somebody:
        refused = await somebody.ask("POST", door, body, Content_Type=kind)
        assert (refused.status, await code_of(refused)) == (status, code)


async def test_an_offer_without_a_codec_that_we_know(web, room, linus):
    await done(linus, "stage.enter", room)
    async with guest(web, room.code, linus) as somebody:
        offer = somebody.client().offer(audio("sendonly", 11).replace("opus", "speex"))
        refused = await somebody.ask("POST", "whip", offer, Content_Type=SDP)
        assert (refused.status, await code_of(refused)) == (422, "media.no_codec")


@pytest.mark.parametrize("path", ["whip?kind=window", "whep?place=roof"])
async def test_nothing_else_can_be_asked_for(web, room, linus, path):
    async with guest(web, room.code, linus) as somebody:
        offer = somebody.client().offer(video("sendonly", 12, 13))
        assert (await somebody.ask("POST", path, offer, Content_Type=SDP)).status == 400


# in haste, and while there is no worker


async def knocks(client: AsyncClient, person, room: Room, media_type: str):
    await client.aforce_login(person, backend="django.contrib.auth.backends.ModelBackend")
    at, origin = f"/room/{room.code}/whep", {"Origin": "http://testserver"}
    return await client.post(at, b"v=0", content_type=media_type, headers=origin)


async def test_somebody_who_joins_all_the_time_is_slowed_down(room, ada, settings, async_client):
    settings.LIVE_RATES = {**settings.LIVE_RATES, "whip": (3, 600)}
    often = [await knocks(async_client, ada, room, "text/plain") for _ in range(4)]
    assert [answer.status_code for answer in often] == [415] * 3 + [429]
    assert often[-1].json()["code"] == "slow.down"


async def test_while_no_worker_can_be_found_people_are_asked_to_come_again(room, ada, settings, async_client):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    answer = await knocks(async_client, ada, room, SDP)
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert answer.json()["code"] == "media.away"


# tokens and relays


async def test_a_program_publishes_with_a_token(web, room, linus):
    async with guest(web, room.code, linus) as somebody:
        told = json.loads(await (await somebody.ask("GET", "media/token")).text())
        assert told["whip"] == f"{web.address}/room/{room.code}/whip"
        assert told["whep"] == f"{web.address}/room/{room.code}/whep"
    async with guest(web, room.code, token=told["token"]) as program:
        answer = await program.publishes()
        await program.connected(answer)
        assert (await looked(lambda: Seat.objects.get(person=linus))).place == "backstage"
        assert (await program.ask("DELETE", answer.headers["Location"])).status == 200
        await program.connected(await program.watches())


async def test_relays_are_told_in_the_answer_and_before(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        told = json.loads(await (await somebody.ask("GET", "ice")).text())["iceServers"]
        assert [server["urls"] for server in told] == [["turn:relay.example:3478"], ["stun:relay.example:3478"]]
        user = told[0]["username"]
        secret = hmac.digest(b"a shared secret", user.encode(), "sha1")
        assert told[0]["credential"] == base64.b64encode(secret).decode()
        assert user.endswith(f":{ada.pk}")
        link = (await somebody.watches()).headers["Link"]
        assert link.startswith('<turn:relay.example:3478>; rel="ice-server"; username="')
        assert link.endswith('<stun:relay.example:3478>; rel="ice-server"')


def test_without_relays_none_are_told(settings):
    settings.TURN_URL = []
    assert relays.servers(7) == []
    assert relays.links(7) == []


def test_credentials_are_good_for_an_hour(settings):
    settings.TURN_URL, settings.TURN_SECRET = ["turns:relay.example:443?transport=tcp"], "s"
    assert relays.servers(7, now=1000)[0]["username"] == "4600:7"


# pages


@pytest.mark.parametrize(("path", "camera"), [("", "(self)"), ("desk", "(self)"), ("speaker", "(self)")])
def test_pages_of_a_room_may_use_the_camera(room, grace, client, path, camera):
    client.force_login(grace, backend="django.contrib.auth.backends.ModelBackend")
    policy = client.get(f"/room/{room.code}/{path}").headers["Permissions-Policy"]
    assert f"camera={camera}" in policy
    assert "display-capture=(self)" in policy


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/room/4821/projector", "/admin/login/"])
def test_no_other_page_may(room, grace, client, path):
    client.force_login(grace, backend="django.contrib.auth.backends.ModelBackend")
    assert "camera=(), microphone=()" in client.get(path, follow=True).headers["Permissions-Policy"]


def test_a_seat_taken_by_publishing_is_on_record(room, linus):
    assert writer.do(linus.pk, seats.ready_by_program, room, linus, True).screen
