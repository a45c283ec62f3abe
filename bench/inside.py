"""What benches do inside of a forum: `python -m bench.within bench.inside NAME '{"argument": …}'` prints the result.

Runs as a process of its own, because Django has one set of settings per process and a bench has several forums.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from chat.models import Conversation, Membership, Message
from live import log, writer
from live.models import Topic
from live.tickets import ticket
from people import acquaintance, recommendations
from people.models import Person
from programme.models import Appearance, Event, Session
from rooms.models import Question, Room, Vote
from rooms.questions.questions import ask
from rooms.stage.tokens import token

WORDS = (
    "How will small municipalities pay for the sensors, and who keeps the readings when a project's money ends?"
    " We have forty pumps and one technician, so anything that needs a visit every month is lost before it starts."
)


def furnish(people: int, moderators: int = 0, questions: int = 0, moderation: bool = False) -> dict[str, Any]:
    """Two sessions that are live now, the first with questions. The first people moderate both; all have tickets."""
    everyone = gather(people)
    rooms = [open_room(session, moderation) for session in hold_sessions(everyone[:moderators])]
    put_questions(rooms[0], everyone, questions)
    return {
        "rooms": [room.pk for room in rooms],
        "conversations": [room.conversation_id for room in rooms],
        "people": [person.pk for person in everyone],
        "tickets": [ticket(person.pk, "en") for person in everyone],
        "questions": list(rooms[0].questions.values_list("pk", flat=True)),
    }


def gather(count: int) -> list[Person]:
    people = (Person(email=f"person{n}@forum.example", name=f"Person {n} of the forum") for n in range(count))
    return Person.objects.bulk_create(people, batch_size=1000)


def hold_sessions(moderators: list[Person]) -> list[Session]:
    now = timezone.now()
    event = Event.objects.create(slug="forum", name="A forum", starts_on=now.date(), ends_on=now.date())
    times = {"starts_at": now - timedelta(minutes=10), "ends_at": now + timedelta(hours=2)}
    sessions = [Session.objects.create(event=event, code=code, title=code, **times) for code in ("water", "roads")]
    Appearance.objects.bulk_create(
        Appearance(session=session, person=person, role=Appearance.As.MODERATOR)
        for session in sessions
        for person in moderators
    )
    return sessions


def open_room(session: Session, moderation: bool) -> Room:
    now = timezone.now()
    conversation = Conversation.objects.create(session=session)
    return Room.objects.create(
        session=session,
        conversation=conversation,
        code=f"{4117 + session.pk}",
        state=Room.State.LIVE,
        moderation=moderation,
        opened_at=now,
        live_at=now,
    )


def put_questions(room: Room, people: list[Person], count: int) -> None:
    for n in range(count):
        author = people[n % len(people)]
        writer.do(author.pk, ask, room, author, f"{n + 1}: {WORDS}"[:240])


def pair_up() -> list[str]:
    """Everybody talks with their neighbour. Returns the topic of each person's conversation, in their order."""
    people = list(Person.objects.order_by("pk"))
    pairs = list(zip(people[::2], people[1::2], strict=True))
    begun = Conversation.objects.bulk_create(
        [Conversation(kind=Conversation.Kind.PAIR, one=one, two=two) for one, two in pairs], batch_size=1000
    )
    now = timezone.now()
    Membership.objects.bulk_create(
        [Membership(conversation=it, person=each, joined_at=now) for it in begun for each in (it.one, it.two)],
        batch_size=1000,
    )
    return [it.topic for it in begun for _ in range(2)]


def letters() -> dict[str, list[list[Any]]]:
    """Of each conversation between people [number, author, text] of its messages, in order."""
    said: dict[str, list[list[Any]]] = {}
    pairs = Message.objects.filter(conversation__kind=Conversation.Kind.PAIR).order_by("conversation", "number")
    for conversation, *message in pairs.values_list("conversation", "number", "author", "text"):
        said.setdefault(f"conversation.{conversation}", []).append(message)
    return said


def vacuum() -> None:
    """What PostgreSQL does by itself a minute after so much was written, which would be in the midst of measuring."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def attendee() -> dict[str, Any]:
    """Somebody of the sample forum who is signed in, and pages to look at."""
    room = Room.objects.filter(state=Room.State.LIVE, session__groups=None).select_related("session")[0]
    session = SessionStore()
    sign_in(session, Person.objects.filter(is_staff=False, appearances=None)[0])
    session.create()
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
        "paths": {"agenda": "/", "session": f"/session/{room.session.code}/", "room": f"/room/{room.code}/"},
    }


def passes(code: str, speakers: list[str], viewers: int) -> dict[str, Any]:
    """What light clients need to come to a room's media: a token and a ticket for each, speakers by their names."""
    room = Room.objects.get(code=code)
    on_stage = [Person.objects.get(name=name) for name in speakers]
    people = {"speakers": on_stage, "viewers": gather(viewers)}
    return {
        "topic": room.topic,
        **{what: [(token(one.pk, room), ticket(one.pk, "en")) for one in who] for what, who in people.items()},
    }


def sign_in(session: SessionStore, person: Person) -> None:
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()


def seq(topic: str) -> int:
    return log.seqs([topic]).get(topic, 0)


def messages() -> int:
    return Message.objects.count()


def questions() -> dict[str, list[str]]:
    """The texts of all questions."""
    return {"texts": list(Question.objects.order_by("pk").values_list("text", flat=True))}


def votes() -> dict[str, Any]:
    """All votes as [question, person], and for how many questions the count kept with it differs from its votes."""
    counted = Question.objects.annotate(cast=Count("vote"))
    return {
        "cast": list(Vote.objects.values_list("question", "person")),
        "counts": dict(counted.values_list("pk", "votes")),
        "miscounted": sum(question.votes != question.cast for question in counted),
    }


def known_facts() -> dict[str, Any]:
    """What is known of everybody, and the seconds that reading it took."""
    people = list(Person.objects.filter(is_active=True).values_list("pk", flat=True))
    begun = time.perf_counter()
    facts = acquaintance.facts(people)
    return {"seconds": time.perf_counter() - begun, "facts": msgspec.to_builtins(list(facts.values()))}


def recommending(times: int) -> list[float]:
    """Seconds that proposing people to somebody takes, without drawing the page; each time to somebody else.
    The first is left out: it counts how rare everything is, for ten minutes."""
    found = []
    for person in Person.objects.listed().order_by("?")[: times + 1]:
        begun = time.perf_counter()
        recommendations.shown(person)
        found.append(time.perf_counter() - begun)
    return found[1:]


def faults_in_record() -> list[list[Any]]:
    """What `log.verify` finds wrong with any topic."""
    return [list(fault) for topic in Topic.objects.values_list("name", flat=True) for fault in log.verify(topic)]


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
