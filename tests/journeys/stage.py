"""A session of a journey's own in the running forum, so that journeys do not meet each other's questions."""

from dataclasses import dataclass

from tests.forum import Forum

MAKE = """
from datetime import timedelta
from django.utils import timezone
from live import writer
from people.models import Group, Person
from programme.models import Appearance, Event, Session
from rooms import states

title, state, group, speakers = {title!r}, {state!r}, {group!r}, {speakers!r}
person = lambda name: Person.objects.get(name=name)
now = timezone.now()
session = Session.objects.create(
    event=Event.objects.get(current=True),
    code=title.lower().replace(" ", "-"),
    title=title,
    starts_at=now - timedelta(minutes={ago}), ends_at=now + timedelta(minutes={minutes} - {ago}),
)
if group:
    session.groups.add(Group.objects.get(name=group))
on_stage = [("Grace Otieno", "chair"), ("Aiko Mori", "moderator"), *((name, "speaker") for name in speakers)]
for position, (name, role) in enumerate(on_stage):
    remote = role == "speaker"
    Appearance.objects.create(session=session, person=person(name), role=role, position=position, remote=remote)
Person.objects.create_user(f"ada.{{session.code}}@example.org", name=f"Ada of {{title}}", zone="Africa/Dakar")
room = states.prepare(session)
if state == "live":
    writer.do(person("Grace Otieno").pk, states.change, room, state)
print(room.code, session.code)
"""


@dataclass
class Place:
    """The addresses of a session."""

    number: str
    session: str
    title: str

    @property
    def ada(self) -> str:
        """A journey has an Ada of its own: nobody asks more than three times a minute, and journeys are quick."""
        return f"Ada of {self.title}"

    @property
    def page(self) -> str:
        return f"/session/{self.session}/"

    @property
    def room(self) -> str:
        return f"/room/{self.number}/"

    @property
    def desk(self) -> str:
        return f"/room/{self.number}/desk"

    @property
    def backstage(self) -> str:
        return f"/room/{self.number}/backstage"

    @property
    def speaker(self) -> str:
        return f"/room/{self.number}/speaker"

    @property
    def projector(self) -> str:
        return f"/room/{self.number}/projector"


def set_stage(
    forum: Forum,
    title: str,
    state: str = "live",
    group: str = "",
    speakers: tuple[str, ...] = ("Linus Heikkilä",),
    ago: int = 5,
    minutes: int = 60,
) -> Place:
    """A session of so many minutes that began so many minutes ago."""
    script = MAKE.format(title=title, state=state, group=group, speakers=speakers, ago=ago, minutes=minutes)
    said = forum.manage("shell", "-v", "0", "-c", script)
    number, session = said.split()[-2:]
    return Place(number, session, title)


BRING_UP = """
from live import writer
from people.models import Person
from rooms.models import Room
from rooms.stage import seats

room = Room.objects.get(code={number!r})
grace = Person.objects.get(name="Grace Otieno")
for name in {names!r}:
    person = Person.objects.get(name=name)
    writer.do(person.pk, seats.enter, room, person)
    writer.do(grace.pk, seats.up, room, grace, person.pk)
"""


def bring_up(forum: Forum, place: Place, *names: str) -> None:
    """Moderators and speakers of the session stand on stage, for journeys that are not about how they came there."""
    forum.manage("shell", "-v", "0", "-c", BRING_UP.format(number=place.number, names=names))
