"""Choosing how one is reached, and ending it in one click."""

import pytest
from django.test import Client

from people import reach
from people.models import Reach

CHOICES = "/me/reach/"


def path(person) -> str:
    return reach.unsubscribe_address(person).removeprefix("http://localhost:8000")


class TestChoosing:
    def test_the_defaults_without_a_choice(self, ada):
        chosen = reach.chosen(ada.pk)
        assert (chosen.reminders_page, chosen.reminders_push, chosen.reminders_mail) == (True, True, False)

    def test_each_by_itself(self, client, ada):
        client.force_login(ada)
        assert client.get(CHOICES).status_code == 200
        client.post(CHOICES, {"reminders_mail": "on"})
        chosen = reach.chosen(ada.pk)
        assert (chosen.reminders_page, chosen.reminders_mail, chosen.news_push) == (False, True, False)
        ada.refresh_from_db()
        assert not ada.mails

    def test_no_device_any_more(self, client, ada):
        ada.push_subscriptions.create(endpoint="https://push.example/1", p256dh="k", auth="a")
        client.force_login(ada)
        assert "1 device of yours" in client.get(CHOICES).content.decode()
        client.post("/me/reach/forget")
        assert not ada.push_subscriptions.exists()

    def test_only_ones_own(self, client, db):
        assert client.get(CHOICES).status_code == 302


class TestUnsubscribing:
    @pytest.fixture
    def ada(self, ada):
        Reach.objects.create(person=ada, reminders_mail=True)
        return ada

    def wants_mail(self, person) -> bool:
        person.refresh_from_db()
        return person.mails or reach.chosen(person.pk).reminders_mail

    def test_looking_changes_nothing(self, client, ada):
        page = client.get(path(ada))
        assert ada.email in page.content.decode()
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert self.wants_mail(ada)

    def test_one_click_of_a_mail_program(self, ada):
        """RFC 8058, 3.1: no cookies, no token of ours."""
        answer = Client(enforce_csrf_checks=True).post(path(ada), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not self.wants_mail(ada)

    def test_a_mended_address_ends_nobodys(self, client, ada, ines):
        forged = path(ada).replace(f"/{ada.pk}:", f"/{ines.pk}:")
        assert forged != path(ada)
        assert client.post(forged).status_code == 404
        assert self.wants_mail(ines)

    def test_it_outlives_a_session_and_signs_nobody_in(self, client, ada):
        client.post(path(ada))
        assert "_auth_user_id" not in client.session


class TestServiceWorker:
    def test_served_at_the_root(self, client, settings, tmp_path):
        settings.FRONTEND = tmp_path
        (tmp_path / "push.js").write_text("// worker")
        script = client.get("/sw.js")
        assert script.headers["Service-Worker-Allowed"] == "/"
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert script.headers["Cache-Control"] == "no-cache"

    def test_nothing_before_the_front_end_is_built(self, client, db, settings, tmp_path):
        settings.FRONTEND = tmp_path
        assert client.get("/sw.js").status_code == 404
