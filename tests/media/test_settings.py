"""The environment of the media process."""

import pytest
from django.conf import settings as djangos

from config import settings as webs
from rooms.media import settings
from rooms.media.settings import Misconfigured, bearer, read

KEY = {"SECRET_KEY": "x" * 32}


def test_a_secret_is_enough():
    given = read(KEY)
    assert given.key == bearer("x" * 32)
    assert (given.http, given.port, given.bind) == (("127.0.0.1", 0), 0, ("0.0.0.0", "::"))
    assert given.idle == settings.Settings(key="", redis_url="").idle == 30
    assert given.redis_url.startswith("unix://")
    assert given.redis_url.endswith("/var/valkey.sock")


def test_what_is_given_is_read():
    given = read(
        KEY
        | {
            "MEDIA_PORT": "41000",
            "MEDIA_HTTP": "[::1]:8500",
            "MEDIA_PUBLIC_IP": "198.51.100.7, 2001:db8::7",
            "MEDIA_ADVERTISE": "192.0.2.1:3478 [2001:db8::1]:3479",
            "MEDIA_BIND": "127.0.0.1",
            "MEDIA_IDLE": "12",
            "REDIS_URL": "redis://redis.example/1",
        }
    )
    assert given.port == 41000
    assert given.http == ("::1", 8500)
    assert given.public == ("198.51.100.7", "2001:db8::7")
    assert given.advertise == (("192.0.2.1", 3478), ("2001:db8::1", 3479))
    assert given.bind == ("127.0.0.1",)
    assert given.idle == 12
    assert given.redis_url == "redis://redis.example/1"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({}, "SECRET_KEY", id="no secret"),
        pytest.param({"SECRET_KEY": "short"}, "32", id="a short one"),
        pytest.param({"SECRET_KEY": settings.DEVELOPMENT_KEY}, "SECRET_KEY", id="the one that everybody knows"),
        pytest.param(KEY | {"MEDIA_PORT": "many"}, "MEDIA_PORT", id="a port that is none"),
        pytest.param(KEY | {"MEDIA_PORT": "70000"}, "MEDIA_PORT", id="a port too high"),
        pytest.param(KEY | {"MEDIA_HTTP": "8500"}, "MEDIA_HTTP must be HOST:PORT", id="a door without a host"),
        pytest.param(KEY | {"MEDIA_BIND": "everywhere"}, "MEDIA_BIND", id="a name instead of an address"),
        pytest.param(KEY | {"MEDIA_IDLE": "0"}, "MEDIA_IDLE", id="no patience at all"),
        pytest.param(KEY | {"MEDIA_IDLE": "long"}, "MEDIA_IDLE", id="patience that is no number"),
        pytest.param(KEY | {"MEDIA_PUBLIC_IP": "here"}, "MEDIA_PUBLIC_IP", id="a name for the public"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(given, told):
    with pytest.raises(Misconfigured, match=told) as problem:
        read(given)
    assert "\n" not in str(problem.value)


def test_in_development_both_processes_know_the_same_key():
    assert read({"DEBUG": "1"}).key == bearer(webs.DEFAULT_KEY)


def test_both_processes_make_the_same_of_the_secret():
    assert read({"SECRET_KEY": djangos.SECRET_KEY}).key == bearer(djangos.SECRET_KEY)


def test_the_data_folder_has_the_socket_of_the_embedded_server():
    assert read(KEY | {"DATA_DIR": "/srv/plenary"}).redis_url == "unix:///srv/plenary/valkey.sock"
