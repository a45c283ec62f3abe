"""The administration's pages for importing people: upload, look at the report, confirm."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..forms import RosterForm
from ..models import Roster
from . import plan
from .columns import columns
from .table import BYTES, text_of

SHOWN = 500  # lines on the page


def page(admin, request, **context):
    """`admin` is the PersonAdmin whose pages these are."""
    if not (admin.has_add_permission(request) and admin.has_change_permission(request)):
        raise PermissionDenied
    common = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": _("Import people")}
    return render(request, "admin/people/import.html", common | context)


def keep(request, filename: str, text: str) -> Roster:
    Roster.objects.filter(uploaded_at__lt=timezone.now() - timedelta(days=1)).delete()
    return Roster.objects.create(uploaded_by=request.user, filename=filename[:200], content=text)


def upload(admin, request):
    form = RosterForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return page(admin, request, form=form, columns=list(columns()))
    table = form.cleaned_data["table"]
    content = table.read(BYTES + 1)
    report = plan.of_file(content, plan.report_on)
    if report.problems:
        return page(admin, request, form=RosterForm(), columns=list(columns()), report=report, shown=SHOWN)
    return redirect("admin:people_import_report", keep(request, table.name, text_of(content)).pk)


def confirm(admin, request, pk: int):
    roster = get_object_or_404(Roster, pk=pk, uploaded_by=request.user)
    if request.method != "POST":
        return page(admin, request, roster=roster, report=plan.report_on(roster.content), shown=SHOWN)
    report = plan.take_in(roster.content, request.user.pk)
    if report.problems:
        return page(admin, request, roster=roster, report=report, shown=SHOWN)
    roster.delete()
    said = _("Imported: %(new)s new, %(changed)s changed, %(same)s as before.")
    messages.success(request, said % {"new": len(report.new), "changed": len(report.changed), "same": report.same})
    return redirect("admin:people_person_changelist")
