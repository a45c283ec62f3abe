"""The event's programme in the shape that schedules are exchanged in. What is cancelled is left out."""

from collections.abc import Callable
from uuid import NAMESPACE_URL, UUID, uuid5

from django.urls import reverse

from .models import Appearance, Document, Event, Session, SpeakerKey
from .schedule.shape import Paper, Place, Schedule, Speaker, Strand, Talk, in_order
from .schedule.writing import acronym
from .search import by_part

Address = Callable[[str], str]  # a page's path -> its full address


def schedule_of(event: Event, address: Address) -> Schedule:
    sessions = list(event.sessions.standing().for_listing().prefetch_related("documents"))
    keys = keys_of(event)
    return Schedule(
        acronym=acronym(event.slug),
        title=event.name,
        first_day=event.starts_on,
        last_day=event.ends_on,
        zone=event.zone,
        version=version(event, sessions),
        base_url=address("/"),
        places=tuple(Place(one.name, one.guid, one.description, one.capacity) for one in event.venues.all()),
        strands=tuple(Strand(track.name, track.slug) for track in event.tracks.all()),
        talks=in_order(talk_of(session, keys, address) for session in sessions),
    )


def version(event: Event, sessions: list[Session]) -> str:
    """When the programme last changed."""
    return max([event.changed_at, *(session.changed_at for session in sessions)]).strftime("%Y-%m-%d %H:%M")


def keys_of(event: Event) -> dict[int, list[str]]:
    """Person's id to what schedule files have called them."""
    found: dict[int, list[str]] = {}
    for key in SpeakerKey.objects.filter(event=event).order_by("pk"):
        found.setdefault(key.person_id, []).append(key.key)
    return found


def person_guid(event: Event, person: int) -> UUID:
    """A person's lasting name in our own exports; says nothing about them, unlike one made of an address."""
    return uuid5(NAMESPACE_URL, f"plenary:{event.slug}:person:{person}")


def talk_of(session: Session, keys: dict[int, list[str]], address: Address) -> Talk:
    return Talk(
        guid=session.guid,
        title=session.title,
        starts=session.starts_at,
        ends=session.ends_at,
        place=session.venue.name if session.venue else "",
        subtitle=session.subtitle,
        abstract=session.abstract,
        description=session.description,
        strand=session.track.name if session.track else "",
        kind=session.kind or session.format,
        languages=tuple(sorted(language.code for language in session.languages.all())),
        recorded=session.recorded,
        slug=session.code.lower(),
        url=address(session.get_absolute_url()),
        speakers=tuple(speaker_of(session, one, keys) for one in by_part(session)),
        papers=papers(session, address),
        number=session.pk,
    )


def speaker_of(session: Session, one: Appearance, keys: dict[int, list[str]]) -> Speaker:
    person = one.person
    known = keys.get(person.pk, [])
    guid = [] if any(key.startswith("guid:") for key in known) else [f"guid:{person_guid(session.event, person.pk)}"]
    return Speaker(person.name, (*guid, *known))


def papers(session: Session, address: Address) -> tuple[Paper, ...]:
    """Those that everybody may read: what a restricted session lays on the table stays there."""
    if session.restricted:
        return ()
    return tuple(Paper(where(paper, address), paper.title) for paper in session.documents.all())


def where(paper: Document, address: Address) -> str:
    return address(reverse("document", args=[paper.pk, paper.file_name])) if paper.file else paper.url
