"""What a newcomer is shown: of a room, of its desk, and of what is theirs. Reads only."""

from collections import defaultdict
from collections.abc import Iterable

from chat import messages
from live.batch import people, recall
from live.refusal import Refused
from people.models import Person
from programme.models import Session

from . import wire
from .floor import turns
from .models import Room, Step, Vote
from .polls import pictures as poll_pictures
from .questions import desk
from .questions.steps import owns
from .show import notices, running
from .stage import stage


def found(topic: str) -> Room:
    """The room of the topic, the same object for everyone in the batch."""
    return recall(("room", ".".join(topic.split(".")[:2])), lambda: Room.objects.named(topic))


def entered(topic: str, person: int) -> Room:
    """The room of the topic, if this person may enter it; else Refused("room.unknown")."""
    room = found(topic)
    if person not in admitted(room, [person]):
        raise Refused("room.unknown")
    return room


def admitted(room: Room, whom: Iterable[int]) -> set[int]:
    """Those who may enter, among these and everyone of the batch."""
    return messages.admitted(room.conversation, whom)


def moderated(topic: str, person: int) -> Room:
    """The room of the topic, if this person moderates it; else refused, outsiders as if there were none."""
    room = entered(topic, person)
    if person not in moderators(room):
        raise Refused("room.not_yours")
    return room


def moderators(room: Room) -> set[int]:
    return recall(("moderators", room.pk), room.moderators)


def speakers(room: Room) -> set[int]:
    return recall(("speakers", room.pk), room.speakers)


def picture(topic: str) -> dict:
    """{"room", "session", "segments", "show", "questions": the public ones, by number, "polls"}"""
    room = Room.objects.named(topic)
    family = room.questions.family()
    questions = room.questions.public().with_people()
    return {
        "room": wire.room(room),
        "session": wire.session(described(room)),
        **running.picture(room),
        "questions": [wire.question(it, family.joined(it.pk)) for it in questions],
        **stage.picture(room),
        "polls": poll_pictures.picture(room),
        "floor": turns.picture(room),
    }


def described(room: Room) -> Session:
    return Session.objects.for_listing().get(pk=room.session_id)


def desk_picture(topic: str) -> dict:
    """{"questions": all, by number, "people": who may be named here, "labels": those in use, "silenced": by name}"""
    room = Room.objects.named(topic)
    questions = desk_questions(room)
    return {
        "questions": questions,
        "people": names(room.moderators() | room.speakers()),
        "labels": sorted({label for it in questions for label in it["labels"]}),
        "silenced": wire.silenced(desk.silenced_by_name(room))["people"],
        "polls": poll_pictures.desk_picture(room),
        **turns.desk_picture(room),
        "notices": notices.desk(room),
    }


def names(people: set[int]) -> dict[str, str]:
    return {str(pk): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")}


def desk_questions(room: Room) -> list[dict]:
    family, last = room.questions.family(), last_steps(room)
    return [wire.desk(it, family.joined(it.pk), last.get(it.pk)) for it in room.questions.with_people()]


def last_steps(room: Room) -> dict[int, Step]:
    return {step.question_id: step for step in Step.objects.filter(question__room=room).select_related("by")}


def welcome(person: int, topic: str) -> dict:
    """{"me", "roles", "votes": ids, "questions": own, "silenced", "conversation": id}"""
    room = entered(topic, person)
    return {
        "me": wire.person(Person.objects.of_batch(person)),
        "roles": roles(room, person),
        "votes": recall(("votes", room.pk), lambda: votes(room, {person, *people()}))[person],
        "questions": recall(("questions", room.pk), lambda: questions_of(room, {person, *people()}))[person],
        "silenced": person in messages.silenced(room.conversation),
        "conversation": room.conversation_id,
        **stage.mine(room, person, roles(room, person)),
        "turn": recall(("turns", room.pk), lambda: turns.own(room, {person, *people()})).get(person),
        **poll_pictures.welcome(room, person),
    }


def roles(room: Room, person: int) -> list[str]:
    having = {"moderator": moderators(room), "speaker": speakers(room)}
    return [role for role, whom in having.items() if person in whom]


def votes(room: Room, whom: Iterable[int]) -> dict[int, list[int]]:
    """The ids of the questions that each of these people voted for."""
    cast: dict[int, list[int]] = defaultdict(list)
    for person, question in Vote.objects.filter(question__room=room, person__in=whom).values_list("person", "question"):
        cast[person].append(question)
    return cast


def questions_of(room: Room, whom: Iterable[int]) -> dict[int, list[dict]]:
    asked: dict[int, list[dict]] = defaultdict(list)
    for asker, own in owns(room, room.questions.filter(author__in=whom).order_by("number")):
        asked[asker].append(own)
    return asked


def desk_welcome(person: int, topic: str) -> dict:
    room = moderated(topic, person)
    return {"me": wire.person(Person.objects.of_batch(person)), **poll_pictures.desk_welcome(room)}
