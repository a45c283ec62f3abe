from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from people.listing import relist_all


class Command(BaseCommand):
    help = "Write the directory anew from the profiles, as after a change made in the database itself."

    def handle(self, *args, **options):
        count = relist_all()
        said = ngettext("%(count)s person is listed.", "%(count)s people are listed.", count)
        self.stdout.write(said % {"count": count})
