"""Who sees which fact about a person. Whatever prints one asks here; pronouns and gender are in no such list."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from .connections import are_connected
from .models import Person

EVERYBODY, CONNECTIONS, NOBODY = Person.Audience.EVERYBODY, Person.Audience.CONNECTIONS, Person.Audience.NOBODY
AUDIENCES = frozenset(Person.Audience.values)  # looked up once: a page of the directory asks five hundred times

# Each field of a profile that people decide about, with who sees it unless they chose otherwise.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "photo": EVERYBODY,
        "job_title": EVERYBODY,
        "organisation": EVERYBODY,
        "stakeholder": EVERYBODY,
        "country": EVERYBODY,
        "zone": EVERYBODY,
        "bio": EVERYBODY,
        "languages": EVERYBODY,
        "interests": EVERYBODY,
        "offers": EVERYBODY,
        "seeks": EVERYBODY,
        "email": CONNECTIONS,
    }
)
LABELS = {
    "photo": _("Photo"),
    "job_title": _("Job title"),
    "organisation": _("Organisation"),
    "stakeholder": _("Stakeholder type"),
    "country": _("Country"),
    "zone": _("The time where I am"),
    "bio": _("About me"),
    "languages": _("Languages"),
    "interests": _("Interests"),
    "offers": _("What I offer"),
    "seeks": _("What I’m looking for"),
    "email": _("E-mail"),
}


def audience_of(person: Person, field: str) -> str:
    """What was chosen, or the default; raises KeyError for what nobody is asked about."""
    chosen = person.audiences.get(field)
    return chosen if chosen in AUDIENCES else FIELDS[field]


def shown_to_everybody(person: Person) -> set[str]:
    """Nothing of whoever shows their page to fewer."""
    return set() if person.shown_to != EVERYBODY else {it for it in FIELDS if audience_of(person, it) == EVERYBODY}


def shown_to_connections(person: Person) -> set[str]:
    return set() if person.shown_to == NOBODY else {it for it in FIELDS if audience_of(person, it) != NOBODY}


def shown_fields(person: Person, viewer, connected: bool | None = None) -> set[str]:
    """The fields of a profile that `viewer` may see: none where the profile is not for them.

    Whoever prints many people says whether the two are `connected`, so that it isn't looked up for each.
    """
    if viewer is None or viewer.pk is None:
        return set()
    if viewer.pk == person.pk or viewer.is_staff:
        return set(FIELDS)
    if connected is None:
        connected = are_connected(viewer.pk, person.pk)
    return shown_to_connections(person) if connected else shown_to_everybody(person)
