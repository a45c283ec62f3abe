from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from people.roster import plan
from people.roster.table import BYTES


class Command(BaseCommand):
    help = "Import people from a CSV table: all of it, or nothing and the reasons line by line."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args, file: Path, dry_run: bool, **options):
        report = plan.of_file(contents(file), plan.report_on if dry_run else plan.take_in)
        self.tell(report)
        if report.problems:
            raise CommandError(_("Nothing was imported. Lines to look at: %(count)s") % {"count": len(report.problems)})

    def tell(self, report: plan.Report) -> None:
        for entry in report.entries:
            what = _("new") if entry.new else ", ".join(entry.changes) or _("as before")
            self.stdout.write(f"{entry.line}: {entry.person.email}: {what}")
        for problem in report.problems:
            self.stderr.write(f"{problem.line}: {problem.reason}")
        said = _("%(new)s new, %(changed)s changed, %(same)s as before")
        self.stdout.write(said % {"new": len(report.new), "changed": len(report.changed), "same": report.same})


def contents(file: Path) -> bytes:
    try:
        with file.open("rb") as table:
            return table.read(BYTES + 1)
    except OSError as error:
        raise CommandError(str(error)) from None
