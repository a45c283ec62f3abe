"""What each fact's audience means, wherever it is printed."""

import pytest
from django.contrib.auth.models import AnonymousUser

from live import writer
from people.audience import FIELDS, audience_of, shown_fields, shown_to_everybody
from people.blocks import block
from people.connections import stay_in_touch
from people.models import Person


@pytest.fixture
def in_touch(ada, linus):
    writer.do(ada.pk, stay_in_touch, ada.pk, linus.pk)
    assert writer.do(linus.pk, stay_in_touch, linus.pk, ada.pk)


def hide(person: Person, **audiences: str) -> Person:
    person.audiences = audiences
    person.save()
    return person


def test_without_a_choice_everything_but_the_address_is_shown(ada, linus):
    assert shown_fields(linus, ada) == FIELDS.keys() - {"email"}


def test_those_in_touch_see_the_address_too(ada, linus, in_touch):
    assert shown_fields(linus, ada) == set(FIELDS)


def test_one_who_only_wishes_to_be_in_touch_sees_no_more(ada, linus):
    writer.do(ada.pk, stay_in_touch, ada.pk, linus.pk)
    assert "email" not in shown_fields(linus, ada)


def test_each_field_has_its_own_audience(ada, grace, linus, in_touch):
    hide(linus, country="connections", bio="nobody", email="everybody")
    assert shown_fields(linus, grace) == FIELDS.keys() - {"country", "bio"}
    assert shown_fields(linus, ada) == FIELDS.keys() - {"bio"}


def test_of_a_page_that_is_for_others_nothing_is_shown(ada, grace, linus, organiser, in_touch):
    linus.shown_to = "connections"
    assert shown_fields(linus, grace) == shown_to_everybody(linus) == set()
    assert shown_fields(linus, ada) == set(FIELDS)
    linus.shown_to = "nobody"
    assert shown_fields(linus, ada) == shown_fields(linus, grace) == set()
    assert shown_fields(linus, linus) == shown_fields(linus, organiser) == set(FIELDS)


def test_oneself_and_organisers_see_everything(linus, organiser):
    hide(linus, country="nobody")
    assert shown_fields(linus, linus) == shown_fields(linus, organiser) == set(FIELDS)


def test_visitors_see_nothing(linus):
    assert shown_fields(linus, AnonymousUser()) == shown_fields(linus, None) == set()


def test_an_audience_that_is_none_counts_as_the_default(linus):
    assert audience_of(hide(linus, email="friends"), "email") == "connections"


def test_pronouns_and_gender_are_no_such_fields(linus):
    assert not {"pronouns", "gender"} & shown_to_everybody(hide(linus, pronouns="everybody", gender="everybody"))


def seen(viewer: Person) -> set[Person]:
    return set(Person.objects.visible_to(viewer))


def test_a_profile_for_those_in_touch_is_seen_by_them(ada, grace, linus, in_touch):
    Person.objects.filter(pk=linus.pk).update(shown_to="connections")
    assert linus in seen(ada)
    assert linus not in seen(grace)


def test_a_wish_opens_no_profile(ada, linus):
    Person.objects.filter(pk=linus.pk).update(shown_to="connections")
    writer.do(ada.pk, stay_in_touch, ada.pk, linus.pk)
    assert linus not in seen(ada)
    writer.do(linus.pk, stay_in_touch, linus.pk, ada.pk)
    assert linus in seen(ada)


def test_blocks_hide_both_from_each_other(ada, linus, grace):
    writer.do(ada.pk, block, ada.pk, linus.pk)
    assert linus not in seen(ada)
    assert ada not in seen(linus)
    assert {ada, linus} <= seen(grace)


def test_nobody_is_hidden_from_themselves_or_seen_twice(ada, grace, linus, aiko):
    for one in (grace, linus, aiko):
        writer.do(one.pk, stay_in_touch, one.pk, ada.pk)
        writer.do(ada.pk, stay_in_touch, ada.pk, one.pk)
    assert len(Person.objects.visible_to(grace)) == len(seen(grace)) == 4
