"""What organisers are given of a report, and what of it stays when its author takes things back."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from chat.models import Attachment
from people import reports
from people.models import Person, Report

from .letters import asks, says, talking
from .test_files import PDF, picture, puts, signed_in

REPORTS = "/admin/people/report/"


@pytest.fixture(autouse=True)
def reachable(ada, ines, mallory, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Person.objects.update(takes_messages=True)


@pytest.fixture
def conversation(ada, ines):
    return talking(ada, ines)


@pytest.fixture
def threat(client, ines, conversation) -> dict:
    """A picture that Ines sent."""
    key = puts(signed_in(client, ines), conversation, picture(size=(2000, 1000)), "threat.jpg").json()["key"]
    return says(ines, conversation, "<b>Look</b> what happens", attachments=[key])


@pytest.fixture
def report(ada, conversation, threat) -> Report:
    asks(ada, "chat.report", conversation, text="She threatens me.", message=threat["id"])
    return Report.objects.get()


def shown(client, report: Report) -> str:
    return client.get(f"{REPORTS}{report.pk}/change/").content.decode()


def file_of(report: Report) -> dict:
    [file] = report.evidence["messages"][-1]["files"]
    return file


def test_a_report_stands_before_the_organisers_with_its_evidence(client, organiser, report):
    signed_in(client, organiser)
    assert "Ada Ndiaye" in client.get(REPORTS).content.decode()
    page = shown(client, report)
    assert "She threatens me." in page
    assert "&lt;b&gt;Look&lt;/b&gt; what happens" in page
    assert "<b>Look</b>" not in page
    assert "threat.jpg" in page
    assert file_of(report)["path"] in page


def test_whoever_writes_what_was_done_settles_it_and_changes_nothing_else(client, organiser, report, ada):
    signed_in(client, organiser)
    said = {"verdict": "Warned her.", "text": "Nothing", "about": ada.pk, "settled_at_0": "2020-01-01"}
    assert client.post(f"{REPORTS}{report.pk}/change/", said).status_code == 302
    settled = Report.objects.get()
    assert (settled.verdict, settled.settled_by, settled.text) == ("Warned her.", organiser, "She threatens me.")
    assert settled.settled_at
    assert settled.settled_at.year > 2020
    assert settled.about_id == report.about_id
    assert "Ada Ndiaye" not in client.get(REPORTS, {"settled": "no"}).content.decode()
    client.post(f"{REPORTS}{report.pk}/change/", {"verdict": ""})
    assert Report.objects.get().settled_at is None


def test_nobody_makes_or_deletes_reports_there(client, organiser, report):
    signed_in(client, organiser)
    for page in (f"{REPORTS}add/", f"{REPORTS}{report.pk}/delete/"):
        assert client.get(page).status_code == 403


def test_it_goes_with_whoever_is_erased(client, ada, mallory):
    report = reports.report(ada.pk, mallory.pk, "Not who she says she is.")
    owner = Person.objects.create_superuser("owner@forum.example", "long enough to keep", name="Owner")
    signed_in(client, owner)
    assert client.get(f"{REPORTS}{report.pk}/delete/").status_code == 403
    client.post(f"/admin/people/person/{mallory.pk}/delete/", {"post": "yes"})
    assert not Report.objects.exists()


def test_nobody_judges_what_is_said_about_themselves(client, ines, report):
    Person.objects.filter(pk=ines.pk).update(is_staff=True)
    signed_in(client, ines)
    assert "She threatens me." not in client.get(f"{REPORTS}{report.pk}/change/", follow=True).content.decode()
    assert client.get(file_of(report)["path"]).status_code == 404


def test_a_reported_file_outlives_its_message_but_only_for_organisers(
    client, ada, ines, organiser, conversation, threat, report, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asks(ines, "chat.delete", conversation, message=threat["id"])
    assert not Attachment.objects.exists()
    told = file_of(report)
    assert (told["name"], told["type"]) == ("threat.jpg", "image/jpeg")
    given = signed_in(client, organiser).get(told["path"])
    assert len(b"".join(given.streaming_content)) == told["size"]
    assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for person in (ada, ines):
        assert signed_in(client, person).get(told["path"]).status_code == 404
        assert client.get(reverse("chat-file", args=[told["key"]])).status_code == 404


def test_what_nobody_reported_organisers_are_not_given(client, ada, organiser, conversation, report):
    key = puts(signed_in(client, ada), conversation, PDF, "later.pdf").json()["key"]
    says(ada, conversation, "Another one", attachments=[key])
    path = reverse("reported-file", args=[conversation.pk, key])
    assert signed_in(client, organiser).get(path).status_code == 404


def test_a_file_that_was_taken_back_before_is_known_by_name(
    client, ada, organiser, conversation, ines, threat, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asks(ines, "chat.delete", conversation, message=threat["id"])
    assert default_storage.listdir("attachments")[1] == []
    asks(ada, "chat.report", conversation, text="She threatened me.", message=threat["id"])
    told = file_of(Report.objects.get())
    assert told["name"] == "threat.jpg"
    assert signed_in(client, organiser).get(told["path"]).status_code == 404
