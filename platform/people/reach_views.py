"""The doors of being reached: what somebody wants to be told and where, and ending it."""

from pathlib import Path
from typing import Annotated

import msgspec
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import Meta, Struct

from live.limits import spend
from live.refusal import Refused, sentence

from . import push, reach, vapid
from .models import Person, Reach
from .views import secret

page = require_http_methods(["GET", "HEAD", "POST"])


class ReachForm(forms.ModelForm):
    class Meta:
        model = Reach
        fields = ["reminders_page", "reminders_push", "reminders_mail", "news_push"]


class MailsForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["mails"]


@never_cache
@login_required
@page
def choices(request):
    given = request.POST or None
    form = ReachForm(given, instance=reach.chosen(request.user.pk))
    mails = MailsForm(given, instance=Person.objects.get(pk=request.user.pk))
    if form.is_valid() and mails.is_valid():
        form.save()
        mails.save()
        messages.success(request, _("Saved. This is how we reach you from now on."))
        return redirect("reach")
    shown = {"form": form, "mails": mails, "here": "me"}
    return render(request, "people/reach.html", shown | devices(request))


def devices(request) -> dict[str, str | int]:
    """How many are switched on, and by what address this one is."""
    own = request.user.push_subscriptions
    mine = own.filter(endpoint=request.session.get(push.HERE, "")).values_list("endpoint", flat=True).first()
    return {"key": vapid.public(), "browsers": own.count(), "known": mine or ""}


class Keys(Struct):
    p256dh: Annotated[str, Meta(max_length=120)]
    auth: Annotated[str, Meta(max_length=40)]


class Subscription(Struct):
    """What a browser's PushSubscription.toJSON() gives, and whether it is to be switched on. More is ignored."""

    endpoint: Annotated[str, Meta(max_length=600)]
    keys: Keys
    on: bool = True


@require_POST
@login_required
@never_cache
def browser(request):
    """JSON in, {"on": …} out; or {"refused", "say"} with 400, 403 or 429."""
    try:
        spend(request.user.pk, "default")
        given = msgspec.json.decode(request.body, type=Subscription)
        switch(request.user.pk, given)
        request.session[push.HERE] = given.endpoint if given.on else ""
    except msgspec.DecodeError:
        return refusal("command.malformed", 400)
    except Refused as no:
        return refusal(no.code, 429 if no.code == "slow.down" else 403)
    return JsonResponse({"on": given.on})


def switch(person: int, given: Subscription) -> None:
    if given.on:
        push.subscribe(person, push.Browser(given.endpoint, given.keys.p256dh, given.keys.auth))
    else:
        push.unsubscribe(person, given.endpoint)


def refusal(code: str, status: int) -> JsonResponse:
    return JsonResponse({"refused": code, "say": sentence(code, get_language())}, status=status)


@require_POST
@login_required
@never_cache
def forget_browsers(request):
    request.user.push_subscriptions.all().delete()
    messages.success(request, _("No device of yours gets notifications any more."))
    return redirect("reach")


@csrf_exempt
@secret
@page
def unsubscribe(request, token):
    """Mail programs post here by themselves when somebody presses their button (RFC 8058): no cookie, no form of ours.

    Opening the address changes nothing: scanners of mail open every address.
    """
    person = reach.unsubscriber(token)
    if request.method == "POST":
        reach.end_mails(person)
    return render(request, "people/unsubscribe.html", {"done": request.method == "POST", "email": person.email})


@require_GET
def service_worker(_request):
    """At the root, so that it may serve every page (Service Workers, 3.1)."""
    script = Path(settings.FRONTEND) / "push.js"
    if not script.exists():
        raise Http404
    response = HttpResponse(script.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response
