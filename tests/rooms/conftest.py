import pytest

pytest.register_assert_rewrite("tests.rooms.witness")

import config.sockets  # noqa: E402, F401 -- fills the table of commands
from live import limits  # noqa: E402


@pytest.fixture(autouse=True)
def _forgiven():
    limits.forgive()
