"""Rounds of a lounge, from the doors to the end: who comes, who goes, who does not show up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live import writer
from live.refusal import Refused
from people import blocks
from people.models import Group, Person
from programme.models import Event
from rooms.lounge import lookup, places, rounds, tasks
from rooms.lounge.worker import answer
from rooms.models import Lounge, Match, Pair
from rooms.models.lounge import GOODBYE, PAUSE

from . import evening
from .evening import all_come, enter, guests, later, lounge_of, met, mine, over, partners, tick, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    today = timezone.localdate()
    return Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=today, ends_on=today)


@pytest.fixture
def lounge(event) -> Lounge:
    """Its doors are open; it begins in two minutes."""
    it = lounge_of(event, timezone.now() + timedelta(minutes=2))
    tick(it)
    return it


def begin(lounge: Lounge) -> None:
    """The pairs of the first round are found."""
    later(lounge, 115)
    tick(lounge)


def two_of_three(lounge: Lounge) -> tuple[Pair, int]:
    """Three come: who meet in the first round, and who waits."""
    people = guests(3)
    enter(lounge, *people)
    begin(lounge)
    pair = Pair.objects.get()
    [waiting] = {person.pk for person in people} - {pair.one_id, pair.two_id}
    return pair, waiting


def test_doors_open_ten_minutes_before_and_not_sooner(event):
    lounge = lounge_of(event, timezone.now() + timedelta(minutes=11))
    [early] = guests(1)
    tick(lounge)
    with pytest.raises(Refused, match=r"lounge\.not_open"):
        enter(lounge, early)
    later(lounge, 65)
    tick(lounge)
    enter(lounge, early)
    assert mine(lounge, early)["place"] == {"away": False, "waited": 0}
    assert lookup.picture(lounge.topic)["lounge"]["people"] == 1


def test_three_rounds_of_six_people_and_no_pair_twice(lounge):
    people = guests(6)
    enter(lounge, *people)
    begin(lounge)
    for number in (1, 2, 3):
        assert (lounge.round, lounge.state) == (number, "open")
        assert set(partners(lounge)) == {person.pk for person in people}
        all_come(lounge)
        over(lounge)
        tick(lounge)
    assert len(set(met(lounge))) == len(met(lounge)) == 9
    assert lounge.round == 3
    later(lounge, 60)
    tick(lounge)
    assert lounge.state == "over"
    with pytest.raises(Refused, match=r"lounge\.over"):
        enter(lounge, people[0])


def test_times_of_a_round(lounge):
    enter(lounge, *guests(2))
    begin(lounge)
    pair = Pair.objects.get()
    assert pair.starts_at == lounge.round_ends_at - timedelta(seconds=lounge.seconds)
    assert pair.ends_at == lounge.round_ends_at + GOODBYE
    assert lounge.next_at == pair.ends_at + PAUSE
    assert abs(pair.starts_at - lounge.starts_at) < timedelta(seconds=1)


def test_the_odd_one_out_waits_once_and_is_somebody_else_each_time(event):
    lounge = lounge_of(event, timezone.now() + timedelta(minutes=2), rounds=5)
    tick(lounge)
    enter(lounge, *guests(7))
    begin(lounge)
    for _ in range(5):
        assert len(partners(lounge)) == 6
        assert max(waits(lounge).values()) == 1
        all_come(lounge)
        over(lounge)
        tick(lounge)
    assert sum(waits(lounge).values()) == 5


def test_each_is_told_whom_they_meet_and_why(lounge):
    one, two = guests(2)
    enter(lounge, one, two)
    begin(lounge)
    told = mine(lounge, one)["pair"]
    assert told["with"] == {"id": two.pk, "name": two.name}
    assert told["code"] == Pair.objects.get().code
    assert told["why"].endswith(".")


def test_nobody_begins_alone_and_the_second_one_starts_it(lounge):
    first, second = guests(2)
    enter(lounge, first)
    begin(lounge)
    assert lounge.round == 0
    later(lounge, 30)
    enter(lounge, second)
    tick(lounge)
    assert lounge.round == 1
    assert Pair.objects.get().starts_at > timezone.now(), "there is time to read whom one meets"


def test_who_has_left_is_not_matched_and_finds_their_place_again(lounge):
    people = guests(4)
    enter(lounge, *people)
    writer.do(people[0].pk, places.leave, lounge, people[0].pk)
    begin(lounge)
    assert people[0].pk not in partners(lounge)
    waited = waits(lounge)
    writer.do(people[0].pk, places.back, lounge, people[0].pk)
    all_come(lounge)
    over(lounge)
    tick(lounge)
    assert people[0].pk in partners(lounge)
    assert set(waited) == set(waits(lounge)) == {person.pk for person in people}


def test_who_does_not_show_up_is_replaced_by_whoever_waits(lounge):
    pair, waiting = two_of_three(lounge)
    assert waits(lounge)[waiting] == 1
    Pair.objects.update(one_here_at=timezone.now())
    later(lounge, 26)
    tick(lounge)
    assert partners(lounge) == {pair.one_id: waiting, waiting: pair.one_id}
    assert lounge.stools.get(person=pair.two_id).away
    assert waits(lounge)[waiting] == 0, "who met somebody after all did not wait"


def test_nobody_is_replaced_before_twenty_seconds_or_after_they_came(lounge):
    enter(lounge, *guests(3))
    begin(lounge)
    before = partners(lounge)
    later(lounge, 15)
    tick(lounge)
    assert partners(lounge) == before
    all_come(lounge)
    later(lounge, 60)
    tick(lounge)
    assert partners(lounge) == before


def test_who_has_the_page_open_has_a_minute(lounge):
    enter(lounge, *guests(2))
    begin(lounge)
    pair = Pair.objects.get()
    Pair.objects.update(one_here_at=timezone.now())
    later(lounge, 30)
    tick(lounge, there=[pair.two_id])
    assert partners(lounge)
    later(lounge, 40)
    tick(lounge, there=[pair.two_id])
    assert not partners(lounge)


def test_who_comes_at_the_last_moment_is_not_sent_away(lounge):
    enter(lounge, *guests(2))
    begin(lounge)
    later(lounge, 30)
    [late] = rounds.late(timezone.now())
    all_come(lounge)
    writer.do(0, rounds.replace, late.match, late.absent)
    assert partners(lounge)


def test_whose_partner_does_not_come_has_waited_and_comes_first_the_next_time(lounge):
    one, two = guests(2)
    enter(lounge, one, two)
    begin(lounge)
    Pair.objects.update(one_here_at=timezone.now())
    later(lounge, 30)
    tick(lounge)
    assert waits(lounge) == {one.pk: 1, two.pk: 0}
    enter(lounge, *guests(2, "fr"))
    Person.objects.get(email="fr0@lounge.example").languages.set(one.languages.all())
    tick(lounge)
    assert one.pk in partners(lounge)
    assert waits(lounge)[one.pk] == 0, "who met somebody after all did not wait"


def test_nobody_has_waited_twice_in_one_round(lounge):
    _pair, waiting = two_of_three(lounge)
    later(lounge, 26)
    tick(lounge)
    assert waits(lounge)[waiting] == 1


def test_who_is_left_alone_before_they_are_put_together_has_waited(lounge):
    one, two = guests(2)
    enter(lounge, one, two)
    later(lounge, 115)
    [found] = answer(tasks.for_next_round(lounge.pk)).pairs
    writer.do(0, rounds.begin, lounge.pk, 1, [])
    writer.do(two.pk, places.leave, lounge, two.pk)
    for _ in range(2):
        assert writer.do(0, rounds.seat, lounge.pk, 1, [found]) == 0
    assert waits(lounge) == {one.pk: 1, two.pk: 0}


def test_who_came_while_the_other_was_looked_for_is_not_away(lounge):
    one, two = guests(2)
    enter(lounge, one, two)
    begin(lounge)
    later(lounge, 30)
    [late] = rounds.late(timezone.now())
    pair = Pair.objects.get()
    assert late.absent == {one.pk, two.pk}
    Pair.objects.update(one_here_at=timezone.now())
    writer.do(0, rounds.replace, late.match, late.absent)
    assert list(lounge.stools.filter(away=True).values_list("person", flat=True)) == [pair.two_id]
    assert waits(lounge)[pair.one_id] == 1


def test_a_lounge_that_was_closed_puts_nobody_together(lounge):
    enter(lounge, *guests(2))
    later(lounge, 115)
    [found] = answer(tasks.for_next_round(lounge.pk)).pairs
    writer.do(0, rounds.begin, lounge.pk, 1, [])
    writer.do(0, rounds.arrange, lounge.pk, {"state": Lounge.State.OVER})
    assert writer.do(0, rounds.seat, lounge.pk, 1, [found]) == 0
    assert not Pair.objects.exists()


def test_late_comers_meet_each_other_while_there_is_time(lounge):
    enter(lounge, *guests(2))
    begin(lounge)
    all_come(lounge)
    late = guests(2, "fr")
    enter(lounge, *late)
    tick(lounge)
    assert partners(lounge)[late[0].pk] == late[1].pk
    assert Pair.objects.latest("pk").ends_at == lounge.round_ends_at + GOODBYE


def test_who_comes_too_late_waits_for_the_next_round(lounge):
    enter(lounge, *guests(2))
    begin(lounge)
    all_come(lounge)
    later(lounge, lounge.seconds - 30)
    late = guests(2, "fr")
    enter(lounge, *late)
    tick(lounge)
    assert late[0].pk not in partners(lounge)


def test_blocked_people_never_meet(lounge):
    one, two, three, four = people = guests(4)
    for other in (two, three):
        writer.do(one.pk, blocks.block, one.pk, other.pk)
    enter(lounge, *people)
    begin(lounge)
    assert partners(lounge)[one.pk] == four.pk
    all_come(lounge)
    over(lounge)
    tick(lounge)
    assert one.pk not in partners(lounge)


def test_a_block_ends_the_pair_and_the_other_meets_somebody_else(lounge):
    people = guests(3)
    enter(lounge, *people)
    begin(lounge)
    all_come(lounge)
    pair = Pair.objects.get()
    writer.do(pair.one_id, blocks.block, pair.one_id, pair.two_id)
    tick(lounge)
    assert len(partners(lounge)) == 2
    assert met(lounge).count((pair.one_id, pair.two_id)) == 1


def test_people_without_a_language_in_common_wait(lounge):
    enter(lounge, *guests(1, "en"), *guests(1, "fr"))
    begin(lounge)
    assert (lounge.round, Pair.objects.count()) == (0, 0)


def test_nobody_meets_twice_at_an_event_even_in_another_lounge(event):
    one, two = guests(2)
    for title in ("Morning", "Evening"):
        lounge = lounge_of(event, timezone.now() + timedelta(minutes=2), title=title)
        tick(lounge)
        enter(lounge, one, two)
        begin(lounge)
        all_come(lounge)
    assert Match.objects.count() == 1


def test_a_server_that_dies_while_pairs_are_written_goes_on_afterwards(lounge, monkeypatch):
    enter(lounge, *guests(6))
    later(lounge, 115)
    monkeypatch.setattr(evening.rounds, "seat", lambda *_: 0)
    tick(lounge)
    assert (lounge.round, Pair.objects.count()) == (1, 0)
    monkeypatch.undo()
    Lounge.objects.update(matching_since=timezone.now() - timedelta(seconds=10))
    tick(lounge)
    assert Pair.objects.count() == 0, "another process may still be at it"
    later(lounge, 60)
    tick(lounge)
    assert Pair.objects.count() == 3


def test_only_those_of_its_groups_find_a_restricted_lounge(event):
    mayors = Group.objects.create(name="Mayors", slug="mayors")
    lounge = lounge_of(event)
    lounge.groups.add(mayors)
    inside, outside = guests(2)
    inside.groups_in.add(mayors)
    tick(lounge)
    assert mine(lounge, inside)["place"] is None
    with pytest.raises(Refused, match=r"lounge\.unknown"):
        mine(lounge, outside)
    Person.objects.filter(pk=inside.pk).update(is_active=False)
    with pytest.raises(Refused):
        mine(lounge, inside)


def test_an_open_ended_lounge_goes_on_until_its_end(event):
    lounge = lounge_of(event, timezone.now() + timedelta(minutes=2), rounds=None, seconds=120)
    lounge.ends_at = timezone.now() + timedelta(minutes=7)
    lounge.save()
    tick(lounge)
    enter(lounge, *guests(6))
    begin(lounge)
    while lounge.state == "open":
        all_come(lounge)
        over(lounge)
        tick(lounge)
        later(lounge, 25)
        tick(lounge)
    assert lounge.round == 3


def test_who_has_no_place_cannot_leave_it(lounge):
    [stranger] = guests(1)
    with pytest.raises(Refused, match=r"lounge\.no_place"):
        writer.do(stranger.pk, places.leave, lounge, stranger.pk)
