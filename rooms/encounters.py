"""How much people meet, in figures. Organisers see these and nothing of who met whom or what was said."""

from django.db.models import Count
from django.utils.translation import gettext as _

from chat.models import Conversation, Message
from people.models import Connection, Listing

from .models import Meeting, Pair


def figures() -> list[tuple[str, int]]:
    """What is counted, and how many there are; nothing that nobody has done yet."""
    return [(label, count) for label, count in [*_people(), *_conversations(), *_meetings(), *_rooms()] if count]


def _people() -> list[tuple[str, int]]:
    # Both have a row once they are in touch; wishes that are not mutual are their secret, as numbers too.
    return [(_("People listed"), Listing.objects.count()), (_("In touch"), Connection.objects.mutual().count() // 2)]


def _conversations() -> list[tuple[str, int]]:
    named = Conversation.objects.exclude(kind=Conversation.Kind.SESSION)
    requests = named.filter(state=Conversation.State.REQUESTED).count()
    written = Message.objects.filter(conversation__in=named).count()
    return [
        (_("Conversations"), named.count() - requests),
        (_("Requests without an answer"), requests),
        (_("Messages in conversations"), written),
    ]


def _meetings() -> list[tuple[str, int]]:
    made = Meeting.objects.exclude(state=Meeting.State.DRAFT).order_by()
    counts = dict(made.values_list("state").annotate(Count("pk")))
    label = _("Meetings: %(state)s")
    return [(label % {"state": state.label}, counts.get(state, 0)) for state in Meeting.State]


def _rooms() -> list[tuple[str, int]]:
    """Rooms for two in which both have been."""
    used = Pair.objects.exclude(one_here_at=None).exclude(two_here_at=None).order_by()
    counts = dict(used.values_list("kind").annotate(Count("pk")))
    label = _("Met in a room for two: %(kind)s")
    return [(label % {"kind": kind.label}, counts.get(kind, 0)) for kind in Pair.Kind]
