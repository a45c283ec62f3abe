"""A room for two as it travels. Pure: what is needed has been read before."""

from datetime import datetime

from ..models import Pair
from ..wire import moment
from .merge import Change
from .spare import Spare


def state(pair: Pair, now: datetime) -> str:
    """ "early", "open" or "ended", by the clock."""
    if pair.is_over(now):
        return "ended"
    return "open" if now >= pair.opens_at else "early"


def pair(it: Pair, spare: Spare, now: datetime) -> dict:
    """The same for both, so without who ended it: one may have blocked the other."""
    return {
        "id": it.pk,
        "rev": it.revision,
        "kind": it.kind,
        "way": it.meeting.way if it.meeting else "video",
        "state": state(it, now),
        "opens": moment(it.opens_at),
        "starts": moment(it.starts_at),
        "ends": moment(it.ends_at),
        "extended": it.extended,
        "extendable": spare.minutes,
        "free_until": moment(spare.until),
        "wishes": [who for who, stays in ((it.one_id, it.one_stays), (it.two_id, it.two_stays)) if stays],
        "came": of_each(it, moment(it.one_here_at), moment(it.two_here_at)),
        "pages": of_each(it, it.one_page, it.two_page),
        "ended": moment(it.ended_at),
    }


def of_each(it: Pair, one: str | None, two: str | None) -> dict[str, str]:
    """What there is of the two, by their ids."""
    return {str(who): what for who, what in ((it.one_id, one), (it.two_id, two)) if what}


def notes(it: Pair) -> dict:
    return {"rev": it.notes_revision, "text": it.notes, "by": it.notes_by_id}


def change(it: Pair, done: Change) -> dict:
    return {"rev": it.notes_revision, "by": it.notes_by_id, **done._asdict()}
