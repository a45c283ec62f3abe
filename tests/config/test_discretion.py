"""Nobody who reads the log can sign in as somebody else."""

import io
import logging

import pytest

from config.discretion import Discreet


@pytest.fixture
def log():
    """What the product's own handler writes."""
    handlers = logging.getLogger().handlers
    handler = next(it for it in handlers if any(isinstance(each, Discreet) for each in it.filters))
    written, before = io.StringIO(), handler.stream
    handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.django_db
def test_a_refused_link_is_logged_without_its_secret(client, log):
    assert client.get("/invitation/a-secret/").status_code == 403
    assert "/invitation/…/" in log.getvalue()
    assert "a-secret" not in log.getvalue()


def test_a_forged_form_is_logged_without_its_secret(log):
    logging.getLogger("django.security.csrf").warning("Forbidden (%s): %s", "why", "/sign-in/link/a-secret/")
    assert "(why): /sign-in/link/…/" in log.getvalue()
