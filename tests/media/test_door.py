"""The private door: WHIP's answers (RFC 9725), errors included, and what web processes need besides."""

import asyncio

import msgspec
import pytest

from rooms.media import worker

from .client import audio, read_answer, simulcast, video
from .stage import FRAGMENT, SDP, PlainRoom, stage, until

PUBLISH, WATCH = "/rooms/7/publish?person=42", "/rooms/7/watch"
TRICKLE = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n"


@pytest.fixture
async def s():
    async with stage() as there:
        await there.plan()
        yield there


@pytest.fixture
async def offer(s):
    return s.client().offer(audio("sendonly", 1), video("sendonly", 2, 3))


@pytest.fixture
async def resource(s, offer):
    """Where a fresh publisher is, and its ETag."""
    response = await s.ask("POST", PUBLISH, offer)
    return response.headers["Location"], response.headers["ETag"]


async def test_publishing_creates_a_resource(s, offer):
    response = await s.ask("POST", PUBLISH, offer)
    assert (response.status, response.content_type) == (201, SDP)
    assert response.headers["Location"].startswith(f"/resources/{s.worker.name}.")
    assert response.headers["ETag"].startswith('"')
    assert response.headers["Accept-Patch"] == FRAGMENT
    assert read_answer(await response.text()).mids == ["0", "1"]


async def test_watching_does_too(s):
    offer = s.client().offer(video("recvonly"), audio("recvonly"))
    response = await s.ask("POST", f"{WATCH}?place=backstage&person=3", offer)
    assert response.status == 201
    assert all(read_answer(await response.text()).ssrcs)


@pytest.mark.parametrize(
    ("path", "body", "kind", "status"),
    [
        pytest.param(PUBLISH, "v=0", "text/plain", 415, id="another media type"),
        pytest.param(PUBLISH, "hello", SDP, 400, id="malformed"),
        pytest.param(PUBLISH, b"\xff", SDP, 400, id="no text"),
        pytest.param(PUBLISH, "v" * 70_000, SDP, 413, id="too long"),
        pytest.param("/rooms/7/publish", "good", SDP, 400, id="nobody"),
        pytest.param("/rooms/7/publish?person=me", "good", SDP, 400, id="a person that is no number"),
        pytest.param(f"{PUBLISH}&kind=hologram", "good", SDP, 400, id="another kind"),
        pytest.param(f"{WATCH}?place=roof", "good", SDP, 400, id="another place"),
        pytest.param("/rooms/7/publish?person=43", "good", SDP, 403, id="not on stage"),
        pytest.param("/rooms/8/publish?person=42", "good", SDP, 409, id="a room without a plan"),
        pytest.param(WATCH, "good", SDP, 422, id="a watcher that receives nothing"),
    ],
)
async def test_an_offer_that_is_not_taken_is_answered_with_why(s, offer, path, body, kind, status):
    response = await s.ask("POST", path, offer if body == "good" else body, kind)
    assert response.status == status
    assert not s.worker.peers
    assert not s.worker.mux.by_ufrag


async def test_refusals_are_problem_statements(s):
    response = await s.ask("POST", PUBLISH, "hello")
    assert response.content_type == "application/problem+json"
    assert await response.json() == {"status": 400, "title": "an offer begins with v=0"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_other_methods_are_kept_for_later_versions(s, method):
    response = await s.ask(method, PUBLISH)
    assert response.status == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("path", [PUBLISH, WATCH], ids=["publish", "watch"])
async def test_options_tell_what_is_posted(s, path):
    response = await s.ask("OPTIONS", path)
    assert (response.status, response.headers["Accept-Post"]) == (200, SDP)


@pytest.mark.parametrize("key", ["", "Bearer", "Bearer wrong", "Basic abc", "Bearer \u00fc"])
async def test_nobody_but_the_web_process_comes_in(s, offer, key):
    response = await s.ask("POST", PUBLISH, offer, headers={"Authorization": key})
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_trickled_candidates_are_accepted(s, resource):
    path, etag = resource
    response = await s.ask("PATCH", path, TRICKLE, FRAGMENT, {"If-Match": etag})
    assert (response.status, response.headers.get("Content-Length"), "ETag" in response.headers) == (204, None, False)


@pytest.mark.parametrize(
    ("body", "kind", "match", "status"),
    [
        pytest.param(TRICKLE, FRAGMENT, None, 428, id="without If-Match"),
        pytest.param(TRICKLE, FRAGMENT, '"another"', 412, id="of another ICE session"),
        pytest.param(TRICKLE, SDP, "*", 415, id="another media type"),
        pytest.param("hello", FRAGMENT, "*", 400, id="no fragment"),
        pytest.param("", FRAGMENT, "*", 400, id="empty"),
        pytest.param("a=ice-ufrag:new1\r\n", FRAGMENT, "*", 400, id="half of the credentials"),
    ],
)
async def test_a_patch_that_is_not_taken_changes_nothing(s, resource, body, kind, match, status):
    path, etag = resource
    response = await s.ask("PATCH", path, body, kind, {"If-Match": match} if match else None)
    assert response.status == status
    assert (await s.ask("PATCH", path, TRICKLE, FRAGMENT, {"If-Match": etag})).status == 204


@pytest.mark.parametrize("match", ["*", "own"])
async def test_new_credentials_restart_ice(s, resource, match):
    path, etag = resource
    fragment = f"{TRICKLE}a=ice-ufrag:new1\r\na=ice-pwd:{'x' * 24}\r\n"
    response = await s.ask("PATCH", path, fragment, FRAGMENT, {"If-Match": etag if match == "own" else match})
    assert (response.status, response.content_type) == (200, FRAGMENT)
    assert response.headers["ETag"] not in ("", etag)
    assert f'"{read_answer(await response.text()).ufrag}"' == response.headers["ETag"]
    late = await s.ask("PATCH", path, TRICKLE, FRAGMENT, {"If-Match": etag})
    assert late.status == 412


async def test_deleting_ends_it_whatever_the_etag(s, resource):
    path, _ = resource
    assert (await s.ask("DELETE", path, headers={"If-Match": '"another"'})).status == 200
    assert not s.worker.peers
    for method in ("DELETE", "PATCH", "GET"):
        assert (await s.ask(method, path)).status == 404


async def test_a_full_queue_asks_to_come_again(s, offer, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_QUEUE", 0.03)
    statuses = [await s.ask("POST", WATCH, s.client().offer(video("recvonly"))) for _ in range(4)]
    assert [response.status for response in statuses] == [201, 201, 503, 503]
    assert int(statuses[-1].headers["Retry-After"]) >= 1


class NotingRoom(PlainRoom):
    """Knows in which turn of the loop each viewer was let in."""

    def __init__(self, *given):
        super().__init__(*given)
        self.turn, self.turns = 0, []
        self.count()

    def count(self):
        self.turn += 1
        self.counting = asyncio.get_running_loop().call_soon(self.count)

    def watch(self, *given):
        self.turns.append(self.turn)
        return super().watch(*given)

    def close(self):
        self.counting.cancel()


async def test_of_a_crowd_one_is_let_in_at_a_time_so_that_streams_go_on():
    async with stage(NotingRoom) as there:
        await there.plan()
        offers = [there.client().offer(video("recvonly")) for _ in range(20)]
        came = await asyncio.gather(*(there.ask("POST", WATCH, offer) for offer in offers))
        turns = there.worker.rooms[7].turns
    assert [response.status for response in came] == [201] * 20
    assert len(set(turns)) == 20


async def test_a_viewer_says_what_it_wants(s):
    offer = s.client().offer(video("recvonly"))
    path = (await s.ask("POST", WATCH, offer)).headers["Location"]
    response = await s.ask("PUT", f"{path}/wish", b'{"video":"slides","audio":true,"large":84,"width":1280}')
    assert response.status == 204
    wished = s.worker.peers[path.removeprefix("/resources/")].wished
    assert (wished.video, wished.large, wished.width) == ("slides", 84, 1280)
    assert (await s.ask("PUT", f"{path}/wish", b'{"video":"everything"}')).status == 400


async def test_a_publisher_wants_nothing(s, resource):
    assert (await s.ask("PUT", f"{resource[0]}/wish", b"{}")).status == 409


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"\xff\xff", id="no text"),
        pytest.param(b'{"room":7}', id="no revision"),
        pytest.param(b'{"room":8,"revision":1}', id="another room"),
        pytest.param(b'{"room":7,"revision":1,"people":[{"id":1,"place":"roof"}]}', id="no place"),
        pytest.param(b'{"room":7,"revision":1,"more":1}', id="more than there is"),
        pytest.param(b'{"room":7,"revision":-1}', id="a negative revision"),
    ],
)
async def test_a_plan_that_is_none_is_malformed(s, body):
    assert (await s.ask("PUT", "/rooms/7", body)).status == 400


async def test_a_room_is_given_up_with_all_who_are_in_it(s, resource):
    for _ in range(2):
        assert (await s.ask("DELETE", "/rooms/7")).status == 204
    assert not s.worker.rooms
    assert (await s.ask("GET", resource[0])).status == 404


async def test_figures_of_a_resource_and_of_all(s, resource):
    assert (await s.ask("GET", resource[0])).status == 200
    figures = await (await s.ask("GET", "/stats")).json()
    assert {"cpu", "peers", "rooms", "sockets", "tasks"} <= set(figures)
    assert figures["rooms"] == {"7": {"members": 1}}


async def test_metrics_are_in_prometheus_format(s):
    sender, _ = await s.publisher()
    sender.send_raw(b"\xff\xff")
    await until(lambda: s.worker.counters["dropped_unknown_protocol"])
    text = await (await s.ask("GET", "/metrics")).text()
    assert "plenary_media_joins_total 1\n" in text
    assert 'plenary_media_dropped_total{reason="unknown_protocol"} 1\n' in text
    assert "plenary_media_peers_connected 1\n" in text


async def test_simulcast_and_a_data_channel_are_answered_over_http(s):
    data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
    response = await s.ask("POST", PUBLISH, s.client().offer(simulcast("q", "h", "f"), data))
    answer = await response.text()
    assert "a=simulcast:recv q;h;f" in answer
    assert read_answer(answer).refused == [False, True]
    assert msgspec.json.encode(answer)
