"""The doors of what ties people, and of what keeps them apart: cards, connections, blocks, reports."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from live import writer
from live.limits import spend

from . import blocks, cards, connections, qr, reports
from .audience import NOBODY, shown_fields
from .cells import table
from .forms import TagsField, line
from .models import Block, Connection, Person
from .ways import ours


def me(request: HttpRequest) -> int:
    """Whoever is signed in: every door here sees to that first."""
    return cast(int, request.user.pk)


def did(request: HttpRequest, verb: Callable[..., Any], *given: Any) -> Any:
    """What the verb returns. Raises Refused."""
    spend(me(request), "default")
    return writer.do(me(request), verb, me(request), *given)


# cards


def whole_address(request: HttpRequest, person: Person) -> str:
    return request.build_absolute_uri(reverse("person", args=[person.pk]))


def seen(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user), pk=pk)


@require_safe
@login_required
@never_cache
def card_vcf(request, pk: int):
    person = seen(request, pk)
    card = cards.vcard(person, shown_fields(person, request.user), whole_address(request, person))
    return attached(card, "text/vcard", f"{slugify(person.name, allow_unicode=False) or 'card'}.vcf")


@require_safe
@login_required
@never_cache
def card_svg(request, pk: int):
    """A code that leads to the person's page, where phones that are signed in find the card."""
    drawing = qr.drawing(whole_address(request, seen(request, pk)))
    return render(request, "people/card.svg", {"qr": drawing}, content_type="image/svg+xml")


def attached(text: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


# connections


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("My note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"dir": "auto", "rows": 2}),
    )
    tags = TagsField(
        label=gettext_lazy("My tags"),
        help_text=gettext_lazy("Divided by commas. Nobody but you sees note and tags."),
        required=False,
        max_length=600,
        widget=line(),
    )


def own(request: HttpRequest):
    """My connections with all that a list shows, by name."""
    mine = Connection.objects.of(me(request)).filter(other__is_active=True)
    return mine.select_related("other").prefetch_related("other__languages").order_by("other__name", "pk")


def is_hidden(request: HttpRequest, other: Person) -> bool:
    """Whether the page of somebody one is in touch with is no more to be seen."""
    return other.shown_to == NOBODY and not request.user.is_staff


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def my_connections(request):
    """POST: `person`, `note`, `tags`."""
    rows = list(own(request))
    form = NoteForm(request.POST) if request.method == "POST" else None
    other = request.POST.get("person", "")
    if form and form.is_valid() and other.isdecimal():
        did(request, connections.note, int(other), form.cleaned_data["note"], form.cleaned_data["tags"])
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('connections')}#p{other}")
    tag = request.GET.get("tag", "")
    shown = [entry(request, row, form if form and str(row.other_id) == other else None) for row in rows]
    return render(
        request,
        "people/connections.html",
        {
            "entries": [each for each in shown if not tag or tag in each["row"].tags],
            "tags": sorted({tag for row in rows for tag in row.tags}),
            "tag": tag,
            "count": len(rows),
            "here": "people",
        },
    )


def entry(request: HttpRequest, row: Connection, form: NoteForm | None) -> dict:
    blank = NoteForm(initial={"note": row.note, "tags": ", ".join(row.tags)}, auto_id=f"p{row.other_id}_%s")
    return {
        "row": row,
        "person": row.other,
        "hidden": is_hidden(request, row.other),
        "shown": shown_fields(row.other, request.user, connected=True),
        "form": form or blank,
    }


COLUMNS = {
    "name": gettext_lazy("Name"),
    "job_title": gettext_lazy("Job title"),
    "organisation": gettext_lazy("Organisation"),
    "country": gettext_lazy("Country"),
    "email": gettext_lazy("E-mail"),
    "since": gettext_lazy("In touch since"),
    "note": gettext_lazy("My note"),
    "tags": gettext_lazy("My tags"),
    "address": gettext_lazy("Page"),
}


def told(request: HttpRequest, row: Connection) -> list[Any]:
    """One line of the table; of the other person only what they show."""
    shown = shown_fields(row.other, request.user, connected=True)
    facts = [getattr(row.other, field) if field in shown else "" for field in ("job_title", "organisation")]
    country = row.other.country_name if "country" in shown else ""
    email = row.other.email if "email" in shown else ""
    since = row.since.isoformat() if row.since else ""
    return [row.other.name, *facts, country, email, since, row.note, row.tags, whole_address(request, row.other)]


@require_safe
@login_required
@never_cache
def connections_csv(request):
    return attached(table(COLUMNS.values(), (told(request, row) for row in own(request))), "text/csv", "people.csv")


@require_safe
@login_required
@never_cache
def connections_vcf(request):
    them = (row.other for row in own(request))
    written = (cards.vcard(one, shown_fields(one, request.user, True), whole_address(request, one)) for one in them)
    return attached("".join(written), "text/vcard", "people.vcf")


@require_POST
@login_required
@never_cache
def stay_in_touch(request, pk: int):
    """`on`: 1 or 0. Nobody learns from the answer what the other one wishes, unless both do."""
    if request.POST.get("on") == "0":
        did(request, connections.let_go, pk)
        messages.success(request, _("Done. You are not in touch any more."))
    elif did(request, connections.stay_in_touch, pk):
        messages.success(request, _("You both want to stay in touch: each has the other’s card now."))
    else:
        messages.success(request, _("Noted. It stays your secret unless they wish it too."))
    return HttpResponseRedirect(ours(request, request.POST.get("back", ""), reverse("person", args=[pk])))


# keeping apart


@require_POST
@login_required
@never_cache
def block(request, pk: int):
    did(request, blocks.block, pk)
    messages.success(request, _("Blocked. You do not meet, see or reach each other here any more; they are not told."))
    return redirect("blocked")


@require_POST
@login_required
@never_cache
def unblock(request, pk: int):
    did(request, blocks.unblock, pk)
    messages.success(request, _("Not blocked any more."))
    return redirect("blocked")


@require_safe
@login_required
@never_cache
def blocked(request):
    rows = Block.objects.filter(by=request.user).select_related("of").order_by("of__name", "pk")
    return render(request, "people/blocked.html", {"blocks": rows, "here": "me"})


class ReportForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("Only the organisers read it. The person you report is not told who did."),
        max_length=2000,
        widget=forms.Textarea({"dir": "auto", "rows": 6}),
    )
    also_block = forms.BooleanField(label=gettext_lazy("Block this person, too"), required=False)


def known_to(request: HttpRequest):
    """Those whom somebody sees, and those they see no more because they blocked them."""
    seen_ones = Person.objects.visible_to(request.user).values("pk")
    mine = Block.objects.filter(by=me(request)).values("of")
    return Person.objects.filter(Q(pk__in=seen_ones) | Q(pk__in=mine), is_active=True)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def report(request, pk: int):
    person = get_object_or_404(known_to(request).exclude(pk=request.user.pk), pk=pk)
    form = ReportForm(request.POST or None)
    if not form.is_valid():
        return render(request, "people/report.html", {"person": person, "form": form, "here": "people"})
    spend(me(request), "report")
    did(request, reports.report, pk, form.cleaned_data["text"])
    messages.success(request, _("Thank you. The organisers have your report."))
    if form.cleaned_data["also_block"]:
        did(request, blocks.block, pk)
        return redirect("blocked")
    return redirect("people")
