"""Who may do what: whatever somebody tries who may not is refused and leaves no trace in the room."""

import pytest
from django.test import Client

from live import log, writer
from live.access import recheck
from live.commands import envelope, find
from live.refusal import Refused
from live.topics import kind_of
from people.models import Group
from programme.models import Appearance, Role
from rooms import consumers, pictures
from rooms.models import Question, Room, Step, Vote

from .test_desk import EVERY_COMMAND
from .witness import asks, does, refused_as

FORBIDDEN_TO_ALL_BUT_MODERATORS = [
    *EVERY_COMMAND,
    ("desk.hold", {"question": None}),
    ("desk.silence", {}),
    ("desk.unsilence", {}),
    ("room.set", {"moderation": False}),
    ("room.state", {"state": "ended"}),
]
FOR_EVERYONE_INSIDE = [
    ("question.ask", {"text": "Let me in!"}),
    ("question.edit", {"question": 0, "rev": 1, "text": "Mine!"}),
    ("question.withdraw", {"question": 0}),
    ("question.vote", {"question": 0, "up": True}),
    ("question.answer", {"question": 0, "text": "Yes."}),
]


@pytest.fixture
def question(room, ada, grace):
    question = asks(ada, room, "Who pays?")
    does(grace, "desk.approve", room, questions=[[question.pk, 1]])
    return Question.objects.get(pk=question.pk)


@pytest.fixture
def restricted(session):
    """Only mayors may enter now."""
    mayors = Group.objects.create(name="Mayors", slug="mayors")
    session.groups.add(mayors)
    return mayors


def filled(do: str, more: dict, question: Question) -> dict:
    """The command's fields with the question's own id and revision."""
    if "questions" in more:
        return {**more, "questions": [[question.pk, question.revision]]}
    needs_revision = do in {name for name, _ in EVERY_COMMAND} - {"desk.undo"}
    revision = {"rev": question.revision} if needs_revision or do == "question.edit" else {}
    if do in ("desk.undo", "room.set", "room.state", "desk.hold"):
        return more
    into = {"into": question.pk + 1} if "into" in more else {}
    return {**more, **revision, **into, "question": question.pk} if do != "question.ask" else more


def traces(room: Room) -> tuple:
    topics = dict(log.seqs([room.topic, room.desk]))
    state = Room.objects.filter(pk=room.pk).values_list("revision", "state", "asked").get()
    rows = Question.objects.count(), Step.objects.count(), Vote.objects.count()
    return topics, state, rows, list(Question.objects.order_by("pk").values_list("revision", "votes", "text"))


@pytest.mark.parametrize(("do", "more"), FORBIDDEN_TO_ALL_BUT_MODERATORS)
def test_the_desk_is_for_moderators(room, question, ada, linus, do, more):
    before = traces(room)
    for person in (ada, linus):
        assert refused_as(person, do, room, **filled(do, more, question)) == "room.not_yours"
    assert traces(room) == before


@pytest.mark.parametrize(("do", "more"), [*FOR_EVERYONE_INSIDE, *FORBIDDEN_TO_ALL_BUT_MODERATORS])
def test_who_may_not_enter_does_nothing_and_learns_nothing(room, question, mallory, restricted, do, more):
    before = traces(room)
    assert refused_as(mallory, do, room, **filled(do, more, question)) == "room.unknown"
    assert traces(room) == before


@pytest.mark.parametrize(("do", "more"), FOR_EVERYONE_INSIDE)
def test_a_cancelled_session_has_no_room(room, session, question, ada, do, more):
    session.cancelled = True
    session.save()
    before = traces(room)
    assert refused_as(ada, do, room, **filled(do, more, question)) == "room.unknown"
    assert traces(room) == before


@pytest.mark.parametrize(("do", "more"), FOR_EVERYONE_INSIDE[:4])
def test_who_was_silenced_says_nothing(room, question, ada, grace, do, more):
    does(grace, "desk.silence", room, question=question.pk)
    question.refresh_from_db()
    before = traces(room)
    code = refused_as(ada, do, room, **filled(do, more, question))
    assert code == ("" if do == "question.withdraw" else "person.silenced")
    assert (traces(room) == before) == bool(code)


def test_members_of_the_group_enter(room, restricted, ada, mallory):
    ada.groups_in.add(restricted)
    assert asks(ada, room, "We mayors?").number == 1
    assert pictures.welcome(ada.pk, room.topic)["roles"] == []
    with pytest.raises(Refused, match=r"^room\.unknown$"):
        pictures.welcome(mallory.pk, room.topic)


def test_those_with_a_part_enter_what_is_restricted(room, restricted, grace, aiko, linus):
    for person in (grace, aiko, linus):
        assert pictures.welcome(person.pk, room.topic)["roles"]


def test_a_past_moderator_is_refused(room, question, aiko):
    assert pictures.desk_welcome(aiko.pk, room.desk)
    Role.objects.filter(person=aiko).delete()
    with pytest.raises(Refused, match=r"^room\.not_yours$"):
        pictures.desk_welcome(aiko.pk, room.desk)
    before = traces(room)
    given = {"questions": [[question.pk, question.revision]]}
    assert refused_as(aiko, "desk.next", room, **given) == "room.not_yours"
    assert traces(room) == before


def test_taking_a_role_away_narrows_what_is_open(room, aiko):
    """The kernel welcomes anew whoever is rechecked; here, that it is told to."""
    writer.do(aiko.pk, recheck, aiko.pk)
    assert log.since(f"person.{aiko.pk}", 0)[-1].event == "access"


def test_an_organiser_of_the_event_moderates_every_room(room, session, organiser, question):
    Role.objects.create(event=session.event, person=organiser, role=Role.Kind.ORGANISER)
    does(organiser, "desk.next", room, questions=[[question.pk, question.revision]])
    assert pictures.welcome(organiser.pk, room.topic)["roles"] == ["moderator"]


def test_roles_of_another_session_count_nothing_here(room, session, mallory, question):
    other = type(session).objects.create(
        event=session.event, code="other", title="Other", starts_at=session.starts_at, ends_at=session.ends_at
    )
    Role.objects.create(event=session.event, session=other, person=mallory, role=Role.Kind.MODERATOR)
    Appearance.objects.create(session=other, person=mallory, role=Appearance.As.CHAIR)
    assert refused_as(mallory, "desk.undo", room) == "room.not_yours"
    assert pictures.welcome(mallory.pk, room.topic)["roles"] == []


@pytest.mark.parametrize(
    "on",
    ["room.0", "room.99999", "room.7.desk.1", "room", "room.desk", "room.1a", "room.٣", "conversation.1", "person.1"],
)
def test_topics_that_are_no_room(room, ada, on):
    with pytest.raises(Refused, match=r"^room\.unknown$"):
        writer.do(ada.pk, consumers.ask, ada.pk, on, consumers.Ask("Hello?"))


def test_the_kinds_of_topics(room, ada):
    assert kind_of(room.topic).presence == "count"
    assert kind_of(room.desk).presence == "people"
    assert find(envelope('{"do":"question.ask","ref":"r","on":"room.1"}')).rate == "ask"
    assert find(envelope('{"do":"desk.now","ref":"r","on":"room.1.desk"}')).rate == "desk"


PAGES = ["", "desk", "speaker", "projector", "export.csv", "export.json"]
FORMS = ["ask/", "vote/", "edit/", "withdraw/", "desk/do", "speaker/answer"]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("where", [*PAGES, *FORMS])
def test_pages_of_a_restricted_room_are_not_there(room, mallory, restricted, where):
    ask = signed_in(mallory).post if where in FORMS else signed_in(mallory).get
    assert ask(f"/room/4821/{where}", {"text": "Hi", "question": 1}).status_code == 404


@pytest.mark.parametrize(("where", "status"), list(zip(PAGES, [200, 403, 403, 200, 403, 403], strict=True)))
def test_pages_that_an_attendee_may_see(room, ada, where, status):
    assert signed_in(ada).get(f"/room/4821/{where}").status_code == status


@pytest.mark.parametrize("where", ["desk/do", "speaker/answer"])
def test_forms_that_an_attendee_may_not_send(room, ada, question, where):
    before = traces(room)
    given = {"do": "next", "question": question.pk, "rev": question.revision, "text": "Yes"}
    assert signed_in(ada).post(f"/room/4821/{where}", given).status_code == 403
    assert traces(room) == before


@pytest.mark.parametrize("where", FORMS)
def test_forms_of_other_sites_are_refused(room, ada, where):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/room/4821/{where}", {"text": "Hi"}).status_code == 403


def test_a_stranger_cannot_enter_by_the_sessions_door(session, mallory, restricted):
    assert signed_in(mallory).get("/session/leaks/enter").status_code == 404
    assert signed_in(mallory).get("/session/nowhere/enter").status_code == 404
