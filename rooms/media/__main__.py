"""The media process: `PYTHONPATH=platform:. python -m rooms.media`. One line when it is ready; SIGTERM ends it."""

import asyncio
import gc
import logging
import signal
import sys

from aiohttp import web

from . import door
from .leases import Lease
from .room import Room
from .settings import Misconfigured, Settings, read
from .worker import Worker

logger = logging.getLogger(__name__)

GOODBYES = 0.5  # seconds that requests at the door may take to end
# Packets come and go too fast for objects to be looked at after every 700 of them.
THRESHOLDS = (20_000, 20, 20)


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Raises OSError when a port is taken."""
    worker = Worker(settings, Room)
    runner = web.AppRunner(door.app(worker), access_log=None, shutdown_timeout=GOODBYES)
    lease = None
    try:
        http = await listen(runner, settings)
        await worker.start()
        lease = Lease(worker, http)
        await lease.start()
        settle()
        tell(f"The media worker {worker.name} is ready: UDP port {worker.mux.port}, its door at {http}")
        await told_to_stop()
    finally:
        if lease:
            await lease.stop()
        await runner.cleanup()
        await worker.stop()


async def listen(runner: web.AppRunner, settings: Settings) -> str:
    await runner.setup()
    await web.TCPSite(runner, *settings.http).start()
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def settle() -> None:
    """What is there by now stays until the end: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def told_to_stop() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def main() -> None:
    try:
        settings = read()
        logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        asyncio.run(serve(settings))
    except Misconfigured as error:
        sys.exit(f"The media process can't start: {error}")
    except OSError as error:
        sys.exit(f"The media process can't listen: {error}")


if __name__ == "__main__":
    main()
