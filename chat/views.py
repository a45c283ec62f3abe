"""Pages of a conversation: what was said earlier, and writing without a script."""

import uuid

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from live import writer
from live.limits import spend
from live.refusal import Refused, sentence
from people.ways import ours

from . import consumers, file_views, messages, wire
from .words import number

PAGE = 100


@require_GET
@login_required
@never_cache
def older(request, pk: int) -> JsonResponse:
    """{"messages": up to 100 before number `before`, oldest first, "more": whether there are still older ones}"""
    conversation = messages.entered(f"conversation.{pk}", request.user.pk)
    found = conversation.messages.before(_number(request), PAGE)
    return JsonResponse({"messages": wire.messages(found), "more": bool(found) and found[0].number > 1})


def _number(request) -> int | None:
    asked = request.GET.get("before", "")
    before = number(asked)
    if asked and before is None:
        raise BadRequest("before is a number")
    return before


@require_POST
def say(request, pk: int) -> HttpResponse:
    """The form of the page without scripts: text, reply, ref (so that sending it twice says it once), back."""
    if not request.user.is_authenticated:
        return redirect_to_login(_back(request))
    try:
        _say(request, f"conversation.{pk}")
    except Refused as no:
        return _try_again(request, no)
    return HttpResponseRedirect(_back(request))


def _say(request, topic: str) -> None:
    spend(request.user.pk, "chat")
    given = consumers.Say(request.POST.get("text", ""), number(request.POST.get("reply", "")), _files(request, topic))
    writer.do(request.user.pk, consumers.say, request.user.pk, topic, given, ref=ref_of(request))


def _files(request, topic: str) -> list[str]:
    """Keys of what came with the form itself."""
    if "file" not in request.FILES:
        return []
    return [str(file_views.taken(request, int(topic.partition(".")[2])).key)]


def ref_of(request) -> str:
    """The form's own, if it is one that this product writes; else it is done each time."""
    try:
        return str(uuid.UUID(request.POST.get("ref", "")))
    except ValueError:
        return str(uuid.uuid4())


def _back(request) -> str:
    return ours(request, request.POST.get("back", ""))


def _try_again(request, no: Refused) -> HttpResponse:
    """What was typed, and why it was not said."""
    form = {name: request.POST.get(name, "") for name in ("text", "reply", "ref")}
    context = {"sentence": sentence(no.code, get_language()), "form": form, "back": _back(request)}
    return render(request, "chat/not_said.html", context, status=429 if no.code == "slow.down" else 403)
