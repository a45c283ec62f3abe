"""The directory finds who chose to be found, by what they show, and nobody else."""

import pytest
from django.core.cache import cache
from django.core.management import call_command

from live import writer
from people.blocks import block
from people.listing import relist
from people.models import Language, Listing, ListingTerm, Person, Theme


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Figures above the directory are kept for a minute."""
    cache.clear()


@pytest.fixture
def listed(ada, grace, linus, layla, ines):
    """Ada, Grace, Linus, Layla and Ines chose to be listed."""
    people = [ada, grace, linus, layla, ines]
    Person.objects.update(listed=True, takes_messages=True)
    linus.languages.set(Language.objects.filter(code__in=["fi", "en"]))
    ines.languages.set(Language.objects.filter(code__in=["pt", "fr"]))
    linus.interests.set(Theme.objects.filter(code__in=["C7", "SDG6"]))
    ines.offers.add(Theme.objects.tag("Night-flow data"))
    ada.seeks.add(Theme.objects.tag("Leak detection"))
    relist(person.pk for person in people)
    return people


def change(person: Person, **fields) -> None:
    Person.objects.filter(pk=person.pk).update(**fields)
    relist([person.pk])


@pytest.fixture
def look(client, aiko, listed):
    """Aiko, who is not listed herself, asks for a page: `look(q="water", language="fr")`."""
    client.force_login(aiko)

    def looked(**query):
        return client.get("/people/", query).context

    return looked


def names(page) -> list[str]:
    return [entry["person"].name for entry in page["entries"]]


def counts(page, facet: str) -> dict[str, int]:
    found = [one for one in page["facets"] if one.name == facet]
    return {option.value: option.count for one in found for option in [*one.first, *one.rest]}


def test_everybody_who_chose_to_be_listed_in_the_order_of_names(look):
    assert names(look()) == ["Ada Ndiaye", "Grace Otieno", "Inês Carvalho", "Linus Heikkilä", "د. ليلى حدّاد"]


def readable(given) -> str:
    """For the name of a test: the same in every process, which a set's own is not."""
    return given if isinstance(given, str) else ", ".join(sorted(map(str, given)))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("INES", {"Inês Carvalho"}),
        ("heikkila", {"Linus Heikkilä"}),
        ("ليلي", {"د. ليلى حدّاد"}),
        ("water", {"Grace Otieno", "Inês Carvalho", "Linus Heikkilä"}),  # a board, a job title, a goal
        ("city of", {"Ada Ndiaye", "Inês Carvalho"}),
        ("sénégal", {"Ada Ndiaye"}),
        ("Сенегал", {"Ada Ndiaye"}),
        ("finland", {"Linus Heikkilä"}),
        ("français", {"Inês Carvalho"}),
        ("portuguese", {"Inês Carvalho"}),
        ("SDG6", {"Linus Heikkilä"}),
        ("sdg 6", {"Linus Heikkilä"}),
        ("academ", {"Linus Heikkilä"}),
        ("night flow", {"Inês Carvalho"}),
        ("leak det", {"Ada Ndiaye"}),
        ("city dakar government", {"Ada Ndiaye"}),
        ("ada lisbon", set()),
        ("daye", set()),
        ("'\"*:&|!() OR AND NOT", set()),
        ("%_", set()),
        ("- … ?!", set()),
    ],
    ids=readable,
)
def test_every_word_must_be_the_beginning_of_one_of_theirs(look, question, found):
    assert set(names(look(q=question))) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"stakeholder": "academia"}, {"Linus Heikkilä"}),
        ({"stakeholder": ["academia", "civil_society"]}, {"Linus Heikkilä", "د. ليلى حدّاد"}),
        ({"country": ["PT", "SN"]}, {"Ada Ndiaye", "Inês Carvalho"}),
        ({"language": "fr"}, {"Inês Carvalho"}),
        ({"theme": "SDG6"}, {"Linus Heikkilä"}),
        ({"language": "en", "country": "PT"}, set()),
        ({"q": "city", "country": "PT"}, {"Inês Carvalho"}),
        ({"letter": "I"}, {"Inês Carvalho"}),
        ({"letter": "other"}, {"د. ليلى حدّاد"}),
        ({"letter": "Z"}, set()),
        ({"letter": "A", "country": "PT"}, set()),
        ({"country": "nowhere", "theme": "nothing"}, set()),
    ],
    ids=readable,
)
def test_filters_narrow_it_down(look, query, found):
    page = look(**query)
    assert set(names(page)) == found
    assert page["page"].paginator.count == len(found)


def test_facets_count_what_choosing_them_would_show(look):
    page = look(stakeholder="government")
    assert counts(page, "stakeholder") == {"government": 3, "academia": 1, "civil_society": 1}
    assert counts(page, "country") == {"SN": 1, "KE": 1, "PT": 1}
    assert counts(page, "language") == {"pt": 1, "fr": 1}


def test_facets_and_letters_stand_by_the_words(look):
    page = look(q="city")
    assert counts(page, "country") == {"SN": 1, "PT": 1}
    assert counts(page, "theme") == {}
    assert {letter.value: letter.count for letter in page["letters"] if letter.count} == {"A": 1, "I": 1}


def test_what_is_chosen_stays_in_sight_though_nobody_is_left(look):
    assert counts(look(country="PT", q="dakar"), "country") == {"PT": 0, "SN": 1}


def test_many_values_are_folded_away(look):
    codes = ["AR", "BR", "CA", "DE", "EE", "FR", "GR"]
    people = [Person.objects.create_user(f"{code}@x.example", name=code, country=code, listed=True) for code in codes]
    relist(person.pk for person in people)
    countries = next(facet for facet in look()["facets"] if facet.name == "country")
    assert (len(countries.first), len(countries.rest), countries.more) == (6, 6, "6 more countries")


# Who is not to be found, tried at every way of finding.


def hidden(look, name: str, **query) -> bool:
    page = look(**query)
    counted = counts(page, "country") | counts(page, "language")
    return name not in names(page) and not counted.get("FI") and not counted.get("fi")


@pytest.mark.parametrize(
    "fields",
    [{"listed": False}, {"is_active": False}, {"shown_to": "nobody"}, {"shown_to": "connections"}],
    ids=["unlisted", "inactive", "shown to nobody", "shown to connections"],
)
def test_nobody_is_found_against_their_will(look, linus, fields):
    change(linus, **fields)
    assert hidden(look, linus.name)
    assert hidden(look, linus.name, q="linus")
    assert hidden(look, linus.name, country="FI", language="en")
    assert not Listing.objects.filter(pk=linus.pk).exists()
    assert look()["counts"]["listed"] == 4


@pytest.mark.parametrize("by_viewer", [True, False], ids=["by the viewer", "of the viewer"])
def test_blocked_people_do_not_find_each_other_nor_count(look, aiko, linus, by_viewer):
    one, other = (aiko, linus) if by_viewer else (linus, aiko)
    writer.do(one.pk, block, one.pk, other.pk)
    assert hidden(look, linus.name)
    assert hidden(look, linus.name, q="heikk")
    assert {letter.value for letter in look()["letters"] if letter.count} == {"A", "G", "I", "other"}
    assert look(letter="L")["page"].paginator.count == 0


@pytest.mark.parametrize(
    ("field", "question", "facet"),
    [
        ("job_title", "acoustics", None),
        ("organisation", "tampere", None),
        ("country", "finland", ("country", "FI")),
        ("stakeholder", "academia", ("stakeholder", "academia")),
        ("languages", "suomi", ("language", "fi")),
        ("interests", "C7", ("theme", "C7")),
        ("offers", "hydrophones", None),
        ("seeks", "hydrants", None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("audience", ["nobody", "connections"])
def test_what_is_hidden_is_neither_found_nor_counted_nor_printed(look, client, linus, field, question, facet, audience):
    linus.offers.add(Theme.objects.tag("Hydrophones"))
    linus.seeks.add(Theme.objects.tag("Hydrants"))
    relist([linus.pk])
    assert linus.name in names(look(q=question))
    change(linus, audiences={field: audience})
    assert linus.name in names(look())
    assert linus.name not in names(look(q=question))
    if facet:
        name, value = facet
        assert value not in counts(look(), name)
        assert linus.name not in names(look(**{name: value}))
    rows = client.get("/people/").content.decode().partition('class="directory"')[2]
    assert question.capitalize() not in rows.partition("</ul>")[0]


def test_neither_address_nor_words_of_ones_own_are_searched(look, linus):
    change(linus, bio="Listens to hydrants.", pronouns="he", gender="man")
    for question in ("tampere.example", "hydrants", "man"):
        assert linus.name not in names(look(q=question))


def test_the_photo_is_not_printed_for_whom_it_is_not(look, client, linus):
    change(linus, photo="photos/0123456789abcdef0123456789abcdef.jpg")
    assert "0123456789abcdef" in client.get("/people/").content.decode()
    change(linus, audiences={"photo": "connections"})
    assert "0123456789abcdef" not in client.get("/people/").content.decode()


def test_visitors_sign_in_first(client, listed):
    assert client.get("/people/").url == "/sign-in/?next=/people/"


# The page


def test_the_alphabet_is_that_of_the_page(look, client):
    client.post("/language", {"language": "ar"})
    letters = [letter.value for letter in look()["letters"]]
    assert letters[0] == "ا"
    assert letters[-1] == "other"
    assert names(look(letter="د")) == ["د. ليلى حدّاد"]


def test_a_letter_of_another_alphabet_narrows_nothing(look, client):
    client.post("/language", {"language": "ar"})
    page = look(letter="A")
    assert len(names(page)) == 5
    assert not page["wish"]


def test_pages_hold_forty_and_lead_on(look, client):
    people = [Person(email=f"p{n}@x.example", name=f"Person {n:03}", listed=True) for n in range(60)]
    Person.objects.bulk_create(people)
    relist(Person.objects.values_list("pk", flat=True))
    first, second = look(q="person"), look(q="person", page=2)
    assert (len(first["entries"]), len(second["entries"])) == (40, 20)
    assert not set(names(first)) & set(names(second))
    assert "?q=person&amp;page=2#all" in client.get("/people/", {"q": "person"}).content.decode()
    assert look(q="person", page="x")["page"].number == 1
    assert look(q="person", page=99)["page"].number == 2


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 5000, "letter=%27", "page=-1", "country=%00&theme=%00"], ids=str
)
def test_nonsense_in_the_address_is_answered(look, client, query):
    assert client.get(f"/people/?{query}").status_code == 200


def test_what_people_write_is_never_markup(look, client, linus):
    change(linus, name="<b>L</b>", organisation="<i>T</i>")
    page = client.get("/people/").content.decode()
    assert "<b>L" not in page
    assert "<i>T" not in page


# Kept true


def test_a_change_of_the_profile_is_found_at_once(client, listed, linus):
    client.force_login(linus)
    answer = client.post("/me/", {"name": "Linus H", "shown_to": "everybody", "listed": "on", "job_title": "Plumber"})
    assert answer.status_code == 302
    assert {"linus", "plumber"} <= set(Listing.objects.get(pk=linus.pk).words.split())
    client.post("/me/", {"name": "Linus H", "shown_to": "everybody"})
    assert not Listing.objects.filter(pk=linus.pk).exists()


def test_relisting_everybody_mends_what_was_changed_behind_its_back(look, linus, grace):
    Person.objects.filter(pk=linus.pk).update(name="Linus Torn")
    Person.objects.filter(pk=grace.pk).update(listed=False)
    call_command("relist")
    assert names(look(q="torn")) == ["Linus Torn"]
    assert names(look(q="grace")) == []


def test_terms_are_those_of_the_profile(listed, linus):
    assert set(ListingTerm.objects.filter(listing=linus.pk).values_list("kind", "value")) == {
        ("language", "fi"),
        ("language", "en"),
        ("theme", "C7"),
        ("theme", "SDG6"),
    }


def test_who_is_erased_leaves_no_words_behind(look, linus):
    linus.delete()
    assert names(look(q="linus")) == []


def test_whoever_left_is_gone_at_once_however_old_the_census(look, settings, ines):
    assert ines.name in names(look())
    settings.CENSUS_AGE = 60
    change(ines, listed=False)
    assert ines.name not in names(look())
    assert ines.name not in names(look(q="carvalho"))
