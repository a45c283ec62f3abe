"""The clock of every run of show: cues and proposals come without anybody doing anything."""

from live import writer
from live.chores import Look, chore

from ..models import Room
from . import show

NOBODY = 0
ON = [Room.State.OPEN, Room.State.LIVE]


@chore(every=5.0)
async def keep_time(look: Look) -> None:
    for topic in await look(behind_time):
        await writer.ado(NOBODY, show.keep_time_of, topic)


def behind_time() -> list[str]:
    """Topics of the rooms in which the clock has something to say."""
    running = Room.objects.filter(state__in=ON).exclude(segments=None).select_related("session")
    return [room.topic for room in running if show.is_behind_time(room)]
