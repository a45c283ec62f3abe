"""The private HTTP door of a worker: web processes come here for the people whom they have let in.

WHIP as RFC 9725 has it, and the same for viewers, without what the web process does in front: signing in, and finding
the worker of a room.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import hdrs, web

from . import answers, offers, plans
from .peer import Peer
from .worker import Busy, Unknown, Worker

LONGEST_BODY = 64 * 1024  # bytes
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
WORKER = web.AppKey("worker", Worker)
AUDIENCE = web.AppKey("audience", asyncio.Lock)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

KINDS: dict[str, plans.Kind] = {"camera": "camera", "screen": "screen"}
PLACES: dict[str, plans.Place] = {"live": "live", "backstage": "backstage"}
STATUSES: dict[type[Exception], int] = {
    plans.Malformed: 400,
    plans.Forbidden: 403,
    offers.Unusable: 422,
}


def app(worker: Worker) -> web.Application:
    door = web.Application(client_max_size=LONGEST_BODY, middlewares=[authorised, explained])
    door[WORKER] = worker
    door[AUDIENCE] = asyncio.Lock()
    door.add_routes(
        [
            web.put(r"/rooms/{room:\d+}", put_plan),
            web.delete(r"/rooms/{room:\d+}", delete_room),
            web.post(r"/rooms/{room:\d+}/publish", publish),
            web.post(r"/rooms/{room:\d+}/watch", watch),
            web.options(r"/rooms/{room:\d+}/{what:publish|watch}", tell_what_is_posted),
            web.get(r"/rooms/{room:\d+}/audience", audience),
            web.delete(r"/rooms/{room:\d+}/audience/{person:\d{1,10}}", see_out),
            web.get(r"/rooms/{room:\d+}/screens", screens),
            web.options("/resources/{id}", tell_what_is_patched),
            web.patch("/resources/{id}", patch),
            web.delete("/resources/{id}", delete),
            web.get("/resources/{id}", resource_stats),
            web.put("/resources/{id}/wish", put_wish),
            web.get("/stats", stats),
            web.get("/metrics", metrics),
        ]
    )
    return door


def problem(status: int, title: str, **headers: str) -> web.Response:
    """RFC 9457, as RFC 9725 (4.1) recommends."""
    body = msgspec.json.encode({"status": status, "title": title})
    return web.Response(status=status, body=body, content_type="application/problem+json", headers=headers)


@web.middleware
async def authorised(request: web.Request, handler: Handler) -> web.StreamResponse:
    given = request.headers.get(hdrs.AUTHORIZATION, "")
    wanted = f"Bearer {request.app[WORKER].settings.key}"
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode()):
        return problem(401, "this door is for the web process", **{hdrs.WWW_AUTHENTICATE: "Bearer"})
    return await handler(request)


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Busy as busy:
        return problem(503, str(busy), **{hdrs.RETRY_AFTER: str(round(busy.seconds))})
    except Unknown as unknown:
        # A room that is unknown here is no fault of the one who asks: its plan was not told yet.
        return problem(409 if request.path.startswith("/rooms/") else 404, str(unknown))
    except tuple(STATUSES) as refusal:
        return problem(STATUSES[type(refusal)], str(refusal))


async def put_plan(request: web.Request) -> web.Response:
    plan = plans.read(await request.read())
    if plan.room != room_number(request):
        raise plans.Malformed("the plan is of another room")
    request.app[WORKER].plan(plan)
    return web.Response(status=204)


async def delete_room(request: web.Request) -> web.Response:
    """Whether it was here or not: it is not, afterwards."""
    request.app[WORKER].forget(room_number(request))
    return web.Response(status=204)


async def audience(request: web.Request) -> web.Response:
    """The ids of those who watch from where everybody may who is let in."""
    return json(sorted(request.app[WORKER].room(room_number(request)).audience()))


async def screens(request: web.Request) -> web.Response:
    """The ids of those whose screen is sent."""
    return json(sorted(request.app[WORKER].room(room_number(request)).screens()))


async def see_out(request: web.Request) -> web.Response:
    request.app[WORKER].room(room_number(request)).see_out(int(request.match_info["person"]))
    return web.Response(status=204)


async def publish(request: web.Request) -> web.Response:
    person, kind = number(request, "person"), KINDS.get(request.query.get("kind", "camera"))
    if person is None or kind is None:
        raise plans.Malformed("who publishes what? person=NUMBER&kind=camera|screen")
    offer = await read_offer(request)
    return created(request.app[WORKER].publish(room_number(request), offer, person, kind))


async def watch(request: web.Request) -> web.Response:
    person, place = number(request, "person"), PLACES.get(request.query.get("place", "live"))
    if place is None:
        raise plans.Malformed("who watches from where? place=live|backstage")
    # One after the other, with streams in between: a thousand who come at once would stop them for seconds.
    await request.read()
    async with request.app[AUDIENCE]:
        # A lock that is free makes nobody wait: all whose requests have come would be served in the same turn.
        await asyncio.sleep(0)
        offer = await read_offer(request)
        return created(request.app[WORKER].watch(room_number(request), offer, place, person))


def room_number(request: web.Request) -> int:
    return int(request.match_info["room"])


def number(request: web.Request, name: str) -> int | None:
    given = request.query.get(name, "")
    if given and not (given.isdecimal() and len(given) < 11):
        raise plans.Malformed(f"{name} is a number")
    return int(given) if given else None


async def read_offer(request: web.Request) -> offers.Offer:
    insist_on(request, SDP)
    try:
        return offers.read(await body(request))
    except ValueError as malformed:
        raise plans.Malformed(str(malformed)) from None


def insist_on(request: web.Request, media_type: str) -> None:
    if request.content_type != media_type:
        accept = "Accept-Post" if media_type == SDP else "Accept-Patch"
        raise web.HTTPUnsupportedMediaType(text=f"{media_type} only", headers={accept: media_type})


async def body(request: web.Request) -> str:
    """Raises ValueError when it is no UTF-8."""
    return (await request.read()).decode()


def created(peer: Peer) -> web.Response:
    headers = {hdrs.LOCATION: f"/resources/{peer.id}", hdrs.ETAG: peer.etag, "Accept-Patch": FRAGMENT}
    return web.Response(status=201, text=peer.answer, content_type=SDP, headers=headers)


async def tell_what_is_posted(_request: web.Request) -> web.Response:
    return web.Response(headers={"Accept-Post": SDP})


async def tell_what_is_patched(_request: web.Request) -> web.Response:
    return web.Response(headers={"Accept-Patch": FRAGMENT})


def peer_of(request: web.Request) -> Peer:
    return request.app[WORKER].peer(request.match_info["id"])


async def patch(request: web.Request) -> web.Response:
    """Trickled candidates are nothing to us, who answer wherever a check comes from; an ICE restart is (4.3)."""
    peer = peer_of(request)
    insist_on(request, FRAGMENT)
    try:
        fragment = offers.read_fragment(await body(request))
    except ValueError as malformed:
        raise plans.Malformed(str(malformed)) from None
    match = request.headers.get(hdrs.IF_MATCH)
    if match is None:
        return problem(428, "If-Match must name the ICE session, or be * for a restart")
    if match != "*" and peer.etag not in [tag.strip() for tag in match.split(",")]:
        return problem(412, "the ICE session is another by now")
    if fragment.ufrag in ("", peer.remote_ufrag):
        return web.Response(status=204)
    return restarted(peer, fragment)


def restarted(peer: Peer, fragment: offers.Fragment) -> web.Response:
    transport = peer.restart_ice(fragment.ufrag)
    text = answers.fragment(transport, fragment)
    return web.Response(text=text, content_type=FRAGMENT, headers={hdrs.ETAG: peer.etag})


async def delete(request: web.Request) -> web.Response:
    peer_of(request).close("deleted")
    return web.Response()


async def put_wish(request: web.Request) -> web.Response:
    peer = peer_of(request)
    if not peer.wish(plans.read_wish(await request.read())):
        return problem(409, "only viewers have wishes")
    return web.Response(status=204)


def json(value: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")


async def resource_stats(request: web.Request) -> web.Response:
    peer = peer_of(request)
    return json(peer.stats(peer.worker.clock()))


async def stats(request: web.Request) -> web.Response:
    return json(request.app[WORKER].stats())


async def metrics(request: web.Request) -> web.Response:
    text = request.app[WORKER].metrics()
    return web.Response(text=text, headers={hdrs.CONTENT_TYPE: "text/plain; version=0.0.4; charset=utf-8"})
