from datetime import timedelta

import pytest
from django.utils import timezone

from chat import conversations
from live import writer
from rooms.models import Pair
from rooms.pair import pairs

NOBODY = 0


def opened(one, two, kind=Pair.Kind.MEETING, minutes: int = -1, length: int = 15) -> Pair:
    """A room for two that starts in so many minutes."""
    starts = timezone.now() + timedelta(minutes=minutes)

    def make() -> Pair:
        talk = conversations.open_pair(one.pk, two.pk)
        ends = starts + timedelta(minutes=length)
        return pairs.open_pair(pairs.planned(kind, one.pk, two.pk, starts, ends, talk))

    return writer.do(NOBODY, make)


def shifted(pair: Pair, minutes: float) -> None:
    """So much later is it there by now."""
    by = timedelta(minutes=minutes)
    Pair.objects.filter(pk=pair.pk).update(starts_at=pair.starts_at - by, ends_at=pair.ends_at - by)


@pytest.fixture
def pair(ada, ines) -> Pair:
    """Ada and Inês, one minute into a quarter of an hour."""
    return opened(ada, ines)
