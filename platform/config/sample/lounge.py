"""A lounge that is open whenever somebody looks at the sample: two visitors are enough for a round."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chat.models import Conversation
from programme.models import Event
from rooms.models import Lounge, Pair

OPEN = timedelta(hours=12)


def write(event: Event, now: datetime) -> None:
    Lounge.objects.create(
        event=event,
        title="Coffee with strangers",
        starts_at=now - timedelta(minutes=5),
        ends_at=now + OPEN,
        state=Lounge.State.OPEN,
    )


def keep_up(event: Event, now: datetime) -> None:
    event.lounges.update(ends_at=now + OPEN, state=Lounge.State.OPEN)


def remove(events: Iterable[Event]) -> list[str]:
    """With the rooms for two that came of it; topics that are to be forgotten."""
    pairs, lounges = Pair.objects.filter(match__event__in=events), Lounge.objects.filter(event__in=events)
    conversations = list(pairs.values_list("conversation", flat=True))
    topics = [it.topic for it in pairs] + [it.topic for it in lounges] + [f"conversation.{pk}" for pk in conversations]
    pairs.delete()
    Conversation.objects.filter(pk__in=conversations).delete()
    return topics
