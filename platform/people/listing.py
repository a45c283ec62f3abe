"""Keeping the directory true: every verb and form that changes people says whom to list anew."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from babel import Locale
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from . import countries, search
from .alphabets import letter_of
from .audience import shown_to_everybody
from .folding import folded, indexed
from .models import Listing, ListingTerm, Person, Theme

AT_ONCE = 500
NATIONS = ("ar", "en", "es", "fr", "ru", "zh")  # countries and languages have names in more languages than the pages
MANY = ("languages", "interests", "offers", "seeks")
TERMS = {"languages": "language", "interests": "theme"}


@transaction.atomic
def relist(people: Iterable[int]) -> int:
    """Write anew what the directory has of these people; how many of them are in it now."""
    ids = sorted(set(people))
    return sum(_relist(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def relist_all() -> int:
    """Also takes out whoever is in the directory and no longer should be."""
    return relist(chain(Person.objects.values_list("pk", flat=True), Listing.objects.values_list("pk", flat=True)))


def _relist(ids: list[int]) -> int:
    _one_after_another(ids)
    if Listing.objects.filter(pk__in=ids).delete()[0]:
        search.forget(ids)
    found = Person.objects.listed().filter(pk__in=ids).prefetch_related(*MANY)
    entries = [(listing_of(person), terms_of(person)) for person in found]
    listings = Listing.objects.bulk_create([listing for listing, _terms in entries])
    ListingTerm.objects.bulk_create([term for _listing, terms in entries for term in terms], batch_size=AT_ONCE)
    search.index(listings)
    return len(listings)


def _one_after_another(ids: list[int]) -> None:
    """Whoever writes the same person's listing meanwhile waits, and then sees this one."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def listing_of(person: Person) -> Listing:
    shown = shown_to_everybody(person)
    return Listing(
        person=person,
        words=" ".join(sorted(words_of(person, shown))),
        sorts_as=folded(person.name)[:160],
        letter=letter_of(person.name),
        country=person.country if "country" in shown else "",
        stakeholder=person.stakeholder if "stakeholder" in shown else "",
    )


def terms_of(person: Person) -> list[ListingTerm]:
    fields = TERMS.keys() & shown_to_everybody(person)
    terms = {(TERMS[field], thing.code) for field in fields for thing in getattr(person, field).all()}
    return [ListingTerm(listing_id=person.pk, kind=kind, value=value) for kind, value in sorted(terms)]


def words_of(person: Person, shown: set[str]) -> set[str]:
    """Folded words that the person is found by, of what they show."""
    plain = [person.name, *(getattr(person, field) for field in ("job_title", "organisation") if field in shown)]
    return indexed([*plain, *chain.from_iterable(_names(person, field) for field in sorted(shown))])


def _names(person: Person, field: str) -> Iterator[str]:
    """What a fact is called, in every language of the pages: Sénégal is looked for as Senegal and as السنغال."""
    if field == "country":
        yield from names_of_country(person.country)
    elif field == "stakeholder":
        yield from names_of_stakeholder(person.stakeholder)
    elif field == "languages":
        yield from chain.from_iterable(names_of_language(one.code, one.name) for one in person.languages.all())
    elif field in MANY:
        yield from chain.from_iterable(names_of_theme(one) for one in getattr(person, field).all())


def in_every_language(say: Callable[[], str]) -> frozenset[str]:
    said = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.add(say())
    return frozenset(said)


@lru_cache(maxsize=512)
def names_of_country(code: str) -> frozenset[str]:
    return frozenset(countries.names_in(language).get(code, "") for language in NATIONS)


@lru_cache(maxsize=16)
def names_of_stakeholder(value: str) -> frozenset[str]:
    return in_every_language(lambda: str(dict(Person.Stakeholder.choices).get(value, "")))


@lru_cache(maxsize=512)
def names_of_language(code: str, name: str) -> frozenset[str]:
    told = (Locale.parse(language).languages.get(code, "") for language in NATIONS)
    return frozenset([name, *told])


def names_of_theme(theme: Theme) -> frozenset[str]:
    return frozenset([theme.name]) if theme.kind == Theme.Kind.TAG else _titles(theme.code, theme.short, theme.name)


@lru_cache(maxsize=256)
def _titles(code: str, short: str, name: str) -> frozenset[str]:
    return in_every_language(lambda: gettext(name)) | {code, short}
