from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Conversation, Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """The record of sessions, to look into: writing is for the people in the room, conversations are their own."""

    list_display = ["conversation", "number", "author", "text", "at", "removed"]
    list_filter = [("removed", admin.AllValuesFieldListFilter), ("conversation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["conversation__session", "author"]
    search_fields = ["text", "author__name"]
    search_help_text = _("Words or author")
    date_hierarchy = "at"
    ordering = ["-at"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(conversation__kind=Conversation.Kind.SESSION)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
