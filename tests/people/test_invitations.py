from datetime import timedelta

import pytest
from django.utils import timezone

from live.refusal import Refused
from people import invitations
from people.models import Invitation


def person_in(client) -> int | None:
    return int(client.session.get("_auth_user_id", 0)) or None


@pytest.fixture
def link(ada) -> str:
    _invitation, token = invitations.invite(ada)
    return f"/invitation/{token}/"


def test_looking_at_the_link_changes_nothing(client, ada, link):
    page = client.get(link)
    assert "Ada Ndiaye" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert person_in(client) is None
    assert not Invitation.objects.get().uses.exists()


def test_the_button_signs_in(client, ada, link):
    client.post(link)
    assert person_in(client) == ada.pk


def test_once_per_device(client, ada, link):
    client.post(link)
    client.post("/sign-out/")
    again = client.post(link)
    assert again.status_code == 403
    assert "used on this device already" in again.content.decode()
    assert person_in(client) is None


def test_another_device_may_use_it_once_too(client, ada, link):
    client.post(link)
    client.cookies.clear()
    client.post(link)
    assert person_in(client) == ada.pk
    assert Invitation.objects.get().uses.count() == 2


def test_a_made_up_device_is_a_new_one(client, ada, link):
    client.cookies["device"] = "made-up"
    client.post(link)
    assert Invitation.objects.get().uses.get().device != "made-up"


@pytest.mark.parametrize(
    "over",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_expired_and_withdrawn_links_open_nothing(client, ada, link, over):
    Invitation.objects.update(**over)
    assert client.get(link).status_code == 403
    assert client.post(link).status_code == 403
    assert person_in(client) is None


def test_withdrawing_says_how_many(ada, grace):
    for person in (ada, grace):
        invitations.invite(person)
    assert invitations.withdraw(Invitation.objects.all()) == 2
    assert invitations.withdraw(Invitation.objects.all()) == 0


def test_somebody_inactive_or_with_rights_in_the_administration_is_not_let_in(client, ada, link):
    for change in ({"is_active": False}, {"is_active": True, "is_staff": True}):
        type(ada).objects.filter(pk=ada.pk).update(**change)
        assert client.post(link).status_code == 403


def test_a_guessed_link_opens_nothing(client, db):
    assert client.get("/invitation/guessed/").status_code == 403


def test_only_the_digest_is_kept(ada):
    invitation, token = invitations.invite(ada)
    assert token not in str(Invitation.objects.values_list().get(pk=invitation.pk))


def test_the_same_press_twice_counts_once(ada):
    _invitation, token = invitations.invite(ada)
    assert invitations.accept(token, "device") == ada
    with pytest.raises(Refused, match="used"):
        invitations.accept(token, "device")
