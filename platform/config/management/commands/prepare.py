from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Bring the database to where the web process can start: its tables and, with DEMO, the sample forum."

    requires_system_checks = []  # every start passes here, and the web process checks

    def handle(self, **options):
        try:
            bring_up_to_date()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        if settings.DEMO:
            call_command("sample_forum", if_empty=True, stdout=self.stdout)


def bring_up_to_date() -> None:
    if lags_behind():
        call_command("migrate", interactive=False, verbosity=0)


def lags_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
