"""A server process that knows the parlour only: `python -m tests.live.served PORT`, with the usual environment.

Also its settings: the product's, with the parlour in the place of all other apps.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.live.served")

from config.settings import *  # noqa: F403

INSTALLED_APPS = ["live", "tests.live.parlour"]
LIVE_BEAT, LIVE_IDLE, LIVE_LEASE = 0.5, 1, 3
LIVE_SOCKETS_PER_PERSON = 4


def main() -> None:
    import django

    django.setup()

    from live.door import door
    from live.server import LiveServer
    from tests.live.parlour import verbs  # noqa: F401 -- fills the tables

    LiveServer(door, endpoints=[f"tcp:port={sys.argv[1]}:interface=127.0.0.1:backlog=4096"], verbosity=0).run()


if __name__ == "__main__":
    main()
