"""What the organisers allow, on the event's own page in the administration."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programme.admin import EventAdmin

from .. import encounters
from ..models import MeetingRules


class MeetingRulesInline(admin.StackedInline):
    model = MeetingRules
    fields = [("is_open", "minutes"), ("starts_on", "ends_on"), "groups", "so_far"]
    readonly_fields = ["so_far"]
    filter_horizontal = ["groups"]

    @admin.display(description=_("how people met so far"))
    def so_far(self, _rules: MeetingRules) -> str:
        """Counts, never conversations."""
        return format_html_join(mark_safe("<br>"), "{}: {}", encounters.figures()) or gettext("Nobody has met yet.")


EventAdmin.inlines = [*EventAdmin.inlines, MeetingRulesInline]
