"""The doors of people: signing in and out, invitations, one's own profile, photos."""

import secrets
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from live.refusal import Refused, sentence

from . import invitations, mail, push, signing_in
from .forms import CodeForm, EmailForm, NameForm, ProfileForm
from .models import Person, SignIn
from .ways import ours

DEVICE = "device"
YEAR = 365 * 86400
page = require_http_methods(["GET", "HEAD", "POST"])


def secret(view):
    """For pages with a secret in their address: nobody learns it from a Referer header or a cache.

    Not `no-referrer`: with it browsers send `Origin: null`, and the page's own form would be refused as forged.
    """

    @wraps(view)
    def discreet(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return never_cache(discreet)


def or_start_again(view):
    """For pages that need something that may be over by now: the sentence, and the way to a new code."""

    @wraps(view)
    def patient(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            messages.warning(request, sentence(refused.code, get_language()))
            return redirect("sign-in")

    return patient


def onward(request) -> str:
    """Where the visitor wanted to go: a page of this site, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    loops = wanted.startswith((reverse("sign-in"), "/invitation/"))
    return "/" if loops or len(wanted) > 500 else ours(request, wanted)


def say(form, field: str, refused: Refused) -> None:
    """A refusal, said beside the field it is about."""
    form.add_error(field, sentence(refused.code, get_language()))


def let_in(request, person: Person) -> None:
    for used in ("sign_in", "proven"):
        request.session.pop(used, None)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")


def first_choices(person: Person, onward: str) -> HttpResponseRedirect:
    """On to where they wanted to go; whoever was never asked how they may be found and reached is asked first."""
    asked = reverse("choices", query={"next": onward}) if person.chosen_at is None else onward
    return HttpResponseRedirect(asked)


def write_to(request, begun: signing_in.Begun) -> None:
    """The same answer for everybody in the page; only who reads the mail learns whether the address is known."""
    email = begun.sign_in.email
    person = Person.objects.filter(email=email).first()
    language = person.language if person and person.language else get_language()
    link = mail.address(request, "sign-in-link", begun.token)
    name = "code" if signing_in.is_expected(email) else "unknown"
    mail.send(name, email, language, request, code=begun.code, link=link, person=person)


@never_cache
@page
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(onward(request))
    form = EmailForm(request.POST or None)
    if form.is_valid():
        try:
            begun = signing_in.begin(form.cleaned_data["email"], request.META["REMOTE_ADDR"], onward(request))
            write_to(request, begun)
        except Refused as refused:
            say(form, "email", refused)
        else:
            request.session["sign_in"] = begun.sign_in.pk
            return redirect("sign-in-code")
    return render(request, "people/sign_in.html", {"form": form, "next": onward(request)})


def welcome(request, proof) -> HttpResponseRedirect:
    """After the proof: in, or first the question for a name. Raises Refused("sign_in.unknown")."""
    person = signing_in.person_of(proof)
    if person is None:
        request.session["proven"] = proof.pk
        return redirect("sign-in-name")
    let_in(request, person)
    return first_choices(person, proof.next)


@never_cache
@page
def prove_by_code(request):
    asked = SignIn.objects.filter(pk=request.session.get("sign_in")).first()
    if asked is None:
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            return welcome(request, signing_in.by_code(asked.pk, form.cleaned_data["code"]))
        except Refused as refused:
            say(form, "code", refused)
    return render(request, "people/code.html", {"form": form, "asked": asked})


@secret
@page
@or_start_again
def prove_by_link(request, token):
    if request.method == "POST":
        return welcome(request, signing_in.by_link(token))
    return render(request, "people/link.html", {"asked": signing_in.of_link(token)})


@never_cache
@page
@or_start_again
def give_name(request):
    proof = signing_in.proven(request.session.get("proven"))
    form = NameForm(request.POST or None)
    if form.is_valid():
        person = signing_in.register(proof, form.cleaned_data["name"], get_language())
        let_in(request, person)
        messages.success(request, _("Welcome. Tell the others a little about yourself when you like."))
        return first_choices(person, proof.next)
    return render(request, "people/name.html", {"form": form, "proof": proof})


@require_POST
def sign_out(request):
    """Whoever uses this browser next is not to see what is sent to this person."""
    push.unsubscribe(request.user.pk, request.session.get(push.HERE, ""))
    logout(request)
    return redirect("/")


def device_of(request) -> str:
    return request.get_signed_cookie(DEVICE, default="", salt="people.device")


def remember_device(response, device: str) -> None:
    response.set_signed_cookie(
        DEVICE,
        device,
        salt="people.device",
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


@secret
@page
def invitation(request, token):
    device = device_of(request)
    try:
        if request.method != "POST":
            return render(request, "people/invitation.html", {"invited": invitations.find(token, device).person})
        device = device or secrets.token_urlsafe(24)
        invited = invitations.accept(token, device)
        let_in(request, invited)
    except Refused as refused:
        sentence_said = sentence(refused.code, get_language())
        return render(request, "people/invitation_over.html", {"sentence": sentence_said}, status=403)
    response = first_choices(invited, "/")
    remember_device(response, device)
    return response


@never_cache
@login_required
@page
def me(request):
    form = ProfileForm(request.POST or None, request.FILES or None, instance=Person.objects.get(pk=request.user.pk))
    if form.is_valid():
        form.save()
        response = redirect("me")
        if "language" in form.changed_data:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        messages.success(request, _("Your profile is saved."))
        return response
    return render(request, "people/me.html", {"form": form, "here": "me"})


@require_GET
@cache_control(private=True, max_age=YEAR, immutable=True)
def photo(_request, name):
    """A portrait; its address is a secret that is told with every page showing it."""
    try:
        with default_storage.open(f"photos/{name}.jpg") as picture:
            response = HttpResponse(picture.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
