"""What the media process reads from its environment; the one file of it that does."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
# The web process's own, for development: both must make the same key of it (tests/media/test_settings.py).
DEVELOPMENT_KEY = "not-a-secret-only-for-development"
SHORTEST_KEY = 32
Address = tuple[str, int]


class Misconfigured(Exception):
    """The message is one line for whoever starts the process."""


@dataclass(frozen=True)
class Settings:
    key: str  # what the web process shows at the door, as a bearer token
    redis_url: str
    http: Address = ("127.0.0.1", 0)
    port: int = 0  # UDP; 0 takes any that is free
    bind: tuple[str, ...] = ("0.0.0.0", "::")
    public: tuple[str, ...] = ()  # addresses told to browsers; none: those of this machine
    advertise: tuple[Address, ...] = ()  # of a relay in front: told instead of our own
    joins_per_second: float = 50
    patience: float = 30  # seconds that a newcomer may take to send its first check
    idle: float = 30  # seconds of silence after which a peer is gone (RFC 7675, 5.1)
    log_level: str = "INFO"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises Misconfigured."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    return Settings(
        key=bearer(secret(given)),
        redis_url=given.get("REDIS_URL") or f"unix://{Path(given.get('DATA_DIR', HOUSE / 'var')) / 'valkey.sock'}",
        http=address(given.get("MEDIA_HTTP", "127.0.0.1:0"), "MEDIA_HTTP"),
        port=port(given.get("MEDIA_PORT", "0"), "MEDIA_PORT"),
        bind=hosts(given.get("MEDIA_BIND", "0.0.0.0 ::"), "MEDIA_BIND"),
        public=hosts(given.get("MEDIA_PUBLIC_IP", ""), "MEDIA_PUBLIC_IP"),
        advertise=tuple(address(word, "MEDIA_ADVERTISE") for word in words(given.get("MEDIA_ADVERTISE", ""))),
        idle=seconds(given.get("MEDIA_IDLE", "30"), "MEDIA_IDLE"),
        log_level=given.get("LOG_LEVEL", "INFO"),
    )


def secret(given: Mapping[str, str]) -> str:
    in_development = given.get("DEBUG", "").lower() in ("1", "true", "yes", "on")
    secret = given.get("SECRET_KEY", DEVELOPMENT_KEY)
    if not in_development and (secret == DEVELOPMENT_KEY or len(secret) < SHORTEST_KEY):
        raise Misconfigured(f"SECRET_KEY must be set to at least {SHORTEST_KEY} random characters (or set DEBUG=1).")
    return secret


def bearer(secret: str) -> str:
    """What both processes make of the secret that they share: hexadecimal."""
    return hmac.digest(secret.encode(), b"media", "sha256").hex()


def words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def hosts(text: str, name: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_address(word)) for word in words(text))
    except ValueError as wrong:
        raise Misconfigured(f"{name} must be addresses: {wrong}.") from None


def address(text: str, name: str) -> Address:
    """`host:port` or `[v6]:port`."""
    host, colon, number = text.rpartition(":")
    if not (colon and host):
        raise Misconfigured(f"{name} must be HOST:PORT, not {text!r}.")
    return host.strip("[]"), port(number, name)


def port(text: str, name: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise Misconfigured(f"{name} names no port: {text!r}.")
    return int(text)


def seconds(text: str, name: str) -> float:
    if not text.isdecimal() or text.strip("0") == "":
        raise Misconfigured(f"{name} must be a whole number of seconds, not {text!r}.")
    return float(text)
