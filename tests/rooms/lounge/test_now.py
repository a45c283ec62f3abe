"""Meeting somebody right now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live import writer
from live.refusal import Refused
from people import blocks
from programme.models import Event
from rooms.lounge import now
from rooms.lounge.worker import answer
from rooms.models import Match, Pair, Seeker

from .evening import guests

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    today = timezone.localdate()
    return Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=today, ends_on=today, current=True)


def seek(event: Event, *people) -> None:
    for person in people:
        writer.do(person.pk, now.seek, event.pk, person.pk)


def tick(event: Event) -> None:
    """What the chore does in one turn, without its worker."""
    writer.do(0, now.forget_those_gone)
    for pk in now.events():
        if task := now.task(pk):
            for found in answer(task).pairs:
                writer.do(0, now.put_together, pk, found)


def test_two_who_seek_have_a_room_at_once(event):
    one, two = guests(2)
    seek(event, one)
    tick(event)
    assert not Pair.objects.exists()
    seek(event, two)
    tick(event)
    pair = Pair.objects.get()
    assert (pair.kind, {pair.one, pair.two}) == ("now", {one, two})
    told = now.told(one.pk)
    assert (told["seeking"], told["pair"]["code"]) == (None, pair.code)
    assert told["pair"]["with"]["name"] == two.name


def test_the_best_of_those_who_wait_is_chosen(event):
    people = guests(4)
    seek(event, people[0], people[1], people[3])
    tick(event)
    assert Match.objects.values_list("one", "two").get() == (people[0].pk, people[3].pk), "who likes the same"


def test_who_has_waited_longest_comes_first(event):
    people = guests(4)
    seek(event, people[0], people[1], people[3])
    Seeker.objects.filter(person=people[1]).update(since=timezone.now() - timedelta(minutes=2))
    tick(event)
    assert people[1].pk in Match.objects.values_list("one", "two").get()


def test_who_has_gone_is_not_looked_for(event):
    one, two = guests(2)
    seek(event, one, two)
    Seeker.objects.filter(person=two).update(seen_at=timezone.now() - timedelta(minutes=1))
    tick(event)
    assert not Pair.objects.exists()
    assert Seeker.objects.get().person == one


def test_who_stops_between_finding_and_writing_is_left_alone(event):
    one, two = guests(2)
    seek(event, one, two)
    [found] = answer(now.task(event.pk)).pairs
    writer.do(two.pk, now.stop, two.pk)
    writer.do(0, now.put_together, event.pk, found)
    assert not Pair.objects.exists()
    assert Seeker.objects.get().person == one


def test_blocked_people_and_those_who_met_are_not_put_together(event):
    one, two = guests(2)
    writer.do(one.pk, blocks.block, one.pk, two.pk)
    seek(event, one, two)
    tick(event)
    assert not Pair.objects.exists()
    writer.do(one.pk, blocks.unblock, one.pk, two.pk)
    tick(event)
    Pair.objects.update(ended_at=timezone.now())
    seek(event, one, two)
    tick(event)
    assert Pair.objects.count() == 1


def test_who_is_meeting_somebody_cannot_look_for_another(event):
    one, two = guests(2)
    seek(event, one, two)
    tick(event)
    with pytest.raises(Refused, match=r"now\.busy"):
        seek(event, one)
