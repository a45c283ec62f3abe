from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Room, Segment


class SegmentInline(admin.TabularInline):
    model = Segment
    extra = 0
    fields = ["position", "kind", "title", "who", "minutes", "people"]
    autocomplete_fields = ["people"]


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
