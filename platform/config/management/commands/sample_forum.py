import gc
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.sample import forum
from config.sample.programme import FULL, SMALL


class Command(BaseCommand):
    help = (
        "Write a fictional forum in which something is on right now: 45 sessions and 300 people. "
        "Run again later, it moves the sample to the present. A real forum is left alone."
    )

    requires_system_checks = []  # every start of `make run` passes here, and migrating has just checked

    def add_arguments(self, parser):
        parser.add_argument("--full", action="store_true", help="160 sessions, 846 speakers, 15,000 people")
        parser.add_argument(
            "--fresh", action="store_true", help="throw away EVERY event of this database first, real ones too"
        )
        parser.add_argument("--if-empty", action="store_true", help="where there is a real forum, say nothing and go")

    def handle(self, *, full, fresh, if_empty, **options):
        began = time.monotonic()
        gc.freeze()  # Django itself is no garbage to look through again and again: a fifth faster
        if others := not fresh and forum.others():
            if if_empty:
                return
            raise CommandError(f"Here is a forum already: {', '.join(others)}. Only --fresh would throw it away.")
        done = self._write(FULL if full else SMALL, fresh, full)
        if done:
            self.stdout.write(f"The sample forum was {done} in {time.monotonic() - began:.1f} s.")

    def _write(self, size, fresh, full):
        """What was done, in a word; nothing if all is well as it is."""
        now, event = timezone.now(), forum.standing()
        if fresh:
            forum.begin_anew(size, now)
        elif event is None:
            forum.make(size, now)
        elif full and event.sessions.count() < size.sessions:
            raise CommandError("There is a small sample forum already. Say --full --fresh to replace it.")
        elif forum.is_current(event, now):
            return ""
        else:
            return forum.keep_up(event, now)
        return "made"
