from pathlib import Path

import pytest
from django.conf import settings

from config import valkey

pytest_plugins = ["tests.cast"]


@pytest.fixture(scope="session", autouse=True)
def embedded_valkey():
    """A Valkey of this test process's own, at the address that the settings name."""
    with valkey.serving(Path(settings.DATA_DIR)) as url:
        assert url == settings.REDIS_URL
        yield url
