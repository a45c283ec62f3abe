"""Files of conversations: what is taken, what is kept of it, and who is given it."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from chat import attachments
from chat.models import Attachment
from people import blocks
from people.models import Person

from .letters import Tab, asks, does, refused_as, says, talking, writes

PDF = b"%PDF-1.4\n1 0 obj << /JS (app.alert(1)) >> endobj\n%%EOF"


@pytest.fixture(autouse=True)
def reachable(ada, ines, mallory, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Person.objects.update(takes_messages=True)


@pytest.fixture
def conversation(ada, ines):
    return talking(ada, ines)


def signed_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def picture(kind: str = "JPEG", size=(40, 20), **more) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **more)
    return written.getvalue()


def with_a_place() -> bytes:
    """A photo that says where it was taken and with what, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCamera", 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif)


def puts(client, conversation, content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg"):
    file = SimpleUploadedFile(name, content, kind)
    return client.post(reverse("conversation-files", args=[conversation.pk]), {"file": file})


def test_a_photo_is_kept_upright_and_bare(client, ada, conversation):
    told = puts(signed_in(client, ada), conversation, with_a_place()).json()
    assert (told["type"], told["width"], told["height"], told["name"]) == ("image/jpeg", 20, 40, "photo.jpg")
    kept = Attachment.objects.get(key=told["key"]).file.read()
    assert b"SecretCamera" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert told["size"] == len(kept)


@pytest.mark.parametrize(("kind", "type_", "ending"), [
    ("PNG", "image/png", ".png"),
    ("WEBP", "image/webp", ".webp"),
    ("GIF", "image/png", ".png"),
])  # fmt: skip
def test_the_content_says_what_it_is(kind, type_, ending, client, ada, conversation):
    told = puts(signed_in(client, ada), conversation, picture(kind), "../../evil.pdf", "application/pdf").json()
    assert (told["type"], told["name"]) == (type_, f"evil{ending}")


@pytest.mark.parametrize("content", [
    b"<html><script>alert(1)</script>",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"PK\x03\x04",
    b"",
    b"\xff\xd8\xff" + b"x" * 100,
    picture("BMP"),
], ids=["html", "svg", "zip", "empty", "broken", "bmp"])  # fmt: skip
def test_anything_else_is_refused(content, client, ada, conversation):
    answer = puts(signed_in(client, ada), conversation, content)
    assert (answer.status_code, answer.json()["refused"]) == (400, "file.wrong_type")
    assert not Attachment.objects.exists()


def test_too_large_is_refused(client, ada, conversation, settings):
    settings.CONVERSATION_FILE_BYTES = 1000
    answer = puts(signed_in(client, ada), conversation, PDF + b" " * 1000)
    assert answer.json()["refused"] == "file.too_large"


def test_more_pixels_than_anybody_needs_are_made_fewer(monkeypatch, client, ada, conversation):
    told = puts(signed_in(client, ada), conversation, picture("PNG", (8000, 100))).json()
    assert (told["width"], told["height"]) == (4096, 51)
    monkeypatch.setattr(attachments, "PIXELS", 100)
    assert puts(client, conversation, picture("PNG")).json()["refused"] == "file.too_large"


def test_a_large_picture_has_a_small_one_to_be_shown(client, ada, conversation):
    told = puts(signed_in(client, ada), conversation, picture("PNG", (2000, 1000))).json()
    assert told["preview"] == f"{told['path']}?small=1"
    answer = client.get(told["preview"])
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as small:
        assert (answer["Content-Type"], small.format, small.size) == ("image/webp", "WEBP", (960, 480))
    assert client.get(told["path"])["Content-Type"] == "image/png"
    other = puts(client, conversation, picture("PNG", (960, 400))).json()
    assert other["preview"] == other["path"]
    assert client.get(f"{other['path']}?small=1")["Content-Type"] == "image/png"


def test_so_many_a_day(client, ada, conversation, settings):
    settings.CONVERSATION_FILES_A_DAY = 1
    puts(signed_in(client, ada), conversation, PDF)
    assert puts(client, conversation, PDF).json()["refused"] == "file.too_many"
    assert len(default_storage.listdir("attachments")[1]) == 1


def test_said_with_a_message_it_is_everybodys_there(client, ada, ines, conversation):
    tab = Tab(ines, conversation)
    key = puts(signed_in(client, ada), conversation, PDF, "Délibération 112.pdf").json()["key"]
    path = reverse("chat-file", args=[key])
    assert client.get(path).status_code == 200
    assert signed_in(client, ines).get(path).status_code == 404
    said = says(ada, conversation, "", attachments=[key])
    assert [file["name"] for file in said["attachments"]] == ["Délibération 112.pdf"]
    tab.check()
    assert tab.rows[conversation.pk]["last"]["attachments"] == 1
    answer = client.get(path)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("why", ["third", "blocked", "left", "deleted", "signed out"])
def test_nobody_else_is_given_it(why, client, ada, ines, mallory, conversation):
    key = puts(signed_in(client, ada), conversation, picture()).json()["key"]
    said = says(ada, conversation, "Look", attachments=[key])
    name = Attachment.objects.get().file.name
    if why == "blocked":
        does(ada, blocks.block, ada.pk, ines.pk)
    elif why == "left":
        asks(ines, "chat.leave", conversation)
    signed_in(client, mallory if why == "third" else ines)
    if why == "signed out":
        client.logout()
    if why == "deleted":
        asks(ada, "chat.delete", conversation, message=said["id"])
    for small in ("", "?small=1"):
        answer = client.get(reverse("chat-file", args=[key]) + small)
        assert answer.status_code == (302 if why == "signed out" else 404)
    assert default_storage.exists(name)


def test_what_is_deleted_goes_from_the_disk(ada, client, conversation, django_capture_on_commit_callbacks):
    key = puts(signed_in(client, ada), conversation, picture(size=(2000, 1000))).json()["key"]
    said = says(ada, conversation, "Look", attachments=[key])
    kept = Attachment.objects.get()
    names = [kept.file.name, kept.preview.name]
    assert all(map(default_storage.exists, names))
    with django_capture_on_commit_callbacks(execute=True):
        asks(ada, "chat.delete", conversation, message=said["id"])
    assert not any(map(default_storage.exists, names))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("why", ["third", "blocked", "asked", "a session’s chat", "signed out"])
def test_where_one_may_not_write_nothing_is_taken(why, client, ada, ines, mallory, session):
    conversation = writes(ada, ines)
    if why == "blocked":
        does(ada, blocks.block, ada.pk, ines.pk)
    if why == "a session’s chat":
        conversation = type(conversation).objects.create(session=session)
    if why != "signed out":
        signed_in(client, mallory if why == "third" else ada)
    answer = puts(client, conversation, PDF)
    assert answer.status_code == (400 if why == "asked" else 404)
    assert not Attachment.objects.exists()


def test_what_is_not_ones_own_or_said_already_is_not_said(client, ada, ines, linus, conversation):
    Person.objects.update(takes_messages=True)
    key = puts(signed_in(client, ada), conversation, PDF).json()["key"]
    other = talking(ada, linus)
    assert refused_as(says, ines, conversation, "Mine", attachments=[key]) == "file.unknown"
    assert refused_as(says, ada, other, "Elsewhere", attachments=[key]) == "file.unknown"
    says(ada, conversation, "Here", attachments=[key])
    assert refused_as(says, ada, conversation, "Again", attachments=[key]) == "file.unknown"
    assert refused_as(says, ada, conversation, " ", attachments=[]) == "chat.empty"


def test_without_a_script_it_comes_with_the_form(client, ada, conversation):
    form = {"text": "", "back": "/messages/", "file": SimpleUploadedFile("x.pdf", PDF)}
    assert signed_in(client, ada).post(reverse("chat-say", args=[conversation.pk]), form).status_code == 302
    assert conversation.messages.last().attachments.get().name == "x.pdf"


def test_what_nobody_said_is_forgotten_after_a_day(client, ada, conversation, django_capture_on_commit_callbacks):
    puts(signed_in(client, ada), conversation, PDF)
    assert not attachments.is_any_forgotten()
    Attachment.objects.update(at=Attachment.objects.get().at - attachments.UNSAID)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.forget_unsaid()
    assert not Attachment.objects.exists()
    assert default_storage.listdir("attachments")[1] == []
