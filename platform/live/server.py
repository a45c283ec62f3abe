"""Daphne, letting the kernel reach its sockets, and saying good-bye before a planned restart."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from daphne.server import Server
from django.conf import settings
from twisted.internet import defer, reactor

from . import hub


def settled(factory: Any) -> type:
    """The factory's protocol with its options as the class's own.

    Autobahn otherwise copies them into each connection, and formats them for a log that nobody reads: a sixth of the
    work of letting somebody in.
    """
    options = {name: getattr(factory, name) for name in factory.protocol.CONFIG_ATTRS}
    fixed = {name: staticmethod(value) if callable(value) else value for name, value in options.items()}
    return type(factory.protocol.__name__, (factory.protocol,), {**fixed, "CONFIG_ATTRS": ()})


logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds to commit and answer what was asked before the end


class LiveServer(Server):
    def __init__(self, application: Any, endpoints: Sequence[str] = (), **options: Any):
        # A frame that is a little too large is told so by the visitor; a huge one is not even read.
        limit = 4 * settings.LIVE_FRAME_LIMIT
        options = {"websocket_max_message_size": limit, "websocket_max_frame_size": limit, **options}
        super().__init__(application, endpoints, **options)

    def run(self) -> None:
        loop: Any = reactor
        # Not callWhenRunning: that is told before the loop runs, in which the hub has to start.
        loop.callLater(0, self._begin)
        loop.addSystemEventTrigger("before", "shutdown", self._farewell)
        super().run()

    def _begin(self) -> None:
        self.ws_factory.protocol = settled(self.ws_factory)
        hub.current()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})["live.protocol"] = protocol
        return super().create_application(protocol, scope)

    def _farewell(self) -> defer.Deferred:
        return defer.Deferred.fromFuture(asyncio.ensure_future(_close()))


async def _close() -> None:
    try:
        await asyncio.wait_for(hub.close(), PATIENCE)
    except TimeoutError:
        logger.warning("some were not answered before the end")
