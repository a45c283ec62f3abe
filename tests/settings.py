"""The product's settings on a private data folder: fast passwords, mail kept in memory, a database in a file."""

import atexit
import os
import shutil
import tempfile

DATA = tempfile.mkdtemp(prefix="plenary-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ |= {
    "DATA_DIR": DATA,
    "SECRET_KEY": "for-tests-only-for-tests-only-for-tests-only",
    "ALLOWED_HOSTS": "testserver localhost 127.0.0.1",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite://"),
    "LOG_LEVEL": "WARNING",
    "DEBUG": "",
    "DEMO": "1",
    "REDIS_URL": "",
}

# WhiteNoise warns of a folder that is not there.
os.mkdir(os.path.join(DATA, "static"))

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, INSTALLED_APPS  # noqa: E402

# In memory, threads would share one connection's tables and see each other's half-done transactions.
DATABASES["default"]["TEST"] = {"NAME": f"{DATA}/test.sqlite3" if "sqlite" in DATABASES["default"]["ENGINE"] else None}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.live.parlour"]
CENSUS_AGE = PROPOSED_AGE = 0  # tests do not wait
