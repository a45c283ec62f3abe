"""What organisers set, and how many came and met: never who met whom."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Lounge
from . import places


@admin.register(Lounge)
class LoungeAdmin(admin.ModelAdmin):
    list_display = ["title", "event", "starts_at", "state", "round", "people", "meetings"]
    list_filter = ["event", "state"]
    fields = [
        "event", "title", ("starts_at", "ends_at"), ("rounds", "seconds"), "groups",
        ("region_weight", "stakeholder_weight"), ("state", "people", "meetings"),
    ]  # fmt: skip
    readonly_fields = ["people", "meetings"]
    filter_horizontal = ["groups"]

    @admin.display(description=_("people there"))
    def people(self, lounge: Lounge) -> int:
        return places.present(lounge).count() if lounge.pk else 0

    @admin.display(description=_("meetings so far"))
    def meetings(self, lounge: Lounge) -> int:
        return lounge.matches.count() if lounge.pk else 0
