"""One's own schedule: by day, by two clocks, with clashes and the way out."""

from datetime import timedelta

from django.utils import timezone

from chat import conversations
from live import writer
from people.models import Group
from programme.models import Appearance, Star
from rooms.models import Meeting, Pair
from rooms.schedule import entries

from .conftest import NOW


def found(person, event) -> list[entries.Entry]:
    return entries.entries(person, event, timezone.now())


def titles(person, event) -> list[str]:
    return [entry.title for entry in found(person, event)]


def meet(one, two, event, at, minutes=20, **fields) -> Meeting:
    fields = {"state": Meeting.State.ACCEPTED} | fields
    return Meeting.objects.create(
        event=event,
        proposer=one,
        invitee=two,
        conversation=conversations.open_pair(one.pk, two.pk),
        starts_at=at,
        ends_at=at + timedelta(minutes=minutes),
        **fields,
    )


class TestWhatStandsInIt:
    def test_stars_in_order_of_time(self, event, plan, ada, ines):
        plan("Late", "26 15:00", starred_by=[ada])
        plan("Early", "25 15:00", starred_by=[ada, ines])
        plan("Hers", starred_by=[ines])
        assert titles(ada, event) == ["Early", "Late"]

    def test_where_one_speaks_without_a_star(self, event, plan, linus):
        Appearance.objects.create(session=plan("Water"), person=linus)
        [entry] = found(linus, event)
        assert (entry.role, entry.starred) == ("Speaker", False)

    def test_not_what_was_closed_to_them_since(self, event, plan, ada):
        session = plan("Water", starred_by=[ada])
        session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
        assert titles(ada, event) == []

    def test_what_is_cancelled_says_so(self, event, plan, ada, page):
        plan("Water", starred_by=[ada], cancelled=True)
        assert "Cancelled" in page(ada)

    def test_meetings_with_those_who_agreed(self, event, ada, ines, page):
        writer.do(ada.pk, meet, ada, ines, event, NOW + timedelta(hours=2))
        [entry] = found(ada, event)
        assert entry.title == "Meeting with Inês Carvalho"
        assert "Meeting with Inês Carvalho" in page(ada)
        assert titles(ines, event) == ["Meeting with Ada Ndiaye"]

    def test_a_room_for_two_while_it_is_open(self, event, ada, ines, mallory):
        def now_or_never():
            talk = conversations.encounter(ada.pk, ines.pk)
            span = {"starts_at": NOW, "ends_at": NOW + timedelta(minutes=15)}
            return Pair.objects.create(kind="now", code="c0de", one=ada, two=ines, conversation=talk, **span)

        writer.do(ada.pk, now_or_never)
        assert [(it.title, it.door) for it in found(ada, event)] == [("With Inês Carvalho", "/pair/c0de/")]
        assert titles(mallory, event) == []

    def test_a_fixed_number_of_queries(self, event, plan, ada, django_assert_max_num_queries):
        for number in range(30):
            plan(f"S{number}", starred_by=[ada], code=f"s{number}")
        with django_assert_max_num_queries(15):
            kept = found(ada, event)
            entries.mark_clashes(kept, ada, timezone.now())
        assert len(kept) == 30


class TestDoors:
    def test_straight_into_the_room_once_it_is_open(self, event, plan, ada, clock):
        plan("Water", "25 15:00", starred_by=[ada])
        assert found(ada, event)[0].door == ""
        clock.shift(timedelta(minutes=50))
        assert found(ada, event)[0].door == "/session/water/enter"
        clock.shift(timedelta(minutes=80))
        assert found(ada, event)[0].door == ""


class TestClashes:
    def test_the_repeat_is_the_way_out(self, event, plan, ada, page):
        plan("Water", "25 15:00", starred_by=[ada])
        plan("Fire", "25 15:45", starred_by=[ada])
        plan("Fire", "26 10:00", code="fire-again")
        kept = found(ada, event)
        assert entries.mark_clashes(kept, ada, NOW) == 1
        water, fire = kept
        assert [(it.minutes, it.other) for it in water.clashes] == [(15, fire)]
        assert [(it.minutes, it.other) for it in fire.clashes] == [(15, water)]
        assert (water.repeat, fire.repeat.code) == (None, "fire-again")
        shown = page(ada)
        assert "Keep the repeat instead" in shown
        assert "/session/fire-again/" in shown
        assert "can be read afterwards" in shown

    def test_not_a_repeat_that_clashes_as_well(self, event, plan, ada):
        for title, at in [("Water", "25 15:00"), ("Fire", "25 15:45"), ("Air", "26 10:00")]:
            plan(title, at, starred_by=[ada])
        plan("Fire", "26 10:30", code="fire-again")
        kept = found(ada, event)
        entries.mark_clashes(kept, ada, NOW)
        assert kept[1].clashes
        assert kept[1].repeat is None

    def test_a_repeat_that_is_starred_too_is_the_way_out(self, event, plan, ada):
        plan("Water", "25 15:00", starred_by=[ada])
        plan("Fire", "25 15:45", starred_by=[ada])
        plan("Fire", "26 10:00", code="fire-again", starred_by=[ada])
        kept = found(ada, event)
        entries.mark_clashes(kept, ada, NOW)
        assert [it.repeat and it.repeat.code for it in kept] == [None, "fire-again", None]

    def test_one_press_swaps(self, client, event, plan, ada):
        plan("Fire", starred_by=[ada])
        plan("Fire", "26 10:00", code="fire-again")
        client.force_login(ada)
        client.post("/schedule/swap", {"from": "fire", "to": "fire-again"})
        assert [star.session.code for star in Star.objects.all()] == ["fire-again"]

    def test_nothing_is_lost_if_the_other_is_closed(self, client, event, plan, ada):
        plan("Fire", starred_by=[ada])
        plan("Fire", "26 10:00", code="fire-again").groups.add(Group.objects.create(name="Mayors", slug="mayors"))
        client.force_login(ada)
        assert client.post("/schedule/swap", {"from": "fire", "to": "fire-again"}).status_code == 404
        assert [star.session.code for star in Star.objects.all()] == ["fire"]

    def test_not_with_what_is_over_or_cancelled(self, event, plan, ada):
        plan("Over", "25 12:00", starred_by=[ada])
        plan("Over too", "25 12:30", starred_by=[ada])
        plan("Water", "25 15:00", starred_by=[ada])
        plan("Off", "25 15:00", starred_by=[ada], cancelled=True)
        assert entries.mark_clashes(found(ada, event), ada, NOW) == 0

    def test_touching_is_no_clash(self, event, plan, ada):
        plan("Water", "25 15:00", starred_by=[ada])
        plan("Fire", "25 16:00", starred_by=[ada])
        assert entries.mark_clashes(found(ada, event), ada, NOW) == 0


class TestThePage:
    def test_by_day_in_my_zone_with_the_venues_beside(self, event, plan, aiko, page):
        plan("Water", "25 15:00", starred_by=[aiko])
        plan("Fire", "25 23:00", starred_by=[aiko])
        shown = page(aiko)
        assert (
            shown.index("Tuesday 25 May") < shown.index("Water") < shown.index("Wednesday 26 May", shown.index("Water"))
        )
        assert ">22:00<" in shown
        assert "15:00 Geneva" in shown
        assert "Times in Tokyo" in shown

    def test_one_clock_where_both_agree(self, event, plan, linus, page):
        linus.zone = "Europe/Paris"
        linus.save()
        plan("Water", starred_by=[linus])
        assert "Times in Geneva" in page(linus)

    def test_empty_it_says_how_to_fill_it(self, event, ada, page):
        assert "Press the star" in page(ada)

    def test_without_a_forum_too(self, db, ada, page):
        assert "Nothing stands in it yet" in page(ada)

    def test_only_when_signed_in(self, client, event):
        assert client.get("/schedule/").status_code == 302


def test_stars_in_the_room_itself(client, room, session, ada):
    client.force_login(ada)
    shown = client.get("/room/4821/").content.decode()
    assert f'action="/session/{session.code}/star"' in shown
