"""Stars on sessions: whose, on which, from which page; and what organisers see of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Group, Person
from programme.models import Appearance, Session, Star, Venue


@pytest.fixture
def water(plan) -> Session:
    return plan("Water")


def press(client, session: Session, on: bool = True, **more):
    return client.post(f"/session/{session.code}/star", {"on": int(on)} | more)


def starred(person: Person) -> list[str]:
    return list(person.stars.order_by("session__title").values_list("session__title", flat=True))


class TestPressing:
    def test_on_and_off_and_twice(self, client, ada, water):
        client.force_login(ada)
        for on, kept in [(True, ["Water"]), (True, ["Water"]), (False, []), (False, [])]:
            assert press(client, water, on).status_code == 302
            assert starred(ada) == kept

    def test_back_to_where_it_was_pressed(self, client, ada, water):
        client.force_login(ada)
        assert press(client, water, back="/day/2027-05-25#s1").url == "/day/2027-05-25#s1"
        assert press(client, water, back="https://evil.example/").url == "/session/water/"

    def test_a_script_gets_json(self, client, ada, water):
        client.force_login(ada)
        told = client.post("/session/water/star", {"on": 1}, headers={"Accept": "application/json"}).json()
        assert told == {"on": True, "say": "It stands in your schedule."}

    def test_only_when_signed_in(self, client, water):
        assert "/sign-in/" in press(client, water).url
        assert not Star.objects.exists()

    def test_who_had_to_sign_in_again_lands_on_the_session(self, client, ada, water):
        client.force_login(ada)
        assert client.get("/session/water/star").url == "/session/water/"

    def test_not_what_one_could_not_enter(self, client, ada, mallory, water):
        mayors = Group.objects.create(name="Mayors", slug="mayors")
        mayors.people.add(ada)
        water.groups.add(mayors)
        for person, status in [(mallory, 404), (ada, 302)]:
            client.force_login(person)
            assert press(client, water).status_code == status
        assert [star.person for star in Star.objects.all()] == [ada]

    def test_what_was_closed_meanwhile_can_be_taken_back(self, client, ada, water):
        client.force_login(ada)
        press(client, water)
        Session.objects.update(cancelled=True)
        press(client, water, on=False)
        assert starred(ada) == []

    def test_no_such_session(self, client, ada):
        client.force_login(ada)
        assert client.post("/session/nothing/star", {"on": 1}).status_code == 404


class TestWhereItIsShown:
    @pytest.fixture
    def page(self, client, ada, water, linus):
        Appearance.objects.create(session=water, person=linus)
        client.force_login(ada)

        def get(path: str) -> str:
            return client.get(path).content.decode()

        return get

    @pytest.mark.parametrize("path", ["/day/2027-05-25", "/session/water/", "/person/%d/"], ids=["day", "own", "who"])
    def test_pressed_if_it_is_kept(self, page, ada, water, linus, path):
        path = path.replace("%d", str(linus.pk))
        assert 'name="on" value="1" aria-pressed="false"' in page(path)
        Star.objects.create(person=ada, session=water)
        assert 'name="on" value="0" aria-pressed="true"' in page(path)

    def test_nobody_elses(self, page, ines, water):
        Star.objects.create(person=ines, session=water)
        assert 'aria-pressed="true" aria-label="Keep' not in page("/day/2027-05-25")

    def test_visitors_see_none(self, client, water):
        assert "data-star" not in client.get("/day/2027-05-25").content.decode()

    def test_only_what_i_starred(self, page, plan, ada, water):
        plan("Fire")
        Star.objects.create(person=ada, session=water)
        shown = page("/day/2027-05-25?starred=1")
        assert "/session/water/" in shown
        assert "/session/fire/" not in shown

    def test_a_clash_names_the_repeat(self, page, plan, ada, water):
        fire, again = plan("Fire", "25 16:00"), plan("Fire", "26 10:00", code="fire-again")
        for session in (water, fire):
            Star.objects.create(person=ada, session=session)
        Session.objects.update(
            starts_at=timezone.now() + timedelta(days=1), ends_at=timezone.now() + timedelta(days=1.1)
        )
        Session.objects.filter(pk=again.pk).update(
            starts_at=timezone.now() + timedelta(days=2), ends_at=timezone.now() + timedelta(days=2.1)
        )
        shown = page("/session/water/")
        assert "You also starred" in shown
        assert "/session/fire-again/" in shown


class TestForOrganisers:
    @pytest.fixture
    def crowd(self, forum, plan, ada, ines, linus):
        """Three keep what has two seats; one keeps what has ten."""
        small, large = (
            Venue.objects.create(event=forum, name=name, capacity=seats) for name, seats in [("S", 2), ("L", 10)]
        )
        full, empty = plan("Full", venue=small), plan("Empty", venue=large)
        Star.objects.bulk_create(Star(person=it, session=full) for it in (ada, ines, linus))
        Star.objects.create(person=ada, session=empty)
        for person in (linus, ines):
            Appearance.objects.create(session=full, person=person)

    @pytest.fixture
    def listed(self, client, organiser, crowd):
        client.force_login(organiser)

        def titles(query: str) -> list[str]:
            listed = client.get(f"/admin/programme/session/?{query}").context["cl"].result_list
            return [f"{it.title} {it.star_count}/{it.venue.capacity}" for it in listed]

        return titles

    def test_stars_stand_beside_seats_and_sort(self, listed):
        column = 6  # after title, when, track, venue, seats
        assert listed(f"o={column}") == ["Empty 1/10", "Full 3/2"]
        assert listed(f"o=-{column}") == ["Full 3/2", "Empty 1/10"]

    def test_a_search_by_speakers_counts_no_star_twice(self, listed):
        assert listed("q=Carvalho") == listed("q=e Full") == ["Full 3/2"]

    def test_too_small_rooms_are_found(self, listed):
        assert listed("stars=more") == ["Full 3/2"]
