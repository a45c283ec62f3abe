"""Pages and sockets behind one door."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from config.sockets import sockets  # noqa: E402 -- models load only after Django is set up
from config.threads import Threads  # noqa: E402

application = ProtocolTypeRouter({"http": Threads(pages), "websocket": sockets})
