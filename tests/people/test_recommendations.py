"""People one should meet: who is proposed to whom, why, and who never."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from live import writer
from live.refusal import Refused
from people import blocks, connections, recommendations
from people.models import Language, Person, Suggestion, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted_anew():
    recommendations.acquaintance.cache.clear()


@pytest.fixture
def french() -> Language:
    return Language.objects.get_or_create(code="fr", defaults={"name": "Français"})[0]


@pytest.fixture
def flow() -> Theme:
    return Theme.objects.tag("night flow")


@pytest.fixture
def me(ada, french, flow) -> Person:
    ada.languages.set([french])
    ada.seeks.set([flow])
    return ada


@pytest.fixture
def offers(french, flow):
    """Makes somebody who can be met and offers what Ada seeks."""

    def make(name: str, **fields) -> Person:
        fields = {"listed": True, "takes_messages": True, **fields}
        person = Person.objects.create_user(f"{name.lower()}@offers.example", name=name, **fields)
        person.languages.set([french])
        person.offers.set([flow])
        return person

    return make


def proposed(person: Person) -> list[Person]:
    return [it.person for it in recommendations.shown(person)]


def test_the_reason_is_told(me, offers):
    ines = offers("Ines")
    [found] = recommendations.shown(me)
    assert found.person == ines
    assert found.why.replace("\u2068", "").startswith("You look for what they offer: night flow")


def test_the_best_come_first_and_no_more_than_six(me, offers):
    others = [offers(f"P{at}") for at in range(8)]
    water = Theme.objects.tag("smart water")
    me.interests.add(water)
    others[5].interests.add(water)
    found = proposed(me)
    assert len(found) == 6
    assert found[0] == others[5]


@pytest.mark.parametrize(
    "fields",
    [
        {"listed": False},
        {"is_active": False},
        {"shown_to": "nobody"},
        {"shown_to": "connections"},
        {"takes_messages": False},
    ],
    ids=["unlisted", "gone", "shown to nobody", "shown to connections", "not to be reached"],
)
def test_who_does_not_want_it_is_not_proposed(me, offers, fields):
    offers("Ines", **fields)
    assert proposed(me) == []


class TestBehindARosterThatIsNotListed:
    """Those who do not want to be proposed take nobody's place."""

    @pytest.fixture(autouse=True)
    def _few_candidates(self, monkeypatch):
        monkeypatch.setattr(recommendations, "CANDIDATES", 2)

    def test_who_offers_what_is_sought_is_proposed(self, me, offers):
        for at in range(12):
            offers(f"Roster {at}", listed=False)
        ines = offers("Ines")
        for name in ("Aiko", "Grace"):
            offers(name).offers.clear()
        assert proposed(me)[0] == ines

    def test_who_speaks_the_same_language_is_proposed(self, me, offers):
        me.seeks.clear()
        ines = offers("Ines")
        for at in range(12):
            offers(f"Roster {at}", listed=False)
        assert proposed(me) == [ines]

    def test_the_newest_come_first(self, me, offers):
        me.seeks.clear()
        others = [offers(name) for name in ("Aiko", "Ines", "Layla")]
        assert set(proposed(me)) == set(others[1:])


def test_who_only_takes_meetings_is_proposed(me, offers):
    assert offers("Ines", takes_messages=False, takes_meetings=True) in proposed(me)


@pytest.mark.parametrize("mine", [True, False], ids=["by me", "by them"])
def test_blocked_people_are_not_proposed(me, offers, mine):
    ines = offers("Ines")
    by, of = (me, ines) if mine else (ines, me)
    writer.do(by.pk, blocks.block, by.pk, of.pk)
    assert proposed(me) == []


def test_who_is_in_touch_or_was_wished_to_be_is_not_proposed(me, offers):
    ines = offers("Ines")
    writer.do(me.pk, connections.stay_in_touch, me.pk, ines.pk)
    assert proposed(me) == []


def test_a_wish_of_theirs_is_secret(me, offers):
    ines = offers("Ines")
    writer.do(ines.pk, connections.stay_in_touch, ines.pk, me.pk)
    assert proposed(me) == [ines]


def test_who_shares_no_language_is_not_proposed(me, offers):
    offers("Ines").languages.set([Language.objects.get_or_create(code="pt", defaults={"name": "Português"})[0]])
    assert proposed(me) == []


def test_those_of_whom_little_is_known_still_meet_somebody(me, offers):
    ines = offers("Ines")
    me.seeks.clear()
    assert proposed(me) == [ines]


def test_what_somebody_hides_is_not_a_reason(me, offers):
    offers("Ines", audiences={"offers": "nobody"})
    [found] = recommendations.shown(me)
    assert "night flow" not in found.why


def test_nobody_is_proposed_to_too_many_a_day(me, offers, ines):
    popular = offers("Popular")
    viewers = Person.objects.bulk_create(
        Person(email=f"{at}@view.example", name=str(at)) for at in range(recommendations.A_DAY)
    )
    today = timezone.localdate()
    Suggestion.objects.bulk_create(Suggestion(to=viewer, of=popular, shown_on=today) for viewer in viewers)
    assert proposed(me) == []
    Suggestion.objects.filter(to=viewers[0]).update(shown_on=today - timedelta(days=1))
    assert proposed(me) == [popular], "and who has been shown them keeps them for the day"
    Suggestion.objects.filter(to=viewers[0]).update(shown_on=today)
    assert proposed(me) == [popular]


def test_the_cap_holds_in_the_verb_too(me, offers):
    popular = offers("Popular")
    viewers = Person.objects.bulk_create(
        Person(email=f"{at}@view.example", name=str(at)) for at in range(recommendations.A_DAY)
    )
    Suggestion.objects.bulk_create(Suggestion(to=it, of=popular, shown_on=timezone.localdate()) for it in viewers)
    assert writer.do(me.pk, recommendations.remember, me.pk, [popular.pk]) == []


def test_looking_twice_writes_once(me, offers, django_assert_max_num_queries):
    offers("Ines")
    proposed(me)
    first = list(Suggestion.objects.values_list("pk", "shown_on"))
    proposed(me)
    assert list(Suggestion.objects.values_list("pk", "shown_on")) == first


def test_not_interested_is_remembered(client, me, offers):
    ines = offers("Ines")
    client.force_login(me)
    assert "People you should meet" in client.get(reverse("people")).content.decode()
    answer = client.post(reverse("not-interested", args=[ines.pk]))
    assert answer.status_code == 302
    assert answer.url == reverse("people") + "#meet"
    assert proposed(me) == []
    Suggestion.objects.update(shown_on=timezone.localdate() - timedelta(days=9))
    assert proposed(me) == []
    assert "People you should meet" not in client.get(reverse("people")).content.decode()


def test_not_interested_says_nothing_of_who_blocked_one(me, offers):
    ines = offers("Ines")
    writer.do(ines.pk, blocks.block, ines.pk, me.pk)
    for nobody in (ines.pk, me.pk, 987654):
        with pytest.raises(Refused, match=r"person\.unknown"):
            writer.do(me.pk, recommendations.not_interested, me.pk, nobody)
