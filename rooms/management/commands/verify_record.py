from django.core.management.base import BaseCommand, CommandError

from live import log
from rooms import record
from rooms.models import Room


class Command(BaseCommand):
    help = "Checks that the record of a room is what was said in it, and says what was tampered with."

    def add_arguments(self, parser):
        parser.add_argument("room", help="the room's number")

    def handle(self, *args, room, **options):
        found = Room.objects.filter(code=room).select_related("conversation").first()
        if found is None:
            raise CommandError(f"There is no room {room}.")
        findings = record.findings(found)
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"The record of room {room} was tampered with in {len(findings)} places.")
        self.tell_heads(found)

    def tell_heads(self, room: Room) -> None:
        """Whoever can rewrite the database can rewrite the whole chain: note these lines elsewhere."""
        for topic in record.topics(room):
            seq, hash_ = log.head(topic)
            self.stdout.write(f"{topic} {seq} {hash_}")
        self.stdout.write(self.style.SUCCESS(f"The record of room {room.code} is whole."))
