"""What one socket asks for, and what it is answered. Knows no domain."""

import logging
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.db import Error
from msgspec import Meta

from . import commands, frames, jobs
from .commands import Envelope, Malformed
from .hub import Hub
from .limits import Strikes, spend
from .refusal import Refused, sentence
from .sink import Sink
from .stream import Reading
from .tickets import Ticket

logger = logging.getLogger(__name__)

MOST_IN_FLIGHT = 64
TOO_FAST, TOO_LARGE = 4408, 4413  # codes of closing


class Enter(msgspec.Struct, forbid_unknown_fields=True):
    """The last seq that the client has, if it was here before."""

    since: Annotated[int, Meta(ge=0)] | None = None


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """No arguments."""


_enter, _nothing = msgspec.json.Decoder(Enter), msgspec.json.Decoder(Nothing)


class Visitor:
    """A signed-in socket."""

    def __init__(self, ticket: Ticket, sink: Sink, hub: Hub):
        self.person = ticket.person
        self.language = ticket.language
        self.sink = sink
        self.hub = hub
        self.readings: dict[str, Reading] = {}
        self.in_flight = 0
        self.strikes = Strikes()
        self.expelled: int | None = None

    def said(self, text: str | None) -> None:
        """Take one frame of the client. Sets `expelled` to a closing code if it was one too many."""
        if text is None or len(text.encode()) > settings.LIVE_FRAME_LIMIT:
            self.expelled = TOO_LARGE
            return
        try:
            asked = commands.envelope(text)
        except Malformed as no:
            self._refuse(None, no)
        else:
            self._asked(asked)

    def _asked(self, asked: Envelope) -> None:
        try:
            _own.get(asked.do, Visitor._command)(self, asked)
        except Refused as no:
            self._refuse(asked.ref, no)

    def gone(self) -> None:
        for reading in self.readings.values():
            self.hub.leave(reading)
        self.readings.clear()

    # answering

    def _refuse(self, ref: str | None, no: Refused) -> None:
        detail = no.detail if isinstance(no, Malformed) else ""
        self.sink.write(frames.of_refused(ref, no.code, sentence(no.code, self.language), detail))
        if (detail or no.code == "slow.down") and self.strikes.out():
            self.expelled = TOO_FAST

    def _answer_to(self, ref: str) -> Callable[[Any], None]:
        self.in_flight += 1

        def answer(outcome: jobs.Outcome) -> None:
            self.in_flight -= 1
            if isinstance(outcome, Refused):
                self._refuse(ref, outcome)
            else:
                self.sink.write(frames.of_ok(ref, outcome.wire))

        return answer

    # what can be asked of the kernel itself

    def _ping(self, asked: Envelope) -> None:
        spend(self.person, "default")
        self._nothing_more(asked)

    def _enter(self, asked: Envelope) -> None:
        spend(self.person, "enter")
        since = commands.given(asked, _enter).since
        if asked.on is None:
            raise Refused("topic.unknown")
        self.hub.spawn(self._read(self._reading(asked.on), since))

    def _leave(self, asked: Envelope) -> None:
        spend(self.person, "default")
        if reading := self.readings.pop(asked.on or "", None):
            self.hub.leave(reading)
        self._nothing_more(asked)

    def _nothing_more(self, asked: Envelope) -> None:
        commands.given(asked, _nothing)
        self.sink.write(frames.of_ok(asked.ref, b"null"))

    # commands

    def _command(self, asked: Envelope) -> None:
        command = commands.find(asked)
        spend(self.person, command.rate)
        given = commands.given(asked, command.decoder)
        if self.in_flight >= MOST_IN_FLIGHT:
            raise Refused("slow.down")
        answer = self._answer_to(asked.ref)
        if command.gathered:
            self.hub.writer.gather(command, asked.on, jobs.Cast(self.person, given, answer))
        else:
            self.hub.writer.submit(jobs.of_command(command, self.person, asked.ref, asked.on, given, answer))

    # reading

    def _reading(self, topic: str) -> Reading:
        """Noted at once, in place of an earlier one: who is gone before the topic is open must not enter it then."""
        if earlier := self.readings.get(topic):
            self.hub.leave(earlier)
        self.readings[topic] = Reading(self.person, self.sink, topic)
        return self.readings[topic]

    async def _read(self, reading: Reading, since: int | None) -> None:
        try:
            await self.hub.enter(reading, since)
        except Refused as no:
            self._close(reading, no)
        except Error:
            logger.warning("%s could not be read", reading.topic, exc_info=True)
            self._close(reading, Refused("try.again"))
        except Exception:  # the reader is answered, the bug is logged with its traceback
            logger.exception("%s could not be read", reading.topic)
            self._close(reading, Refused("server.stumbled"))

    def _close(self, reading: Reading, no: Refused) -> None:
        """The reader may not, or cannot, follow this topic any more."""
        if self.readings.get(reading.topic) is reading:
            del self.readings[reading.topic]
            self.hub.leave(reading)
            self.sink.write(frames.of_closed(reading.topic, no.code, sentence(no.code, self.language)))

    def recheck(self, topic: str | None = None) -> None:
        """What the person may do has changed: welcome this topic, or every open one, anew."""
        for reading in list(self.readings.values()):
            if topic in (None, reading.topic):
                self.hub.spawn(self._welcome_again(reading))

    async def _welcome_again(self, reading: Reading) -> None:
        try:
            mine = await self.hub.looking.welcome(self.person, reading.topic)
        except Refused as no:
            self._close(reading, no)
        else:
            if reading.goes_on:
                self.sink.write(frames.of_mine(reading.topic, mine))


_own: dict[str, Callable[[Visitor, Envelope], None]] = {
    "enter": Visitor._enter,
    "leave": Visitor._leave,
    "ping": Visitor._ping,
}
