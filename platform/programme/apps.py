from importlib import import_module

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "programme"

    def ready(self) -> None:
        import_module("programme.roster_roles")  # tables of people gain the column `roles`
