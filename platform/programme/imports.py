"""Taking in a schedule file: all of it or nothing, and whatever people did on a session stays with it."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access import look_again
from people.models import Language, Person

from .models import Appearance, Document, Event, Session, Track, Venue
from .revisions import doors, revise
from .schedule import frab_json, frab_xml
from .schedule.shape import LARGEST, MEGABYTE, BadSchedule, Fault, Schedule, Talk
from .schedule.writing import acronym
from .speakers import Speakers

NAMES: dict[str, str | Promise] = {
    "title": gettext_lazy("title"),
    "subtitle": gettext_lazy("subtitle"),
    "abstract": gettext_lazy("abstract"),
    "description": gettext_lazy("description"),
    "kind": gettext_lazy("type"),
    "format": gettext_lazy("format"),
    "starts_at": gettext_lazy("start"),
    "ends_at": gettext_lazy("end"),
    "venue": gettext_lazy("venue"),
    "track": gettext_lazy("track"),
    "recorded": gettext_lazy("recording"),
    "url": gettext_lazy("address"),
    "cancelled": gettext_lazy("takes place again"),
    "languages": gettext_lazy("languages"),
    "speakers": gettext_lazy("speakers"),
    "documents": gettext_lazy("documents"),
}


@dataclass(frozen=True)
class Change:
    session: Session
    what: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return ", ".join(str(NAMES[name]) for name in self.what)


@dataclass
class Report:
    """What an import did, or would do."""

    event: Event
    new_event: bool
    notes: list[str]
    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    cancelled: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)

    @property
    def closing(self) -> list[Session]:
        """Sessions in which somebody may have lost their place."""
        parted = [change for change in self.changed if "speakers" in change.what]
        return [change.session for change in [*parted, *self.cancelled]]

    def __str__(self):
        counts = {"added": len(self.added), "changed": len(self.changed)}
        counts |= {"cancelled": len(self.cancelled), "unchanged": len(self.unchanged)}
        return _("%(added)s added, %(changed)s changed, %(cancelled)s cancelled, %(unchanged)s unchanged") % counts


def read(data: bytes) -> Schedule:
    """A file in either format. Raises BadSchedule."""
    if len(data) > LARGEST:
        reason = _("The file is larger than %(count)s MB.") % {"count": LARGEST // MEGABYTE}
        raise BadSchedule([Fault(1, "", reason)])
    looks_like_xml = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    return frab_xml.read(data) if looks_like_xml else frab_json.read(data)


def take_in(schedule: Schedule, event: Event | None = None, dry_run: bool = False, by: int = 0) -> Report:
    """Brings an event's programme to what the file says: the one named, else the file's own, made if there is none.

    Sessions are known by their guid. Those that an earlier file brought and this one leaves out are cancelled, never
    deleted; those that organisers entered by hand are left alone. Whoever lost
    their place in a session leaves it at once. A dry run does the same and takes it all back.
    """
    with transaction.atomic():
        event = event or event_of(schedule)
        report = Report(event or new_event(schedule), new_event=event is None, notes=list(schedule.notes))
        Intake(report, schedule).take()
        look_again(by, [], doors(report.closing))
        transaction.set_rollback(dry_run)
    return report


def event_of(schedule: Schedule) -> Event | None:
    wanted = {schedule.acronym, slugify(schedule.acronym)}
    events = Event.objects.order_by("pk")
    return next((event for event in events if event.slug in wanted or acronym(event.slug) in wanted), None)


def new_event(schedule: Schedule) -> Event:
    return Event.objects.create(
        slug=slugify(schedule.acronym)[:50] or "forum",
        name=schedule.title,
        zone=schedule.zone,
        starts_on=schedule.first_day,
        ends_on=schedule.last_day,
        current=not Event.objects.filter(current=True).exists(),
    )


class Intake:
    """One import under way."""

    def __init__(self, report: Report, schedule: Schedule):
        self.report, self.schedule = report, schedule
        # Two imports at once would both find a session missing.
        self.event = Event.objects.select_for_update().get(pk=report.event.pk)
        self.speakers = Speakers(self.event)
        self.sessions: dict[UUID, Session] = {one.guid: one for one in self.event.sessions.for_listing()}
        self.codes = {session.code for session in self.sessions.values()}

    def take(self) -> None:
        self.venues, self.tracks = self.take_venues(), self.take_tracks()
        self.languages = self.take_languages()
        for talk in self.schedule.talks:
            self.take_talk(talk)
        self.cancel_missing()
        self.date_event()

    def take_venues(self) -> dict[str, Venue]:
        venues = {venue.name: venue for venue in self.event.venues.all()}
        for position, place in enumerate(self.schedule.places):
            venue = venues.get(place.name) or Venue(event=self.event, name=place.name, position=position)
            said: dict[str, Any] = {"guid": place.guid, "capacity": place.capacity or venue.capacity}
            said["description"] = place.description or venue.description
            venues[place.name] = renewed(venue, said)
        return venues

    def take_tracks(self) -> dict[str, Track]:
        tracks = {track.name: track for track in self.event.tracks.all()}
        slugs = {track.slug for track in tracks.values()}
        for position, strand in enumerate(self.schedule.strands):
            if strand.name not in tracks:
                slug = unused(strand.slug or slugify(strand.name, allow_unicode=True) or "track", slugs, 120)
                tracks[strand.name] = self.event.tracks.create(name=strand.name, slug=slug, position=position)
        return tracks

    def take_languages(self) -> dict[str, Language]:
        spoken = {code for talk in self.schedule.talks for code in talk.languages}
        known = {language.code.lower(): language for language in Language.objects.all()}
        fresh = {code: Language(code=code, name=own_name(code)) for code in spoken - set(known)}
        Language.objects.bulk_create(fresh.values())
        return known | fresh

    def take_talk(self, talk: Talk) -> None:
        session = self.sessions.get(talk.guid)
        if session is None:
            self.report.added.append(Change(self.add(talk)))
            return
        what = self.change(session, talk)
        (self.report.changed if what else self.report.unchanged).append(Change(session, what))

    def add(self, talk: Talk) -> Session:
        code = unused(talk.slug or slugify(talk.title) or str(talk.guid)[:8], self.codes, 60)
        session = Session(event=self.event, guid=talk.guid, code=code, imported=True)
        set_all(session, self.said(session, talk))
        session.save()
        self.take_what_hangs_on(session, talk)
        return session

    def change(self, session: Session, talk: Talk) -> tuple[str, ...]:
        said = self.said(session, talk)
        what = [name for name, value in said.items() if getattr(session, name) != value]
        set_all(session, said)
        session.imported = True
        what += self.take_what_hangs_on(session, talk)
        if what:
            revise(session, what)
        return tuple(what)

    def said(self, session: Session, talk: Talk) -> dict:
        """What the file says of a session's own fields."""
        ours = urlsplit(talk.url).path == session.get_absolute_url()
        return {
            "title": talk.title,
            "subtitle": talk.subtitle,
            "abstract": talk.abstract,
            "description": talk.description,
            "starts_at": talk.starts,
            "ends_at": talk.ends,
            "venue": self.venues.get(talk.place),
            "track": self.tracks.get(talk.strand),
            "recorded": talk.recorded,
            "url": session.url if ours else talk.url,
            "cancelled": False,
            **said_of_kind(session, talk.kind),
        }

    def take_what_hangs_on(self, session: Session, talk: Talk) -> list[str]:
        """Languages, speakers and papers; returns which of them changed."""
        done = {
            "languages": self.take_languages_of(session, talk),
            "speakers": take_speakers(session, [self.speakers.find(speaker) for speaker in talk.speakers]),
            "documents": take_papers(session, talk),
        }
        return [name for name, changed in done.items() if changed]

    def take_languages_of(self, session: Session, talk: Talk) -> bool:
        codes = {language.code.lower() for language in session.languages.all()}
        if not talk.languages or codes == set(talk.languages):
            return False
        session.languages.set([self.languages[code] for code in talk.languages])
        return True

    def cancel_missing(self) -> None:
        here = {talk.guid for talk in self.schedule.talks}
        for session in self.sessions.values():
            if session.imported and not session.cancelled and session.guid not in here:
                session.cancelled = True
                revise(session, ["cancelled"])
                self.report.cancelled.append(Change(session))

    def date_event(self) -> None:
        self.event.starts_on, self.event.ends_on = self.schedule.first_day, self.schedule.last_day
        self.event.save()


def set_all(thing, values: dict) -> None:
    for name, value in values.items():
        setattr(thing, name, value)


def renewed(venue: Venue, said: dict) -> Venue:
    if venue.pk is None or any(getattr(venue, name) != value for name, value in said.items()):
        set_all(venue, said)
        venue.save()
    return venue


def unused(wanted: str, taken: set[str], most: int) -> str:
    """The wanted word, or with the first number that makes it one of its own; taken from now on."""
    word, number = wanted[:most], 2
    while word in taken:
        word, number = f"{wanted[: most - len(str(number)) - 1]}-{number}", number + 1
    taken.add(word)
    return word


def said_of_kind(session: Session, kind: str) -> dict[str, str]:
    """The file's word for what sort of session it is; one of our own formats if it is the name of one."""
    ours = {name.casefold(): value for value, label in Session.Format.choices for name in (value, str(label))}
    form = ours.get(kind.casefold())
    if form and (form == kind or session.pk is None or session.kind != kind):
        return {"format": form, "kind": "" if form == kind else kind}
    return {"kind": kind}


def own_name(code: str) -> str:
    """A language's name as its speakers write it; the code where that is not known."""
    try:
        return (Locale.parse(code, sep="-").get_display_name() or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code


def take_speakers(session: Session, people: list[Person]) -> bool:
    """Adds and removes what files brought; parts that organisers gave somebody stay as they are."""
    wanted = {person.pk: position for position, person in enumerate(people)}
    there = {one.person_id: one for one in session.appearances.all()}
    gone = [one.pk for pk, one in there.items() if one.imported and pk not in wanted]
    moved = [one for pk, one in there.items() if one.imported and wanted.get(pk, one.position) != one.position]
    fresh = [
        Appearance(session=session, person_id=pk, position=at, imported=True)
        for pk, at in wanted.items()
        if pk not in there
    ]
    for one in moved:
        one.position = wanted[one.person_id]
    Appearance.objects.filter(pk__in=gone).delete()
    Appearance.objects.bulk_update(moved, ["position"])
    Appearance.objects.bulk_create(fresh)
    return bool(gone or moved or fresh)


def take_papers(session: Session, talk: Talk) -> bool:
    there = {(paper.url, paper.title): paper for paper in session.documents.all()}
    ours = {paper.pk for paper in there.values()}
    wanted = {
        (paper.url, paper.title): at for at, paper in enumerate(talk.papers) if document_in(paper.url) not in ours
    }
    gone = [paper.pk for key, paper in there.items() if paper.imported and key not in wanted]
    fresh = [
        Document(session=session, url=url, title=title, position=at, imported=True)
        for (url, title), at in wanted.items()
        if (url, title) not in there
    ]
    Document.objects.filter(pk__in=gone).delete()
    Document.objects.bulk_create(fresh)
    return bool(gone or fresh)


def document_in(url: str) -> int | None:
    """The id of the document that an address of our own export leads to."""
    found = re.match(r"/document/(\d{1,18})/", urlsplit(url).path)
    return int(found[1]) if found else None
