"""The map of every socket. Importing the consumers fills the table of commands."""

from channels.routing import URLRouter
from django.urls import path

import chat.consumers  # noqa: F401
import rooms.backstage  # noqa: F401
import rooms.consumers  # noqa: F401
import rooms.poll_commands  # noqa: F401
import rooms.show_commands  # noqa: F401
import rooms.show_clock  # noqa: F401
import rooms.stage_commands  # noqa: F401
from live.door import door

sockets = URLRouter([path("live", door)])  # type: ignore[arg-type]  # Channels takes what Django's stubs do not
