"""What is known of people that makes them worth meeting, and telling one of them why in a sentence.

A `why` is JSON, as `Pair.why` keeps it: {"one": id, "two": id, "reasons": [{"kind", "what", "by"}, …]}.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel.lists import format_list
from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from live.batch import recall

from . import audience, regions
from .affinity import Facts, Reason, Weights, rarity_of, score
from .models import Language, Person, Theme

AT_ONCE = 5000  # ids in one query
FRESH = 600  # seconds that the forum's rarities are kept
NAMED = 3  # themes, or languages, in one reason
TOLD = 3  # reasons in one sentence
Why = dict[str, Any]
Names = dict[Any, str]  # of themes by id, of languages by code


# facts


def facts(people: Iterable[int]) -> dict[int, Facts]:
    """Of those who take part, by id; six queries for every 5,000."""
    found: dict[int, Facts] = {}
    for some in _some(people):
        found |= _facts(some)
    return found


def _some(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = iter(sorted(set(ids)))
    while some := list(islice(ordered, AT_ONCE)):
        yield some


def _facts(ids: Collection[int]) -> dict[int, Facts]:
    languages = _sets(Person.languages.through, "language", ids)
    offers, seeks, interests = (
        _sets(table.through, "theme", ids) for table in (Person.offers, Person.seeks, Person.interests)
    )
    stars = _grouped(Person.objects.filter(pk__in=ids).exclude(stars=None).values_list("pk", "stars__session"))
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = Person.objects.filter(pk__in=ids, is_active=True).values_list("pk", "country", "stakeholder", "zone")
    return {
        pk: Facts(
            id=pk,
            languages=languages[pk],
            offers=offers[pk],
            seeks=seeks[pk],
            interests=interests[pk],
            region=regions.of(country),
            stakeholder=stakeholder,
            offset=offset(zone, now),
            stars=stars[pk],
        )
        for pk, country, stakeholder, zone in rows
    }


def _sets(table: Any, column: str, ids: Collection[int]) -> Mapping[int, frozenset]:
    return _grouped(table.objects.filter(person__in=ids).values_list("person", column))


def _grouped(rows: Iterable[tuple[int, Any]]) -> Mapping[int, frozenset]:
    sets: defaultdict[int, set] = defaultdict(set)
    for person, value in rows:
        sets[person].add(value)
    return defaultdict(frozenset, {person: frozenset(values) for person, values in sets.items()})


@lru_cache(maxsize=1024)
def offset(zone: str, now: datetime) -> int | None:
    """Minutes east of UTC; of those who named no zone, nobody knows."""
    east = now.astimezone(ZoneInfo(zone)).utcoffset() if zone else None
    return None if east is None else int(east.total_seconds() // 60)


def weights(region: float = 2.0, stakeholder: float = 1.0) -> Weights:
    """With how rare everything is in the whole forum."""
    return Weights(region=region, stakeholder=stakeholder, rarity=_rarity())


def _rarity() -> dict[int | str, float]:
    return cache.get_or_set("people.rarity", _counted, FRESH) or {}


def _counted() -> dict[int | str, float]:
    count: Counter[int | str] = Counter()
    for table in (Person.offers, Person.seeks, Person.interests):
        count.update(dict(table.through.objects.values_list("theme").annotate(Count("pk"))))
    count.update(dict(Person.languages.through.objects.values_list("language").annotate(Count("pk"))))
    return rarity_of(count, Person.objects.count())


# why


def why(one: int, two: int) -> Why:
    """Of two people, {} for those who have nothing in common."""
    known = facts([one, two])
    if len(known) < 2:
        return {}
    scored = score(known[one], known[two], weights())
    return as_why(one, two, scored.reasons) if scored else {}


def as_why(one: int, two: int, reasons: Iterable[Reason]) -> Why:
    return {"one": one, "two": two, "reasons": msgspec.to_builtins(list(reasons))}


def say(why: Why, viewer: int) -> str:
    """One sentence for one of the two, in the reader's language; nothing that the other hides from them. "" for {}."""
    if not why:
        return ""
    other = why["two"] if why["one"] == viewer else why["one"]
    reasons = msgspec.convert(why["reasons"], list[Reason])
    return told(reasons, other, _shown(other, viewer), names(reasons))


def told(reasons: Iterable[Reason], other: int, shown: Collection[str], known: Names) -> str:
    """The same to somebody to whom the other shows these fields."""
    return sentence(list(islice(_clauses(reasons, other, shown, known), TOLD)))


def _shown(other: int, viewer: int) -> set[str]:
    people = Person.objects.in_bulk([other, viewer])
    return audience.shown_fields(people[other], people[viewer]) if len(people) == 2 else set()


def _clauses(reasons: Iterable[Reason], other: int, shown: Collection[str], known: Names) -> Iterator[str]:
    circumstances = set()
    for reason in reasons:
        if not _needs(reason, other) <= set(shown):
            continue
        if reason.what:
            yield _clause(reason, other, known)
        else:
            circumstances.add(reason.kind)
    if circumstances:
        yield _circumstance(circumstances)


def _needs(reason: Reason, other: int) -> set[str]:
    """Fields of the other's that are told by it."""
    if reason.kind == "offers":
        return {"offers"} if reason.by == other else {"seeks"}
    return {"regions": {"country"}, "stakeholders": {"stakeholder"}, "hours": {"zone"}}.get(reason.kind, {reason.kind})


def _clause(reason: Reason, other: int, known: Names) -> str:
    what = named(reason, known)
    if reason.kind == "interests":
        return _("you are both interested in {themes}").format(themes=what)
    if reason.kind == "languages":
        return _("you both speak {languages}").format(languages=what)
    if reason.by == other:
        return _("you look for what they offer: {themes}").format(themes=what)
    return _("you offer what they look for: {themes}").format(themes=what)


def _circumstance(kinds: Collection[str]) -> str:
    if {"regions", "stakeholders"} <= set(kinds):
        return _("you come from different regions and kinds of work")
    if "regions" in kinds:
        return _("you come from different regions")
    if "stakeholders" in kinds:
        return _("you come from different kinds of work")
    return _("your waking hours are much the same")


def named(reason: Reason, known: Names) -> str:
    """The names of the rarest, as a list in the reader's language."""
    some = [f"\u2068{known[each]}\u2069" for each in reason.what[:NAMED] if each in known]
    return format_list(some, locale=(get_language() or "en").replace("-", "_"))


def names(reasons: Iterable[Reason]) -> Names:
    """Of all that they tell of, read at once."""
    ids = {each for reason in reasons if reason.kind != "languages" for each in reason.what[:NAMED]}
    return _languages() | {theme.pk: theme.short for theme in Theme.objects.filter(pk__in=ids)}


def _languages() -> Names:
    return recall("languages", lambda: dict(Language.objects.values_list("code", "name")))


def sentence(clauses: list[str]) -> str:
    if not clauses:
        return _("What you told the forum of yourselves goes well together.")
    said = clauses[0]
    for clause in clauses[1:]:
        said = pgettext("reasons why two people should meet", "{reasons}; {reason}").format(reasons=said, reason=clause)
    said = said[0].upper() + said[1:]
    return pgettext("a sentence of reasons", "{reasons}.").format(reasons=said)
