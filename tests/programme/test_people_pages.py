import pytest

from people.models import Person


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
