import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from live.refusal import Refused
from people import signing_in
from people.models import Person, SignIn

HERE = "203.0.113.7"


@pytest.fixture
def ada(ada) -> Person:
    """She has been here before, and said how she may be reached."""
    ada.chosen_at = timezone.now()
    ada.save()
    return ada


def ask(client, email="ada@dakar.example", **more):
    return client.post("/sign-in/", {"email": email, **more})


def code_in(letter) -> str:
    return re.search(r"^\s+(\d{6})$", letter.body, re.M)[1]


def link_in(letter) -> str:
    return urlsplit(re.search(r"https?://\S+/sign-in/link/\S+", letter.body)[0]).path


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def type_code(client, code: str):
    return client.post("/sign-in/code/", {"code": code})


def age(**ago):
    SignIn.objects.update(asked_at=timezone.now() - timedelta(**ago))


def test_the_code_lets_in_and_leads_to_where_one_was_going(client, ada):
    assert ask(client, next="/session/water/").url == "/sign-in/code/"
    answer = type_code(client, code_in(mail.outbox[0]))
    assert answer.url == "/session/water/"
    assert int(client.session["_auth_user_id"]) == ada.pk


def test_the_code_may_be_typed_with_spaces_and_in_arabic_digits(client, ada):
    ask(client)
    code = code_in(mail.outbox[0])
    eastern = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    type_code(client, f"{eastern[:3]} {eastern[3:]}")
    assert is_in(client)


def test_an_address_is_the_same_in_capitals(client, ada):
    ask(client, "Ada@Dakar.Example")
    type_code(client, code_in(mail.outbox[0]))
    assert is_in(client)


def test_the_link_does_nothing_by_itself_and_lets_in_by_its_button_on_any_device(client, ada):
    ask(client, next="/day/2027-05-25")
    link = link_in(mail.outbox[0])
    client.session.flush()
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert SignIn.objects.get().used_at is None
    assert not is_in(client)
    assert client.post(link).url == "/day/2027-05-25"
    assert is_in(client)


def test_code_and_link_work_once_together(client, ada):
    ask(client)
    code, link = code_in(mail.outbox[0]), link_in(mail.outbox[0])
    client.post(link)
    client.post("/sign-out/")
    assert client.post(link).url == "/sign-in/"
    with pytest.raises(Refused, match="expired"):
        signing_in.by_code(SignIn.objects.get().pk, code)


def test_after_ten_minutes_code_and_link_are_over(client, ada):
    ask(client)
    age(seconds=SignIn.SECONDS + 1)
    assert "older than 10 minutes" in type_code(client, code_in(mail.outbox[0])).content.decode()
    assert client.post(link_in(mail.outbox[0])).url == "/sign-in/"
    assert not is_in(client)


def test_a_code_is_tried_five_times_at_most(client, ada):
    ask(client)
    right = code_in(mail.outbox[0])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _try in range(SignIn.TRIES):
        assert "compare the six digits" in type_code(client, wrong).content.decode()
    assert "tried too often" in type_code(client, right).content.decode()
    assert not is_in(client)


def test_somebody_elses_code_is_tried_only_from_where_it_was_asked_for(client, ada):
    ask(client)
    code = code_in(mail.outbox[0])
    client.cookies.clear()
    assert type_code(client, code).url == "/sign-in/"
    assert not is_in(client)


def test_guessing_at_many_peoples_codes_is_limited_by_address(client, db, settings):
    settings.SIGN_IN_RATES = settings.SIGN_IN_RATES | {"guesses_from_address": (4, 3600)}
    for number in range(2):
        begun = signing_in.begin(f"{number}@elsewhere.example", HERE)
        for _try in range(2):
            with pytest.raises(Refused, match="wrong_code"):
                signing_in.by_code(begun.sign_in.pk, "x")
    begun = signing_in.begin("3@elsewhere.example", HERE)
    with pytest.raises(Refused, match="often"):
        signing_in.by_code(begun.sign_in.pk, begun.code)
    other = signing_in.begin("3@elsewhere.example", "198.51.100.1")
    assert signing_in.by_code(other.sign_in.pk, other.code)


def test_asking_is_limited_for_an_address_and_forgotten_after_an_hour(client, ada):
    most, _seconds = settings.SIGN_IN_RATES["email_and_address"]
    for _time in range(most):
        assert ask(client).status_code == 302
    page = ask(client)
    assert "very often" in page.content.decode()
    assert len(mail.outbox) == most
    age(hours=2)
    assert ask(client).status_code == 302


def test_nobody_elsewhere_uses_up_anothers_codes(client, ada):
    most, _seconds = settings.SIGN_IN_RATES["email_and_address"]
    for _time in range(most):
        signing_in.begin(ada.email, HERE)
    with pytest.raises(Refused, match="often"):
        signing_in.begin(ada.email, HERE)
    ask(client)
    type_code(client, code_in(mail.outbox[0]))
    assert is_in(client)


def test_guessing_at_one_persons_codes_is_limited_however_many_are_asked_for(db, settings):
    settings.SIGN_IN_RATES = settings.SIGN_IN_RATES | {"guesses_at_email": (3, 3600)}
    for where in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        with pytest.raises(Refused, match="wrong_code"):
            signing_in.by_code(signing_in.begin("ada@dakar.example", where).sign_in.pk, "x")
    begun = signing_in.begin("ada@dakar.example", HERE)
    with pytest.raises(Refused, match="often"):
        signing_in.by_code(begun.sign_in.pk, begun.code)
    assert signing_in.by_link(begun.token), "whoever reads the mail is not locked out"


def test_asking_is_limited_for_a_network_address(client, db, settings):
    settings.SIGN_IN_RATES = settings.SIGN_IN_RATES | {"address": (2, 3600)}
    for number in range(2):
        ask(client, f"{number}@elsewhere.example")
    assert "very often" in ask(client, "2@elsewhere.example").content.decode()


def test_an_ipv4_address_is_itself_however_it_is_written():
    assert signing_in.household("203.0.113.7") == signing_in.household("::ffff:203.0.113.7") == "203.0.113.7"
    assert signing_in.household("not an address") == "not an address"


def test_links_lead_to_where_people_reach_the_forum(client, ada, settings):
    settings.SITE_URL = "https://forum.example.org"
    ask(client)
    assert "\nhttps://forum.example.org/sign-in/link/" in mail.outbox[0].body


def test_an_ipv6_household_is_one_address():
    assert signing_in.address_digest("2001:db8::1") == signing_in.address_digest("2001:db8::ffff")
    assert signing_in.address_digest("2001:db8::1") != signing_in.address_digest("2001:db8:0:1::1")


def test_known_and_unknown_get_the_same_page(client, ada, settings):
    settings.REGISTRATION_OPEN = False
    pages = {}
    for email in ("ada@dakar.example", "nobody@dakar.example"):
        answer = ask(client, email)
        page = client.get(answer.url).content.decode().replace(email, "…")
        pages[email] = (
            answer.status_code,
            answer.url,
            re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page),
        )
    assert len(set(pages.values())) == 1
    known, unknown = mail.outbox
    assert "is your code" in known.subject
    assert "not registered" in unknown.body
    assert not re.search(r"\d{6}", unknown.body)


def test_somebody_new_proves_their_address_and_is_asked_for_a_name(client, db):
    ask(client, "new@elsewhere.example", next="/day/2027-05-25")
    assert type_code(client, code_in(mail.outbox[0])).url == "/sign-in/name/"
    assert not Person.objects.filter(email="new@elsewhere.example").exists()
    answer = client.post("/sign-in/name/", {"name": "محمد"})
    assert answer.url == "/me/choices/?next=%2Fday%2F2027-05-25"
    person = Person.objects.get(email="new@elsewhere.example")
    assert (person.name, person.has_usable_password(), is_in(client)) == ("محمد", False, True)


def test_nobody_is_asked_for_a_name_without_proof(client, db):
    ask(client, "new@elsewhere.example")
    assert client.post("/sign-in/name/", {"name": "Mallory"}).url == "/sign-in/"
    assert not Person.objects.exists()


def test_a_proof_of_long_ago_makes_nobody(client, db):
    ask(client, "new@elsewhere.example")
    type_code(client, code_in(mail.outbox[0]))
    SignIn.objects.update(used_at=timezone.now() - timedelta(hours=2))
    assert client.post("/sign-in/name/", {"name": "Late"}).url == "/sign-in/"
    assert not Person.objects.exists()


def test_two_tabs_make_one_person(client, db):
    begun = signing_in.begin("new@elsewhere.example", HERE)
    proof = signing_in.by_code(begun.sign_in.pk, begun.code)
    signing_in.register(proof, "First", "en")
    with pytest.raises(Refused, match="expired"):
        signing_in.register(proof, "Second", "en")
    assert Person.objects.get().name == "First"


def test_somebody_made_inactive_stays_out_even_where_everyone_may_register(client, ada):
    Person.objects.update(is_active=False)
    ask(client)
    assert "not registered" in mail.outbox[0].body
    begun = signing_in.begin(ada.email, HERE)
    with pytest.raises(Refused, match="unknown"):
        signing_in.person_of(signing_in.by_code(begun.sign_in.pk, begun.code))


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/sign-in/?next=/x",
        "/" + "x" * 501,
        "\\\\evil",
    ],
)
def test_nobody_is_led_away(client, ada, onward):
    ask(client, next=onward)
    assert type_code(client, code_in(mail.outbox[0])).url == "/"


def test_the_database_knows_neither_code_nor_link(client, ada):
    ask(client)
    kept = str(SignIn.objects.values_list().get())
    assert code_in(mail.outbox[0]) not in kept
    assert link_in(mail.outbox[0]).split("/")[-2] not in kept
    assert "127.0.0.1" not in kept


def test_old_sign_ins_are_swept_away(db):
    signing_in.begin("a@elsewhere.example", HERE)
    age(days=2)
    signing_in.begin("b@elsewhere.example", HERE)
    assert SignIn.objects.get().email == "b@elsewhere.example"


def test_the_letter_speaks_the_persons_language(client, layla):
    ask(client, layla.email)
    assert 'lang="ar" dir="rtl"' in mail.outbox[0].alternatives[0].content


def test_a_mail_server_that_is_away_is_said(client, ada, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert "could not send the e-mail" in ask(client).content.decode()


def test_what_is_no_address_is_said(client, db):
    page = ask(client, "ada").content.decode()
    assert 'aria-invalid="true"' in page
    assert not SignIn.objects.exists()


def test_signing_out_takes_a_press(client, ada):
    client.force_login(ada)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert not is_in(client)


def test_who_is_in_goes_on(client, ada):
    client.force_login(ada)
    assert client.get("/sign-in/?next=/me/").url == "/me/"


@given(st.text(max_size=20))
def test_digits_are_all_that_is_read(typed):
    assert re.fullmatch("[0-9]*", signing_in.digits(typed))
