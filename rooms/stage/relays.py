"""TURN servers for those whose network lets no media through: short-lived credentials as coturn checks them."""

import base64
import hmac
import time

from django.conf import settings

LIFE = 3600  # seconds that credentials are good for


def servers(person: int, now: float | None = None) -> list[dict]:
    """What RTCPeerConnection takes as `iceServers`; an empty list where no relay is configured.

    The credential is the HMAC-SHA1 of the user name, which says until when (draft-uberti-behave-turn-rest-00, 2.2).
    """
    user = f"{int(time.time() if now is None else now) + LIFE}:{person}"
    credential = base64.b64encode(hmac.digest(settings.TURN_SECRET.encode(), user.encode(), "sha1")).decode()
    return [
        {"urls": [url]} if url.startswith("stun") else {"urls": [url], "username": user, "credential": credential}
        for url in settings.TURN_URL
    ]


def links(person: int) -> list[str]:
    """The same as values of the `Link` header (RFC 9725, 4.6)."""
    return [_link(server) for server in servers(person)]


def _link(server: dict) -> str:
    link = f'<{server["urls"][0]}>; rel="ice-server"'
    if "username" not in server:
        return link
    secret = f'username="{server["username"]}"; credential="{server["credential"]}"; credential-type="password"'
    return f"{link}; {secret}"
