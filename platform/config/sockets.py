"""The map of every socket. Importing the consumers fills the table of commands."""

from channels.routing import URLRouter
from django.urls import path

import chat.consumers
import chat.digest
import chat.pushes  # noqa: F401
import people.delivery
import people.nudges  # noqa: F401
import rooms.consumers
import rooms.floor.commands
import rooms.lounge.clock
import rooms.lounge.commands
import rooms.meetings.clock
import rooms.meetings.commands
import rooms.pair.clock
import rooms.pair.commands
import rooms.pair.plans
import rooms.polls.commands
import rooms.schedule.reminders
import rooms.show.clock
import rooms.show.commands
import rooms.stage.backstage
import rooms.stage.commands
import rooms.stage.keeper  # noqa: F401
from live.door import door

sockets = URLRouter([path("live", door)])  # type: ignore[arg-type]  # Channels takes what Django's stubs do not
