"""The programme's page: what is live, one day, filters, two clocks."""

import gzip
from datetime import datetime, timedelta

import pytest

from people.models import Group, Language, Person, Theme
from programme.models import Appearance, Role, Session
from programme.search import folded

from .conftest import GENEVA

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 5, 25, 12, tzinfo=GENEVA)


@pytest.fixture
def noon(time_machine):
    """It is noon on the second day, in Geneva."""
    time_machine.move_to(NOON, tick=False)
    return NOON


@pytest.fixture
def programme(forum, plan, noon, linus, layla):
    """Five sessions on Tuesday, one live; one on Wednesday."""
    cities, rights = (forum.tracks.create(name=name, slug=name.lower()) for name in ("Cities", "Rights"))
    english, arabic = (
        Language.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in (("en", "English"), ("ar", "العربية"))
    )
    water = plan("Water", "25 11:30", track=cities, participation="hybrid", abstract="Leaks.")
    water.languages.add(english, arabic)
    water.themes.add(Theme.objects.get_or_create(kind="goal", code="SDG6", defaults={"name": "Water"})[0])
    Appearance.objects.create(session=water, person=linus)
    fibre = plan("Fibre", "25 15:00", track=rights, participation="online")
    fibre.languages.add(english)
    Appearance.objects.create(session=fibre, person=layla)
    plan("Tides", "25 15:00", track=cities, participation="in_person")
    plan("Mayors", "25 16:00").groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    plan("Breakfast", "25 08:00", cancelled=True)
    plan("Choir", "26 18:00", track=cities)
    return forum


def shown(page) -> list[str]:
    """Titles in the order of the page."""
    strands = page.context["strands"]
    groups = page.context["slots"] if strands is None else strands
    return [entry.session.title for group in groups for entry in group.entries]


class TestADay:
    def test_the_first_page_shows_today_by_the_venues_calendar(self, client, programme):
        page = client.get("/")
        assert shown(page) == ["Breakfast", "Water", "Fibre", "Tides", "Mayors"]
        assert page.context["day"].day == 25

    def test_after_the_forum_its_last_day(self, client, programme, time_machine):
        time_machine.move_to(NOON + timedelta(days=100))
        assert client.get("/").context["day"].day == 26

    def test_a_session_after_midnight_belongs_to_the_venues_day(self, client, programme, plan):
        plan("Night", "26 00:30")
        assert shown(client.get("/day/2027-05-26")) == ["Night", "Choir"]

    @pytest.mark.parametrize("path", ["/day/2027-05-30", "/day/2027-02-31", "/day/x"])
    def test_days_without_anything_do_not_exist(self, client, programme, path):
        assert client.get(path).status_code == 404

    def test_before_there_is_a_forum(self, client, db):
        assert client.get("/").status_code == 200
        assert client.get("/day/2027-05-25").status_code == 404

    def test_before_there_is_a_programme(self, client, forum):
        assert b"has not been published yet" in client.get("/").content

    def test_by_track(self, client, programme):
        page = client.get("/?by=track")
        assert [strand.track and strand.track.name for strand in page.context["strands"]] == ["Cities", "Rights", None]

    def test_live_cancelled_and_by_invitation_are_told_in_words(self, client, programme):
        page = client.get("/").content.decode()
        assert 'data-state="cancelled"' in page
        assert "By invitation" in page
        assert "45 min left" in page

    def test_markup_in_what_people_wrote_is_text(self, client, programme, plan):
        plan("<script>alert(1)</script>", "25 17:00", code="x")
        assert b"<script>alert" not in client.get("/").content


class TestWhatIsLive:
    def test_the_main_action_joins_it(self, client, programme, ada):
        client.force_login(ada)
        page = client.get("/")
        assert [entry.session.title for entry in page.context["live"]] == ["Water"]
        assert page.context["main"].session.title == "Water"

    def test_the_session_i_speak_in_comes_first(self, client, programme, plan, layla):
        Appearance.objects.create(session=plan("Rights now", "25 11:45"), person=layla)
        client.force_login(layla)
        assert client.get("/").context["main"].session.title == "Rights now"

    def test_otherwise_the_next_one_open_to_me(self, client, programme, ada, time_machine):
        time_machine.move_to(NOON.replace(hour=15, minute=30))
        Session.objects.filter(title__in=["Fibre", "Tides"]).update(ends_at=NOON.replace(hour=15, minute=20))
        client.force_login(ada)
        assert client.get("/").context["main"].session.title == "Choir"
        ada.groups_in.add(Group.objects.get(slug="mayors"))
        assert client.get("/").context["main"].session.title == "Mayors"

    def test_at_most_four_at_once(self, client, programme, plan):
        for number in range(5):
            plan(f"More {number}", "25 11:30")
        assert len(client.get("/").context["live"]) == 4
        assert len(client.get("/?live=all").context["live"]) == 6

    def test_ended_early_is_over_and_running_late_is_live(self, session, room):
        live = Session.objects.get(pk=session.pk)
        assert live.stage(session.ends_at + timedelta(minutes=5)) == "live"
        type(room).objects.update(state="ended")
        ended = Session.objects.get(pk=session.pk)
        assert ended.stage(session.starts_at) == "over"


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("track=cities", ["Water", "Tides"]),
            ("track=cities&track=rights", ["Water", "Fibre", "Tides"]),
            ("language=ar", ["Water"]),
            ("participation=online&participation=hybrid", ["Breakfast", "Water", "Fibre", "Mayors"]),
            ("theme=SDG6", ["Water"]),
            ("open=1", ["Water", "Fibre", "Tides"]),
            ("q=heikkila", ["Water"]),
            ("q=HEIKKILÄ+water", ["Water"]),
            ("q=حداد", ["Fibre"]),
            ("q=leaks&track=rights", []),
            ("track=unknown", []),
            ("nonsense=1&zone=mars&by=colour", ["Breakfast", "Water", "Fibre", "Tides", "Mayors"]),
        ],
    )
    def test_what_is_shown(self, client, programme, query, titles):
        assert shown(client.get(f"/day/2027-05-25?{query}")) == titles

    def test_nobody_is_found_by_what_they_hide(self, client, programme, linus):
        assert shown(client.get("/day/2027-05-25?q=tampere")) == ["Water"]
        Person.objects.filter(pk=linus.pk).update(audiences={"organisation": "nobody"})
        assert shown(client.get("/day/2027-05-25?q=tampere")) == []
        assert shown(client.get("/day/2027-05-25?q=heikkila")) == ["Water"]

    def test_open_to_me_knows_my_groups_and_parts(self, client, programme, ada, grace, organiser):
        ada.groups_in.add(Group.objects.get(slug="mayors"))
        Role.objects.create(event=programme, person=grace, role=Role.Kind.ORGANISER)
        for person, admitted in ((ada, True), (grace, True), (organiser, False)):
            client.force_login(person)
            assert ("Mayors" in shown(client.get("/?open=1"))) is admitted

    def test_counts_say_what_choosing_would_show(self, client, programme):
        facets = {facet.name: facet for facet in client.get("/?language=en").context["facets"]}
        assert [(option.value, option.count) for option in facets["track"].options] == [("cities", 1), ("rights", 1)]
        assert [(o.value, o.count, o.chosen) for o in facets["language"].options] == [
            ("en", 2, True),
            ("ar", 1, False),
        ]

    def test_other_days_where_something_was_found_are_named(self, client, programme):
        page = client.get("/day/2027-05-25?q=choir")
        assert shown(page) == []
        assert [(day.date.day, day.found) for day in page.context["days"]] == [(25, 0), (26, 1)]
        assert 'href="/day/2027-05-26?q=choir"' in page.content.decode()

    def test_filters_stay_when_the_day_or_the_clock_changes(self, client, programme):
        page = client.get("/day/2027-05-25?track=cities", headers={"Cookie": "zone=Africa/Dakar"}).content.decode()
        assert "/day/2027-05-26?track=cities" in page
        assert "?track=cities&amp;zone=mine" in page

    def test_comparing_without_accents_and_vowel_signs(self):
        assert folded("Heikkilä") == "heikkila"
        assert folded("ليلى حدّاد") == folded("ليلى حداد")
        assert folded("İSTANBUL") == folded("istanbul")


class TestClocks:
    def test_both_are_shown(self, client, programme):
        page = client.get("/day/2027-05-25", headers={"Cookie": "zone=Africa%2FDakar"}).content.decode()
        assert ">15:00</time><small>Geneva</small> <small>13:00 Dakar" in page

    def test_mine_first_when_i_choose(self, client, programme, ines):
        client.force_login(ines)
        page = client.get("/day/2027-05-25?zone=mine").content.decode()
        assert ">14:00</time><small>Lisbon</small> <small>15:00 Geneva" in page

    def test_another_day_there_is_said(self, client, programme, plan):
        plan("Night", "25 01:00")
        page = client.get("/day/2027-05-25", headers={"Cookie": "zone=America/New_York"}).content.decode()
        assert "19:00 New York, Monday" in page

    def test_only_one_where_mine_shows_the_same(self, client, programme):
        assert client.get("/", headers={"Cookie": "zone=Europe/Paris"}).context["clocks"].own is None


@pytest.fixture
def full_day(forum, noon):
    """160 sessions with 846 speakers on one day, as at a real forum."""
    tracks = [forum.tracks.create(name=f"Special track {n}", slug=f"track-{n}") for n in range(8)]
    venues = [forum.venues.create(name=f"Room {n}", position=n) for n in range(20)]
    names = [f"{first} {last}" for first in ("Ayesha", "Thabo", "Zeynep", "Sione") for last in ("Rahman", "Nkosi")]
    people = [
        Person(email=f"{n}@forum.example", name=f"{names[n % 8]} {n}", organisation=f"City {n}") for n in range(846)
    ]
    people = Person.objects.bulk_create(people)
    sessions = [
        Session(
            event=forum,
            code=f"session-{n}",
            title=f"What session number {n} of this forum has to say about water, fibre and rights",
            abstract=f"The {n}th abstract speaks of many things at some length. " * 8,
            track=tracks[n % 8],
            venue=venues[n % 20],
            starts_at=NOON.replace(hour=8) + timedelta(minutes=30 * (n // 10)),
            ends_at=NOON.replace(hour=9) + timedelta(minutes=30 * (n // 10)),
        )
        for n in range(160)
    ]
    sessions = Session.objects.bulk_create(sessions)
    Appearance.objects.bulk_create(
        Appearance(session=sessions[n % 160], person=person, position=n) for n, person in enumerate(people)
    )
    return forum


class TestAFullDay:
    def test_as_many_queries_as_an_almost_empty_one(self, client, programme, ada, django_assert_max_num_queries):
        client.force_login(ada)
        with django_assert_max_num_queries(16) as few:
            client.get("/")
        more = [
            Session(event=programme, code=f"n{n}", title=f"N {n}", starts_at=NOON, ends_at=NOON + timedelta(hours=1))
            for n in range(30)
        ]
        for session in Session.objects.bulk_create(more):
            Appearance.objects.create(session=session, person=ada)
        with django_assert_max_num_queries(len(few)):
            assert len(shown(client.get("/"))) == 35

    def test_a_first_visit_weighs_little(self, client, full_day):
        packed = client.get("/", headers={"Accept-Encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert len(packed.content) < 40_000  # leaves 20 KB for styles and the page's script
        assert gzip.decompress(packed.content).count(b'class="entry"') == 160
