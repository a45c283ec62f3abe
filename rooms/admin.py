from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programme.models import Document

from .lounge import admin as lounge_admin  # noqa: F401
from .meetings import admin as meetings_admin  # noqa: F401
from .models import Room, Segment


class SegmentInline(admin.StackedInline):
    """Before the room opens; from then on at the desk, where everybody hears of it."""

    model = Segment
    extra = 0
    fields = [
        ("position", "kind", "minutes"), ("title", "who"), ("remote", "confirmed"), "people", "documents", "notes",
    ]  # fmt: skip
    autocomplete_fields = ["people"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            return forms.ChoiceField(choices=Segment.Kind.choices, label=db_field.verbose_name)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "documents":
            here = request.resolver_match.kwargs["object_id"]
            kwargs["queryset"] = Document.objects.filter(session__room=here)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request, obj=None):
        return is_ahead(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return is_ahead(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return is_ahead(obj) and super().has_delete_permission(request, obj)


def is_ahead(room: Room | None) -> bool:
    return room is None or room.state == Room.State.SCHEDULED


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    """Number and running order; what goes on inside is changed at the desk, where everybody hears of it."""

    list_display = ["session", "code", "state", "moderation", "questions_open", "votes_open"]
    list_filter = ["state", "session__event"]
    list_select_related = ["session"]
    search_fields = ["code", "session__title", "session__code"]
    search_help_text = _("Number or session")
    ordering = ["session__starts_at"]
    fields = [
        "session", "code", "state", "moderation", "anonymity", "questions_open", "votes_open",
        "opened_at", "live_at", "ended_at",
    ]  # fmt: skip
    inlines = [SegmentInline]

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.fields if name != "code"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
