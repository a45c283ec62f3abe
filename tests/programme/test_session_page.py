"""The page of one session: its door, its papers, how many have seen it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from people.models import Group, Person
from programme import viewings
from programme.checks import LARGEST_FILE, known_zone, safe_file
from programme.models import Appearance, Document, Event, Session, Viewing
from rooms import pictures, wire
from rooms.models import Room
from rooms.states import prepare

pytestmark = pytest.mark.django_db


def at(session: Session, begins_in: timedelta, state: str = "scheduled", **fields) -> Session:
    """The session moved so that it begins then, its room in that state."""
    starts = timezone.now() + begins_in
    Session.objects.filter(pk=session.pk).update(starts_at=starts, ends_at=starts + timedelta(minutes=75), **fields)
    Room.objects.filter(session=session).update(state=state)
    return Session.objects.get(pk=session.pk)


@pytest.fixture
def page(client, session, room):
    """What the page says to a person, or to a visitor."""

    def says(person=None) -> str:
        client.force_login(person) if person else client.logout()
        return client.get("/session/leaks/").content.decode()

    return says


class TestTheDoor:
    def test_live_it_leads_into_the_room(self, page, ada):
        told = page(ada)
        assert 'href="/room/4821/"' in told
        assert "Enter the room" in told
        assert "45 min left" in told

    def test_a_visitor_is_asked_to_sign_in(self, page):
        told = page()
        assert "/sign-in/?next=/session/leaks/" in told
        assert "Enter the room" not in told

    def test_a_visitor_may_register_where_one_can(self, page, session):
        Event.objects.filter(pk=session.event_id).update(registration_url="https://register.example/")
        assert 'href="https://register.example/"' in page()

    def test_before_it_opens_there_is_a_countdown(self, page, session, ada, linus):
        at(session, timedelta(hours=2))
        assert "data-until=" in page(ada)
        assert "Enter the room" not in page(ada)
        assert "Enter the room" in page(linus)

    def test_days_before_it_says_how_many(self, page, session, ada):
        at(session, timedelta(days=3, hours=1))
        assert "3 days" in page(ada)

    def test_the_room_opens_a_quarter_of_an_hour_before(self, page, session, ada):
        at(session, timedelta(minutes=14))
        assert "Enter the room" in page(ada)

    def test_by_invitation_it_is_closed_to_outsiders(self, page, session, ada, mallory, linus):
        mayors = Group.objects.create(name="Mayors", slug="mayors")
        session.groups.add(mayors)
        ada.groups_in.add(mayors)
        assert "Enter the room" in page(ada)
        assert "Enter the room" in page(linus)
        told = page(mallory)
        assert "By invitation." in told
        assert "“Mayors”" in told
        assert "/room/4821/" not in told
        assert "Sign in if you belong to it" in page()

    def test_afterwards_the_record_is_read(self, page, session, ada):
        at(session, timedelta(hours=-3), state="ended")
        assert "Read the record" in page(ada)

    def test_a_cancelled_session_has_no_door(self, page, session, ada):
        at(session, timedelta(hours=1), cancelled=True)
        told = page(ada)
        assert "will not take place" in told
        assert "/room/4821/" not in told

    def test_a_session_nobody_has_is_not_found(self, client, session):
        assert client.get("/session/none/").status_code == 404


class TestWhatItSays:
    def test_chair_first_and_who_is_remote(self, page, session, grace):
        Appearance.objects.filter(person=grace).update(position=9)
        told = page()
        assert told.index("Grace Otieno") < told.index("Linus Heikkilä")
        assert "1 in the room, 1 remote" in told

    def test_markup_in_what_people_wrote_is_text(self, page, session):
        Session.objects.update(title="<b>Bold</b>", abstract="<img src=x onerror=alert(1)>", description="<script>")
        told = page()
        assert "<b>Bold</b>" not in told
        assert "<img src=x" not in told
        assert "<script>" not in told

    def test_constant_queries(self, client, session, room, ada, django_assert_max_num_queries):
        client.force_login(ada)
        client.get("/session/leaks/")
        with django_assert_max_num_queries(20):
            client.get("/session/leaks/")


PHOTO = "photos/0123456789abcdef0123456789abcdef.jpg"
FACTS = {"job_title": "Acoustics researcher", "organisation": "Tampere University", "photo": PHOTO}


class TestWhatSpeakersHide:
    @pytest.fixture
    def hides(self, linus):
        """Linus, with a photo, shows his profile like that."""

        def hide(**fields) -> None:
            Person.objects.filter(pk=linus.pk).update(photo=PHOTO, **fields)

        return hide

    @pytest.mark.parametrize("field", FACTS)
    def test_what_a_speaker_hides_is_not_on_the_page(self, page, hides, field):
        hides()
        assert all(fact in page() for fact in FACTS.values())
        for audience in ("connections", "nobody"):
            hides(audiences={field: audience})
            told = page()
            assert [name for name, fact in FACTS.items() if fact not in told] == [field]
            assert "Linus Heikkilä" in told

    @pytest.mark.parametrize("shown_to", ["connections", "nobody"])
    def test_of_a_speaker_without_a_public_profile_only_the_name_is_told(self, page, hides, shown_to):
        hides(shown_to=shown_to)
        told = page()
        assert "Linus Heikkilä" in told
        assert not [fact for fact in FACTS.values() if fact in told]

    def test_the_room_tells_no_more(self, room, linus, hides):
        def organisation() -> str:
            speakers = wire.session(pictures.described(room))["speakers"]
            return next(it["organisation"] for it in speakers if it["id"] == linus.pk)

        assert organisation() == "Tampere University"
        hides(audiences={"organisation": "nobody"})
        assert organisation() == ""
        hides(audiences={}, shown_to="nobody")
        assert organisation() == ""


class TestDocuments:
    def test_a_file_is_handed_over_safely(self, client, session, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        upload = SimpleUploadedFile("../../evil name.pdf", b"%PDF-1.7")
        paper = Document.objects.create(session=session, title="Débit nocturne", file=upload)
        address = f"/document/{paper.pk}/debit-nocturne.pdf"
        assert address in client.get("/session/leaks/").content.decode()
        response = client.get(address)
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content) == b"%PDF-1.7"

    def test_what_a_browser_could_run_is_only_saved(self, client, session, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        paper = Document.objects.create(session=session, title="Page", file=SimpleUploadedFile("page.html", b"<p>"))
        response = client.get(f"/document/{paper.pk}/page.html")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")

    def test_a_file_that_has_gone_is_not_found(self, client, session, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        paper = Document.objects.create(session=session, title="Gone", file="documents/gone.pdf")
        assert client.get(f"/document/{paper.pk}/gone.pdf").status_code == 404

    def test_papers_of_restricted_sessions_stay_there(self, client, session, mallory, linus):
        session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
        paper = Document.objects.create(session=session, title="Draft", url="https://papers.example/draft")
        address = f"/document/{paper.pk}/draft"
        for person, status in ((None, 404), (mallory, 404), (linus, 302)):
            client.force_login(person) if person else client.logout()
            assert client.get(address).status_code == status
            assert ("Draft" in client.get("/session/leaks/").content.decode()) is (status == 302)

    @pytest.mark.parametrize(
        ("name", "size"), [("page.html", 1), ("page.svg", 1), ("none", 1), ("a.pdf", LARGEST_FILE + 1)]
    )
    def test_what_is_unsafe_or_too_large_is_refused(self, name, size):
        file = SimpleUploadedFile(name, b"x")
        file.size = size
        with pytest.raises(ValidationError):
            safe_file(file)

    def test_zones_exist(self):
        known_zone("Africa/Dakar")
        with pytest.raises(ValidationError):
            known_zone("../Dakar")


class TestViewings:
    def test_a_browser_counts_once(self, client, session):
        for _ in range(3):
            client.get("/session/leaks/")
        Client().get("/session/leaks/")
        assert session.viewings.count() == 2

    def test_a_person_counts_once_wherever_they_look(self, session, ada):
        for _ in range(2):
            browser = Client()
            browser.force_login(ada)
            browser.get("/session/leaks/")
        assert [one.viewer for one in session.viewings.all()] == [f"person:{ada.pk}"]

    def test_signing_in_does_not_make_two_of_one(self, client, session, ada):
        client.get("/session/leaks/")
        client.force_login(ada)
        client.get("/session/leaks/")
        assert session.viewings.count() == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
            {"User-Agent": "curl/8.0"},
            {"Sec-Purpose": "prefetch;prerender"},
        ],
    )
    def test_machines_do_not_count(self, client, session, headers):
        client.get("/session/leaks/", headers=headers)
        assert not session.viewings.exists()

    def test_looking_for_the_head_only_does_not_count(self, client, session):
        client.head("/session/leaks/")
        assert not session.viewings.exists()

    def test_a_forged_cookie_is_a_new_browser(self, client, session):
        client.cookies["browser"] = "somebody:else"
        client.get("/session/leaks/")
        assert session.viewings.get().viewer != "browser:somebody"

    def test_the_page_tells_how_many(self, client, session):
        Viewing.objects.bulk_create(Viewing(session=session, viewer=f"browser:{n}") for n in range(1203))
        assert "1,204 people" in client.get("/session/leaks/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_pages_opened_at_once_count_once(session):
    def look(_):
        viewings.look(session, ["person:1"])
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(look, range(8)))
    assert session.viewings.count() == 1


def test_a_room_made_for_a_session_is_found_from_it(session):
    assert not hasattr(Session.objects.get(pk=session.pk), "room")
    prepare(session)
    assert Session.objects.for_listing().get(pk=session.pk).room
