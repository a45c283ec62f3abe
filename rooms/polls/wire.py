"""Polls as they travel. Pure: what is needed has been read before."""

from typing import Any

from ..models import Poll
from ..wire import moment
from .tally import Tally


def poll(it: Poll, counted: Tally | None) -> dict[str, Any]:
    """As everyone may see it, once it is no draft. `counted` once it is closed: before, the numbers are whispered."""
    return {
        "id": it.pk,
        "number": it.number,
        "rev": it.revision,
        "state": it.state,
        "kind": it.kind,
        "question": it.question,
        "options": it.options,
        "most": it.most,
        "named": it.named,
        "results": it.results,
        "since": moment(it.since),
        "tally": counted and told(it, counted),
    }


def desk(it: Poll, counted: Tally | None) -> dict[str, Any]:
    """As moderators see it, in every state."""
    return {**poll(it, None), "struck": it.struck, "tally": counted and tally(it, counted)}


def gone(it: Poll) -> dict[str, Any]:
    return {"id": it.pk, "number": it.number, "rev": it.revision, "gone": True}


def told(it: Poll, counted: Tally) -> dict[str, Any]:
    """What everyone may see of it: at least how many voted."""
    return tally(it, counted) if it.shows_everyone else turnout(it, counted)


def turnout(it: Poll, counted: Tally) -> dict[str, Any]:
    return {"poll": it.pk, "voted": counted.voted}


def tally(it: Poll, counted: Tally) -> dict[str, Any]:
    if it.kind == Poll.Kind.WORDS:
        return {**turnout(it, counted), "words": [list(word) for word in counted.words], "more": counted.more}
    return {**turnout(it, counted), "counts": list(counted.counts)}
