import csv
import io

import pytest
import vobject

from live import limits, writer
from live.refusal import Refused
from people import blocks, connections
from people.models import Connection, Person, Report


@pytest.fixture(autouse=True)
def _forgiven():
    limits.forgive()


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def do(verb, by, *given):
    return writer.do(by, verb, by, *given)


@pytest.fixture
def in_touch(ada, ines):
    do(connections.stay_in_touch, ada.pk, ines.pk)
    do(connections.stay_in_touch, ines.pk, ada.pk)


def test_a_wish_is_secret_until_it_is_returned(db, ada, ines):
    assert do(connections.stay_in_touch, ada.pk, ines.pk) is False
    assert not connections.are_connected(ines.pk, ada.pk)
    assert connections.connected_to(ines.pk) == set()
    assert do(connections.stay_in_touch, ines.pk, ada.pk) is True
    assert connections.connected_to(ada.pk) == {ines.pk}
    assert connections.connected_to(ines.pk) == {ada.pk}


def test_wishing_twice_is_one_wish(db, ada, ines):
    assert do(connections.stay_in_touch, ada.pk, ines.pk) is False
    assert do(connections.stay_in_touch, ada.pk, ines.pk) is False
    assert Connection.objects.count() == 1


def test_letting_go_ends_it_for_both(in_touch, ada, ines):
    do(connections.let_go, ada.pk, ines.pk)
    assert connections.connected_to(ines.pk) == set()
    # Her own wish stands: his next one is returned at once.
    assert do(connections.stay_in_touch, ada.pk, ines.pk) is True


@pytest.mark.parametrize("who", ["by", "of"])
def test_a_block_parts_both_and_keeps_them_apart(in_touch, ada, ines, who):
    do(blocks.block, *((ada.pk, ines.pk) if who == "by" else (ines.pk, ada.pk)))
    assert not Connection.objects.exists()
    with pytest.raises(Refused, match=r"person\.unknown"):
        do(connections.stay_in_touch, ada.pk, ines.pk)


def test_nobody_connects_to_themselves_or_to_nobody(db, ada):
    for other in (ada.pk, 10**9):
        with pytest.raises(Refused, match=r"person\.unknown"):
            do(connections.stay_in_touch, ada.pk, other)
        with pytest.raises(Refused, match=r"person\.unknown"):
            do(blocks.block, ada.pk, other)


# pages


def test_the_answer_to_a_wish_tells_nothing(transactional_db, as_ada, ada, ines):
    said = as_ada.post(f"/person/{ines.pk}/stay-in-touch", {"on": "1", "back": "/connections/"}, follow=True)
    assert "secret" in said.content.decode()
    assert "Inês" not in said.content.decode()


def test_notes_and_tags_are_mine_alone(transactional_db, as_ada, ada, ines, in_touch, client):
    note = {"person": ines.pk, "note": "Night-flow data", "tags": "water, Lisbon"}
    page = as_ada.post("/connections/", note, follow=True).content.decode()
    assert "Night-flow data" in page
    assert as_ada.get("/connections/?tag=water").content.decode().count("Night-flow data") >= 1
    assert "Night-flow data" not in as_ada.get("/connections/?tag=other").content.decode()
    client.force_login(ines)
    assert "Night-flow data" not in client.get("/connections/").content.decode()


def test_only_connections_have_notes(transactional_db, as_ada, mallory):
    answer = as_ada.post("/connections/", {"person": mallory.pk, "note": "Hm", "tags": ""})
    assert answer.status_code in (403, 404)


def test_a_table_and_cards_to_take_home(as_ada, ada, ines, in_touch):
    do(connections.note, ada.pk, ines.pk, "=1+1", ["water"])
    [_, row] = csv.reader(io.StringIO(as_ada.get("/connections/people.csv").content.decode("utf-8-sig")))
    assert row[0] == "Inês Carvalho"
    assert row[4] == ines.email
    assert row[6] == "'=1+1"
    [card] = vobject.readComponents(as_ada.get("/connections/people.vcf").content.decode())
    assert card.fn.value == "Inês Carvalho"


def test_the_list_tells_only_what_is_shown(as_ada, ines, in_touch):
    Person.objects.filter(pk=ines.pk).update(audiences={"email": "nobody", "organisation": "nobody"})
    for page in ("/connections/", "/connections/people.csv", "/connections/people.vcf"):
        told = as_ada.get(page).content.decode()
        assert "Inês" in told
        assert ines.email not in told
        assert ines.organisation not in told


def test_of_whoever_hides_their_profile_only_the_name_is_left(as_ada, ada, ines, in_touch):
    Person.objects.filter(pk=ines.pk).update(shown_to="nobody")
    do(connections.note, ada.pk, ines.pk, "Night-flow data", ["water"])
    for page in ("/connections/", "/connections/people.csv", "/connections/people.vcf"):
        told = as_ada.get(page).content.decode()
        assert "Inês Carvalho" in told
        assert not {fact for fact in (ines.email, ines.organisation, ines.job_title, "Portugal") if fact in told}
    assert f'href="/person/{ines.pk}/"' not in as_ada.get("/connections/").content.decode()
    assert "Night-flow data" in as_ada.get("/connections/people.csv").content.decode()


def test_organisers_see_those_in_touch_with_them_however_hidden(client, organiser, ines):
    for one, other in ((organiser, ines), (ines, organiser)):
        do(connections.stay_in_touch, one.pk, other.pk)
    Person.objects.filter(pk=ines.pk).update(shown_to="nobody")
    client.force_login(organiser)
    assert ines.organisation in client.get("/connections/").content.decode()


def test_blocking_and_taking_it_back(transactional_db, as_ada, ada, ines):
    page = as_ada.post(f"/person/{ines.pk}/block", follow=True).content.decode()
    assert "Inês Carvalho" in page
    assert as_ada.get(f"/person/{ines.pk}/").status_code == 404
    as_ada.post(f"/person/{ines.pk}/unblock")
    assert as_ada.get(f"/person/{ines.pk}/").status_code == 200


def test_who_is_blocked_sees_nobody_there(transactional_db, client, ada, ines):
    do(blocks.block, ada.pk, ines.pk)
    client.force_login(ines)
    assert client.get(f"/person/{ada.pk}/").status_code == 404
    assert "Ada" not in client.get("/me/blocked/").content.decode()


def test_a_report_reaches_the_organisers(transactional_db, as_ada, ada, mallory):
    assert "Only the organisers read it" in as_ada.get(f"/person/{mallory.pk}/report").content.decode()
    as_ada.post(f"/person/{mallory.pk}/report", {"text": "Sells things.", "also_block": "on"})
    kept = Report.objects.get()
    assert (kept.by, kept.about, kept.text) == (ada, mallory, "Sells things.")
    assert as_ada.get(f"/person/{mallory.pk}/").status_code == 404


def test_organisers_are_not_flooded_with_reports(transactional_db, as_ada, ines, settings):
    most, _seconds = settings.LIVE_RATES["report"]
    answers = [as_ada.post(f"/person/{ines.pk}/report", {"text": "Sells things."}) for _ in range(most + 1)]
    assert [answer.status_code for answer in answers] == [302] * most + [429]
    assert Report.objects.count() == most


def test_a_report_names_nobody_who_is_hidden(transactional_db, as_ada, ada, ines, mallory):
    Person.objects.filter(pk=ines.pk).update(shown_to="nobody")
    assert as_ada.get(f"/person/{ines.pk}/report").status_code == 404
    do(blocks.block, ada.pk, mallory.pk)
    assert as_ada.get(f"/person/{mallory.pk}/report").status_code == 200


@pytest.mark.parametrize("door", ["block", "unblock", "stay-in-touch"])
def test_doors_take_posts_only(as_ada, ines, door):
    assert as_ada.get(f"/person/{ines.pk}/{door}").status_code == 405
