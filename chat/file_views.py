"""Files of conversations: how they come in, and who is given them."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from live.limits import spend
from live.refusal import Refused, sentence

from . import attachments, messages, wire
from .models import Attachment, Conversation

SHOWN = ("image/jpeg", "image/png", "image/webp")


@require_POST
def upload(request: HttpRequest, pk: int) -> JsonResponse:
    """`file`, as a form has it; 201 and wire.attachment, whose key is to be said with a message. Else {"say"}."""
    try:
        return JsonResponse(wire.attachment(taken(request, pk)), status=201)
    except Refused as no:
        status = 429 if no.code == "slow.down" else 404 if no.code.endswith(".unknown") else 400
        return JsonResponse({"refused": no.code, "say": sentence(no.code, get_language())}, status=status)


def taken(request: HttpRequest, pk: int) -> Attachment:
    conversation, file = entered(request, pk), request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("file.wrong_type")
    spend(me(request), "file")
    messages.insist_may_write(conversation, me(request))
    return attachments.take(conversation, me(request), file)


def me(request: HttpRequest) -> int:
    """Nobody has the id 0."""
    return int(request.user.pk or 0)


def entered(request: HttpRequest, pk: int) -> Conversation:
    """Where people are by name, and this one is: else Refused("topic.unknown"), also for whoever is signed out."""
    conversation = messages.entered(f"conversation.{pk}", me(request))
    if not conversation.by_name:
        raise Refused("topic.unknown")
    return conversation


@require_GET
@login_required
def file(request: HttpRequest, key: uuid.UUID) -> FileResponse:
    """What a browser shows safely is shown, the rest is saved; nothing in it can act in our name. `?small=1`: its
    preview, if it has one."""
    it = attachments.given_to(me(request), key)
    small = "small" in request.GET and bool(it.preview)
    try:
        kept = (it.preview if small else it.file).open()
    except FileNotFoundError:
        raise Http404 from None
    return _handed(kept, it.name, it.type, "image/webp" if small else it.type)


@require_GET
@login_required
def reported_file(request: HttpRequest, pk: int, key: uuid.UUID) -> FileResponse:
    """To those who look after reports, whether its author has taken it back since or not."""
    if not request.user.has_perm("people.view_report"):
        raise Refused("file.unknown")
    told, kept = attachments.kept_for_organisers(pk, key, me(request))
    return _handed(kept, told["name"], told["type"], told["type"])


def _handed(kept: File, name: str, kind: str, form: str) -> FileResponse:
    """`form`: what it is sent as, if that is not what it is."""
    response = FileResponse(kept, as_attachment=kind not in SHOWN, filename=name)
    response.headers["Content-Type"] = form
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
