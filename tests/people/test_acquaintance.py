"""What is known of people, and why two should meet, said to one of them."""

import pytest
from django.utils import translation

from live import writer
from people.acquaintance import facts, say, sentence, why
from people.connections import stay_in_touch
from people.models import Person, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(ada, ines):
    """Ada looks for what Inês offers; both care about one thing and speak French."""
    flow, water = Theme.objects.tag("night flow"), Theme.objects.get(code="SDG6")
    ada.languages.set(["fr", "wo"])
    ines.languages.set(["fr", "pt"])
    ada.seeks.add(flow)
    ines.offers.add(flow)
    ada.interests.add(water)
    ines.interests.add(water)
    return ada, ines


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def test_each_is_told_in_one_sentence_without_a_gender(two):
    ada, ines = two
    told = why(ada.pk, ines.pk)
    assert plain(say(told, ada.pk)) == (
        "You look for what they offer: night flow; you are both interested in SDG 6; you both speak Français."
    )
    assert plain(say(told, ines.pk)).startswith("You offer what they look for: night flow; ")


def test_what_somebody_hides_is_not_told(two):
    ada, ines = two
    told = why(ada.pk, ines.pk)
    ines.audiences = {"offers": "nobody", "interests": "connections", "country": "nobody", "zone": "nobody"}
    ines.save()
    assert (
        plain(say(told, ada.pk)) == "You both speak Français; you come from different regions."
        or plain(say(told, ada.pk)) == "You both speak Français."
    )
    assert "night flow" in say(told, ines.pk), "Ada hides nothing"


def test_connections_are_told_what_is_shown_to_them(two):
    ada, ines = two
    ines.audiences = {"interests": "connections"}
    ines.save()
    told = why(ada.pk, ines.pk)
    assert "SDG 6" not in say(told, ada.pk)
    for one, other in ((ada, ines), (ines, ada)):
        writer.do(one.pk, stay_in_touch, one.pk, other.pk)
    assert "SDG 6" in say(told, ada.pk)


def test_nothing_to_tell_is_still_a_sentence(two):
    ada, ines = two
    told = why(ada.pk, ines.pk)
    ines.audiences = dict.fromkeys(["offers", "interests", "languages", "country", "stakeholder", "zone"], "nobody")
    ines.save()
    assert say(told, ada.pk) == sentence([]) != ""


def test_without_a_language_there_is_no_why(two):
    ada, ines = two
    ines.languages.set(["pt"])
    assert why(ada.pk, ines.pk) == {}
    assert say({}, ada.pk) == ""


def test_it_is_said_in_the_readers_language(two):
    ada, ines = two
    with translation.override("ar"):
        assert "Français" in say(why(ada.pk, ines.pk), ada.pk)


def test_many_are_known_in_few_queries(two, django_assert_max_num_queries):
    Person.objects.bulk_create(Person(email=f"{at}@many.example", name=f"{at}", zone="Asia/Tokyo") for at in range(300))
    everybody = list(Person.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(6):
        known = facts(everybody)
    assert len(known) == 302
    ada, ines = two
    assert known[ada.pk].languages == {"fr", "wo"}
    assert (known[ada.pk].region, known[ines.pk].region) == ("africa", "western_europe")
    assert known[max(known)].offset == 540


def test_of_those_who_named_no_zone_nobody_knows_when_they_wake(two):
    ada, ines = two
    ada.seeks.clear()
    Person.objects.update(zone="", country="", stakeholder="")
    assert "waking hours" not in say(why(ada.pk, ines.pk), ada.pk)
    Person.objects.filter(pk=ada.pk).update(zone="Africa/Dakar")
    assert "waking hours" not in say(why(ada.pk, ines.pk), ada.pk)
    Person.objects.filter(pk=ines.pk).update(zone="Europe/Lisbon")
    assert "waking hours" in say(why(ada.pk, ines.pk), ada.pk)


def test_whoever_takes_no_part_is_not_known(two):
    ada, ines = two
    Person.objects.filter(pk=ines.pk).update(is_active=False)
    assert set(facts([ada.pk, ines.pk])) == {ada.pk}
