import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from people import cards
from people.audience import shown_fields
from people.models import Connection, Person

PAGE = "https://forum.example/person/7/"
EVERYTHING = {"organisation", "job_title", "country", "email"}


def read(card: str):
    [it] = vobject.readComponents(card)
    return it


def test_a_card_is_read_by_another_program():
    ada = Person(
        name="Ada Ndiaye", honorific="Dr", job_title="Engineer; pipes, mostly", organisation="City of Dakar",
        country="SN", email="ada@dakar.example",
    )  # fmt: skip
    it = read(cards.vcard(ada, EVERYTHING, PAGE))
    assert it.fn.value == "Dr Ada Ndiaye"
    assert it.title.value == "Engineer; pipes, mostly"
    assert it.org.value == ["City of Dakar"]
    assert it.adr.value.country == "Senegal"
    assert (it.email.value, it.url.value, it.uid.value) == ("ada@dakar.example", PAGE, PAGE)


def test_what_is_hidden_is_not_on_the_card():
    ada = Person(
        name="Ada Ndiaye", job_title="Engineer", organisation="City of Dakar", country="SN", email="a@b.example"
    )
    card = cards.vcard(ada, set(), PAGE)
    assert not any(word in card for word in ("Engineer", "Dakar", "Senegal", "a@b.example"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=120))
def test_names_of_every_script_survive(name):
    card = cards.vcard(Person(name=name), set(), PAGE)
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
    unfolded = card.replace("\r\n ", "")
    [told] = [line for line in unfolded.split("\r\n") if line.startswith("FN:")]
    assert told.removeprefix("FN:").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == name


def test_a_long_name_is_read_whole():
    name = "د. ليلى حدّاد " * 8
    assert read(cards.vcard(Person(name=name.strip()), set(), PAGE)).fn.value == name.strip()


# pages


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def test_a_card_tells_what_the_page_tells(as_ada, ada, ines):
    card = as_ada.get(f"/person/{ines.pk}/card.vcf")
    assert card["Content-Type"].startswith("text/vcard")
    assert "Inês Carvalho" in card.content.decode()
    assert ines.email not in card.content.decode()
    for one, other in ((ada, ines), (ines, ada)):
        Connection.objects.create(owner=one, other=other, since="2026-05-24T12:00Z")
    assert "email" in shown_fields(ines, ada)
    assert ines.email in as_ada.get(f"/person/{ines.pk}/card.vcf").content.decode()


@pytest.mark.parametrize("kind", ["vcf", "svg"])
def test_who_is_hidden_has_no_card(as_ada, ines, kind):
    Person.objects.filter(pk=ines.pk).update(shown_to="nobody")
    assert as_ada.get(f"/person/{ines.pk}/card.{kind}").status_code == 404


def test_a_code_to_scan(as_ada, ines):
    answer = as_ada.get(f"/person/{ines.pk}/card.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<path d=" in answer.content


def test_strangers_are_asked_to_sign_in(client, ines):
    assert client.get(f"/person/{ines.pk}/card.vcf").status_code == 302
