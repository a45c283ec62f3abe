"""Who must not be put together."""

from collections.abc import Collection

from people.models import Block

from ..models import Match

AT_ONCE = 5000  # ids in one query


def forbidden(event: int, people: Collection[int]) -> set[tuple[int, int]]:
    """Who met at this event, and who is kept apart by a block; the smaller id first."""
    met = _among(Match.objects.filter(event=event), "one", "two", people)
    return met | {(min(pair), max(pair)) for pair in _among(Block.objects.all(), "by", "of", people)}


def _among(rows, one: str, two: str, people: Collection[int]) -> set[tuple[int, int]]:
    """Those of whom both are among these people; asked of the database for few, read and sifted for many."""
    if len(people) <= AT_ONCE:
        rows = rows.filter(**{f"{one}__in": people, f"{two}__in": people})
    among = set(people)
    return {(left, right) for left, right in rows.values_list(one, two) if left in among and right in among}
