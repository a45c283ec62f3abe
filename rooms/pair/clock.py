"""The clock of rooms for two: they end without anybody doing anything."""

from django.utils import timezone

from live import writer
from live.chores import Look, chore

from ..models import Pair
from . import pairs

NOBODY = 0


@chore(every=1.0)
async def keep_time(look: Look) -> None:
    if await look(some_are_over):
        await writer.ado(NOBODY, pairs.end_those_over)


def some_are_over() -> bool:
    return Pair.objects.over(timezone.now()).exists()
