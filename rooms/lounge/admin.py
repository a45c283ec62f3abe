"""What organisers set, and how many came and met: never who met whom."""

from functools import partial

from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from live import writer

from ..models import Lounge
from . import places, rounds


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

    def get_readonly_fields(self, request, obj=None):
        """Of one that is open everybody counts on how long a round is, and how many there are."""
        is_open = obj is not None and obj.state == Lounge.State.OPEN
        return [*self.readonly_fields, "rounds", "seconds"] if is_open else self.readonly_fields

    def save_model(self, request, obj, form, change):
        """What is changed goes to the writer, alone: the clock has written the same lounge meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := {name: form.cleaned_data[name] for name in form.changed_data if name != "groups"}:
            # Not before the commit: the writer is another connection, and this one holds the database.
            transaction.on_commit(partial(writer.do, request.user.pk, rounds.arrange, obj.pk, changed))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and "groups" in form.changed_data:
            transaction.on_commit(partial(writer.do, request.user.pk, rounds.restrict, form.instance.pk))

    @admin.display(description=_("people there"))
    def people(self, lounge: Lounge) -> int:
        return places.present(lounge).count() if lounge.pk else 0

    @admin.display(description=_("meetings so far"))
    def meetings(self, lounge: Lounge) -> int:
        return lounge.matches.count() if lounge.pk else 0
