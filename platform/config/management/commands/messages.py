"""Keeps the catalogues of words: `messages` renews them, `--check` says what is wrong, `--compile` makes them fast."""

import subprocess
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import catalogue


class Command(BaseCommand):
    help = "Collect every sentence of Python, templates and islands into locale/<language>/LC_MESSAGES/django.po."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="change nothing; fail if anything is missing or wrong")
        what.add_argument("--compile", action="store_true", help="write what Django and the islands read")

    def handle(self, *args: Any, check: bool, compile: bool, **options: Any) -> None:
        if compile:
            self.compile()
        elif check:
            self.check_words()
        else:
            self.renew()

    def renew(self) -> None:
        template = catalogue.extracted()
        for language in catalogue.languages():
            catalog = catalogue.renew(catalogue.read(language), template)
            catalogue.save(language, catalog)
            missing = sum(1 for it in catalog if it.id and list(catalogue.faults_of(it)))
            self.stdout.write(f"{language}: {len(catalog)} sentences, {missing} to be translated")

    def check_words(self) -> None:
        template = catalogue.extracted()
        found = {language: catalogue.faults(catalogue.read(language), template) for language in catalogue.languages()}
        for language, faults in found.items():
            self.stderr.write("".join(f"{language}: {fault}\n" for fault in faults))
        if count := sum(map(len, found.values())):
            raise CommandError(f"{count} faults in the catalogues; `manage.py messages` collects what is new.")

    def compile(self) -> None:
        for language in catalogue.languages():
            catalogue.compile_words(language)
        if settings.FRONTEND.exists():
            subprocess.run(["node", "catalogues.mjs"], cwd=settings.HOUSE / "frontend", check=True)
