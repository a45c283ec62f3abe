"""Files that people put into conversations: pictures without what their cameras wrote into them, and PDF."""

import io
import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageOps

from live import writer
from live.refusal import Refused
from people.models import Report

from .models import Attachment, Conversation, Message, kept_as
from .words import one_line

PIXELS = 50_000_000
SIDE = 4096  # pixels; a larger picture is made smaller
PREVIEW = 960  # pixels; what stands among messages need not be larger, whatever the screen
MOST = 10  # files of one message
PDF = "application/pdf"
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/png"}
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf"}
UNSAID = timedelta(days=1)  # how long a file waits for its message


class Checked(NamedTuple):
    """A file as it is kept; `preview` only of large pictures."""

    type: str
    content: bytes
    width: int | None = None
    height: int | None = None
    preview: bytes = b""


def take(conversation: Conversation, person: int, upload: UploadedFile) -> Attachment:
    """Keep a file that this person is about to say something with. For a page, not for a verb. Raises Refused."""
    if upload.size is None or upload.size > settings.CONVERSATION_FILE_BYTES:
        raise Refused("file.too_large")
    checked = check(upload)
    made = Attachment(conversation=conversation, by_id=person, name=_name(upload.name, checked.type))
    made.type, made.size, made.width, made.height = checked.type, len(checked.content), checked.width, checked.height
    made.file.save(made.name, ContentFile(checked.content), save=False)
    if checked.preview:
        made.preview.save(made.name, ContentFile(checked.preview), save=False)
    try:
        return writer.do(person, keep, made)
    except Refused:
        _delete(made)
        raise


def check(upload: UploadedFile) -> Checked:
    """By its content, whatever its name and its sender say. Raises Refused."""
    head = upload.read(5)
    upload.seek(0)
    if head == b"%PDF-":
        return Checked(PDF, upload.read())
    return _picture(upload)


def _picture(upload: UploadedFile) -> Checked:
    try:
        with Image.open(upload, formats=list(PICTURES)) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("file.too_large")
            return _bare(picture, PICTURES[str(picture.format)])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("file.wrong_type") from None


def _bare(picture: Image.Image, kind: str) -> Checked:
    """The picture alone: neither where it was taken, nor with what, nor a second picture hidden in it."""
    upright = ImageOps.exif_transpose(picture)
    bare = upright.convert("RGBA" if upright.has_transparency_data and kind != "image/jpeg" else "RGB")
    bare.thumbnail((SIDE, SIDE))
    bare.info.clear()
    content = _written(bare, kind.removeprefix("image/").upper(), 88)
    width, height = bare.size
    if max(width, height) <= PREVIEW:
        return Checked(kind, content, width, height)
    bare.thumbnail((PREVIEW, PREVIEW))
    return Checked(kind, content, width, height, _written(bare, "WEBP", 80))


def _written(picture: Image.Image, form: str, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, quality=quality)
    return written.getvalue()


def _name(name: str | None, kind: str) -> str:
    """What it was called, with the ending that its content has."""
    stem = one_line((name or "").rsplit("/")[-1].rsplit("\\")[-1])
    stem = stem.rpartition(".")[0] or stem
    return f"{stem[:100].strip() or 'file'}{ENDINGS[kind]}"


def keep(made: Attachment) -> Attachment:
    lately = Attachment.objects.filter(by=made.by_id, at__gt=timezone.now() - timedelta(days=1))
    if lately.count() >= settings.CONVERSATION_FILES_A_DAY:
        raise Refused("file.too_many")
    made.save(force_insert=True)
    return made


def unsaid(conversation: Conversation, person: int, keys: Collection[str]) -> list[Attachment]:
    """Those of these that this person put here. Raises Refused("file.unknown") if one of them is not."""
    if not keys:
        return []
    found = list(conversation.attachments.filter(by=person, message=None, key__in=set(keys)).order_by("pk"))
    if len(found) != len(set(keys)):
        raise Refused("file.unknown")
    return found


def say_with(message: Message, files: Collection[Attachment]) -> None:
    if files:
        Attachment.objects.filter(pk__in=[it.pk for it in files]).update(message=message)


def take_back(message: Message) -> None:
    """Nobody is given its files any more; of what was reported organisers still are."""
    them = list(message.attachments.all())
    kept = reported(message.conversation_id) if them else {}
    throw_away(them, kept)


def throw_away(them: Iterable[Attachment], kept: Collection[str] = ()) -> None:
    """In a verb: rows now, the files themselves once that is committed, but for those whose keys are in `kept`."""
    for it in list(them):
        it.delete()
        if str(it.key) not in kept:
            transaction.on_commit(partial(_delete, it))


def _delete(it: Attachment) -> None:
    for kept in filter(None, (it.file, it.preview)):
        kept.storage.delete(str(kept.name))


def _forgotten() -> QuerySet[Attachment]:
    return Attachment.objects.filter(message=None, at__lt=timezone.now() - UNSAID)


def is_any_forgotten() -> bool:
    return _forgotten().exists()


def forget_unsaid() -> None:
    throw_away(_forgotten()[:200])


def given_to(person: int, key: uuid.UUID) -> Attachment:
    """The file, for those who may read its message; before that for whoever put it there. Refused("file.unknown")."""
    found = Attachment.objects.filter(key=key).select_related("conversation", "message").first()
    if found is None or not _may_read(found, person):
        raise Refused("file.unknown")
    return found


def _may_read(it: Attachment, person: int) -> bool:
    said = it.by_id == person if it.message is None else not it.message.removed
    return said and person in it.conversation.admits([person])


def reported(conversation: int, viewer: int = 0) -> dict[str, dict[str, Any]]:
    """What reports' evidence tells of this conversation's files, by key; for a viewer, of reports about others."""
    reports = Report.objects.filter(evidence__topic=f"conversation.{conversation}").exclude(about=viewer)
    messages = chain.from_iterable(it["messages"] for it in reports.values_list("evidence", flat=True))
    return {file["key"]: file for message in messages for file in message.get("files", [])}


def kept_for_organisers(conversation: int, key: uuid.UUID, viewer: int) -> tuple[dict[str, Any], File]:
    """What a report tells of a file, and the file. Refused("file.unknown") if none does, or it was gone by then."""
    told = reported(conversation, viewer).get(str(key))
    if told is None:
        raise Refused("file.unknown")
    try:
        return told, default_storage.open(kept_as(Attachment(key=key), ""))
    except FileNotFoundError:
        raise Refused("file.unknown") from None
