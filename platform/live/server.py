"""Daphne, letting the kernel reach its sockets, and saying good-bye before a planned restart.

    python -m live.server -b 0.0.0.0 -p 8000 config.asgi:application

takes what `daphne` takes on its command line.
"""

import asyncio
import gc
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.server import Server
from django.conf import settings
from twisted.internet import defer, reactor

BACKLOG = 4096  # connections that wait to be accepted; Twisted's own 50 is not enough for a reconnecting room


class LiveServer(Server):
    def __init__(self, application: Any, endpoints: Sequence[str] = (), **options: Any):
        limit = settings.LIVE_FRAME_LIMIT
        options = {"websocket_max_message_size": limit, "websocket_max_frame_size": limit, **options}
        super().__init__(application, [_with_backlog(endpoint) for endpoint in endpoints], **options)

    def run(self) -> None:
        loop: Any = reactor
        loop.callWhenRunning(self._begin)
        loop.addSystemEventTrigger("before", "shutdown", self._farewell)
        super().run()

    def _begin(self) -> None:
        _hub().current()
        gc.collect()
        gc.freeze()  # what was imported lives for ever: no need to look through it again

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] == "websocket":
            scope.setdefault("extensions", {})["live.protocol"] = protocol
        return super().create_application(protocol, scope)

    def _farewell(self) -> defer.Deferred:
        return defer.Deferred.fromFuture(asyncio.ensure_future(_hub().close()))


def _hub() -> ModuleType:
    """Imported late: this module is loaded before Django's applications are."""
    from . import hub

    return hub


def _with_backlog(endpoint: str) -> str:
    plain = endpoint.startswith("tcp:") and "backlog=" not in endpoint
    return f"{endpoint}:backlog={BACKLOG}" if plain else endpoint


class LiveCommand(CommandLineInterface):
    server_class = LiveServer


def main() -> None:
    LiveCommand.entrypoint()


if __name__ == "__main__":
    main()
