"""A push service of the tests' own, and a browser that reads what comes (RFC 8291) by code of its own."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
AUTH = bytes(range(16))


def base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


class UserAgent:
    """Holds the keys of one subscription."""

    def __init__(self):
        self.key = ec.generate_private_key(CURVE)

    @property
    def p256dh(self) -> str:
        return base64url(point(self.key.public_key()))

    @property
    def auth(self) -> str:
        return base64url(AUTH)

    def subscription(self, endpoint: str, **more) -> dict:
        return {"endpoint": endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}, "expirationTime": None} | more

    def read(self, body: bytes) -> dict:
        """RFC 8188, 2.1 for the header of the body; RFC 8291, 3.4 for the keys."""
        salt, size, sender = body[:16], body[20], body[21 : 21 + body[20]]
        assert size == 65
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        info = b"WebPush: info\0" + point(self.key.public_key()) + sender
        secret = hkdf(AUTH, shared, info, 32)
        key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + size :], None)
        return json.loads(plain.rstrip(b"\0").removesuffix(b"\2"))


class Got(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class PushService:
    """Notes what is posted; answers with `status`."""

    def __init__(self):
        self.origin = ""
        self.status = 201
        self.got: list[Got] = []

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(Got(request.path, dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": f"{self.origin}/elsewhere"})


@asynccontextmanager
async def serving() -> AsyncIterator[PushService]:
    service, app = PushService(), web.Application()
    app.router.add_post("/{name:.*}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()
