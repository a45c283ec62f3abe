"""Browsers that take pushes, and sending to them: encrypted for the browser alone (RFC 8030, 8291)."""

import hashlib
import json
import logging
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from live.refusal import Refused

from . import vapid
from .models import PushSubscription

logger = logging.getLogger(__name__)

HERE = "push"  # in the session of whoever switched this browser on: its endpoint
BROWSERS = 10  # of one person
POINT, SECRET = 65, 16  # bytes
PATIENCE = aiohttp.ClientTimeout(total=15)
GONE = {404, 410}
CURVE = ec.SECP256R1()


class Browser(NamedTuple):
    endpoint: str
    p256dh: str
    auth: str


class Push(NamedTuple):
    """`payload` is JSON-able, below 3,000 bytes; `seconds` is how long the push service may keep it."""

    payload: dict[str, Any]
    key: str
    seconds: int
    urgent: bool


def is_known(endpoint: str) -> bool:
    """Of a push service that settings.PUSH_HOSTS names: we post to no other address that a client tells us.

    `push.example` is that host over https, `.push.example` any below it; `http://127.0.0.1:8000` is an origin as it
    stands, for a push service of one's own.
    """
    try:
        parts = urlsplit(endpoint)
        origin, plain = f"{parts.scheme}://{parts.netloc}", parts.port is None and parts.username is None
    except ValueError:
        return False
    host = parts.hostname or ""
    named = (host == one or (one.startswith(".") and host.endswith(one)) for one in settings.PUSH_HOSTS)
    return origin in settings.PUSH_HOSTS or (parts.scheme == "https" and plain and any(named))


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def insist_keys(browser: Browser) -> None:
    """A point on the curve and a secret, as RFC 8291 wants them; else Refused("push.unfit")."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(browser.p256dh))
        fits = len(decoded(browser.p256dh)) == POINT and len(decoded(browser.auth)) == SECRET
    except (ValueError, NotBase64):
        fits = False
    if not fits:
        raise Refused("push.unfit")


def subscribe(person: int, browser: Browser) -> None:
    """This browser is this person's now, whoever used it before. The oldest gives way to an eleventh."""
    if not is_known(browser.endpoint):
        raise Refused("push.foreign")
    insist_keys(browser)
    fields = {"person_id": person, "p256dh": browser.p256dh, "auth": browser.auth}
    PushSubscription.objects.update_or_create(endpoint=browser.endpoint, defaults=fields)
    own = PushSubscription.objects.filter(person=person).order_by("-made_at", "-pk")
    own.exclude(pk__in=own.values("pk")[:BROWSERS]).delete()


def unsubscribe(person: int | None, endpoint: str) -> None:
    PushSubscription.objects.filter(person=person, endpoint=endpoint).delete()


def forget(endpoint: str) -> None:
    """Its browser has gone."""
    PushSubscription.objects.filter(endpoint=endpoint).delete()


def encrypted(browser: Browser, payload: dict[str, Any]) -> bytes:
    """One record of aes128gcm that only this browser can read (RFC 8188, 8291)."""
    return http_ece.encrypt(
        json.dumps(payload, ensure_ascii=False).encode(),
        salt=os.urandom(16),
        private_key=ec.generate_private_key(CURVE),
        dh=decoded(browser.p256dh),
        auth_secret=decoded(browser.auth),
        version="aes128gcm",
    )


def headers(endpoint: str, push: Push) -> dict[str, str]:
    """`Topic` lets a later push replace one that has not been fetched yet."""
    topic = urlsafe_b64encode(hashlib.sha256(push.key.encode()).digest()[:24]).decode()
    return {
        "Authorization": vapid.authorization(endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(push.seconds),
        "Urgency": "high" if push.urgent else "normal",
        "Topic": topic,
    }


async def send(line: aiohttp.ClientSession, browser: Browser, push: Push) -> bool:
    """False if the browser has gone for good. Other trouble is logged: a push may get lost, the page has it."""
    if not is_known(browser.endpoint):
        return False
    body, told = encrypted(browser, push.payload), headers(browser.endpoint, push)
    try:
        async with line.post(
            browser.endpoint, data=body, headers=told, timeout=PATIENCE, allow_redirects=False
        ) as answer:
            if answer.status >= 300 and answer.status not in GONE:
                logger.warning("%s answered %d to a push", urlsplit(browser.endpoint).hostname, answer.status)
            return answer.status not in GONE
    except (aiohttp.ClientError, TimeoutError) as problem:
        logger.warning("%s took no push: %r", urlsplit(browser.endpoint).hostname, problem)
        return True
