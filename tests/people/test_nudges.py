"""Told once: in the page, and by mail as chosen; not while somebody sleeps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from live import writer
from live.access import told_to_oneself, topic_of
from live.refusal import Refused
from people import delivery, nudges, reach
from people import mail as mailing
from people.models import Nudge, Person, Reach
from tests.rooms.witness import heard

NOON = datetime(2027, 5, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(nudges, "_kinds", dict(nudges._kinds))
    nudges.kind("test.news")(lambda given: f"News: {given['what']}")
    nudges.kind("test.now", urgent=True)(lambda given: f"Now: {given['what']}")
    nudges.kind("test.reminder", urgent=True, reminder=True)(lambda given: f"Soon: {given['what']}")


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def tell(person: Person, key: str = "k", kind: str = "test.news", until=None) -> Nudge | None:
    return writer.do(person.pk, nudges.nudge, person.pk, key, kind, {"what": "tea"}, "/people/", until)


def send() -> list[str]:
    """What goes by mail now."""
    before = len(mail.outbox)
    parcels = writer.do(0, delivery.claim)
    assert mailing.post([it for it in parcels if it.mailed], delivery.write) == ([], [])
    return [letter.subject for letter in mail.outbox[before:]]


class TestInThePage:
    def test_once_per_key(self, ada):
        assert tell(ada)
        assert tell(ada) is None
        assert tell(ada, "another")
        assert [(event, told["text"]) for event, told in heard(topic_of(ada.pk), 0)] == [("nudge", "News: tea")] * 2

    def test_the_unread_are_told_to_a_page_that_opens(self, ada, ines):
        tell(ada), tell(ines)
        [told] = nudges.unread_as_shown(ada.pk)
        assert (told["text"], told["path"], told["read"]) == ("News: tea", "/people/", False)

    def test_read_in_one_page_is_read_in_all(self, ada):
        told = tell(ada)
        writer.do(ada.pk, nudges.read_here, ada.pk, topic_of(ada.pk), nudges.Read(told.pk))
        assert nudges.unread(ada.pk) == []
        assert heard(topic_of(ada.pk), 1)[0][1]["read"]

    def test_nobody_reads_anothers(self, ada, mallory):
        told = tell(ada)
        for topic in (topic_of(ada.pk), topic_of(mallory.pk)):
            with pytest.raises(Refused):
                writer.do(mallory.pk, nudges.read_here, mallory.pk, topic, nudges.Read(told.pk))
        assert len(nudges.unread(ada.pk)) == 1

    def test_what_came_too_late_is_not_shown(self, ada, clock):
        tell(ada, until=NOON + timedelta(minutes=10))
        clock.shift(timedelta(minutes=11))
        assert nudges.unread(ada.pk) == []

    def test_a_kind_of_a_newer_release_is_passed_over(self, ada):
        tell(ada)
        Nudge.objects.update(kind="unheard.of", due_at=timezone.now())
        assert nudges.unread(ada.pk) == []
        assert send() == []

    def test_in_the_language_of_whoever_is_told(self, layla, monkeypatch):
        from django.utils.translation import get_language

        nudges.kind("test.language")(lambda given: get_language())
        tell(layla, kind="test.language")
        assert heard(topic_of(layla.pk), 0)[0][1]["text"] == "ar"

    def test_not_to_who_takes_no_part_any_more(self, ada):
        Person.objects.update(is_active=False)
        assert tell(ada) is None

    def test_one_name_one_kind(self):
        with pytest.raises(ValueError, match=r"test\.news"):
            nudges.kind("test.news")(str)

    def test_a_reminder_not_wanted_in_the_page_goes_elsewhere_all_the_same(self, ada):
        Reach.objects.create(person=ada, reminders_page=False, reminders_mail=True)
        tell(ada, kind="test.reminder")
        assert heard(topic_of(ada.pk), 0) == []
        assert nudges.unread(ada.pk) == []
        assert send() == ["Soon: tea"]


class TestByMail:
    def test_news_after_a_moment(self, ada, clock):
        tell(ada)
        assert send() == []
        clock.shift(nudges.GRACE + timedelta(seconds=1))
        assert send() == ["News: tea"]
        assert send() == []

    def test_not_what_was_read_meanwhile(self, ada, clock):
        told = tell(ada)
        writer.do(ada.pk, nudges.read, ada.pk, told.pk)
        clock.shift(timedelta(hours=1))
        assert send() == []

    def test_in_the_morning_if_it_can_wait(self, ada, clock):
        ada.zone = "Asia/Tokyo"
        ada.save()
        clock.move_to(datetime(2027, 5, 25, 14, tzinfo=UTC))  # 23:00 in Tokyo
        tell(ada)
        tell(ada, "urgent", "test.now")
        assert send() == ["Now: tea"]
        clock.move_to(datetime(2027, 5, 25, 22, 59, tzinfo=UTC))
        assert send() == []
        clock.move_to(datetime(2027, 5, 25, 23, 1, tzinfo=UTC))
        assert send() == ["News: tea"]

    def test_not_at_all_if_the_morning_is_too_late(self, ada, clock):
        ada.zone = "Asia/Tokyo"
        ada.save()
        clock.move_to(datetime(2027, 5, 25, 14, tzinfo=UTC))
        tell(ada, until=datetime(2027, 5, 25, 20, tzinfo=UTC))
        clock.move_to(datetime(2027, 5, 26, 2, tzinfo=UTC))
        assert send() == []

    def test_reminders_only_if_wished(self, ada):
        tell(ada, kind="test.reminder")
        assert send() == []
        Reach.objects.create(person=ada, reminders_mail=True)
        tell(ada, "again", kind="test.reminder")
        assert send() == ["Soon: tea"]

    def test_not_to_who_wants_no_mail_nor_to_stand_in_addresses(self, ada, ines):
        Person.objects.filter(pk=ada.pk).update(mails=False)
        Person.objects.filter(pk=ines.pk).update(email="someone@import.invalid")
        for person in (ada, ines):
            tell(person, kind="test.now")
        assert send() == []

    def test_the_letter_leads_there_and_ends_in_one_click(self, ada, settings):
        settings.SITE_URL = "https://forum.example"
        tell(ada, kind="test.now")
        send()
        [letter] = mail.outbox
        assert "https://forum.example/people/" in letter.body
        assert letter.extra_headers["List-Unsubscribe"] == f"<{reach.unsubscribe_address(ada)}>"
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_tried_again_when_the_mail_server_is_away(self, ada, clock, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        tell(ada, kind="test.now")
        parcels = writer.do(0, delivery.claim)
        left = mailing.post(parcels, delivery.write)
        assert left == (parcels, [])
        writer.do(0, delivery.postpone, [it.nudge for it in left.later], timezone.now() + delivery.AGAIN)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert send() == []
        clock.shift(delivery.AGAIN)
        assert send() == ["Now: tea"]

    def test_old_news_are_no_news(self, mallory, clock):
        tell(mallory)
        clock.shift(delivery.OLD + timedelta(minutes=1))
        assert send() == []


class TestQuietHours:
    @pytest.mark.parametrize(
        ("hour", "until"),
        [(7, 8), (8, 8), (12, 12), (21, 21), (22, 32), (23, 32), (0, 8)],
        ids=["early", "eight", "noon", "evening", "ten", "late", "midnight"],
    )
    def test_by_the_persons_own_clocks(self, ada, hour, until):
        ada.zone = "America/Lima"
        night = datetime(2027, 5, 25, tzinfo=reach.zone_of(ada))
        now = night + timedelta(hours=hour)
        assert reach.after_quiet_hours(ada, now) == night + timedelta(hours=until)

    def test_what_could_not_go_before_the_night_goes_in_the_morning(self, ada, clock):
        clock.move_to(datetime(2027, 5, 25, 15, tzinfo=UTC))  # as in Dakar
        tell(ada)
        clock.move_to(datetime(2027, 5, 26, 2, 59, tzinfo=UTC))
        assert send() == []
        clock.move_to(datetime(2027, 5, 26, 8, 0, 4, tzinfo=UTC))
        assert send() == ["News: tea"]
        assert send() == []

    def test_what_cannot_wait_goes_at_night_too(self, ada, clock):
        clock.move_to(datetime(2027, 5, 25, 21, tzinfo=UTC))
        tell(ada, kind="test.now")
        clock.move_to(datetime(2027, 5, 25, 23, tzinfo=UTC))
        assert send() == ["Now: tea"]

    def test_what_was_read_at_night_is_not_sent_in_the_morning(self, ada, clock):
        clock.move_to(datetime(2027, 5, 25, 21, tzinfo=UTC))
        told = tell(ada)
        clock.move_to(datetime(2027, 5, 26, 1, tzinfo=UTC))
        assert send() == []
        writer.do(ada.pk, nudges.read, ada.pk, told.pk)
        clock.move_to(datetime(2027, 5, 26, 9, tzinfo=UTC))
        assert send() == []

    def test_old_news_are_no_news_in_the_morning_either(self, ada, clock):
        tell(ada)
        clock.move_to(datetime(2027, 5, 26, 10, 1, tzinfo=UTC))  # awake for ten hours yesterday, and two today
        assert send() == []

    @pytest.mark.parametrize(
        ("hour", "until"),
        [(7, 20), (9, 21), (10, 22), (12, 34), (21, 43), (23, 44)],
        ids=["early", "nine", "ten", "noon", "evening", "late"],
    )
    def test_nights_are_not_counted(self, ada, hour, until):
        ada.zone = "America/Lima"
        night = datetime(2027, 5, 25, tzinfo=reach.zone_of(ada))
        later = reach.after_waking_hours(ada, night + timedelta(hours=hour), timedelta(hours=12))
        assert later == night + timedelta(hours=until)

    def test_without_a_zone_nobody_knows(self, mallory):
        midnight = datetime(2027, 5, 25, tzinfo=UTC)
        assert reach.after_quiet_hours(mallory, midnight) == midnight


def test_pages_hear_of_nudges_under_that_name():
    with pytest.raises(ValueError, match="nudges"):
        told_to_oneself("nudges")(len)
