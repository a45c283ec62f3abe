"""Ballots in their table. Of an anonymous poll they tell neither who voted nor when.

`voter` is an HMAC keyed with SECRET_KEY: the table alone tells nobody who it is. Whoever has the key as well can try
every person in turn; that is the price of one vote each that can be changed.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..models import Ballot, Poll
from . import tally
from .tally import Ballots, Tally

Answer = list[int] | list[str]


def digest(poll: int, person: int) -> str:
    """43 characters, different for each poll."""
    mac = salted_hmac("rooms.ballot", f"{poll} {person}", algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def keep(poll: Poll, answers: Mapping[int, Answer]) -> None:
    """By person; whoever voted before has changed their mind.

    In the order of the digests, so that rows do not tell in which order people came.
    """
    rows = sorted((ballot(poll, person, answer) for person, answer in answers.items()), key=lambda row: row.voter)
    Ballot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["poll", "voter"], update_fields=["answer", "at"]
    )


def ballot(poll: Poll, person: int, answer: Answer) -> Ballot:
    """Without a name it has no hour either, by which to look it up in a server's log."""
    named = {"person_id": person, "at": timezone.now()} if poll.named else {"at": poll.opened_at}
    return Ballot(poll=poll, voter=digest(poll.pk, person), answer=answer, **named)


def given(poll: Poll, people: Iterable[int]) -> dict[int, Answer]:
    """What each of these people voted; those who did not are left out."""
    voters = {digest(poll.pk, person): person for person in people}
    rows = poll.ballots.filter(voter__in=voters).values_list("voter", "answer")
    return {voters[voter]: answer for voter, answer in rows}


def counted(poll: Poll) -> Tally:
    """As it may be shown: without the words that moderators took out, and without the rarest of very many."""
    return _count(poll, poll.struck, tally.SHOWN)


def counted_in_full(poll: Poll) -> Tally:
    return _count(poll, (), None)


def _count(poll: Poll, struck: Iterable[str], most: int | None) -> Tally:
    """Added up by the database first: thousands of ballots are few different answers."""
    rows: Any = poll.ballots.order_by().values_list("answer").annotate(Count("pk"))
    same = (Ballots(answer, people) for answer, people in rows)
    if poll.kind == Poll.Kind.WORDS:
        return tally.of_words(same, struck, most)
    return tally.of_choices(same, tally.size(poll.kind, poll.options, poll.most))
