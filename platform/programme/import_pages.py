"""The administration's pages for taking in a schedule: upload, look at what it would change, confirm."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .forms import ScheduleForm
from .imports import read, take_in
from .models import ScheduleFile
from .schedule.shape import BadSchedule


def page(admin, request, **context):
    """`admin` is the SessionAdmin whose pages these are."""
    common = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": _("Import a schedule")}
    return render(request, "admin/programme/import.html", common | context)


def insist_allowed(admin, request) -> None:
    if not (admin.has_add_permission(request) and admin.has_change_permission(request)):
        raise PermissionDenied


def keep(request, form) -> ScheduleFile:
    ScheduleFile.objects.filter(uploaded_at__lt=timezone.now() - timedelta(days=1)).delete()
    file = form.cleaned_data["file"]
    return ScheduleFile.objects.create(
        uploaded_by=request.user, event=form.cleaned_data["event"], name=file.name[:200], content=file.read()
    )


def upload(admin, request):
    insist_allowed(admin, request)
    form = ScheduleForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return page(admin, request, form=form)
    kept = keep(request, form)
    return redirect("admin:programme_import_report", kept.pk)


def confirm(admin, request, pk: int):
    insist_allowed(admin, request)
    kept = get_object_or_404(ScheduleFile, pk=pk, uploaded_by=request.user)
    try:
        report = take_in(read(bytes(kept.content)), kept.event, request.method != "POST", request.user.pk)
    except BadSchedule as bad:
        return page(admin, request, faults=bad.faults, name=kept.name, form=ScheduleForm())
    if request.method != "POST":
        return page(admin, request, report=report, name=kept.name)
    kept.delete()
    messages.success(request, str(report))
    return redirect("admin:programme_session_changelist")
