"""What a stage goes through: its media worker is killed, a thousand come at once, an audience comes and goes.

*killed*: a forum runs as `make run` starts it, three speakers are on stage, thirty light viewers and a page in Chromium
watch. The worker gets SIGKILL, three times. Speakers and viewers come back by the rules of the front end
(bench/returning.py), the page by itself and without being loaded again. `back_after_s` is the longest time from a kill
until somebody had sound and pictures of all three speakers again, `page_back_after_s` until the page decoded pictures.

*crowd*: a thousand viewers knock at one worker's door at the same moment. `refused` counts those who were told to come
again, `joined` those who got media in the end. `longest_gap_ms` is the longest time that one of those who were there
before waited for the next packet of a voice that sends one each 20 ms, by the kernel's clock; `gap_before_ms` is the
same in the quiet seconds before.

*churn*: fifty viewers of three speakers come and go. Each stays three minutes, played 24 times as fast: a thousand come
in what stands for an hour, and leave in turn by DELETE, by closing DTLS, and without a word. `rss_growth_mb` is what
the worker's memory grew by in the last two thirds of that hour. `leaked_…` is what was left afterwards besides what was
there before: file descriptors and threads as the system counts them, the rest as the worker does.
"""

import asyncio
import os
import random
import signal
import socket
import tempfile
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import psutil
from msgspec import json
from playwright.async_api import Page, async_playwright

from config import valkey
from rooms.media.settings import bearer
from tests import chromium
from tests.forum import Forum
from tests.forum import forum as running
from tests.journeys.stage import Place, bring_up, set_stage
from tests.media.client import OPUS, Client

from .drain import SO_TIMESTAMPNS, stamp
from .figures import Target, conclude, ms, options
from .lossy import COLLECT
from .media import SECRET, Speakers, cpu, plan, worker
from .panel import Speaker, slots
from .returning import Member, Performer, Room, Watcher
from .servers import settle_in

PANEL = ["Grace Otieno", "Aiko Mori", "Linus Heikkilä"]
# Megabytes. Viewers whom nothing but the collector would free made it 46 (70 kB each); one or two are the allocator's.
GROWTH = 5.0
GAP = 200  # milliseconds that the jitter buffers of browsers bear
LEAKS = ["sockets", "threads", "tasks", "peers", "addresses", "ufrags", "tracks", "slots"]
TARGETS = [
    Target("back_after_s", at_most=5),
    Target("page_back_after_s", at_most=5),
    Target("refused", at_most=0),
    Target("without_media", at_most=0),
    Target("longest_gap_ms", at_most=GAP),
    Target("rss_growth_mb", at_most=GROWTH),
    *(Target(f"leaked_{what}", at_most=0) for what in LEAKS),
]
PATIENCE = 60.0  # seconds
KEY = {"Authorization": f"Bearer {bearer(SECRET)}"}
SDP = {"Content-Type": "application/sdp"}


# A worker is killed.

APART = 7.0  # seconds; a process that does not live for five is not started for ever
PICTURES = """async () => {
    const told = { line: -1, frames: 0 }
    for (const [number, line] of window.lines.entries()) {
        if (line.connectionState !== "connected") continue
        told.line = number
        told.frames = 0
        for (const each of (await line.getStats()).values()) told.frames += each.framesDecoded ?? 0
    }
    return told
}"""


async def killed(viewers: int, kills: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, panel(Path(folder)) as (forum, place):
        passes = inside(forum, "passes", code=place.number, speakers=PANEL, viewers=viewers)
        room = Room(forum.address, place.number, passes["topic"])
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
            watching(forum, place) as page,
        ):
            performers = [Performer(Speaker(n, Client()), http, room, *its) for n, its in enumerate(passes["speakers"])]
            watchers = [Watcher(len(PANEL), http, room, *its) for its in passes["viewers"]]
            async with belonging([*performers, *watchers]):
                rounds = [await suffered(forum, watchers, page) for _ in range(kills)]
    return {figure: max(each[figure] for each in rounds) for figure in rounds[0]}


@contextmanager
def panel(folder: Path) -> Iterator[tuple[Forum, Place]]:
    with running(folder, DEMO="1", BENCH="1", MEDIA_BIND="127.0.0.1") as forum:
        place = set_stage(forum, "A worker is killed")
        bring_up(forum, place, *PANEL)
        yield forum, place


def inside(forum: Forum, what: str, **given: Any) -> Any:
    """What a function of inside.py returns in this forum."""
    script = f"import json; from bench import inside; print(json.dumps(inside.{what}(**{given!r})))"
    return json.decode(forum.manage("shell", "-v", "0", "-c", script))


@asynccontextmanager
async def watching(forum: Forum, place: Place) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.path(), args=chromium.FLAGS)
        context = await browser.new_context(base_url=forum.address)
        await context.add_init_script(COLLECT)
        page = await context.new_page()
        await page.goto(f"/demo/?q={place.ada}")
        await page.get_by_role("button", name=place.ada).first.click()
        await page.goto(place.room)
        yield page
        await browser.close()


@asynccontextmanager
async def belonging(members: list[Member]) -> AsyncIterator[None]:
    """A member who fails takes all along."""
    async with asyncio.TaskGroup() as house:
        tasks = [house.create_task(member.belong()) for member in members]
        yield
        for task in tasks:
            task.cancel()


async def suffered(forum: Forum, watchers: list[Watcher], page: Page) -> dict[str, float]:
    """One kill. What takes too long counts as PATIENCE."""
    await all_back(watchers, 0)
    await pictures_after(page, -1)
    await asyncio.sleep(APART)
    before = await page.evaluate(PICTURES)
    os.kill(media_process(forum), signal.SIGKILL)
    at = time.monotonic()
    back, page_back = await asyncio.gather(all_back(watchers, at), pictures_after(page, before["line"]))
    return shown("killed", {"back_after_s": round(back - at, 1), "page_back_after_s": round(page_back - at, 1)})


def media_process(forum: Forum) -> int:
    [process] = [pid for pid in forum.processes() if "rooms.media" in psutil.Process(pid).cmdline()]
    return process


async def all_back(watchers: list[Watcher], since: float) -> float:
    """When the last of them had everything in a session that began after `since`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        whole = [watcher.whole_since() for watcher in watchers]
        times = [one for one in whole if one is not None and one > since]
        if len(times) == len(watchers):
            return max(times)
        await asyncio.sleep(0.05)
    return deadline


async def pictures_after(page: Page, line: int) -> float:
    """When a connection later than this one shows pictures that move."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        told = await page.evaluate(PICTURES)
        if told["line"] > line and told["frames"] > 1:
            return time.monotonic()
        await asyncio.sleep(0.1)
    return deadline


# A worker of its own.


class Stage:
    """A worker with a panel of light speakers, and the way to its door."""

    def __init__(self, process: int, door: str, speakers: int):
        self.process, self.door, self.speakers = psutil.Process(process), door, speakers

    async def knock(self, http: aiohttp.ClientSession, client: Client) -> tuple[int, str, str]:
        """Status, answer, and where it is."""
        offer = client.offer(*slots(self.speakers))
        address = f"{self.door}/rooms/1/watch?place=live"
        async with http.post(address, data=offer, headers=KEY | SDP) as answer:
            return answer.status, await answer.text(), answer.headers.get("Location", "")

    async def delete(self, http: aiohttp.ClientSession, resource: str) -> None:
        async with http.delete(self.door + resource, headers=KEY):
            pass

    async def stock(self) -> dict[str, int]:
        """What can leak."""
        async with aiohttp.ClientSession(headers=KEY) as http, http.get(f"{self.door}/stats") as answer:
            told, sockets, threads = await answer.json(), self.process.num_fds(), self.process.num_threads()
        tracks = [track for one in told["rooms"]["1"]["publishers"].values() for track in one["tracks"]]
        return {
            "sockets": sockets,
            "threads": threads,
            **{what: told[what] for what in ("tasks", "peers", "addresses", "ufrags")},
            "tracks": len(tracks),
            "slots": sum(track["slots"] + track["waiting"] for track in tracks),
        }

    @property
    def rss(self) -> float:
        """Megabytes."""
        return self.process.memory_info().rss / 1e6


@asynccontextmanager
async def stage(speakers: int, **environment: str) -> AsyncIterator[Stage]:
    with (
        tempfile.TemporaryDirectory() as folder,
        valkey.serving(Path(folder)) as redis_url,
        worker(redis_url, **environment) as (process, door),
    ):
        await plan(door, speakers)
        playing = Speakers(speakers, door, bearer(SECRET), program="bench.panel")
        playing.say("go")
        yield Stage(process, door, speakers)
        playing.stop()


def patient() -> aiohttp.ClientSession:
    """As many lines as are wanted."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=2 * PATIENCE)
    )


async def until_heard(client: Client, kinds: int) -> bool:
    """Whether media came of so many kinds."""
    heard: set[int] = set()
    client.on_rtp = lambda packet: heard.add(packet[1] & 0x7F)
    deadline = time.monotonic() + PATIENCE
    while len(heard) < kinds and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    return len(heard) >= kinds


def stop_reading(client: Client) -> None:
    """It stays, and checks on; what it gets is thrown away by the kernel."""
    asyncio.get_running_loop().remove_reader(client.socket.fileno())
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)


# A thousand at once.

EARLY = 5  # viewers who are there before
CALM = 3.0  # seconds


class EarlyBird:
    """Notes when the kernel got each packet of a voice."""

    def __init__(self, client: Client):
        self.line, self.last, self.gap = client.socket, 0, 0
        loop = asyncio.get_running_loop()
        loop.remove_reader(self.line.fileno())
        self.line.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        loop.add_reader(self.line.fileno(), self.read)

    def read(self) -> None:
        for _ in range(64):
            try:
                packet, ancillary, _, _ = self.line.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if packet[0] > 127 and packet[1] & 0x7F == OPUS and ancillary:
                self.hear(stamp(ancillary))

    def hear(self, at: int) -> None:
        if self.last:
            self.gap = max(self.gap, at - self.last)
        self.last = at

    def take_gap(self) -> float:
        """Seconds, the longest since asked last."""
        gap, self.gap = self.gap, 0
        return gap / 1e9


async def crowd(people: int) -> dict[str, Any]:
    async with stage(1) as there, patient() as http:
        birds = [EarlyBird(await arrived(there, http)) for _ in range(EARLY)]
        await asyncio.sleep(CALM)
        before, used, began = longest(birds), cpu(there.process.pid), time.monotonic()
        clients = [Client() for _ in range(people)]
        came = await asyncio.gather(*(comes(there, http, client) for client in clients))
        took, used = time.monotonic() - began, cpu(there.process.pid) - used
        gap = longest(birds)
        for client in clients:
            client.vanish()
    figures = {
        "asked": people,
        "refused": came.count("refused"),
        "joined": came.count("joined"),
        "without_media": came.count("without media"),
        "joined_after_s": round(took, 1),
        "worker_cpu": round(used / took, 2),
        "gap_before_ms": ms(before),
        "longest_gap_ms": ms(gap),
    }
    return shown("crowd", figures)


def longest(birds: list[EarlyBird]) -> float:
    return max(bird.take_gap() for bird in birds)


async def arrived(there: Stage, http: aiohttp.ClientSession) -> Client:
    client = Client()
    _, answer, _ = await there.knock(http, client)
    await client.connect(answer)
    assert await until_heard(client, 2)
    return client


async def comes(there: Stage, http: aiohttp.ClientSession, client: Client) -> str:
    status, answer, _ = await there.knock(http, client)
    if status != 201:
        return "refused"
    try:
        async with asyncio.timeout(PATIENCE):
            await client.connect(answer)
    except (TimeoutError, ConnectionError):
        return "without media"
    has_media = await until_heard(client, 2)
    stop_reading(client)
    return "joined" if has_media else "without media"


# An hour of coming and going.

HOUR, STAYS = 3600.0, 180.0  # seconds
IDLE = 5  # seconds of silence; the light clients check each 2.5
SAMPLED = 10  # samples of memory for a median, one each second


async def churn(viewers: int, joins: int, seconds: float) -> dict[str, Any]:
    async with stage(len(PANEL), MEDIA_IDLE=f"{IDLE}") as there:
        async with patient() as http:
            await visit(there, http, 0, 1)
        baseline = await settled(there, None)
        memory = asyncio.create_task(sampled(there))
        stays = seconds * viewers / joins
        async with patient() as http:
            seats = (seat(there, http, n, joins // viewers, stays) for n in range(viewers))
            missed = sum(await asyncio.gather(*seats))
        memory.cancel()
        samples = await memory
        left = await settled(there, baseline)
    third = len(samples) // 3
    early, late = median(samples[third : third + SAMPLED]), median(samples[-SAMPLED:])
    figures = {
        "hour_in_s": len(samples),
        "visits": viewers * (joins // viewers),
        "missed_media": missed,
        "rss_mb": round(late),
        "rss_growth_mb": round(late - early, 1),
        **{f"leaked_{what}": left[what] - baseline[what] for what in LEAKS},
    }
    return shown("churn", figures)


async def seat(there: Stage, http: aiohttp.ClientSession, number: int, visits: int, stays: float) -> int:
    """One viewer after the other. Returns how many got no media."""
    await asyncio.sleep(random.random() * stays)
    return sum([not await visit(there, http, number + n, stays * random.uniform(0.5, 1.5)) for n in range(visits)])


async def visit(there: Stage, http: aiohttp.ClientSession, number: int, stays: float) -> bool:
    """Whether media came."""
    client = Client()
    leaves_at = time.monotonic() + stays
    _, answer, resource = await there.knock(http, client)
    await client.connect(answer)
    had_media = await until_heard(client, 2)
    stop_reading(client)
    await asyncio.sleep(leaves_at - time.monotonic())
    await leave(there, http, client, resource, number % 3)
    return had_media


async def leave(there: Stage, http: aiohttp.ClientSession, client: Client, resource: str, way: int) -> None:
    if way == 0:
        await there.delete(http, resource)
    elif way == 1:
        await client.dtls.stop()
    client.vanish()


async def sampled(there: Stage) -> list[float]:
    """Its memory each second, until cancelled."""
    samples = []
    try:
        while True:
            samples.append(there.rss)
            await asyncio.sleep(1)
    except asyncio.CancelledError:
        return samples


async def settled(there: Stage, like: Mapping[str, int] | None) -> dict[str, int]:
    """What there is once the silent were noticed; if that is more than there was, it gets a little more time."""
    await asyncio.sleep(IDLE + 2)
    deadline = time.monotonic() + 3 * IDLE
    stock = await there.stock()
    while like and any(stock[what] > like[what] for what in LEAKS) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        stock = await there.stock()
    return stock


def shown(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    print(f"{name}: {figures}", flush=True)
    return figures


def measure(given: Namespace) -> dict[str, Any]:
    # Before this process takes its place on one core, which those that it starts would share.
    figures = asyncio.run(killed(given.viewers, given.kills))
    settle_in()
    return figures | asyncio.run(crowd(given.crowd)) | asyncio.run(churn(given.seats, given.joins, given.seconds))


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--viewers", type=int, default=30, help="while workers are killed")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--crowd", type=int, default=1000, help="who come at once")
    parser.add_argument("--seats", type=int, default=50, help="viewers at a time while they come and go")
    parser.add_argument("--joins", type=int, default=1000, help="who come and go")
    parser.add_argument("--seconds", type=float, default=150, help="that stand for an hour")
    given = parser.parse_args()
    conclude({"bench": "media_faults", **measure(given)}, TARGETS, given.judge)


if __name__ == "__main__":
    main()
