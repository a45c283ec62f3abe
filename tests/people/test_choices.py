"""Whoever comes for the first time is asked how they may be found and reached; silence is a no."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from people import invitations
from people.models import Listing, Person

ALL = ["listed", "takes_messages", "takes_meetings", "takes_video"]


def sign_in(client, onward="/"):
    client.post("/sign-in/", {"email": "ada@dakar.example", "next": onward})
    code = re.search(r"^\s+(\d{6})$", mail.outbox[-1].body, re.M)[1]
    return client.post("/sign-in/code/", {"code": code})


def said(person: Person) -> dict[str, bool]:
    person.refresh_from_db()
    return {name: getattr(person, name) for name in ALL}


def answers(**given: str) -> dict[str, str]:
    return dict.fromkeys(ALL, "no") | given


def test_the_first_sign_in_leads_to_the_questions_and_then_on(client, ada):
    assert sign_in(client, "/session/water/").url == "/me/choices/?next=%2Fsession%2Fwater%2F"
    page = client.get("/me/choices/?next=%2Fsession%2Fwater%2F").content.decode()
    assert 'name="next" value="/session/water/"' in page
    assert client.post("/me/choices/", answers(next="/session/water/")).url == "/session/water/"


def test_a_link_and_an_invitation_lead_there_too(client, ada, rf):
    client.post("/sign-in/", {"email": ada.email, "next": "/x/"})
    link = re.search(r"/sign-in/link/\S+", mail.outbox[-1].body)[0]
    assert client.post(link).url == "/me/choices/?next=%2Fx%2F"
    client.logout()
    invitations.send([ada], rf.get("/", HTTP_HOST="testserver"))
    link = re.search(r"/invitation/\S+", mail.outbox[-1].body)[0]
    assert client.post(link).url == "/me/choices/?next=%2F"


def test_whoever_has_answered_is_not_asked_again(client, ada):
    client.force_login(ada)
    client.post("/me/choices/", answers())
    client.logout()
    assert sign_in(client, "/x/").url == "/x/"


def test_later_changes_nothing_and_asks_again_another_time(client, ada):
    sign_in(client)
    assert 'href="/x/"' in client.get("/me/choices/?next=/x/").content.decode()
    assert not any(said(ada).values())
    client.logout()
    assert sign_in(client).url.startswith("/me/choices/")


def test_every_question_starts_with_no(client, ada):
    client.force_login(ada)
    page = client.get("/me/choices/").content.decode()
    assert page.count('type="radio"') == 8
    assert len(re.findall(r'value="no"[^>]* checked', page)) == 4


@pytest.mark.parametrize("name", ALL)
def test_each_is_answered_for_itself(client, ada, name):
    client.force_login(ada)
    client.post("/me/choices/", answers(**{name: "yes"}))
    assert [one for one, yes in said(ada).items() if yes] == [name]
    assert ada.chosen_at
    assert Listing.objects.filter(pk=ada.pk).exists() == (name == "listed")


def test_a_question_left_out_is_asked_for(client, ada):
    client.force_login(ada)
    page = client.post("/me/choices/", {"listed": "yes"})
    assert set(page.context["form"].errors) == {"takes_messages", "takes_meetings", "takes_video"}
    assert not any(said(ada).values())


def test_what_was_answered_before_stands_there(client, ada):
    Person.objects.filter(pk=ada.pk).update(listed=True, chosen_at=timezone.now())
    client.force_login(ada)
    page = client.get("/me/choices/").content.decode()
    assert re.search(r'name="listed" value="yes"[^>]* checked', page)


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away(client, ada, onward):
    client.force_login(ada)
    assert client.post("/me/choices/", answers(next=onward)).url == "/"
    assert "evil" not in client.get("/me/choices/", {"next": onward}).content.decode().partition("<form class")[2]


def test_visitors_sign_in_first(client, db):
    assert client.get("/me/choices/").url == "/sign-in/?next=/me/choices/"
