"""The conversation in which two people agree on a meeting."""

from django.utils import timezone

from chat import conversations
from chat.models import Conversation, Membership
from live.refusal import Refused

State = Conversation.State


def opened(by: int, to: int) -> Conversation:
    """Theirs as it is; strangers get one in which the proposal is the request.

    Who was told "not now" does not ask again by proposing; who proposes to somebody who asked, accepts.
    """
    found = conversations.between(by, to)
    if found is None:
        return _begun(by, to)
    if found.state == State.DECLINED and found.started_by_id == by:
        raise Refused("request.declined")
    if found.state != State.ACCEPTED and found.started_by_id == to:
        conversations.accept(found, by)
    return found


def _begun(by: int, to: int) -> Conversation:
    """Whoever takes proposals to meet need not take messages."""
    now, kind = timezone.now(), Conversation.Kind.PAIR
    made = Conversation.objects.create(
        kind=kind, state=State.REQUESTED, one_id=min(by, to), two_id=max(by, to), started_by_id=by
    )
    Membership.objects.bulk_create(Membership(conversation=made, person_id=one, joined_at=now) for one in (by, to))
    return made


def accepted(one: int, two: int) -> None:
    """Whoever agrees to meet takes the request along with it."""
    conversations.open_pair(one, two)
