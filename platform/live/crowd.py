"""How many people are on topics, for pages: what the leases of all processes say, read from outside the loop."""

import logging
import time
from collections.abc import Sequence
from functools import lru_cache

import redis
from django.conf import settings

from .bell import AWAY, TIMEOUT
from .presence import PREFIX

logger = logging.getLogger(__name__)


def crowd(topics: Sequence[str]) -> dict[str, int]:
    """People on each topic; nothing at all while Redis is away, for a page can do without."""
    try:
        return dict(zip(topics, _count(topics), strict=True)) if topics else {}
    except AWAY as problem:
        logger.warning("nobody is counted: %r", problem)
        return {}


def _count(topics: Sequence[str]) -> list[int]:
    asking, now = _redis(settings.REDIS_URL).pipeline(transaction=False), time.time()
    for topic in topics:
        asking.zcount(PREFIX + topic, now, "+inf")
    return asking.execute()


@lru_cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
