from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from config import valkey

pytest_plugins = ["tests.cast", "tests.no_skips"]

# The machine may be busy with other things: how long an example takes says nothing here.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def embedded_valkey():
    """A Valkey of this test process's own, at the address that the settings name."""
    with valkey.serving(Path(settings.DATA_DIR)) as url:
        assert url == settings.REDIS_URL
        yield url
