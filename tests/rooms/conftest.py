import pytest

pytest.register_assert_rewrite("tests.rooms.witness")

from live import limits  # noqa: E402


@pytest.fixture(autouse=True)
def _forgiven():
    limits.forgive()
