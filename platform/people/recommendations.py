"""People one should meet: a few of those who are listed, each with the reason, and no one proposed too often a day.

Candidates come from indexes of the database (who offers what one seeks, seeks what one offers, cares about the same);
the best of them are scored as everywhere else.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from heapq import nsmallest
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from live import writer
from live.refusal import Refused

from . import acquaintance
from .affinity import INTEREST, OFFER, Facts, Score, Weights, score
from .audience import shown_fields
from .blocks import insist_not_apart
from .models import Block, Connection, Person, Suggestion

MOST = 6
CANDIDATES = 100
A_DAY = 25  # people to whom one person is proposed
Known = Callable[[int], set[int]]
_known: list[Known] = []


class Recommended(NamedTuple):
    """`shown`: the fields of the profile that may be told; `why`: one sentence."""

    person: Person
    shown: set[str]
    why: str


def known_already(find: Known) -> Known:
    """Register `f(person) -> ids` of people whom floors above know to have met this person: they are not proposed."""
    _known.append(find)
    return find


def shown(person: Person) -> list[Recommended]:
    """The best first. They are remembered, so that the next page shows the same, and the cap holds for everybody."""
    best = recommended(person.pk)
    kept = _remembered(person.pk, [pk for pk, _ in best])
    people = {it.pk: it for it in _reachable().filter(pk__in=kept)}
    names = acquaintance.names(reason for _, scored in best for reason in scored.reasons)

    def told(other: Person, scored: Score) -> Recommended:
        fields = shown_fields(other, person, connected=False)
        return Recommended(other, fields, acquaintance.told(scored.reasons, other.pk, fields, names))

    return [told(people[pk], scored) for pk, scored in best if pk in people]


def _remembered(person: int, found: list[int]) -> Collection[int]:
    """Those who were shown today already need no writing."""
    today = timezone.localdate()
    known = set(Suggestion.objects.filter(to=person, shown_on=today, of__in=found).values_list("of", flat=True))
    new = [pk for pk in found if pk not in known]
    return known | set(writer.do(person, remember, person, new)) if new else known


def remember(to: int, found: Collection[int]) -> list[int]:
    """Those of them who are not too much in demand today."""
    today = timezone.localdate()
    full = in_demand(Suggestion.objects.filter(shown_on=today, of__in=found))
    kept = [pk for pk in found if pk not in full]
    for pk in kept:
        Suggestion.objects.update_or_create(to_id=to, of_id=pk, defaults={"shown_on": today})
    return kept


def in_demand(shown: QuerySet[Suggestion]) -> set[int]:
    """Ids of those of a day's who have been proposed to enough people."""
    counts = shown.values("of").annotate(shown=Count("pk"))
    return set(counts.filter(shown__gte=A_DAY).values_list("of", flat=True))


def not_interested(to: int, of: int) -> None:
    """For good."""
    insist_not_apart(to, of)
    if to == of or not Person.objects.filter(pk=of, is_active=True).exists():
        raise Refused("person.unknown")
    Suggestion.objects.update_or_create(to_id=to, of_id=of, defaults={"not_interested_at": timezone.now()})


# choosing


def recommended(person: int) -> list[tuple[int, Score]]:
    """At most MOST, the best first; always the same while nothing changes, and for settings.PROPOSED_AGE while nothing
    changes but others."""
    me = acquaintance.facts([person]).get(person)
    if me is None:
        return []
    out = excluded(person)
    key = f"people.recommended.{hash((me, frozenset(out)))}"
    return cache.get_or_set(key, lambda: _best(me, out), settings.PROPOSED_AGE) or []


def _best(me: Facts, out: set[int]) -> list[tuple[int, Score]]:
    weights = acquaintance.weights()
    candidates = _candidates(me, weights, out)
    facts = acquaintance.facts(candidates)
    scored = {pk: found for pk in facts if (found := score(me, facts[pk], weights))}
    return sorted(scored.items(), key=lambda it: (-it[1].points, it[0]))[:MOST]


def _candidates(me: Facts, weights: Weights, out: set[int]) -> list[int]:
    rough = _rough(me, weights)
    best = nsmallest(CANDIDATES, rough.keys() - out, key=lambda pk: (-rough[pk], pk))
    return best if len(best) >= MOST else [*best, *_neighbours(me, {*out, *best})]


def _rough(me: Facts, weights: Weights) -> Mapping[int, float]:
    """Points by themes alone, of those who may be proposed: whoever may not would leave them no place."""
    points: defaultdict[int, float] = defaultdict(float)
    able = _reachable().values("pk")
    for field, themes, worth in (
        (Person.offers, me.seeks, OFFER),
        (Person.seeks, me.offers, OFFER),
        (Person.interests, me.interests, INTEREST),
    ):
        found = field.through.objects.filter(theme__in=themes, person__in=able)
        for person, theme in found.values_list("person", "theme"):
            points[person] += worth * weights.rarity.get(theme, 1.0)
    return points


def _reachable() -> QuerySet[Person]:
    """Who may be found, and can be written to or met."""
    return Person.objects.listed().filter(Q(takes_messages=True) | Q(takes_meetings=True))


def _neighbours(me: Facts, out: Collection[int]) -> list[int]:
    """Of those who have told little: anybody with a language in common, the newest first."""
    able = _reachable().values("pk")
    speaking = Person.languages.through.objects.filter(language__in=me.languages, person__in=able)
    found = speaking.order_by("-person_id").values_list("person", flat=True).distinct()[: len(out) + CANDIDATES]
    return [pk for pk in found if pk not in out][:CANDIDATES]


def excluded(person: int) -> set[int]:
    """Themselves, blocked either way, in touch or wished to be, not interesting, known, and shown enough today."""
    out = {person} | Block.objects.apart_from(person)
    out |= set(Connection.objects.filter(owner=person).values_list("other", flat=True))
    refused = Suggestion.objects.filter(to=person).exclude(not_interested_at=None)
    out |= set(refused.values_list("of", flat=True))
    for find in _known:
        out |= find(person)
    return out | _shown_enough(person)


def _shown_enough(person: int) -> set[int]:
    """Today, and not to this person. By evening a day's are a hundred thousand, which are not counted for each page."""
    today = Suggestion.objects.filter(shown_on=timezone.localdate())
    full = cache.get_or_set("people.in_demand", lambda: in_demand(today), settings.PROPOSED_AGE) or set()
    return full - set(today.filter(to=person, of__in=full).values_list("of", flat=True)) if full else full
