import pytest
import time_machine
from django.core import signing

from live import tickets
from live.refusal import Refused, sentence
from people.models import Person


def test_a_ticket_names_its_person_and_language():
    assert tickets.read(tickets.ticket(42, "ar")) == (42, "ar")


def test_a_ticket_is_good_for_ten_minutes():
    with time_machine.travel("2027-05-25T10:00Z", tick=False) as clock:
        ticket = tickets.ticket(42, "en")
        clock.shift(tickets.SECONDS - 1)
        tickets.read(ticket)
        clock.shift(2)
        with pytest.raises(Refused, match=r"ticket\.invalid"):
            tickets.read(ticket)


FORGED = {
    "nothing": "",
    "a letter": "x",
    "a shortened one": tickets.ticket(42, "en")[:-1],
    "one for another use": signing.dumps([42, "en"], salt="other"),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forged_ticket_is_refused(token):
    with pytest.raises(Refused, match=r"ticket\.invalid"):
        tickets.read(token)


@pytest.mark.django_db
def test_a_page_renews_its_ticket(client):
    ada = Person.objects.create(name="Ada Ndiaye")
    assert client.get("/live/ticket").status_code == 401
    client.force_login(ada)
    answer = client.get("/live/ticket")
    assert tickets.read(answer.json()["ticket"]) == (ada.pk, "en")
    assert "no-store" in answer["Cache-Control"]


def test_a_refusal_is_said_in_the_persons_language():
    assert sentence("questions.closed", "en") == "Questions are closed at the moment."


def test_a_code_without_a_sentence_is_still_answered(caplog):
    assert sentence("no.such.code", "en") == sentence("server.stumbled", "en")
    assert "no.such.code" in caplog.text
