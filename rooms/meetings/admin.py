"""What the organisers allow, on the event's own page in the administration."""

from django.contrib import admin

from programme.admin import EventAdmin

from ..models import MeetingRules


class MeetingRulesInline(admin.StackedInline):
    model = MeetingRules
    fields = [("is_open", "minutes"), ("starts_on", "ends_on"), "groups"]
    filter_horizontal = ["groups"]


EventAdmin.inlines = [*EventAdmin.inlines, MeetingRulesInline]
