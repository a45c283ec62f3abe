"""One of several processes that accept proposals for the same times at the same moment.

`python -m tests.rooms.meetings.racer THREADS` with the environment of a server; reads a line of JSON for each race
from its standard input, [[person, meeting, slot], …], does all of it at once and writes what came of each.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(threads: int) -> None:
    import django

    django.setup()

    import config.sockets  # noqa: F401 -- fills the tables, as in a server
    from live import writer
    from live.refusal import Refused
    from rooms.meetings import meetings

    def accept(gate: Barrier, person: int, meeting: int, slot: int) -> str:
        gate.wait()
        try:
            return writer.do(person, meetings.accept, person, meeting, slot).state
        except Refused as no:
            return no.code

    with ThreadPoolExecutor(threads) as pool:
        for line in sys.stdin:
            race = json.loads(line)
            gate = Barrier(len(race))
            came_of_it = [pool.submit(accept, gate, *each) for each in race]
            sys.stdout.write(json.dumps([it.result() for it in came_of_it]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
