"""Sessions somebody may like, each with the reason in a sentence; nothing that clashes with what they keep."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import connections
from people.models import Block, Person, Theme
from programme.clashes import overlap
from programme.models import Appearance, Event, Session

from .entries import Entry

MOST = 6
NAMED = 3  # themes or people in one sentence
SOUGHT, LIKED, KNOWN = 3, 2, 4  # points


@dataclass
class Recommendation:
    session: Session
    sought: list[str] = field(default_factory=list)
    liked: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        return SOUGHT * len(self.sought) + LIKED * len(self.liked) + KNOWN * len(self.known)

    @property
    def why(self) -> str:
        """One or two sentences."""
        return " ".join(filter(None, [self._about_people(), self._about_themes()]))

    def _about_people(self) -> str:
        names = listed(self.known)
        said = ngettext(
            "%(names)s speaks, with whom you are in touch.", "%(names)s speak, with whom you are in touch.",
            len(self.known),
        )  # fmt: skip
        return said % {"names": names} if names else ""

    def _about_themes(self) -> str:
        if self.sought:
            return _("You are looking for this: %(themes)s.") % {"themes": listed(self.sought)}
        return _("It is about what interests you: %(themes)s.") % {"themes": listed(self.liked)} if self.liked else ""


def listed(names: list[str]) -> str:
    return _(", ").join(names[:NAMED])


def recommended(person: Person, event: Event, kept: Iterable[Entry], now: datetime) -> list[Recommendation]:
    """The best first; those that begin earlier before others as good."""
    coming = event.sessions.joinable_by(person).filter(starts_at__gt=now).for_listing()
    busy = [entry for entry in kept if entry.takes_place]
    standing = {entry.session.pk for entry in busy if entry.session}
    free = [it for it in coming if it.pk not in standing and not any(overlap(it, entry) for entry in busy)]
    found = [it for it in map(Taste(person).judged, free) if it.points]
    return sorted(found, key=lambda it: (-it.points, it.session.starts_at, it.session.pk))[:MOST]


class Taste:
    """What one person likes, read once."""

    def __init__(self, person: Person):
        self.seeks = ids(person.seeks.all())
        self.likes = ids(person.interests.all())
        self.knows = connections.connected_to(person.pk) - Block.objects.apart_from(person.pk)

    def judged(self, session: Session) -> Recommendation:
        themes = session.themes.all()
        sought = [it.short for it in themes if it.pk in self.seeks]
        liked = [it.short for it in themes if it.pk in self.likes - self.seeks]
        return Recommendation(session, sought, liked, self._known(session.appearances.all()))

    def _known(self, appearances: Iterable[Appearance]) -> list[str]:
        return [it.person.name for it in appearances if it.person_id in self.knows]


def ids(themes: Iterable[Theme]) -> set[int]:
    return {theme.pk for theme in themes}
