from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from programme.imports import Report, read, take_in
from programme.models import Event
from programme.schedule.shape import LARGEST, BadSchedule


class Command(BaseCommand):
    help = "Take in a schedule as frab and pretalx export it, JSON or XML: all of it, or nothing if anything is wrong."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--event", metavar="SLUG", help="the event it belongs to, if the file calls it otherwise")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args, file: Path, event: str | None, dry_run: bool, **options):
        try:
            report = take_in(read(self.data(file)), self.event(event), dry_run)
        except BadSchedule as bad:
            lines = (f"{file}:{fault.line}: {fault}" for fault in bad.faults)
            raise CommandError("\n".join([*lines, "Nothing was changed."])) from None
        self.tell(report, dry_run)

    def data(self, file: Path) -> bytes:
        try:
            with file.open("rb") as opened:
                return opened.read(LARGEST + 1)
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}. Nothing was changed.") from None

    def event(self, slug: str | None) -> Event | None:
        if slug and not Event.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no event {slug}. Nothing was changed.")
        return Event.objects.get(slug=slug) if slug else None

    def tell(self, report: Report, dry_run: bool) -> None:
        for word, changes in (("+", report.added), ("~", report.changed), ("-", report.cancelled)):
            for change in changes:
                self.stdout.write(f"{word} {change.session.title}{f' ({change.words})' if change.words else ''}")
        for note in report.notes:
            self.stdout.write(f"! {note}")
        self.stdout.write(f"{report.event.slug}: {report}{'; a dry run, nothing was changed' if dry_run else ''}")
