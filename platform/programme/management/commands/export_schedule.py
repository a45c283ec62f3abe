from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.context import current_event
from programme.exports import schedule_of
from programme.models import Event
from programme.schedule import frab_json, frab_xml

WRITERS = {"json": frab_json.write, "xml": frab_xml.write}


class Command(BaseCommand):
    help = "Write an event's schedule, as it also stands at /schedule.json and /schedule.xml."

    def add_arguments(self, parser):
        parser.add_argument("format", choices=WRITERS)
        parser.add_argument("--event", metavar="SLUG", help="another than the one on the first page")

    def handle(self, *args, format: str, event: str | None, **options):
        found = Event.objects.filter(slug=event).first() if event else current_event()
        if found is None:
            raise CommandError(f"There is no event {event}." if event else "There is no event yet.")
        schedule = schedule_of(found, lambda path: urljoin(settings.SITE_URL or "http://localhost/", path))
        self.stdout.write(WRITERS[format](schedule).decode())
