"""The doors of the directory: finding people, and being asked whether one wants to be found."""

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from . import recommendations
from .alphabets import alphabet_of
from .audience import shown_fields
from .connections import connected_to
from .forms import ChoicesForm
from .models import Listing, Person
from .search import Directory, wish_of
from .ways import ours

AT_ONCE = 40


def participation() -> dict[str, int]:
    """Figures above the directory, at most a minute old."""
    return cache.get_or_set("people.participation", count, 60) or {}


def count() -> dict[str, int]:
    participants = Person.objects.filter(is_active=True).with_mail()
    return {"listed": Listing.objects.count(), "participants": participants.count()}


def entries(viewer: Person, ids: list[int]) -> list[dict]:
    """Each person who is still listed, with the fields that this viewer may see."""
    connected, people = connected_to(viewer.pk), Person.objects.listed().prefetch_related("languages").in_bulk(ids)
    found = [people[pk] for pk in ids if pk in people]
    return [{"person": one, "shown": shown_fields(one, viewer, one.pk in connected)} for one in found]


@gzip_page
@never_cache
@login_required
@require_safe
def people(request):
    alphabet = alphabet_of(get_language() or "en")
    wish = wish_of(request.GET, alphabet)
    directory = Directory(request.user, wish, alphabet)
    page = Paginator(directory.ids(), AT_ONCE).get_page(request.GET.get("page"))
    shown = {"wish": wish, "page": page, "entries": entries(request.user, list(page)), "here": "people"}
    shown |= {"facets": directory.facets(), "letters": directory.letters(), "counts": participation()}
    if not wish and page.number == 1:
        shown["meet"] = recommendations.shown(request.user)
    return render(request, "people/people.html", shown)


def onward(request) -> str:
    return ours(request, request.POST.get("next") or request.GET.get("next", ""))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request):
    """Asked separately, once, of everybody who signs in for the first time; "later" leaves everything off."""
    form = ChoicesForm(request.POST or None, instance=Person.objects.get(pk=request.user.pk))
    if form.is_valid():
        form.save()
        return HttpResponseRedirect(onward(request))
    return render(request, "people/choices.html", {"form": form, "next": onward(request)})
