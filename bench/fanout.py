"""One message to 2,000 people: how many deliveries a second, and how late.

In one run, round after round: Plenary (a chat message is validated, stored, recorded, committed, published and
delivered), plain Channels (bench/plain.py) and a bare asyncio writer (bench/raw.py). Load is offered in a closed loop:
a few messages are always on their way, the next is sent when all 2,000 sockets have one of them (plain Channels is
busy with one message at a time, so it gets one at a time, which is kinder to its latency). Latency is from before a
message is sent until a socket's bytes are read, of all deliveries of the rounds that give the throughput.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import msgspec

from . import forum, wire
from .crowd import Crowd, Lost, Visit, now
from .figures import Target, conclude, medians, ms, options, percentile
from .servers import Server, serving, settle_in
from .wire import Entered

TARGETS = [
    Target("ratio_to_naive", at_least=20),
    Target("ratio_to_raw", at_least=0.4),
    Target("p99_ms", at_most=200),
]
SPEAKERS = 10
TEXT = (
    "%08d Thank you all for coming. This is a message of ordinary length, such as people write when a talk is good"
    " and they have something to add about it."
)


class Message(msgspec.Struct):
    number: int
    text: str

    @property
    def index(self) -> int:
        return int(self.text[:8])


read_message = msgspec.json.Decoder(Message).decode


class Delivery(NamedTuple):
    """A message as a socket hears it: its place in the order of all, which of those sent it is, bytes."""

    place: int
    nth: int
    size: int


def of_plenary(payload: bytes) -> Delivery | Entered | None:
    told = wire.read(payload)
    if told.refused:
        raise Lost(f"refused: {told.refused}")
    if told.entered is not None:
        return Entered(told.on or "")
    return Delivery(told.seq or 0, read_message(told.data).index, len(payload)) if told.event == "message" else None


def of_plain(payload: bytes) -> Delivery | None:
    told = wire.read(payload)
    if told.event != "message":
        return None
    message = read_message(told.data)
    return Delivery(message.number, message.index, len(payload))


def of_raw(payload: bytes) -> Delivery:
    index = int(payload[:8])
    return Delivery(index, index, len(payload))


class Audience:
    """A crowd that listens to one place, and a few members more who only speak."""

    def __init__(
        self, server: Server, note: Callable[[bytes], Delivery | Entered | None], words: Callable[[int], bytes]
    ):
        self.server, self.words = server, words
        self.crowd = Crowd(note, self.hear)
        self.speakers = range(0)
        self.sent: list[float] = []
        self.late: list[float] = []
        self.entered = self.displaced = self.frame_size = 0

    def come(self, listeners: Sequence[Visit], speakers: Sequence[Visit]) -> None:
        self.size = len(self.crowd.arrive(self.server.port, listeners))
        self.speakers = self.crowd.arrive(self.server.port, speakers)
        self.places = [-1] * self.size
        entering = sum(len(visit.words) for visit in listeners)
        self.crowd.listen_until(lambda: self.entered == entering)

    def hear(self, member: int, notes: Sequence[Delivery | Entered], at: float) -> None:
        if member in self.speakers:
            return
        for each in notes:
            if isinstance(each, Entered):
                self.entered += 1
                continue
            place, index, self.frame_size = each
            self.displaced += place <= self.places[member]
            self.places[member] = place
            self.late.append(at - self.sent[index])

    def say(self) -> None:
        index = len(self.sent)
        self.sent.append(now())
        self.crowd.say(self.speakers[index % len(self.speakers)], self.words(index))

    def round(self, seconds: float, window: int) -> dict[str, float]:
        """Keeps `window` messages on their way for a while; ends when all have arrived everywhere."""
        self.late.clear()
        before, begin, cpu, own = len(self.sent), now(), self.server.cpu(), time.process_time()
        while now() < begin + seconds:
            while len(self.sent) - before < len(self.late) // self.size + window:
                self.say()
            self.crowd.listen(0.05)
        self.crowd.listen_until(lambda: len(self.late) >= self.size * (len(self.sent) - before))
        took = now() - begin
        if len(self.late) != self.size * (len(self.sent) - before):
            raise Lost(f"{len(self.late)} deliveries of {len(self.sent) - before} messages to {self.size} people")
        return {
            "deliveries_per_s": len(self.late) / took,
            "p50_ms": ms(percentile(self.late, 0.5)),
            "p99_ms": ms(percentile(self.late, 0.99)),
            "server_cpu": (self.server.cpu() - cpu) / took,
            "client_cpu": (time.process_time() - own) / took,
        }


@contextmanager
def plenary(place: forum.Forum, size: int) -> Iterator[Audience]:
    def words(index: int) -> bytes:
        return wire.command("chat.say", f"{index}", place.conversation, text=TEXT % index)

    with serving(place.web()) as server, (audience := Audience(server, of_plenary, words)).crowd:
        entering = (wire.enter(place.conversation),)
        listeners = [Visit(place.path(person), entering) for person in range(size)]
        audience.come(listeners, [Visit(place.path(size + n)) for n in range(SPEAKERS)])
        yield audience


@contextmanager
def plain(place: forum.Forum, size: int) -> Iterator[Audience]:
    def words(index: int) -> bytes:
        return wire.command("chat.say", f"plain {index}", place.other_conversation, text=TEXT % index)

    with serving(place.plain()) as server, (audience := Audience(server, of_plain, words)).crowd:
        everyone = [Visit(place.path(person, "/plain/chat")) for person in range(size + 1)]
        audience.come(everyone[:size], everyone[size:])
        yield audience


@contextmanager
def raw(place: forum.Forum, size: int, frame_size: int, *flags: str) -> Iterator[Audience]:
    def words(index: int) -> bytes:
        return b"%08d" % index

    server = place.server("-m", "bench.raw", "--size", f"{frame_size}", *flags)
    with serving(server), (audience := Audience(server, of_raw, words)).crowd:
        audience.come([Visit("/")] * size, [Visit("/")])
        yield audience


def measure(given: argparse.Namespace) -> dict[str, float]:
    with forum.opened(people=given.sockets + SPEAKERS) as place, ExitStack() as stack:
        theirs = stack.enter_context(plain(place, given.sockets))
        ours = stack.enter_context(plenary(place, given.sockets))
        ours.round(1, given.window)
        bare = stack.enter_context(raw(place, given.sockets, ours.frame_size))
        offers = {"plenary": (ours, 3, given.window), "raw": (bare, 2, given.window), "plain": (theirs, 4, 1)}
        rounds = [take_turns(number + 1, offers) for number in range(given.rounds)]
        check(place, ours, theirs)
    return summary(given, ours, *(medians([each[name] for each in rounds]) for name in offers))


def take_turns(number: int, offers: Mapping[str, tuple[Audience, float, int]]) -> dict[str, dict[str, float]]:
    figures = {}
    for name, (audience, seconds, window) in offers.items():
        for everyone, *_ in offers.values():
            everyone.crowd.catch_up()
        figures[name] = audience.round(seconds, window)
        shown = {figure: round(value, 2) for figure, value in figures[name].items()}
        print(f"round {number} {name:8}", shown, flush=True)
    return figures


def check(place: forum.Forum, ours: Audience, theirs: Audience) -> None:
    """What was delivered is stored, and everybody has heard it in one order."""
    sent, stored = len(ours.sent) + len(theirs.sent), place.inside("messages")
    if stored != sent:
        raise Lost(f"{sent} messages were sent, {stored} are stored")
    if ours.displaced:
        raise Lost(f"{ours.displaced} deliveries were repeated or out of order")


def summary(given: argparse.Namespace, audience: Audience, ours, bare, theirs) -> dict[str, float]:
    return {
        "bench": "fanout",
        "sockets": given.sockets,
        "window": given.window,
        "frame_bytes": audience.frame_size,
        "messages": len(audience.sent),
        "deliveries_per_s": round(ours["deliveries_per_s"]),
        "p50_ms": ours["p50_ms"],
        "p99_ms": ours["p99_ms"],
        "naive_deliveries_per_s": round(theirs["deliveries_per_s"]),
        "naive_p99_ms": theirs["p99_ms"],
        "raw_deliveries_per_s": round(bare["deliveries_per_s"]),
        "raw_p99_ms": bare["p99_ms"],
        "ratio_to_naive": round(ours["deliveries_per_s"] / theirs["deliveries_per_s"], 1),
        "ratio_to_raw": round(ours["deliveries_per_s"] / bare["deliveries_per_s"], 2),
        "server_cpu": ours["server_cpu"],
        "client_cpu": ours["client_cpu"],
        "raw_client_cpu": bare["client_cpu"],
    }


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--window", type=int, default=4, help="messages on their way at any time")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    settle_in()
    conclude(measure(given), TARGETS, given.judge)


if __name__ == "__main__":
    main()
