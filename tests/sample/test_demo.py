"""Continuing as somebody of the sample: in a demonstration only, and as nobody real."""

from importlib import import_module, reload

import pytest
from django.conf import settings
from django.urls import clear_url_caches, reverse

from config import urls
from config.sample import cast
from people.models import Person


@pytest.fixture
def somebody(db):
    return Person.objects.create_user(cast.address("ada"), name="Ada Ndiaye", country="SN")


def continue_as(client, person, **form):
    return client.post("/demo/continue/", {"person": person.pk, **form})


def who(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_visitor_continues_as_ada(client, somebody):
    answer = continue_as(client, somebody, next="/room/4711/")
    assert answer["Location"] == "/room/4711/"
    assert who(client) == str(somebody.pk)


def test_and_then_as_somebody_else(client, somebody):
    other = Person.objects.create_user(cast.address("grace"), name="Grace Otieno")
    continue_as(client, somebody)
    continue_as(client, other)
    assert who(client) == str(other.pk)


def test_looking_signs_nobody_in(client, somebody):
    page = client.get("/demo/").content.decode()
    assert "Continue as Ada Ndiaye" in page
    assert client.get("/demo/continue/").status_code == 405
    assert who(client) is None


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(client, somebody, to):
    assert continue_as(client, somebody, next=to)["Location"] == "/"


def test_nobody_real_can_be_continued_as(client, ada):
    assert continue_as(client, ada).status_code == 404
    assert ada.name not in client.get("/demo/").content.decode()
    assert who(client) is None


def test_nor_somebody_who_may_not_sign_in(client, somebody):
    Person.objects.update(is_active=False)
    assert continue_as(client, somebody).status_code == 404


@pytest.mark.parametrize("person", ["", "x", "-1", "9" * 40, "٣"])
def test_nonsense_is_nobody(client, db, person):
    assert client.post("/demo/continue/", {"person": person}).status_code == 404


def test_search_finds_by_every_word(client, somebody):
    Person.objects.create_user("person1@example.org", name="Juma Komba", organisation="City of Dodoma", country="TZ")
    Person.objects.create_user("person2@example.org", name="Juma Swai", organisation="Radio Dodoma", country="TZ")
    page = client.get("/demo/", {"q": "juma city"}).content.decode()
    assert "Juma Komba" in page
    assert "Juma Swai" not in page


def test_without_a_sample_it_says_how_to_get_one(client, db):
    assert "manage.py sample_forum" in client.get("/demo/").content.decode()


def test_the_way_in_is_mentioned_where_people_arrive(client, somebody):
    assert "/demo/" in client.get(reverse("sign-in")).content.decode()
    client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
    assert "/demo/" not in client.get("/").content.decode()


def test_outside_of_a_demonstration_there_is_nothing(client, somebody, settings):
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    assert continue_as(client, somebody).status_code == 404
    assert "/demo/" not in client.get(reverse("sign-in")).content.decode()


@pytest.fixture
def maps_without_demo():
    settings.DEMO = False
    yield reload(urls)
    settings.DEMO = True
    reload(urls)
    clear_url_caches()


def test_nor_in_the_map_of_pages(maps_without_demo):
    demo = import_module("config.demo").urlpatterns
    assert all(getattr(each, "url_patterns", None) is not demo for each in maps_without_demo.urlpatterns)
