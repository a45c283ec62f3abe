from datetime import UTC, datetime

import pytest

from live import writer
from people.blocks import block
from people.connections import stay_in_touch
from people.models import Language, Person, Theme
from programme.people_pages import there_now


@pytest.fixture
def guest(client, ada):
    client.force_login(ada)
    return client


def test_a_person_is_shown_with_the_sessions_they_take_part_in(guest, session, linus):
    page = guest.get(f"/person/{linus.pk}/").content.decode()
    assert "Linus Heikkilä" in page
    assert "Finland" in page
    assert "Water that reports its own leaks" in page


def test_a_cancelled_session_is_not_listed(guest, session, linus):
    session.cancelled = True
    session.save()
    assert session.title not in guest.get(f"/person/{linus.pk}/").content.decode()


@pytest.mark.parametrize("shown_to", ["connections", "nobody"])
def test_a_profile_shown_to_nobody_is_not_found(guest, linus, shown_to):
    Person.objects.filter(pk=linus.pk).update(shown_to=shown_to)
    assert guest.get(f"/person/{linus.pk}/").status_code == 404


def test_ones_own_page_says_who_sees_it(guest, ada):
    assert "Everybody registered sees this page" in guest.get(f"/person/{ada.pk}/").content.decode()
    Person.objects.filter(pk=ada.pk).update(shown_to="nobody")
    assert "Only you and the organisers" in guest.get(f"/person/{ada.pk}/").content.decode()


def test_visitors_sign_in_first(client, linus):
    assert client.get(f"/person/{linus.pk}/").url == f"/sign-in/?next=/person/{linus.pk}/"


def test_what_is_private_is_not_there(guest, linus):
    Person.objects.filter(pk=linus.pk).update(pronouns="he-him-his", gender="a man")
    page = guest.get(f"/person/{linus.pk}/").content.decode()
    assert "he-him-his" not in page
    assert "a man" not in page
    assert linus.email not in page


def test_what_people_write_is_never_markup(guest, linus):
    Person.objects.filter(pk=linus.pk).update(name="<b>L</b>", bio="<script>x</script>", organisation="<i>T</i>")
    page = guest.get(f"/person/{linus.pk}/").content.decode()
    assert not [markup for markup in ("<b>L", "<script>x", "<i>T") if markup in page]


# What is shown to whom


def shown(guest, person) -> str:
    return guest.get(f"/person/{person.pk}/").content.decode()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("job_title", "Acoustics researcher"),
        ("organisation", "Tampere University"),
        ("country", "Finland"),
        ("stakeholder", "Academia"),
        ("zone", "There now"),
        ("bio", "Listens to hydrants"),
        ("photo", "0123456789abcdef"),
        ("languages", "Suomi"),
        ("interests", "SDG 6"),
        ("offers", "Hydrophones"),
        ("seeks", "A pilot city"),
    ],
)
def test_each_fact_is_shown_to_its_audience(guest, ada, linus, field, words):
    Person.objects.filter(pk=linus.pk).update(
        bio="Listens to hydrants", photo="photos/0123456789abcdef0123456789abcdef.jpg"
    )
    linus.languages.add(Language.objects.get(code="fi"))
    linus.interests.add(Theme.objects.get(code="SDG6"))
    linus.offers.add(Theme.objects.tag("Hydrophones"))
    linus.seeks.add(Theme.objects.tag("A pilot city"))
    assert words in shown(guest, linus)
    Person.objects.filter(pk=linus.pk).update(audiences={field: "nobody"})
    assert words not in shown(guest, linus)
    Person.objects.filter(pk=linus.pk).update(audiences={field: "connections"})
    assert words not in shown(guest, linus)
    connect(ada, linus)
    assert words in shown(guest, linus)


def connect(one, other) -> None:
    for owner, whom in ((one, other), (other, one)):
        writer.do(owner.pk, stay_in_touch, owner.pk, whom.pk)


def test_the_address_is_for_those_in_touch(guest, ada, linus):
    assert linus.email not in shown(guest, linus)
    connect(ada, linus)
    assert linus.email in shown(guest, linus)


def test_a_profile_for_those_in_touch_is_found_by_them(guest, ada, linus):
    Person.objects.filter(pk=linus.pk).update(shown_to="connections")
    assert guest.get(f"/person/{linus.pk}/").status_code == 404
    connect(ada, linus)
    assert guest.get(f"/person/{linus.pk}/").status_code == 200


@pytest.mark.parametrize("by_reader", [True, False], ids=["by the reader", "of the reader"])
def test_blocked_people_do_not_find_each_others_page(guest, ada, linus, by_reader):
    one, other = (ada, linus) if by_reader else (linus, ada)
    writer.do(one.pk, block, one.pk, other.pk)
    assert guest.get(f"/person/{linus.pk}/").status_code == 404


def test_who_is_not_active_is_not_found(guest, linus):
    Person.objects.filter(pk=linus.pk).update(is_active=False)
    assert guest.get(f"/person/{linus.pk}/").status_code == 404


def test_buttons_are_there_for_what_a_person_takes(guest, ada, linus):
    assert "Send a message" not in shown(guest, linus)
    assert "Propose a meeting" not in shown(guest, linus)
    Person.objects.filter(pk=linus.pk).update(takes_messages=True, takes_meetings=True)
    assert f'href="/person/{linus.pk}/write"' in shown(guest, linus)
    assert f'href="/person/{linus.pk}/meet"' in shown(guest, linus)


def test_those_in_touch_may_always_write(guest, ada, linus):
    connect(ada, linus)
    assert "Send a message" in shown(guest, linus)


def test_ones_own_page_says_what_is_kept_and_offers_no_way_to_oneself(guest, ada):
    Person.objects.filter(pk=ada.pk).update(audiences={"country": "nobody"}, takes_messages=True, takes_meetings=True)
    page = shown(guest, ada)
    assert "Not shown to everybody: Country, E-mail." in page
    assert not [
        words for words in ("Send a message", "Propose a meeting", "Not comfortable", "Stay in touch") if words in page
    ]


WINTER, SUMMER = datetime(2027, 1, 15, 12, tzinfo=UTC), datetime(2027, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "own", "now", "clock", "said"),
    [
        ("Europe/Lisbon", "Africa/Dakar", WINTER, "12:00", "in Lisbon, as on your clock"),
        ("Europe/Lisbon", "Africa/Dakar", SUMMER, "13:00", "in Lisbon, 1 hour ahead of you"),
        ("Africa/Dakar", "Europe/Lisbon", SUMMER, "12:00", "in Dakar, 1 hour behind you"),
        ("Asia/Kathmandu", "Africa/Dakar", WINTER, "17:45", "in Kathmandu, 5:45 hours ahead of you"),
        ("America/St_Johns", "Africa/Dakar", WINTER, "08:30", "in St. John’s, 3:30 hours behind you"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago", WINTER, "02:00", "in Kiritimati, 25 hours ahead of you"),
        ("Europe/Lisbon", None, WINTER, "12:00", "in Lisbon"),
        ("UTC", "Africa/Dakar", WINTER, "12:00", "in UTC, as on your clock"),
    ],
    ids=str,
)
def test_the_time_there_is_told_beside_ones_own(zone, own, now, clock, said):
    told = there_now(zone, own, now)
    assert (told["clock"], told["said"]) == (clock, said)
