"""Pushes as they leave: only to known services, readable by one browser, and forgotten with it."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import aiohttp
import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client
from django.utils import timezone
from py_vapid import Vapid02

from live import writer
from live.refusal import Refused
from people import delivery, nudges, push, vapid
from people.models import Nudge, PushSubscription, Reach

from .push_service import UserAgent, serving

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
DOOR = "/me/reach/browser"


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(nudges, "_kinds", dict(nudges._kinds))
    nudges.kind("test.news")(lambda given: f"News: {given['what']}")
    nudges.kind("test.now", urgent=True)(lambda given: f"Now: {given['what']}")


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def post(client, agent: UserAgent, endpoint: str = ENDPOINT, **more):
    return client.post(DOOR, json.dumps(agent.subscription(endpoint, **more)), content_type="application/json")


class TestSubscribing:
    def test_a_browser_is_taken_and_let_go(self, client, ada):
        client.force_login(ada)
        agent = UserAgent()
        assert post(client, agent, on=True).json() == {"on": True}
        assert ada.push_subscriptions.get().p256dh == agent.p256dh
        assert post(client, agent, on=False).json() == {"on": False}
        assert not ada.push_subscriptions.exists()

    def test_nobody_else_lets_it_go(self, client, ada, mallory):
        agent = UserAgent()
        client.force_login(ada)
        post(client, agent)
        client.force_login(mallory)
        post(client, agent, on=False)
        assert ada.push_subscriptions.exists()

    def test_a_browser_goes_over_to_whoever_uses_it_now(self, client, ada, ines):
        agent = UserAgent()
        for person in (ada, ines):
            client.force_login(person)
            post(client, agent)
        assert [it.person for it in PushSubscription.objects.all()] == [ines]

    def test_whoever_signs_out_is_not_told_there_any_more(self, client, ada):
        client.force_login(ada)
        post(client, UserAgent(), f"{ENDPOINT}1")
        other = Client()
        other.force_login(ada)
        post(other, UserAgent(), f"{ENDPOINT}2")
        assert f'data-known="{ENDPOINT}1"' in client.get("/me/reach/").content.decode()
        client.post("/sign-out/")
        assert [it.endpoint for it in ada.push_subscriptions.all()] == [f"{ENDPOINT}2"]

    def test_the_oldest_gives_way(self, client, ada):
        client.force_login(ada)
        for number in range(push.BROWSERS + 2):
            post(client, UserAgent(), f"{ENDPOINT}{number}")
        kept = {it.endpoint.removeprefix(ENDPOINT) for it in ada.push_subscriptions.all()}
        assert kept == {str(number) for number in range(2, push.BROWSERS + 2)}

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://updates.push.services.mozilla.com/x",
            "https://169.254.169.254/latest/meta-data",
            "https://localhost/x",
            "https://push.services.mozilla.com.evil.example/x",
            "https://fcm.googleapis.com:8443/x",
            "https://fcm.googleapis.com@evil.example/x",
            "https://me@fcm.googleapis.com/x",
            "https://evilfcm.googleapis.com/x",
            "file:///etc/passwd",
            "https://[::1/x",
            "",
        ],
        ids=[
            "plain", "inner", "localhost", "suffix", "port", "disguised", "user", "longer", "file", "broken", "empty",
        ],
    )  # fmt: skip
    def test_no_other_address_is_posted_to(self, client, ada, endpoint):
        client.force_login(ada)
        assert post(client, UserAgent(), endpoint).json()["refused"] == "push.foreign"
        assert not PushSubscription.objects.exists()

    @pytest.mark.parametrize(
        ("p256dh", "auth"),
        [("", "AAAA"), ("A" * 87, "A" * 22), ("%%%", "A" * 22)],
        ids=["none", "no point", "no base64"],
    )
    def test_keys_that_cannot_be_used_are_refused(self, ada, p256dh, auth):
        with pytest.raises(Refused, match=r"push\.unfit"):
            push.subscribe(ada.pk, push.Browser(ENDPOINT, p256dh, auth))

    def test_a_short_secret_is_refused(self, ada):
        with pytest.raises(Refused, match=r"push\.unfit"):
            push.subscribe(ada.pk, push.Browser(ENDPOINT, UserAgent().p256dh, "AAAA"))

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"endpoint": 1}', "x" * 5000])
    def test_nonsense_is_refused(self, client, ada, body):
        client.force_login(ada)
        answer = client.post(DOOR, body, content_type="application/json")
        assert (answer.status_code, answer.json()["refused"]) == (400, "command.malformed")

    def test_only_when_signed_in(self, client):
        assert post(client, UserAgent()).status_code == 302


class TestKeys:
    def test_made_once_and_kept_to_oneself(self, tmp_path):
        first = vapid.public()
        vapid._key.cache_clear()
        assert vapid.public() == first
        assert vapid.path().stat().st_mode & 0o077 == 0

    def test_another_process_was_faster(self, tmp_path):
        vapid._make(vapid.path())
        theirs = vapid.path().read_bytes()
        vapid._make(vapid.path())
        assert vapid.path().read_bytes() == theirs
        assert [it.name for it in tmp_path.iterdir()] == ["vapid.pem"]

    def test_settings_come_first(self, settings):
        settings.VAPID_PRIVATE_KEY = "3WQEmBMtmx8YXPcTOAiQWmoNrURvuBBWsXNRPdTz_HQ"
        assert len(push.decoded(vapid.public())) == push.POINT
        assert not vapid.path().exists()

    def test_the_service_can_verify_who_we_are(self):
        assert Vapid02.verify(vapid.authorization(ENDPOINT))


@pytest.fixture
async def service(settings):
    """One thread does the database's work, and hangs up in the end: nobody drops a database that is in use."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    async with serving() as service:
        settings.PUSH_HOSTS = [service.origin]
        yield service
    await asyncio.to_thread(connections.close_all)
    await sync_to_async(connections.close_all)()


@sync_to_async
def tell(person, agent: UserAgent | None, origin: str, key: str = "k", kind: str = "test.now", **more) -> None:
    """A nudge that is due now."""
    if agent:
        push.subscribe(person.pk, push.Browser(f"{origin}/to/{agent.p256dh[:8]}", agent.p256dh, agent.auth))
    writer.do(person.pk, nudges.nudge, person.pk, key, kind, {"what": "tea"}, "/schedule/", *more.values())
    Nudge.objects.update(due_at=timezone.now())


async def look(work, *args):
    return await sync_to_async(work)(*args)


@pytest.mark.django_db(transaction=True)
class TestSending:
    async def test_only_the_browser_can_read_it(self, ada, service):
        agent = UserAgent()
        await tell(ada, agent, service.origin)
        await delivery.deliver(look)
        [got] = service.got
        assert agent.read(got.body) == {"title": "Now: tea", "body": "", "path": "/schedule/", "tag": "k"}
        assert b"tea" not in got.body
        assert (got.headers["Content-Encoding"], got.headers["Urgency"], len(got.headers["Topic"])) == (
            "aes128gcm", "high", 32,
        )  # fmt: skip
        assert int(got.headers["TTL"]) == delivery.DAY
        assert Vapid02.verify(got.headers["Authorization"])

    async def test_it_is_kept_no_longer_than_it_matters(self, ada, service):
        await tell(ada, UserAgent(), service.origin, until=timezone.now() + timedelta(minutes=10))
        await delivery.deliver(look)
        assert 590 <= int(service.got[0].headers["TTL"]) <= 600

    async def test_all_of_a_persons_browsers_and_nobody_elses(self, ada, ines, service):
        agents = [UserAgent(), UserAgent()]
        await tell(ines, UserAgent(), service.origin, key="other")
        await sync_to_async(Nudge.objects.all().delete)()
        for agent in agents:
            await tell(ada, agent, service.origin)
        await delivery.deliver(look)
        assert {got.path for got in service.got} == {f"/to/{agent.p256dh[:8]}" for agent in agents}

    async def test_once_however_many_processes_ask(self, ada, service):
        await tell(ada, UserAgent(), service.origin)
        await delivery.deliver(look)
        await delivery.deliver(look)
        assert len(service.got) == 1

    @pytest.mark.parametrize("status", [404, 410])
    async def test_a_browser_that_has_gone_is_forgotten(self, ada, service, status):
        service.status = status
        await tell(ada, UserAgent(), service.origin)
        await delivery.deliver(look)
        assert not await PushSubscription.objects.aexists()

    @pytest.mark.parametrize("status", [302, 429, 500])
    async def test_other_trouble_keeps_it_and_leads_nowhere_else(self, ada, service, status):
        service.status = status
        await tell(ada, UserAgent(), service.origin)
        await delivery.deliver(look)
        assert (len(service.got), await PushSubscription.objects.acount()) == (1, 1)

    async def test_a_service_that_is_away_stops_nobody(self, ada, service, settings):
        settings.PUSH_HOSTS = ["http://127.0.0.1:9"]
        await tell(ada, UserAgent(), "http://127.0.0.1:9")
        await delivery.deliver(look)
        assert await PushSubscription.objects.acount() == 1

    async def test_a_service_that_is_trusted_no_more_gets_nothing(self, ada, service, settings):
        await tell(ada, UserAgent(), service.origin)
        settings.PUSH_HOSTS = ["push.example"]
        await delivery.deliver(look)
        assert service.got == []

    async def test_not_to_whoever_wants_none(self, ada, service):
        await Reach.objects.acreate(person=ada, news_push=False)
        await tell(ada, UserAgent(), service.origin)
        await delivery.deliver(look)
        assert service.got == []


async def test_an_unknown_address_is_not_even_tried():
    async with aiohttp.ClientSession() as line:
        told = push.Push({}, "k", 60, False)
        assert not await push.send(line, push.Browser("https://evil.example/", "", ""), told)
