"""The administration of the programme: events, tracks, venues, sessions, and who may do what."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.access import look_again

from . import import_pages, revisions
from .context import current_event
from .models import Appearance, Document, Event, Role, Session, Star, Track, Venue

HTTPS: Mapping[type[models.Field], Mapping[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


def by_the_clocks_of(event: Event | None, view, *args):
    """A page on which times are read and written as at the event's venue."""
    with timezone.override(event.tz if event else None):
        response = view(*args)
        return response.render() if hasattr(response, "render") else response


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS
    list_display = ["name", "place", "starts_on", "ends_on", "zone", "planned", "current"]
    search_fields = ["name", "slug", "place"]
    date_hierarchy = "starts_on"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(planned_count=Count("sessions"))

    @admin.display(description=_("sessions"), ordering="planned_count")
    def planned(self, event):
        return event.planned_count

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """The slug is part of what calendars know sessions by."""
        return ["slug"] if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.current:
            Event.objects.exclude(pk=obj.pk).update(current=False)

    def has_delete_permission(self, request, obj=None):
        """With an event goes all that was said in it."""
        return request.user.is_superuser


class OfEvent(admin.ModelAdmin):
    """Tracks and venues, with how many sessions they have."""

    list_filter = ["event"]
    list_editable = ["position"]
    list_select_related = ["event"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(planned_count=Count("sessions"))

    @admin.display(description=_("sessions"), ordering="planned_count")
    def planned(self, thing):
        return thing.planned_count

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.event.save()  # its calendars and schedules are of today


@admin.register(Track)
class TrackAdmin(OfEvent):
    list_display = ["name", "event", "position", "planned"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Venue)
class VenueAdmin(OfEvent):
    list_display = ["name", "event", "capacity", "position", "planned"]
    search_fields = ["name", "description"]
    readonly_fields = ["guid"]


class AppearanceInline(admin.TabularInline):
    model = Appearance
    autocomplete_fields = ["person"]
    fields = ["person", "role", "remote", "position"]
    extra = 0


class DocumentInline(admin.TabularInline):
    model = Document
    formfield_overrides = HTTPS
    autocomplete_fields = ["language"]
    fields = ["title", "file", "url", "language", "position"]
    extra = 0


class RoleInline(admin.TabularInline):
    model = Role
    autocomplete_fields = ["person"]
    fields = ["person", "role"]
    extra = 0


class Fullness(admin.SimpleListFilter):
    """Sessions that more people starred than their venue seats."""

    title = _("stars and seats")
    parameter_name = "stars"

    def lookups(self, request, model_admin):
        return [("more", _("More stars than seats"))]

    def queryset(self, request, queryset):
        return queryset.filter(star_count__gt=F("venue__capacity")) if self.value() == "more" else queryset


def counting_stars(sessions: QuerySet) -> QuerySet:
    """Counted apart: a search joins speakers, and each would count every star again."""
    counted = Star.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk"))
    return sessions.annotate(star_count=Coalesce(Subquery(counted.values("n")), 0))


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS
    change_list_template = "admin/programme/session_list.html"
    actions = ["cancel", "reinstate"]
    inlines = [AppearanceInline, RoleInline, DocumentInline]
    list_display = ["title", "when", "track", "venue", "seats", "starred_by", "participation", "cancelled"]
    list_filter = ["event", Fullness, "track", "venue", "format", "participation", "cancelled", "groups", "languages"]
    list_select_related = ["event", "track", "venue"]
    list_per_page = 50
    search_fields = ["title", "subtitle", "abstract", "code", "appearances__person__name"]
    date_hierarchy = "starts_at"
    ordering = ["-event__current", "starts_at"]
    autocomplete_fields = ["event", "track", "venue", "languages", "themes", "groups"]
    readonly_fields = ["guid", "imported", "revision", "changed_at"]
    fieldsets = [
        (None, {"fields": ["event", "title", "subtitle", "code", "abstract", "description"]}),
        (
            _("When and where"),
            {
                "fields": ["starts_at", "ends_at", "venue", "participation", "cancelled"],
                "description": _("Times are those of the clocks at the event’s venue."),
            },
        ),
        (_("What"), {"fields": ["format", "kind", "track", "languages", "themes", "recorded"]}),
        (_("For whom"), {"fields": ["groups", "registration_url"]}),
        (_("Elsewhere"), {"fields": ["url", "guid", "imported", "revision", "changed_at"]}),
    ]

    def get_queryset(self, request):
        return counting_stars(super().get_queryset(request))

    @admin.display(description=_("stars"), ordering="star_count")
    def starred_by(self, session):
        return session.star_count

    @admin.display(description=_("seats"), ordering="venue__capacity")
    def seats(self, session):
        return session.venue.capacity if session.venue else None

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, session):
        starts, ends = (moment.astimezone(session.event.tz) for moment in (session.starts_at, session.ends_at))
        return f"{date_format(starts, 'D j M', use_l10n=False)} {starts:%H:%M}–{ends:%H:%M}"

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["title"]}

    def changelist_view(self, request, extra_context=None):
        return by_the_clocks_of(current_event(), super().changelist_view, request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        session = self.get_object(request, object_id) if object_id else None
        event = session.event if session else current_event()
        return by_the_clocks_of(event, super().changeform_view, request, object_id, form_url, extra_context)

    def get_changeform_initial_data(self, request):
        event = current_event()
        return {"event": event.pk} if event else {}

    def save_model(self, request, obj, form, change):
        revisions.revise(obj, form.changed_data if change else [])

    def save_formset(self, request, form, formset, change):
        for one in formset.forms:
            if isinstance(one.instance, Role):
                one.instance.event = form.instance.event
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        narrowed = {"groups", "cancelled"} & set(form.changed_data)
        look_again(request.user.pk, concerned(formsets), revisions.doors([form.instance] if narrowed else []))

    def has_delete_permission(self, request, obj=None):
        """With a session goes all that was said in it: organisers cancel."""
        return request.user.is_superuser

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel(self, request, queryset):
        cancelled = revisions.cancel(queryset)
        look_again(request.user.pk, [], revisions.doors(cancelled))
        said = ngettext("%(count)s session cancelled.", "%(count)s sessions cancelled.", len(cancelled))
        self.message_user(request, said % {"count": len(cancelled)})

    @admin.action(description=_("Let take place after all"), permissions=["change"])
    def reinstate(self, request, queryset):
        count = len(revisions.cancel(queryset, cancelled=False))
        said = ngettext("%(count)s session takes place.", "%(count)s sessions take place.", count)
        self.message_user(request, said % {"count": count})

    def get_urls(self):
        def door(page):
            return self.admin_site.admin_view(partial(page, self))

        return [
            path("import/", door(import_pages.upload), name="programme_import"),
            path("import/<int:pk>/", door(import_pages.confirm), name="programme_import_report"),
            *super().get_urls(),
        ]


def concerned(formsets: Iterable) -> set[int]:
    """People who were given a part or a role in these forms, or lost one."""
    forms = [form for formset in formsets if formset.model in (Appearance, Role) for form in formset.forms]
    changed = [form for form in forms if form.has_changed()]
    return {one for form in changed for one in (form.initial.get("person"), form.instance.person_id) if one}


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    list_display = ["person", "role", "event", "session"]
    list_filter = ["role", "event", ("session", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "event", "session"]
    search_fields = ["person__name", "person__email", "session__title"]
    autocomplete_fields = ["person", "event", "session"]
    ordering = ["event", "role", "person__name"]

    def get_readonly_fields(self, request, obj=None):
        return ["person", "event", "session"] if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        look_again(request.user.pk, [obj.person_id])

    def delete_model(self, request, obj):
        look_again(request.user.pk, [obj.person_id])
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        look_again(request.user.pk, list(queryset.values_list("person", flat=True)))
        super().delete_queryset(request, queryset)
