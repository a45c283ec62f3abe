"""The way in: whose socket is this, and may it be opened? A plain ASGI application for one path."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from . import hub, tickets
from .limits import Sockets
from .refusal import Refused
from .sink import sink
from .tickets import Ticket
from .visitor import TOO_FAST, Visitor

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

GONE, SIGN_IN, FOREIGN, LATER = 1000, 4401, 4403, 4503  # codes of closing
CODES = {"ticket.invalid": SIGN_IN, "sockets.too_many": TOO_FAST, "try.again": LATER}

_sockets = Sockets()


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    """A socket from its handshake to its end."""
    await receive()  # websocket.connect
    code = FOREIGN
    if _is_from_here(scope):  # else the handshake is answered 403
        await send({"type": "websocket.accept"})
        code = await _visited(scope, receive, send)
    if code != GONE:
        await send({"type": "websocket.close", "code": code})


async def _visited(scope: Scope, receive: Receive, send: Send) -> int:
    try:
        return await _let_in(scope, receive, send)
    except Refused as no:
        return CODES[no.code]


def _is_from_here(scope: Scope) -> bool:
    """Browsers always tell the origin; a script on somebody else's page must not use our sockets."""
    origin = dict(scope["headers"]).get(b"origin")
    if origin is None:
        return True
    host, _ = split_domain_port(urlsplit(origin.decode("latin1")).netloc.lower())
    return validate_host(host, settings.ALLOWED_HOSTS)


async def _let_in(scope: Scope, receive: Receive, send: Send) -> int:
    """Returns the code to close with. Raises Refused."""
    ticket = _ticket(scope)
    with ExitStack() as held:
        held.enter_context(_sockets.one_of(_address(scope), settings.LIVE_SOCKETS_PER_ADDRESS))
        held.enter_context(_sockets.one_of(ticket.person, settings.LIVE_SOCKETS_PER_PERSON))
        visitor = Visitor(ticket, sink(scope, send), hub.current())
        async with visitor.hub.visit(visitor):
            return await _serve(visitor, receive)


def _ticket(scope: Scope) -> Ticket:
    asked = parse_qs(scope["query_string"].decode("latin1"))
    return tickets.read(asked.get("ticket", [""])[0])


def _address(scope: Scope) -> str:
    """Under a proxy, start the server with --proxy-headers."""
    return (scope.get("client") or ["unix"])[0]


async def _serve(visitor: Visitor, receive: Receive) -> int:
    try:
        while visitor.expelled is None:
            event = await receive()
            if event["type"] != "websocket.receive":
                return GONE
            visitor.said(event.get("text"))
        return visitor.expelled
    finally:
        visitor.gone()
