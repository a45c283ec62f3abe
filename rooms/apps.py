from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"

    def ready(self):
        from .lounge import known  # noqa: F401 -- registers who is not proposed again
