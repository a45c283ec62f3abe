"""Who may do what with a meeting: looked up by person, so that for everybody else there is none."""

from typing import NamedTuple

from django.db.models import Q

from live.refusal import Refused
from people.blocks import insist_not_apart
from people.models import Block, Person

from ..models import Meeting, MeetingRules
from .delegates import insist_acts_for, principals_of


class Party(NamedTuple):
    """One of the two, and the delegate who acts in their place, if one does."""

    side: int
    delegate: int | None = None


def standing_for(by: int, principal: int | None) -> Party:
    if principal is None or principal == by:
        return Party(by)
    insist_acts_for(by, principal)
    return Party(principal, by)


def found(by: int, pk: int) -> tuple[Meeting, Party]:
    """A meeting of this person, or of somebody they act for; else Refused("meeting.unknown")."""
    principals = principals_of(by)
    meeting = seen_by(by, principals).with_people().filter(pk=pk).first()
    if meeting is None:
        raise Refused("meeting.unknown")
    return meeting, party(meeting, by, principals)


def seen_by(person: int, principals: set[int]):
    """Meetings of this person and of those they act for; none of people whom a block keeps apart, or from them."""
    own = {person, *principals}
    mine = Q(proposer__in=own, state=Meeting.State.DRAFT) | (
        (Q(proposer__in=own) | Q(invitee__in=own)) & ~Q(state=Meeting.State.DRAFT)
    )
    apart = Block.objects.apart_from(person)
    found = Meeting.objects.filter(mine).exclude(proposer__in=apart).exclude(invitee__in=apart)
    return found.exclude(pk__in=_of_blocked_pairs(principals)) if principals else found


def _of_blocked_pairs(principals: set[int]):
    ways = Block.objects.filter(Q(by__in=principals) | Q(of__in=principals)).values_list("by", "of")
    apart = Q(pk=None)
    for by, of in ways:
        apart |= Q(proposer=by, invitee=of) | Q(proposer=of, invitee=by)
    return Meeting.objects.filter(apart).values("pk")


def party(meeting: Meeting, by: int, principals: set[int]) -> Party:
    """For themselves if they are one of the two, else for whoever is to answer, if that may be either."""
    if by in meeting.two:
        return Party(by)
    own = [side for side in (meeting.turn_id, *meeting.two) if side in principals]
    return Party(own[0], by)


def invited(party: Party, to: int) -> Person:
    """Whom they may propose a meeting to. The blocked, of the delegate too, the hidden and the unknown are unknown."""
    visible = Person.objects.visible_to(Person.objects.get(pk=party.side)).filter(pk=to, is_active=True).first()
    if visible is None or to == party.side:
        raise Refused("person.unknown")
    for who in filter(None, party):
        insist_not_apart(who, to)
    if not visible.takes_meetings:
        raise Refused("meetings.not_taken")
    return visible


def insist_may_propose(side: int, rules: MeetingRules) -> None:
    if not rules.is_open:
        raise Refused("meetings.closed")
    groups = set(rules.groups.values_list("pk", flat=True)) if rules.pk else set()
    if groups and not Person.groups_in.through.objects.filter(person=side, group__in=groups).exists():
        raise Refused("meetings.not_yours")
