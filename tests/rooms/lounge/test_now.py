"""Meeting somebody right now."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from django.utils import timezone

from live import log, writer
from live.refusal import Refused
from people import blocks
from programme.models import Event
from rooms.lounge import now, rounds
from rooms.lounge.worker import answer
from rooms.models import Match, Pair, Seeker
from rooms.pair import pairs

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


def together(event: Event, *people) -> Pair:
    """They are put together, half a minute ago."""
    seek(event, *people)
    tick(event)
    since = timezone.now() - timedelta(seconds=30)
    Pair.objects.filter(ended_at=None).update(starts_at=since)
    return Pair.objects.get(ended_at=None)


def comes(pair: Pair, person) -> None:
    writer.do(person.pk, pairs.here, Pair.objects.get(pk=pair.pk), person.pk, f"page{person.pk:08}")


def leaves(pair: Pair, person) -> None:
    writer.do(person.pk, pairs.leave, Pair.objects.get(pk=pair.pk), person.pk, f"page{person.pk:08}")


def replace_those_missing(there: Collection[int] = ()) -> None:
    """As the chore does. `there`: who has the page of their room open."""
    for it in now.late():
        if absent := rounds.missing(it, there):
            writer.do(0, now.give_up, it.match, absent)


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


def test_who_came_in_vain_goes_on_seeking(event):
    one, two, three = guests(3)
    pair = together(event, one, two)
    comes(pair, one)
    replace_those_missing()
    assert not now.current(one.pk)
    assert Seeker.objects.get().person == one
    assert Seeker.objects.get().since == Match.objects.get().at, "as long as they have waited"
    assert now.told(two.pk) == {"seeking": None, "pair": None}
    seek(event, three)
    tick(event)
    assert now.told(one.pk)["pair"]["with"]["id"] == three.pk


def test_who_has_the_page_open_or_came_is_waited_for(event):
    one, two = guests(2)
    pair = together(event, one, two)
    comes(pair, one)
    replace_those_missing(there=[two.pk])
    assert now.current(one.pk)
    [late] = now.late()
    comes(pair, two)
    writer.do(0, now.give_up, late.match, late.absent)
    assert now.current(one.pk)
    Pair.objects.update(starts_at=timezone.now() - timedelta(minutes=5))
    replace_those_missing()
    assert now.current(one.pk)


def test_a_pair_of_whom_nobody_came_is_over(event):
    one, two = guests(2)
    together(event, one, two)
    replace_those_missing()
    assert not now.current(one.pk)
    assert not Seeker.objects.exists()


def test_who_was_left_may_look_for_another(event):
    one, two, three = guests(3)
    pair = together(event, one, two)
    for person in (one, two):
        comes(pair, person)
    with pytest.raises(Refused, match=r"now\.busy"):
        seek(event, one)
    leaves(pair, two)
    seek(event, one, three)
    assert Pair.objects.get(pk=pair.pk).ended_at
    tick(event)
    assert now.told(one.pk)["pair"]["with"]["id"] == three.pk


def test_both_are_told_when_it_ends_before_its_time(event):
    one, two = guests(2)
    pair = together(event, one, two)
    with log.listening() as said:
        pairs.end(pair)
    assert {it.topic for it in said} >= {f"person.{one.pk}", f"person.{two.pk}"}
