"""The doors of media: WHIP (RFC 9725) for whoever publishes, WHEP for whoever watches.

They see who asks, whether they may, and what worker the room lives on; offers and answers pass through. Errors are
`application/problem+json` (RFC 9457): {"title": a sentence, "code", "status"}.
"""

import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from live import writer
from live.limits import spend
from live.refusal import Refused, sentence
from people.models import Person

from .. import consumers, views
from ..models import Pair, Room
from . import backstage, plans, relays, seats, tokens
from .placement import AWAY, Answer, Gone, Known, at_hand

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
LONGEST = 64 * 1024  # bytes of an offer
SALT = "rooms.whip"
STATUS = {
    "media.wrong_type": 415,
    "ticket.invalid": 401,
    "slow.down": 429,
    "command.too_large": 413,
    "command.malformed": 400,
    "stage.full": 409,
    "stage.screen_taken": 409,
    "media.away": 503,
    "try.again": 503,
}
# What a worker's refusal is called; what is not here is a fault of ours.
CODES = {
    400: "media.malformed",
    403: "stage.not_seated",
    404: "media.unknown",
    406: "media.no_codec",
    409: "media.unfit",
    412: "media.changed",
    413: "command.too_large",
    415: "media.wrong_type",
    422: "media.no_codec",
    428: "media.changed",
    503: "media.busy",
}
SAFE = {"GET", "HEAD", "OPTIONS"}
PASSED_ON = ("ETag", "Accept-Patch", "Retry-After", "Accept-Post")
# Pages elsewhere may bring a bearer token, which they must have been given; cookies never work from there.
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Patch, Retry-After",
}
ASKED_FIRST = {"Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match", "Access-Control-Max-Age": "600"}

View = Callable[..., Coroutine[Any, Any, HttpResponse]]
Venue = TypeVar("Venue", Room, Pair)  # what has a plan


class House(NamedTuple, Generic[Venue]):
    """What differs between one kind of rooms and another at these doors."""

    names: str  # what the names of its addresses begin with
    unknown: str  # the code for a room that is not there for whoever asks
    find: Callable[[HttpRequest, str], Venue]  # by code; raises Refused
    may_publish: Callable[[int, str, bool], int]  # (person, topic, screen) in the writer; the revision that allows it
    may_watch: Callable[[Venue, int, str], int]  # (room, person, place), the same; both raise Refused
    plan: Callable[[Venue], plans.Plan]
    may_send: Callable[[int, str, bool], int] | None = None  # as may_publish, for programs, where that differs


logger = logging.getLogger(__name__)


# doors: methods, and what is refused


def door(**methods: View) -> View:
    """A view that answers these methods, and 405 to others."""
    allowed = ", ".join(name.upper() for name in methods)

    @csrf_exempt  # see `signed_in`
    @never_cache
    async def answer(request: HttpRequest, **at: str) -> HttpResponse:
        view = methods.get((request.method or "").lower())
        told = await explained(view, request, **at) if view else problem("command.malformed", 405)
        return with_headers(told, {"Allow": allowed})

    return answer


def standard_door(accepts: dict[str, str], **methods: View) -> View:
    """One that programs and pages elsewhere know how to use; OPTIONS tells what it accepts (RFC 9725, 4.2)."""
    allowed = ", ".join([*(name.upper() for name in methods), "OPTIONS"])
    asked_first = {**accepts, **ASKED_FIRST, "Access-Control-Allow-Methods": allowed}

    async def options(_request: HttpRequest, **_at: str) -> HttpResponse:
        return HttpResponse(status=204, headers=asked_first)

    within = door(**methods, options=options)

    @csrf_exempt
    async def answer(request: HttpRequest, **at: str) -> HttpResponse:
        return with_headers(await within(request, **at), ANYWHERE)

    return answer


def with_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


async def explained(view: View, request: HttpRequest, **at: str) -> HttpResponse:
    try:
        return await view(request, **at)
    except Refused as no:
        return problem(no.code)
    except AWAY:
        return problem("media.away")


def problem(code: str, status: int | None = None, detail: str = "") -> HttpResponse:
    status = status or STATUS.get(code, 404 if code.endswith(".unknown") else 403)
    said: dict[str, Any] = {"title": sentence(code, get_language() or ""), "code": code, "status": status}
    response = JsonResponse({**said, **({"detail": detail} if detail else {})}, status=status)
    response["Content-Type"] = "application/problem+json"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="media"'
    if status == 503:
        response["Retry-After"] = "1"
    return response


# who asks, and may they


class Doors(Generic[Venue]):
    """Of one kind of rooms."""

    def __init__(self, house: House[Venue]) -> None:
        self.house: House[Venue] = house

    def entered(self, request: HttpRequest, code: str, rate: str) -> Venue:
        """The room, if whoever asks may be in it. From here on `request.user` is that person.

        Raises Refused: "ticket.invalid" for nobody we know, the house's `unknown` for what they may not see.
        """
        token = bearer(request)
        request.user = person_of(token) if token else signed_in(request)
        spend(views.me(request), rate)
        room = self.house.find(request, code)
        if token and token.room != room.media_id:
            raise Refused(self.house.unknown)
        return room

    # joining

    def _arrival(self, request: HttpRequest, code: str) -> tuple[Venue, bytes]:
        return self.entered(request, code, "whip"), offered(request, SDP)

    async def publish(self, request: HttpRequest, code: str) -> HttpResponse:
        """`?kind=camera` (microphone and camera) or `?kind=screen`."""
        kind = one_of(request, "kind", "camera", "screen")
        room, offer = await sync_to_async(self._arrival)(request, code)
        me = views.me(request)
        may = (bearer(request) and self.house.may_send) or self.house.may_publish
        revision = await writer.ado(me, may, me, room.topic, kind == "screen")
        return await self._joined(request, room, revision, f"publish?person={me}&kind={kind}", offer)

    async def watch(self, request: HttpRequest, code: str) -> HttpResponse:
        """`?place=live`, or `?place=backstage` for those who may go there."""
        place = one_of(request, "place", "live", "backstage")
        room, offer, revision = await sync_to_async(self._audience)(request, code, place)
        return await self._joined(request, room, revision, f"watch?person={views.me(request)}&place={place}", offer)

    def _audience(self, request: HttpRequest, code: str, place: str) -> tuple[Venue, bytes, int]:
        room, offer = self._arrival(request, code)
        return room, offer, self.house.may_watch(room, views.me(request), place)

    async def _joined(self, request: HttpRequest, room: Venue, revision: int, what: str, offer: bytes) -> HttpResponse:
        known = Known(revision, partial(sync_to_async(self.house.plan), room))
        async with at_hand() as workers:
            answer = await workers.join(room.media_id, known, what, offer, SDP)
        response = passed_on(answer)
        if answer.status == 201:
            resource = answer.headers["Location"].rpartition("/")[2]
            response["Location"] = self._address(room, views.me(request), resource)
            if links := relays.links(views.me(request)):
                response["Link"] = ", ".join(links)
        return response

    # what was joined

    def _address(self, room: Venue, person: int, resource: str) -> str:
        return self._reverse("media", room, f"{resource}.{mark(room, person, resource)}")

    def _reverse(self, name: str, room: Venue, *more: str) -> str:
        return reverse(self.house.names + name, args=[room.code, *more])

    def own(self, request: HttpRequest, code: str, name: str) -> str:
        """The worker's name of a resource; Refused("media.unknown") for what was not made for whoever asks."""
        room = self.entered(request, code, "default")
        resource, _, marked = name.rpartition(".")
        if not constant_time_compare(marked, mark(room, views.me(request), resource)):
            raise Refused("media.unknown")
        return resource

    async def patch(self, request: HttpRequest, code: str, name: str) -> HttpResponse:
        """Trickled candidates, or an ICE restart."""
        resource = await sync_to_async(self.own)(request, code, name)
        return await at_worker("PATCH", request, resource, offered(request, FRAGMENT))

    async def delete(self, request: HttpRequest, code: str, name: str) -> HttpResponse:
        return await at_worker("DELETE", request, await sync_to_async(self.own)(request, code, name))

    async def stats(self, request: HttpRequest, code: str, name: str) -> HttpResponse:
        return await at_worker("GET", request, await sync_to_async(self.own)(request, code, name))

    async def wish(self, request: HttpRequest, code: str, name: str) -> HttpResponse:
        """What a viewer wants to get: {"video": "all"|"slides"|"none", "audio", "large": source|null, "width"}"""
        resource = await sync_to_async(self.own)(request, code, name)
        return await at_worker("PUT", request, resource, offered(request, "application/json"), "/wish")

    # what a client needs to know before

    def token(self, request: HttpRequest, code: str) -> HttpResponse:
        """{"token", "whip", "whep"}: for a program that publishes or watches in one's own name."""
        room = self.entered(request, code, "default")
        whip, whep = (absolute(request, self._reverse(name, room)) for name in ("whip", "whep"))
        return JsonResponse({"token": tokens.token(views.me(request), room), "whip": whip, "whep": whep})

    def ice(self, request: HttpRequest, code: str) -> HttpResponse:
        """{"iceServers": for RTCPeerConnection}"""
        self.entered(request, code, "default")
        return JsonResponse({"iceServers": relays.servers(views.me(request))})

    @property
    def urls(self) -> list[URLPattern]:
        """To be included where the address of a room ends."""
        named = self.house.names
        return [
            path("whip", standard_door({"Accept-Post": SDP}, post=self.publish), name=f"{named}whip"),
            path("whep", standard_door({"Accept-Post": SDP}, post=self.watch), name=f"{named}whep"),
            path("ice", door(get=sync_to_async(self.ice)), name=f"{named}ice"),
            path("media/token", door(get=sync_to_async(self.token)), name=f"{named}media-token"),
            path(
                "media/<str:name>",
                standard_door({"Accept-Patch": FRAGMENT}, patch=self.patch, delete=self.delete),
                name=f"{named}media",
            ),
            path("media/<str:name>/stats", door(get=self.stats), name=f"{named}media-stats"),
            path("media/<str:name>/wish", door(put=self.wish), name=f"{named}media-wish"),
        ]


def bearer(request: HttpRequest) -> tokens.Token | None:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return tokens.read(text.strip()) if kind.lower() == "bearer" else None


def person_of(token: tokens.Token) -> Person:
    person = Person.objects.filter(pk=token.person, is_active=True).first()
    if person is None:
        raise Refused("ticket.invalid")
    return person


def signed_in(request: HttpRequest) -> Any:
    """By cookie: what changes something must come from one of our own pages, and browsers always say from where."""
    if not request.user.is_authenticated:
        raise Refused("ticket.invalid")
    if request.method not in SAFE and not is_from_here(request):
        raise Refused("media.foreign")
    return request.user


def is_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def offered(request: HttpRequest, media_type: str, longest: int = LONGEST) -> bytes:
    if int(request.headers.get("Content-Length") or 0) > longest or len(request.body) > longest:
        raise Refused("command.too_large")
    if request.content_type != media_type:
        raise Refused("media.wrong_type")
    return request.body


def one_of(request: HttpRequest, name: str, *values: str) -> str:
    """The first is what is meant when nothing is said."""
    given = request.GET.get(name, values[0])
    if given not in values:
        raise Refused("command.malformed")
    return given


def passed_on(answer: Answer) -> HttpResponse:
    """What the worker said: its answer as it is, its refusal in our words."""
    if answer.status < 400:
        body_type = answer.headers.get("Content-Type", "").partition(";")[0]
        response = HttpResponse(answer.body, status=answer.status, content_type=body_type)
    elif answer.status in CODES:
        response = problem(CODES[answer.status], answer.status, answer.body.decode(errors="replace")[:500])
    else:
        logger.error("a media worker says %d: %s", answer.status, answer.body[:500])
        response = problem("media.away")
    return with_headers(response, {name: answer.headers[name] for name in PASSED_ON if name in answer.headers})


def mark(room: Room | Pair, person: int, resource: str) -> str:
    """Proves that this resource was made for this person in this room, without keeping a list."""
    return salted_hmac(SALT, f"{room.media_id}:{person}:{resource}", algorithm="sha256").hexdigest()[:32]


async def at_worker(method: str, request: HttpRequest, name: str, body: bytes = b"", more: str = "") -> HttpResponse:
    headers = {each: request.headers[each] for each in ("Content-Type", "If-Match") if each in request.headers}
    async with at_hand() as workers:
        lease = await workers.lease(name.partition(".")[0])
        if lease is None:
            raise Refused("media.unknown")
        try:
            return passed_on(await workers.ask(lease, method, f"/resources/{name}{more}", body, headers))
        except Gone:
            await workers.bury(lease)
            raise Refused("media.unknown") from None


def absolute(request: HttpRequest, path: str) -> str:
    return f"{settings.SITE_URL or f'{request.scheme}://{request.get_host()}'}{path}"


# sessions' rooms


def may_publish(person: int, topic: str, screen: bool) -> int:
    """In the writer: whoever has a seat. Returns the revision of the stage that has the seat."""
    room, who = consumers.attending(person, topic)
    seats.ready(room, who, screen)
    return room.stage_revision


def may_send(person: int, topic: str, screen: bool) -> int:
    """The same, and speakers and moderators are seated by it."""
    room, who = consumers.attending(person, topic)
    seats.ready_by_program(room, who, screen)
    return room.stage_revision


def may_watch(room: Room, person: int, place: str) -> int:
    room.insist_running()
    if place == "backstage":
        backstage.entered(room.topic, person)
    return room.stage_revision


def plan_of(room: Room) -> plans.Plan:
    return plans.plan(Room.objects.select_related("session__event").get(pk=room.pk))


doors = Doors(House("", "room.unknown", views.found, may_publish, may_watch, plan_of, may_send))
