"""Who we are to push services: a key pair of our own (RFC 8292)."""

import os
import tempfile
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode


def path() -> Path:
    return Path(settings.DATA_DIR) / "vapid.pem"


@lru_cache(maxsize=1)
def _key(given: str, stored: Path) -> Vapid02:
    """That of settings.VAPID_PRIVATE_KEY, else the one in the data folder, made when it is needed first."""
    if given:
        return Vapid02.from_string(given)
    if not stored.exists():
        _make(stored)
    return Vapid02.from_pem(stored.read_bytes())


def _make(stored: Path) -> None:
    """Several processes may do it at once; the first one's key stays."""
    made = Vapid02()
    made.generate_keys()
    handle, draft = tempfile.mkstemp(dir=stored.parent, prefix=".vapid-")
    with os.fdopen(handle, "wb") as file:
        file.write(made.private_pem())
    try:
        os.link(draft, stored)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def key() -> Vapid02:
    return _key(settings.VAPID_PRIVATE_KEY, path())


def public() -> str:
    """What browsers bind their subscriptions to: an uncompressed point, base64url."""
    return b64urlencode(key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def contact() -> str:
    """Whom a push service would write to about us."""
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def authorization(endpoint: str) -> str:
    """The header for one push, good for a day."""
    parts = urlsplit(endpoint)
    return key().sign({"sub": contact(), "aud": f"{parts.scheme}://{parts.netloc}"})["Authorization"]
