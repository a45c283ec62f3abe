"""What people fill in. Every text field takes any script and any direction."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .audience import FIELDS, LABELS, audience_of
from .listing import relist
from .models import Language, Person, Theme
from .photos import portrait
from .themes import tag_code

LINE = {"class": "input", "dir": "auto"}
TAGS = 12


def line(**attrs) -> forms.TextInput:
    return forms.TextInput(LINE | attrs)


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput({"class": "input", "dir": "ltr", "autocomplete": "email", "autofocus": True}),
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(
            {"class": "input", "dir": "ltr", "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name as you write it"),
        help_text=_("In any script. It is shown as it stands."),
        max_length=120,
        widget=line(autocomplete="name", autofocus=True),
    )


class PortraitField(forms.FileField):
    """A photo, made harmless. An unchanged or taken-away photo passes as it is."""

    widget = forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data, initial=None):
        given = super().clean(data, initial)
        return portrait(given) if data and given is data else given


class PersonForm(forms.ModelForm):
    """What the profile and the administration have in common."""

    photo = PortraitField(label=_("Photo"), required=False)

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def save(self, commit=True):
        before = self.initial.get("photo")
        saved = super().save(commit)
        if before and "photo" in self.changed_data:
            transaction.on_commit(lambda: before.storage.delete(before.name))
        return saved


class Themes(forms.ModelMultipleChoiceField):
    def __init__(self, kind, **options):
        boxes = forms.CheckboxSelectMultiple()
        super().__init__(Theme.objects.filter(kind=kind), required=False, widget=boxes, **options)


class TagsField(forms.CharField):
    """Tags divided by commas; cleans to a list of names, each once."""

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else ", ".join(tag.name for tag in value)

    def clean(self, value):
        named = {tag_code(name): name.strip() for name in super().clean(value).replace("،", ",").split(",")}
        named.pop("", None)
        if len(named) > TAGS:
            raise ValidationError(_("Please choose at most %(count)s tags."), params={"count": TAGS})
        if any(len(name) > 40 for name in named.values()):
            raise ValidationError(_("A tag has at most 40 characters."))
        return list(named.values())


class ChosenForm(forms.ModelForm):
    """For forms in which a person says whether they want to be found and reached."""

    CHOICES = ["listed", "takes_messages", "takes_meetings", "takes_video"]
    HINTS = {
        "listed": _("By name, and by what you show to everybody."),
        "takes_messages": _("Somebody new writes two lines; you accept, or not now."),
        "takes_meetings": _("At hours that suit you both. Nothing is fixed until you accept."),
        "takes_video": _("In a room for two. Otherwise by voice or in writing."),
    }

    @transaction.atomic
    def save(self, commit=True):
        self.instance.chosen_at = self.instance.chosen_at or timezone.now()
        return super().save(commit)


class YesOrNo(forms.TypedChoiceField):
    widget = forms.RadioSelect

    def __init__(self, **options):
        answers = [("yes", _("Yes")), ("no", _("No"))]
        super().__init__(choices=answers, coerce=lambda answer: answer == "yes", **options)

    def prepare_value(self, value):
        return value if isinstance(value, str) else "yes" if value else "no"


class ChoicesForm(ChosenForm):
    """Each asked for itself; whoever says nothing has said no."""

    listed = YesOrNo(label=_("May others find you in the directory?"))
    takes_messages = YesOrNo(label=_("May people you don’t know write to you?"))
    takes_meetings = YesOrNo(label=_("May people propose to meet you?"))
    takes_video = YesOrNo(label=_("Would you meet by video?"))

    class Meta:
        model = Person
        fields = ChosenForm.CHOICES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.CHOICES:
            self.fields[name].help_text = self.HINTS[name]

    def save(self, commit=True):
        person = super().save(commit)
        relist([person.pk])
        return person


class ProfileForm(ChosenForm, PersonForm):
    UNSAID = {
        "country": _("Rather not say"),
        "stakeholder": _("Rather not say"),
        "zone": _("As on my device"),
        "language": _("As my browser asks"),
    }

    languages = forms.ModelMultipleChoiceField(
        Language.objects.all(), label=_("Languages I speak"), required=False, widget=forms.CheckboxSelectMultiple
    )
    action_lines = Themes(Theme.Kind.ACTION_LINE, label=_("Action Lines"))
    goals = Themes(Theme.Kind.GOAL, label=_("Sustainable Development Goals"))
    tags = TagsField(
        label=_("In your own words"),
        help_text=_("Divided by commas, such as: smart water, open data"),
        required=False,
        max_length=600,
        widget=line(),
    )
    offers = TagsField(
        label=_("What I offer"),
        help_text=_("Divided by commas, such as: procurement clauses, a second pair of eyes"),
        required=False,
        max_length=600,
        widget=line(),
    )
    seeks = TagsField(
        label=_("What I’m looking for"),
        help_text=_("Divided by commas, such as: a pilot city, interpreters into Arabic"),
        required=False,
        max_length=600,
        widget=line(),
    )

    class Meta:
        model = Person
        fields = [
            *ChosenForm.CHOICES,
            "shares_read",
            "name",
            "honorific",
            "job_title",
            "organisation",
            "country",
            "stakeholder",
            "photo",
            "bio",
            "languages",
            "pronouns",
            "gender",
            "shown_to",
            "zone",
            "language",
        ]
        labels = {
            "name": _("Name as you write it"),
            "language": _("Language of the pages"),
            "listed": _("Others find me in the directory"),
            "takes_messages": _("People I don’t know may write to me"),
            "takes_meetings": _("People may propose to meet me"),
            "takes_video": _("I meet by video"),
            "shares_read": _("Whoever writes to me sees how far I have read, and I see it of them"),
        }
        help_texts = ChosenForm.HINTS | {
            "name": _("In any script. It is shown as it stands."),
            "honorific": _("Such as H.E., Dr or Prof."),
            "zone": _("The programme can show its times in it."),
        }
        widgets = {
            "name": line(autocomplete="name"),
            "honorific": line(autocomplete="honorific-prefix"),
            "job_title": line(autocomplete="organization-title"),
            "organisation": line(autocomplete="organization"),
            "country": forms.Select({"autocomplete": "country"}),
            "bio": forms.Textarea({"dir": "auto", "rows": 4}),
            "pronouns": line(autocomplete="off"),
            "gender": line(autocomplete="sex"),
            "shown_to": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, unsaid in self.UNSAID.items():
            field: Any = self.fields[name]
            field.choices = [("", unsaid), *(choice for choice in field.choices if choice[0])]
        self._fill_tags()
        for name in FIELDS:
            self.fields[f"seen_{name}"] = self._audience(name)

    def _fill_tags(self):
        interests = list(self.instance.interests.all())
        for field, kind in (("action_lines", "action_line"), ("goals", "goal"), ("tags", "tag")):
            self.initial[field] = [theme for theme in interests if theme.kind == kind]
        for field in ("offers", "seeks"):
            self.initial[field] = list(getattr(self.instance, field).all())

    def _audience(self, name: str) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=LABELS[name],
            choices=Person.Audience.choices,
            initial=audience_of(self.instance, name),
            required=False,
        )

    @property
    def audiences(self):
        return [self[f"seen_{name}"] for name in FIELDS]

    @property
    def choices(self):
        return [self[name] for name in self.CHOICES]

    @transaction.atomic
    def save(self, commit=True):
        self.instance.audiences |= {name: self.cleaned_data[f"seen_{name}"] for name in FIELDS if self._is_said(name)}
        person = super().save(commit)
        chosen = [*self.cleaned_data["action_lines"], *self.cleaned_data["goals"]]
        person.interests.set([*chosen, *self._tags("tags")])
        person.offers.set(self._tags("offers"))
        person.seeks.set(self._tags("seeks"))
        relist([person.pk])
        return person

    def _is_said(self, name: str) -> bool:
        return bool(self.cleaned_data[f"seen_{name}"])

    def _tags(self, field: str) -> list[Theme]:
        return [Theme.objects.tag(name) for name in self.cleaned_data[field]]


class RosterForm(forms.Form):
    table = forms.FileField(
        label=_("Table as CSV"), help_text=_("UTF-8, at most 5 MB and 20,000 people"), max_length=200
    )
