"""The administration of reports: what people told the organisers about each other, and what was done about it."""

# ruff: noqa: ARG002 -- as in every admin.py, Django says what its hooks are given

from typing import Any

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import Report


class Settled(admin.SimpleListFilter):
    title, parameter_name = _("settled"), "settled"

    def lookups(self, request, model_admin):
        return [("no", _("Still open")), ("yes", _("Settled"))]

    def queryset(self, request, queryset):
        return queryset.filter(settled_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """A report stays as it was made; whoever writes what was done about it settles it."""

    list_display = ["at", "by", "about", "settled_at"]
    list_filter = [Settled]
    list_select_related = ["by", "about"]
    search_fields = ["by__name", "about__name"]
    fields = ["at", "by", "about", "text", "shown", "verdict", "settled_at", "settled_by"]
    readonly_fields = ["at", "by", "about", "text", "shown", "settled_at", "settled_by"]

    def get_queryset(self, request):
        """Nobody judges what is said about themselves."""
        return super().get_queryset(request).exclude(about=request.user)

    @admin.display(description=_("evidence"))
    def shown(self, report) -> str:
        return _evidence(report.evidence) if report.evidence else gettext("None was given.")

    def save_model(self, request, obj, form, change):
        if "verdict" in form.changed_data:
            obj.settled_at, obj.settled_by = (timezone.now(), request.user) if obj.verdict else (None, None)
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """Only together with somebody whom a superuser erases."""
        here = request.resolver_match
        return request.user.is_superuser and here is not None and (here.url_name or "").startswith("people_person_")


def _evidence(given: dict[str, Any]) -> SafeString:
    """Said by people who may mean harm: all of it is escaped."""
    record = gettext("Record: %(topic)s, entry %(seq)s, hash %(hash)s") % {
        name: given.get(name, "") for name in ("topic", "seq", "hash")
    }
    said = ((it["number"], _message(it)) for it in given.get("messages", []))
    messages = format_html_join("", '<li value="{}">{}</li>', said)
    return format_html("<ol>{}</ol><p>{}</p>", messages, record)


def _message(it: dict[str, Any]) -> SafeString:
    head = format_html("<strong>{}</strong>, {}", it["name"], _when(it["at"]))
    gone = format_html(" ({})", gettext("taken away later")) if it["removed"] else ""
    texts = format_html_join("", "<p dir='auto'>{}</p>", ((text,) for text in it["texts"]))
    files = format_html_join("", "<p>{}</p>", ((_file(each),) for each in it.get("files", [])))
    return format_html("{}{}{}{}", head, gone, texts, files)


def _when(moment: str) -> str:
    at = parse_datetime(moment)
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else moment


def _file(it: dict[str, Any]) -> SafeString:
    told = (it["name"], it["type"], filesizeformat(it["size"]))
    return format_html('<a href="{}">{}</a>, {}, {}', it["path"], *told)
