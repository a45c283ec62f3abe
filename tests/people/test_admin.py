import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.core.files.base import ContentFile

from config import settings as product
from live.models import Entry
from people import invitations
from people.folding import asked
from people.listing import relist
from people.models import Group, Invitation, Language, Listing, Person, Theme
from people.search import having

PEOPLE = "/admin/people/person/"


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def owner(db) -> Person:
    return Person.objects.create_superuser("owner@forum.example", "long enough to keep", name="Owner")


def act(client, action: str, *people: Person, **more):
    chosen = {"action": action, "_selected_action": [person.pk for person in people]}
    return client.post(PEOPLE, chosen | more, follow=True).content.decode()


def change(client, person: Person, **given):
    page = client.get(f"{PEOPLE}{person.pk}/change/")
    form = page.context["adminform"].form
    now = {name: form[name].value() for name in form.fields if name not in {"photo", "password"}}
    return client.post(
        f"{PEOPLE}{person.pk}/change/", {k: v for k, v in (now | given).items() if v not in (None, False)}
    )


@pytest.mark.parametrize(
    "page",
    [
        "",
        "people/person/",
        "people/person/add/",
        "people/person/import/",
        "people/group/",
        "people/group/add/",
        "people/invitation/",
        "people/theme/",
        "people/language/",
    ],
)
def test_every_page_opens_for_staff(desk, ada, page):
    assert desk.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("page", ["", "people/person/", "people/person/import/"])
def test_no_page_opens_for_others(client, ada, page):
    client.force_login(ada)
    assert client.get(f"/admin/{page}").status_code == 302


def test_people_are_found_by_name_e_mail_organisation_and_title(desk, ada, grace):
    for words in ("ndiaye", "ada@dakar", "city of dakar", "city engineer"):
        page = desk.get(PEOPLE, {"q": words}).content.decode()
        assert "Ada Ndiaye" in page
        assert "Grace Otieno" not in page


def test_people_are_filtered(desk, ada, linus):
    for wanted in ({"stakeholder__exact": "academia"}, {"country": "FI"}):
        page = desk.get(PEOPLE, wanted).content.decode()
        assert "Linus Heikkilä" in page
        assert "Ada Ndiaye" not in page


def test_somebody_is_added_without_a_password(desk):
    desk.post(f"{PEOPLE}add/", {"email": "New@Forum.Example", "name": "New"})
    person = Person.objects.get(email="new@forum.example")
    assert not person.has_usable_password()


def test_one_person_per_address_whatever_its_capitals(desk, ada):
    page = desk.post(f"{PEOPLE}add/", {"email": "ADA@dakar.example", "name": "Other"})
    assert "already exists" in page.content.decode()


def test_somebody_is_changed(desk, ada):
    assert change(desk, ada, job_title="Mayor").status_code == 302
    ada.refresh_from_db()
    assert ada.job_title == "Mayor"


def test_pronouns_and_gender_are_nowhere_to_be_read(desk, ada):
    Person.objects.update(pronouns="she-her-hers", gender="a woman")
    for page in (PEOPLE, f"{PEOPLE}{ada.pk}/change/", f"/person/{ada.pk}/"):
        text = desk.get(page).content.decode()
        assert "she-her-hers" not in text
        assert "a woman" not in text


def test_staff_do_not_make_staff_nor_touch_those_who_are(desk, ada, organiser, owner):
    change(desk, ada, is_staff="on", is_superuser="on")
    change(desk, organiser, is_superuser="on")
    ada.refresh_from_db()
    organiser.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser, organiser.is_superuser) == (False, False, False)
    assert desk.post(f"{PEOPLE}{owner.pk}/change/", {"email": "mine@forum.example", "name": "X"}).status_code == 403
    assert desk.post(f"{PEOPLE}{owner.pk}/password/", {}).status_code == 403


def test_staff_do_not_erase_people(desk, ada):
    assert desk.post(f"{PEOPLE}{ada.pk}/delete/", {"post": "yes"}).status_code == 403
    act(desk, "delete_selected", ada, post="yes")
    assert Person.objects.filter(pk=ada.pk).exists()


def test_whoever_is_erased_leaves_no_photo(client, owner, ada, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    ada.photo.save("portrait.jpg", ContentFile(b"picture"))
    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PEOPLE}{ada.pk}/delete/", {"post": "yes"})
    assert not Person.objects.filter(pk=ada.pk).exists()
    assert not list(tmp_path.glob("photos/*"))


def test_groups_are_filled_and_emptied(desk, ada, grace):
    mayors = Group.objects.create(name="Mayors", slug="mayors")
    assert "2 people changed" in act(desk, "add_to_group", ada, grace, group=mayors.pk)
    assert set(mayors.people.all()) == {ada, grace}
    assert "1 person changed" in act(desk, "take_out_of_group", ada, group=mayors.pk)
    assert set(mayors.people.all()) == {grace}
    assert "Choose a group" in act(desk, "add_to_group", ada)


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_a_group_is_looked_at_anew(desk, ada):
    mayors = Group.objects.create(name="Mayors", slug="mayors")
    mayors.people.add(ada)
    act(desk, "take_out_of_group", ada, group=mayors.pk)
    assert Entry.objects.filter(topic=f"person.{ada.pk}").exists()


def test_a_group_that_keeps_a_session_closed_is_not_deleted(desk, session):
    group = Group.objects.create(name="Mayors", slug="mayors")
    session.groups.add(group)
    page = desk.post(
        "/admin/people/group/", {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
    )
    assert Group.objects.filter(pk=group.pk).exists()
    assert "protected" in page.content.decode().lower()


def test_invitations_are_sent_and_open_the_door(desk, client, ada, layla, organiser):
    assert "2 invitations sent" in act(desk, "send_invitations", ada, layla, organiser)
    assert {letter.to[0] for letter in mail.outbox} == {ada.email, layla.email}
    letter = next(letter for letter in mail.outbox if letter.to == [ada.email])
    link = re.search(r"http://testserver(/invitation/\S+)", letter.body)[1]
    client.logout()
    client.post(link)
    assert int(client.session["_auth_user_id"]) == ada.pk


def test_an_invitation_that_was_not_sent_does_not_exist(desk, ada, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    page = act(desk, "send_invitations", ada)
    assert "could not send" in page
    assert not Invitation.objects.exists()


def test_nobody_is_invited_at_a_stand_in_for_an_address(desk, ada):
    Person.objects.filter(pk=ada.pk).update(email="ada@imported.invalid")
    assert "0 invitations sent" in act(desk, "send_invitations", ada)
    assert not mail.outbox


def test_invitations_are_listed_filtered_and_withdrawn(desk, ada):
    invitation, token = invitations.invite(ada)
    page = desk.get("/admin/people/invitation/", {"state": "standing"}).content.decode()
    assert "Ada Ndiaye" in page
    assert token not in page
    desk.post("/admin/people/invitation/", {"action": "withdraw", "_selected_action": [invitation.pk]})
    assert desk.post(f"/invitation/{token}/").status_code == 403
    assert "Ada Ndiaye" in desk.get("/admin/people/invitation/", {"state": "withdrawn"}).content.decode()
    assert "0 invitations" in desk.get("/admin/people/invitation/", {"state": "expired"}).content.decode()


def log_in(client, password: str):
    return client.post("/admin/login/", {"username": "owner@forum.example", "password": password})


def test_staff_sign_in_with_a_password(client, owner):
    assert log_in(client, "long enough to keep").status_code == 302


def test_five_wrong_passwords_and_the_door_is_shut_for_the_right_one(client, owner):
    for _time in range(4):
        assert log_in(client, "wrong").status_code == 200
    assert log_in(client, "wrong").status_code == 429
    shut = log_in(client, "long enough to keep")
    assert shut.status_code == 429
    assert "paused for 15 minutes" in shut.content.decode()
    assert "_auth_user_id" not in client.session


def test_passwords_are_kept_with_argon2(owner, settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    owner.set_password("long enough to keep")
    assert identify_hasher(owner.password).algorithm == "argon2"


@pytest.mark.parametrize("asked", ["questions", "questions__id__exact", "messages", "votes", "gender", "pronouns__gt"])
def test_no_address_asks_who_somebody_is_that_has_no_name_or_what_is_private(desk, ada, asked):
    assert desk.get(PEOPLE, {asked: "1"}).status_code == 400


def test_whoever_is_erased_stands_in_no_door_any_more(client, owner, ada, django_capture_on_commit_callbacks):
    client.force_login(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PEOPLE}{ada.pk}/delete/", {"post": "yes"})
    assert not Person.objects.filter(pk=ada.pk).exists()
    assert Entry.objects.filter(topic=f"person.{ada.pk}", event="access").exists()


# The directory follows


@pytest.fixture
def listed(ada) -> Person:
    Person.objects.filter(pk=ada.pk).update(listed=True)
    ada.interests.add(Theme.objects.tag("Smart water"))
    ada.languages.add(Language.objects.get(code="wo"))
    relist([ada.pk])
    ada.refresh_from_db()
    return ada


def finds(question: str) -> bool:
    return Listing.objects.filter(pk__in=having(asked(question))).exists()


def test_what_organisers_change_is_found_at_once(desk, listed):
    assert change(desk, listed, job_title="Hydrologist").status_code == 302
    assert finds("hydrologist")
    change(desk, listed, is_active=False)
    assert not finds("hydrologist")


def test_what_people_agreed_to_nobody_else_changes(desk, listed):
    page = desk.get(f"{PEOPLE}{listed.pk}/change/")
    assert not {"listed", "takes_messages", "shares_read"} & page.context["adminform"].form.fields.keys()
    change(desk, listed, takes_messages="on", listed="")
    listed.refresh_from_db()
    assert (listed.listed, listed.takes_messages) == (True, False)


def test_a_theme_and_a_language_are_found_by_their_new_names_and_not_once_they_are_gone(client, owner, listed):
    client.force_login(owner)
    tag = Theme.objects.get(name="Smart water")
    client.post(
        f"/admin/people/theme/{tag.pk}/change/", {"kind": "tag", "code": tag.code, "name": "Leaks", "position": 0}
    )
    client.post("/admin/people/language/wo/change/", {"code": "wo", "name": "Olof"})
    assert finds("leaks olof")
    assert not finds("smart")
    client.post(f"/admin/people/theme/{tag.pk}/delete/", {"post": "yes"})
    assert not finds("leaks")


def test_whoever_is_erased_leaves_no_words_in_the_index(client, owner, listed):
    client.force_login(owner)
    client.post(f"{PEOPLE}{listed.pk}/delete/", {"post": "yes"})
    newcomer = Person.objects.create_user("z@x.example", name="Zed", listed=True, pk=listed.pk)
    Listing.objects.create(person=newcomer, words="", sorts_as="", letter="")
    assert not finds("dakar")


def test_people_are_filtered_by_whether_they_are_listed(desk, listed, grace):
    page = desk.get(PEOPLE, {"listed__exact": "1"}).content.decode()
    assert listed.email in page
    assert grace.email not in page
