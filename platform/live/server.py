"""Daphne, letting the kernel reach its sockets, and saying good-bye before a planned restart."""

import asyncio
from collections.abc import Sequence
from typing import Any

from daphne.server import Server
from django.conf import settings
from twisted.internet import defer, reactor

from . import hub


class LiveServer(Server):
    def __init__(self, application: Any, endpoints: Sequence[str] = (), **options: Any):
        # A frame that is a little too large is told so by the visitor; a huge one is not even read.
        limit = 4 * settings.LIVE_FRAME_LIMIT
        options = {"websocket_max_message_size": limit, "websocket_max_frame_size": limit, **options}
        super().__init__(application, endpoints, **options)

    def run(self) -> None:
        loop: Any = reactor
        loop.callWhenRunning(self._begin)
        loop.addSystemEventTrigger("before", "shutdown", self._farewell)
        super().run()

    def _begin(self) -> None:
        hub.current()

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})["live.protocol"] = protocol
        return super().create_application(protocol, scope)

    def _farewell(self) -> defer.Deferred:
        return defer.Deferred.fromFuture(asyncio.ensure_future(hub.close()))
