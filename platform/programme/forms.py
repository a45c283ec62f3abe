from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Event
from .schedule.shape import LARGEST, MEGABYTE


class ScheduleForm(forms.Form):
    """A schedule to look at. What is in it is checked when it is read; here only that it is not too large to read."""

    file = forms.FileField(label=_("Schedule"), help_text=_("JSON or XML, as frab and pretalx export it"))
    event = forms.ModelChoiceField(
        Event.objects.all(),
        label=_("Event"),
        required=False,
        empty_label=_("The one that the file names"),
        help_text=_("Choose one if the file calls it otherwise."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            text = _("The file is larger than %(count)s MB.")
            raise forms.ValidationError(text, params={"count": LARGEST // MEGABYTE})
        return file
