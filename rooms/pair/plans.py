"""The plan of a room for two, for a media worker: each may publish, each may watch the other, nobody else anything."""

from collections.abc import Iterable

from django.utils import timezone

from ..models import Pair
from ..models.pair import MEDIA
from ..stage import plans
from ..stage.plans import Plan

ALL = range(MEDIA, 2 * MEDIA)


def plan(pair: Pair) -> Plan:
    """As rooms.stage.plans.plan; before it opens, after the end and for people who must not meet it has nobody."""
    two = [pair.one_id, pair.two_id] if is_open(pair) else []
    return {
        "room": pair.media_id,
        "revision": pair.revision,
        "topic": pair.topic,
        "people": [{"id": person, "place": "live", "screen": True} for person in two],
        "audience": two,
    }


def is_open(pair: Pair) -> bool:
    now = timezone.now()
    is_theirs = Pair.objects.open_to(pair.one_id).filter(pk=pair.pk).exists()
    return is_theirs and pair.opens_at <= now and not pair.is_over(now)


def _found(numbers: Iterable[int]):
    return Pair.objects.filter(pk__in=[number - MEDIA for number in numbers])


def _revisions(numbers: Iterable[int]) -> dict[int, int]:
    return {MEDIA + pk: revision for pk, revision in _found(numbers).values_list("pk", "revision")}


def _plans(numbers: Iterable[int]) -> dict[int, Plan]:
    return {pair.media_id: plan(pair) for pair in _found(numbers)}


def _topics(number: int) -> list[str]:
    return [f"pair.{number - MEDIA}"]


plans.register(plans.Kind(ALL, _revisions, _plans, _topics, admitted=None))
