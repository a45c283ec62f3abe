"""All settings; the only reader of environment variables."""

import hmac
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

HOUSE = Path(__file__).resolve().parents[2]
PLATFORM = HOUSE / "platform"
DATA_DIR = Path(os.environ.get("DATA_DIR", HOUSE / "var"))


def flag(name: str, otherwise: bool = False) -> bool:
    return os.environ.get(name, str(int(otherwise))).lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    return os.environ.get(name, "").replace(",", " ").split()


def database(url: str) -> dict:
    """Django's settings of `sqlite:///path` or `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or str(DATA_DIR / "plenary.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32000;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgresql://")


DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
DEFAULT_KEY = "not-a-secret-only-for-development"
SECRET_KEY = os.environ.get("SECRET_KEY", DEFAULT_KEY)
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
if DEBUG:
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
else:
    if SECRET_KEY == DEFAULT_KEY or len(SECRET_KEY) < 32:
        raise ImproperlyConfigured("SECRET_KEY must be set to at least 32 random characters (or set DEBUG=1).")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts Plenary answers for (or set DEBUG=1).")

# The media process makes the same key of the same secret (rooms/media/settings.py).
MEDIA_KEY = hmac.digest(SECRET_KEY.encode(), b"media", "sha256").hex()
# Relays for those whose network lets no media through, turn:host:3478 turns:host:443?transport=tcp, and the secret that
# they share with us (coturn: use-auth-secret).
TURN_URL = words("TURN_URL")
TURN_SECRET = os.environ.get("TURN_SECRET", "")
if not TURN_SECRET and any(url.startswith("turn") for url in TURN_URL):
    raise ImproperlyConfigured("TURN_SECRET must be set to what the relays of TURN_URL share with us.")

SECURE = flag("SECURE")
SITE_URL = os.environ.get("SITE_URL", "")
CSRF_TRUSTED_ORIGINS = words("TRUSTED_ORIGINS") or ([SITE_URL] if SITE_URL else [])
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "config",
    "rooms",
    "chat",
    "programme",
    "people",
    "live",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.LanguageOfThePerson",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.permissions.PermissionsPolicy",
    "config.refusals.RefusalPage",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PLATFORM / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.templatetags.plenary", "people.templatetags.faces"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "programme.context.forum",
                "config.demo.hint",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", "sqlite://"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "") or f"unix://{DATA_DIR / 'valkey.sock'}"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 30}]},
    }
}
CENSUS_AGE = 5.0  # seconds that whom the directory finds, and its counts, may be behind
PROPOSED_AGE = 60  # seconds for which the same people are proposed, whatever others have changed
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# The live kernel. A bench may raise limits, and says so.
LIVE_RATES = {
    "ask": (3, 60),
    "edit": (6, 60),
    "vote": (10, 1),
    "chat": (2, 1),
    "desk": (20, 1),
    "stage": (20, 1),
    "hand": (6, 60),
    "whip": (20, 10),
    "react": (3, 1),
    "enter": (40, 1),
    "typing": (2, 1),
    "file": (20, 300),
    "report": (5, 3600),
    "signal": (100, 10),
    "notes": (5, 5),
    "default": (20, 1),
}
if flag("BENCH"):
    LIVE_RATES = dict.fromkeys(LIVE_RATES, (1_000_000, 1))
LIVE_SOCKETS_PER_PERSON = 20
CONVERSATIONS_A_DAY = 1_000_000 if flag("BENCH") else 20  # that one person begins without being asked
CONVERSATION_FILE_BYTES = 10 * 1024 * 1024
CONVERSATION_FILES_A_DAY = 100  # of one person
LIVE_SOCKETS_PER_ADDRESS = 100_000 if flag("BENCH") else int(os.environ.get("SOCKETS_PER_ADDRESS", "4000"))
LIVE_FRAME_LIMIT = 16 * 1024
LIVE_BATCH = 200
LIVE_TICK = 0.1
LIVE_BEAT = 10
LIVE_RING = 1000
LIVE_POLL = 1  # seconds between two looks at the record for what the bell did not tell
LIVE_IDLE = 30  # seconds that a topic stays open after its last reader
LIVE_LEASE = 15  # seconds that somebody counts as present without a sign of life
LIVE_FAREWELL = 8  # seconds over which readers come back after a planned restart
REFUSALS = "config.refusals.SENTENCES"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "people.access.Organisers",
]
ORGANISED_APPS = {"people", "programme", "rooms", "chat"}  # what staff may manage
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
REGISTRATION_OPEN = flag("REGISTRATION_OPEN", DEBUG or DEMO)
# At most so many within so many seconds. A network address may be a whole venue; and nobody elsewhere can use up all
# the codes that may be sent to somebody's e-mail.
SIGN_IN_RATES = {
    "email": (20, 3600),
    "address": (300, 3600),
    "email_and_address": (6, 3600),
    "guesses_at_email": (20, 3600),
    "guesses_from_address": (100, 3600),
}
INVITATION_DAYS = 60

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "Plenary <forum@localhost>")

# Web push. We post to these services alone, whatever address a browser tells us; a dot at the front means any below.
PUSH_HOSTS = words("PUSH_HOSTS") or [
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
]
VAPID_PRIVATE_KEY = os.environ.get("VAPID_PRIVATE_KEY", "")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [HOUSE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
FRONTEND = HOUSE / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND] if FRONTEND.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8,}\..+$"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "config.discretion.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"daphne": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
