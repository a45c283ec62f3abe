"""One media worker on one core: speakers play, hundreds watch; what a forwarded packet costs, and how late it is.

Each point has a worker of its own, pinned to a core; speakers and viewers share the other. A speaker plays 1 Mbit/s of
VP8 640×360 and 32 kbit/s of Opus (170 packets/s). Viewers join first, by WHEP and DTLS, with a slot for each speaker's
picture and voice (`join_ms_cpu` is the worker's processor time for each join, the median of three rounds). Then
everything is played for a few seconds: `us_per_packet` is the worker's processor time by packets that arrived,
`cpu_pct` its share of the core, `loss_pct` the gaps in the sequence numbers, and `p50_ms` and `p99_ms` the time from a
speaker's send to the kernel's receipt at a viewer, of the twenty viewers that decrypt what they get. JANUS=1 plays the
same to the same viewers by Debian's Janus (VideoRoom, `event_loops=1`) on the same core, right after: `ratio_to_janus`
is our processor time for a packet by theirs over all points together, `ratio_to_janus_at` for each.
"""

import asyncio
import json
import os
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import aiohttp

from config import valkey
from rooms.media.settings import bearer
from tests.forum import own_address
from tests.media.client import Client, audio, fingerprint, video

from . import janus
from .drain import Drain, Ear
from .figures import Target, conclude, options, percentile
from .publish import sent_at, shake_hands
from .servers import CLIENT, HOUSE, SERVER, placed, settle_in

TARGETS = [
    Target("us_per_packet", at_most=14),
    Target("cpu_pct", at_most=65),
    Target("p99_ms", at_most=50),
    Target("loss_pct", at_most=0),
    Target("join_ms_cpu", at_most=5),
]
BESIDE_JANUS = Target("ratio_to_janus", at_most=0.75)
SECONDS, WARM_UP = 8.0, 2.0
SAMPLED = 20  # viewers who decrypt
AT_ONCE = 8  # joins
ROUNDS = 3  # of joins, each at a worker of its own; what is played is played once
REPORT_EVERY = 1.0  # seconds between two receiver reports of a viewer
SECRET = "for-the-bench-only-and-for-nothing-else"


class Point(NamedTuple):
    speakers: int
    viewers: int

    @property
    def name(self) -> str:
        return f"{self.speakers}x{self.viewers}"


POINTS = [Point(1, 100), Point(1, 200), Point(1, 300), Point(6, 30)]
FULL = Point(1, 300)


def cpu(process: int) -> float:
    """Processor seconds of all its threads, by the scheduler's own clock."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def worker(redis_url: str, **more: str) -> Iterator[tuple[int, str]]:
    """A media worker on its core: its process id, and its door. `more` goes into its environment."""
    environment = {
        **os.environ,
        "SECRET_KEY": SECRET,
        "REDIS_URL": redis_url,
        "MEDIA_BIND": "127.0.0.1",
        "PYTHONPATH": f"{HOUSE / 'platform'}{os.pathsep}{HOUSE}",
        "LOG_LEVEL": "WARNING",
        **more,
    }
    command = [sys.executable, "-m", "rooms.media"]
    process = subprocess.Popen(
        command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=placed(SERVER)
    )
    try:
        assert process.stdout
        ready = re.search(r"its door at (\S+)", process.stdout.readline())
        assert ready, "the worker did not start"
        yield process.pid, ready[1]
    finally:
        process.terminate()
        process.wait(10)


class Speakers:
    """The other process of the load (bench/publish.py, or another `program` that is told and tells the same)."""

    def __init__(self, many: int, *target: str, program: str = "bench.publish"):
        self.process = subprocess.Popen(
            [sys.executable, "-m", program, str(many), *target],
            cwd=HOUSE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=placed(CLIENT),
        )
        assert self.process.stdout
        said, _, numbers = self.process.stdout.readline().partition(" ")
        assert said == "ready", "the speakers could not join"
        self.numbers: list[int] = json.loads(numbers)

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        self.say("stop")
        self.process.wait(10)


Join = Callable[[aiohttp.ClientSession, Client], Awaitable[None]]


async def join_worker(http: aiohttp.ClientSession, client: Client, door: str, speakers: int) -> None:
    offer = client.offer(*[video("recvonly")] * speakers, *[audio("recvonly")] * speakers)
    headers = {"Authorization": f"Bearer {bearer(SECRET)}", "Content-Type": "application/sdp"}
    async with http.post(f"{door}/rooms/1/watch?place=live", data=offer, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        await client.connect(await answer.text())


async def join_janus(http: aiohttp.ClientSession, client: Client, port: int, feeds: list[int]) -> None:
    handle = await janus.Handle(http, port).attach()
    offer = await janus.subscribe(handle, feeds)
    await janus.start(handle, answer_to(offer, client))
    await shake_hands(client, janus.far(offer)._replace(role="client"))


def answer_to(offer: str, client: Client) -> str:
    """Ours to an offer of Janus: we take everything, and begin the handshake."""
    head, *sections = re.split(r"(?=^m=)", offer, flags=re.M)
    bundle = re.search(r"a=group:BUNDLE.*\r\n", head)
    assert bundle
    return f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{bundle[0]}" + "".join(
        taken(section, client) for section in sections
    )


def taken(section: str, client: Client) -> str:
    kind, pt = re.match(r"m=(\w+) \d+ \S+ (\d+)", section).groups()  # type: ignore[union-attr]
    lines = [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {pt}",
        "c=IN IP4 127.0.0.1",
        re.search(r"a=mid:\S+", section)[0],  # type: ignore[index]
        "a=recvonly",
        "a=rtcp-mux",
        f"a=ice-ufrag:{client.ufrag}",
        f"a=ice-pwd:{client.pwd}",
        f"a=fingerprint:sha-256 {fingerprint()}",
        "a=setup:active",
        re.search(rf"a=rtpmap:{pt} [^\r]*", section)[0],  # type: ignore[index]
        f"a=candidate:1 1 udp 2130706431 {client.host} {client.socket.getsockname()[1]} typ host",
        "a=end-of-candidates",
    ]
    return "".join(f"{line}\r\n" for line in lines)


async def joined(many: int, join: Join, host: str) -> list[Client]:
    clients = [Client(host) for _ in range(many)]
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(client: Client) -> None:
        async with gate:
            await join(http, client)

    async with aiohttp.ClientSession() as http:
        await asyncio.gather(*map(one, clients))
    for client in clients:
        asyncio.get_running_loop().remove_reader(client.socket.fileno())
    return clients


class Sample:
    """How late packets are, at the viewers who decrypt them."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.listening = False

    def take(self, session: Any, packet: bytes, at: int) -> None:
        if self.listening and 127 < packet[0] < 192 and not 192 <= packet[1] <= 223:
            self.late.append((at - sent_at(session.unprotect(packet))) / 1e6)


class Watching:
    """The viewers while things are played: read as fast as they can be, and reported on as browsers do."""

    def __init__(self, clients: Sequence[Client]):
        self.clients = clients
        self.ears = [Ear(client.socket) for client in clients]
        self.sample = Sample()
        heard = dict(zip(map(id, self.ears), clients, strict=True))
        sampled = self.ears[:: max(1, len(self.ears) // SAMPLED)][:SAMPLED]
        self.drain = Drain(self.ears, sampled, lambda ear, packet, at: self._time(heard[id(ear)], packet, at))
        self.turn = 0

    def _time(self, client: Client, packet: bytes, at: int) -> None:
        self.sample.take(client.dtls._rx_srtp, packet, at)

    def watch(self, seconds: float) -> None:
        end = next_report = time.monotonic()
        end += seconds
        while (now := time.monotonic()) < end:
            self.drain.once(0.005)
            if now >= next_report:
                self._report()
                next_report = now + REPORT_EVERY / 10

    def _report(self) -> None:
        """A tenth of the viewers, in turn."""
        self.turn += 1
        for at in range(self.turn % 10, len(self.clients), 10):
            client, ear = self.clients[at], self.ears[at]
            if ear.streams:
                client.send(receiver_report(1 + at, ear))
            if self.turn // 10 % 5 == 0:
                client.send_raw(client.request())

    @property
    def packets(self) -> int:
        return sum(ear.packets for ear in self.ears)

    @property
    def loss(self) -> float:
        streams = [stream for ear in self.ears for stream in ear.streams.values()]
        expected = sum(stream.expected for stream in streams)
        return 100 * (expected - sum(stream.packets for stream in streams)) / max(1, expected)


def receiver_report(ssrc: int, ear: Ear) -> bytes:
    """RFC 3550, 6.4.2: nothing lost."""
    blocks = [struct.pack("!IIIIII", its, 0, stream.last, 0, 0, 0) for its, stream in ear.streams.items()]
    return struct.pack("!BBHI", 0x80 | len(blocks), 201, 1 + 6 * len(blocks), ssrc) + b"".join(blocks)


def measured(process: int, speakers: Speakers, watching: Watching) -> dict[str, float]:
    speakers.say("go")
    watching.watch(WARM_UP)
    watching.sample.listening = True
    before, packets, began = cpu(process), watching.packets, time.monotonic()
    watching.watch(SECONDS)
    used, took = cpu(process) - before, time.monotonic() - began
    got = watching.packets - packets
    speakers.stop()
    return {
        "us_per_packet": round(used / got * 1e6, 2),
        "cpu_pct": round(100 * used / took, 1),
        "packets_per_second": round(got / took),
        "loss_pct": round(watching.loss, 3),
        "p50_ms": round(percentile(watching.sample.late, 0.5), 1),
        "p99_ms": round(percentile(watching.sample.late, 0.99), 1),
    }


async def run(
    process: int, speakers: Speakers, viewers: int, join: Join, host: str = "127.0.0.1", play: bool = True
) -> dict[str, float]:
    before = cpu(process)
    clients = await joined(viewers, join, host)
    joins = {"join_ms_cpu": round(1000 * (cpu(process) - before) / viewers, 2)}
    # The streams pause while nothing is read from asyncio's side: nothing else happens in this process.
    figures = measured(process, speakers, Watching(clients)) if play else {}
    for client in clients:
        client.vanish()
    return figures | joins


async def plan(door: str, speakers: int) -> None:
    people = [{"id": 1 + n, "place": "live", "microphone": True, "camera": True} for n in range(speakers)]
    body = {"room": 1, "revision": 1, "hidden": False, "pinned": None, "people": people}
    headers = {"Authorization": f"Bearer {bearer(SECRET)}"}
    async with aiohttp.ClientSession() as http, http.put(f"{door}/rooms/1", json=body, headers=headers) as answer:
        assert answer.status == 204, await answer.text()


async def ours(point: Point, redis_url: str) -> dict[str, float]:
    rounds = [await our_round(point, redis_url, play=number == 0) for number in range(ROUNDS)]
    return rounds[0] | {"join_ms_cpu": median(each["join_ms_cpu"] for each in rounds)}


async def our_round(point: Point, redis_url: str, play: bool) -> dict[str, float]:
    with worker(redis_url) as (process, door):
        await plan(door, point.speakers)
        speakers = Speakers(point.speakers, "worker", door, bearer(SECRET))
        return await run(
            process,
            speakers,
            point.viewers,
            lambda http, client: join_worker(http, client, door, point.speakers),
            play=play,
        )


async def theirs(point: Point) -> dict[str, float]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, janus.running(Path(folder), port) as process:
        await janus.answering(port)
        speakers = Speakers(point.speakers, "janus", str(port))
        return await run(
            process.pid,
            speakers,
            point.viewers,
            lambda http, client: join_janus(http, client, port, speakers.numbers),
            own_address(),
        )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def asked() -> list[Target]:
    return [*TARGETS, BESIDE_JANUS] if os.environ.get("JANUS") == "1" else TARGETS


async def points(chosen: Sequence[Point]) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder, valkey.serving(Path(folder)) as redis_url:
        return {point.name: shown(point.name, await ours(point, redis_url)) for point in chosen}


def shown(name: str, figures: dict[str, float]) -> dict[str, float]:
    print(f"{name}: {json.dumps(figures)}", flush=True)
    return figures


def judged(measured: dict[str, dict[str, float]]) -> dict[str, float]:
    """What the targets are about: the worst of all points, and of the fullest."""
    every = measured.values()
    full = measured.get(FULL.name) or list(every)[-1]
    return {
        "us_per_packet": max(each["us_per_packet"] for each in every),
        "cpu_pct": full["cpu_pct"],
        "p99_ms": full["p99_ms"],
        "loss_pct": max(each["loss_pct"] for each in every),
        "join_ms_cpu": max(each["join_ms_cpu"] for each in every),
    }


async def beside_janus(measured: dict[str, dict[str, float]], chosen: Sequence[Point]) -> dict[str, Any]:
    if os.environ.get("JANUS") != "1":
        return {}
    janus_points = {point.name: shown(f"janus {point.name}", await theirs(point)) for point in chosen}
    ratios = {name: ratio([measured[name]], [its]) for name, its in janus_points.items()}
    over_all = ratio(measured.values(), janus_points.values())
    return {"janus": janus_points, "ratio_to_janus": over_all, "ratio_to_janus_at": ratios}


def ratio(ours: Iterable[dict[str, float]], theirs: Iterable[dict[str, float]]) -> float:
    """Of the processor time for a packet, over all packets of these points."""
    return round(cost(ours) / cost(theirs), 2)


def cost(points: Iterable[dict[str, float]]) -> float:
    points = list(points)
    return sum(each["cpu_pct"] for each in points) / sum(each["packets_per_second"] for each in points)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--points", nargs="*", help="such as 1x100 6x30", default=[point.name for point in POINTS])
    arguments = parser.parse_args()
    settle_in()
    random.seed(1)
    chosen = [Point(*map(int, name.split("x"))) for name in arguments.points]
    measured = asyncio.run(points(chosen))
    extra = asyncio.run(beside_janus(measured, chosen))
    conclude({"bench": "media", **judged(measured), **extra, "points": measured}, asked(), arguments.judge)


if __name__ == "__main__":
    main()
