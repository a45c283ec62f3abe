"""The administration of people: who is here, which groups they are in, whom we invited."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField, UserChangeForm
from django.contrib.auth.models import Group as Permissions
from django.db import transaction
from django.db.models import Count, Q
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from live.refusal import sentence

from . import countries, invitations, search
from .access import look_again
from .forms import PersonForm
from .listing import relist
from .models import Group, Invitation, InvitationUse, Language, Person, Theme
from .roster import pages

admin.site.site_header = admin.site.site_title = _("Plenary, administration")
admin.site.unregister(Permissions)  # rights in the administration are is_staff and is_superuser: people.access

AT_ONCE = 500
CONSENTS = ["listed", "takes_messages", "takes_meetings", "takes_video"]
FILTERS = {"stakeholder", "groups_in", "is_active", "is_staff", "shown_to", "languages", "country", "listed"}


class NewPersonForm(PersonForm):
    class Meta:
        model = Person
        fields = ["email", "name"]


class ChangePersonForm(PersonForm, UserChangeForm):
    password = ReadOnlyPasswordHashField(
        label=_("Password"),
        help_text=_("Only people who use the administration may need one; everybody signs in by e-mail."),
    )

    class Meta:
        model = Person
        exclude = ["pronouns", "gender", "groups", "user_permissions", *CONSENTS, "shares_read", "mails"]


class GroupChoice(ActionForm):
    group = forms.ModelChoiceField(Group.objects.all(), label=_("Group:"), required=False)


class CountryFilter(admin.SimpleListFilter):
    """Only countries that somebody comes from."""

    title, parameter_name = _("country"), "country"

    def lookups(self, request, model_admin):
        there = set(Person.objects.order_by().values_list("country", flat=True).distinct())
        return [(code, name) for code, name in countries.names().items() if code in there]

    def queryset(self, request, queryset):
        return queryset.filter(country=self.value()) if self.value() else queryset


@admin.register(Person)
class PersonAdmin(UserAdmin):
    add_form, form = NewPersonForm, ChangePersonForm
    action_form = GroupChoice
    actions = ["send_invitations", "add_to_group", "take_out_of_group"]
    change_list_template = "admin/people/person_list.html"
    list_display = ["name", "email", "job_title", "organisation", "country", "stakeholder", "is_active", "last_login"]
    list_filter = [
        "stakeholder",
        "groups_in",
        "is_active",
        "is_staff",
        "shown_to",
        "listed",
        ("languages", admin.RelatedOnlyFieldListFilter),
        CountryFilter,
    ]
    list_per_page = 50
    search_fields = ["name", "email", "job_title", "organisation"]
    ordering = ["name"]
    autocomplete_fields = ["groups_in", "languages", "interests", "offers", "seeks"]
    filter_horizontal = []
    # What people agreed to, only they change.
    readonly_fields = ["last_login", "joined_at", "invited", "chosen_at", *CONSENTS]
    add_fieldsets = [(None, {"fields": ["email", "name"]})]
    fieldsets = [
        (None, {"fields": ["email", "name", "honorific", "job_title", "organisation", "country", "stakeholder"]}),
        (_("Profile"), {"fields": ["photo", "bio", "languages", "interests", "shown_to", "zone", "language"]}),
        (_("Meeting people"), {"fields": ["offers", "seeks", "chosen_at", *CONSENTS]}),
        (_("Groups"), {"fields": ["groups_in"]}),
        (_("Signing in"), {"fields": ["is_active", "invited", "last_login", "joined_at", "password"]}),
        (_("Administration"), {"fields": ["is_staff", "is_superuser"]}),
    ]

    def lookup_allowed(self, lookup, value, request=None):
        """By the page's own filters only: an address could otherwise ask who wrote question 57, or for a gender."""
        return lookup.partition("__")[0] in FILTERS

    @admin.display(description=_("invitations"))
    def invited(self, person):
        address = reverse("admin:people_invitation_changelist") + f"?person__id__exact={person.pk}"
        return format_html('<a href="{}">{}</a>', address, person.invitations.count())

    def get_readonly_fields(self, request, obj=None):
        rights = [] if request.user.is_superuser else ["is_staff", "is_superuser"]
        return [*super().get_readonly_fields(request, obj), *rights]

    def has_change_permission(self, request, obj=None):
        """Whoever can change an e-mail or a password can sign in as that person: staff is changed by superusers."""
        protected = obj is not None and (obj.is_staff or obj.is_superuser) and obj != request.user
        return super().has_change_permission(request, obj) and (request.user.is_superuser or not protected)

    def has_delete_permission(self, request, obj=None):
        """What people said stays on record: they are made inactive, and only superusers erase them."""
        return request.user.is_superuser

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        photo, name = obj.photo, obj.photo.name
        look_again(request.user.pk, [obj.pk])
        gone = obj.pk
        super().delete_model(request, obj)
        search.forget([gone])
        if name:
            transaction.on_commit(lambda: photo.storage.delete(name))

    def delete_queryset(self, request, queryset):
        for person in queryset:
            self.delete_model(request, person)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        relist([form.instance.pk])
        if {"groups_in", "is_active"} & set(form.changed_data):
            look_again(request.user.pk, [form.instance.pk])

    def chosen_group(self, request) -> Group | None:
        group = Group.objects.filter(pk=request.POST.get("group") or 0).first()
        if group is None:
            self.message_user(request, gettext("Choose a group beside the action first."), messages.WARNING)
        return group

    @admin.action(description=_("Add to the group"), permissions=["change"])
    def add_to_group(self, request, queryset):
        if group := self.chosen_group(request):
            people = list(queryset.exclude(groups_in=group))
            group.people.add(*people)
            self.moved(request, people)

    @admin.action(description=_("Take out of the group"), permissions=["change"])
    def take_out_of_group(self, request, queryset):
        if group := self.chosen_group(request):
            people = list(queryset.filter(groups_in=group))
            group.people.remove(*people)
            self.moved(request, people)

    def moved(self, request, people):
        look_again(request.user.pk, [person.pk for person in people])
        said = ngettext("%(count)s person changed.", "%(count)s people changed.", len(people))
        self.message_user(request, said % {"count": len(people)})

    @admin.action(description=_("Create and send invitations"), permissions=["change"])
    def send_invitations(self, request, queryset):
        people = list(queryset.filter(is_active=True, is_staff=False, is_superuser=False).with_mail())
        if len(people) > AT_ONCE:
            said = gettext("Please choose at most %(count)s people at a time.") % {"count": AT_ONCE}
            self.message_user(request, said, messages.WARNING)
        else:
            later, never = invitations.send(people, request)
            self.tell_what_was_sent(request, len(people) - len(later) - len(never), later, never)

    def tell_what_was_sent(self, request, sent, later, never):
        if later:
            self.message_user(request, sentence("email.not_sent", get_language()), messages.ERROR)
        if never:
            said = gettext("The mail server refuses these addresses: %(addresses)s")
            refused = said % {"addresses": ", ".join(person.email for person in never)}
            self.message_user(request, refused, messages.ERROR)
        said = ngettext("%(count)s invitation sent.", "%(count)s invitations sent.", sent) % {"count": sent}
        self.message_user(request, said, messages.SUCCESS if sent else messages.WARNING)

    def get_urls(self):
        def door(page):
            return self.admin_site.admin_view(partial(page, self))

        return [
            path("import/", door(pages.upload), name="people_import"),
            path("import/<int:pk>/", door(pages.confirm), name="people_import_report"),
            *super().get_urls(),
        ]


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "members"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["members"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(members_count=Count("people"))

    @admin.display(description=_("people"), ordering="members_count")
    def members(self, group):
        address = reverse("admin:people_person_changelist") + f"?groups_in__id__exact={group.pk}"
        return format_html('<a href="{}">{}</a>', address, group.members_count) if group.pk else ""

    def get_deleted_objects(self, objs, request):
        """A group that something is restricted to stays: without it, that would be open to everybody."""
        *told, protected = super().get_deleted_objects(objs, request)
        return *told, [*protected, *(str(group) for group in objs if restricts(group))]


def restricts(group: Group) -> bool:
    """Whether anything but people belongs to the group; what that is, the floors above know."""
    relations: list[Any] = [found for found in Group._meta.related_objects if found.related_model is not Person]
    return any(found.related_model.objects.filter(**{found.field.name: group}).exists() for found in relations)


class State(admin.SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request, model_admin):
        return [("standing", _("Valid")), ("expired", _("Expired")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request, queryset):
        if self.value() == "withdrawn":
            return queryset.exclude(withdrawn_at=None)
        if self.value() == "expired":
            return queryset.filter(withdrawn_at=None, expires_at__lte=timezone.now())
        return queryset.standing() if self.value() else queryset


class UseInline(admin.TabularInline):
    model = InvitationUse
    fields = ["at"]
    readonly_fields = ["at"]
    can_delete = False
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Invitations are made by an action on people and end by being withdrawn; nobody writes or reads their secrets."""

    actions = ["withdraw"]
    inlines = [UseInline]
    list_display = ["person", "email", "sent_at", "expires_at", "withdrawn_at", "devices"]
    list_filter = [State, "sent_at"]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__email"]
    date_hierarchy = "sent_at"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(devices_count=Count("uses"))

    @admin.display(description=_("e-mail"), ordering="person__email")
    def email(self, invitation):
        return invitation.person.email

    @admin.display(description=_("devices"), ordering="devices_count")
    def devices(self, invitation):
        return invitation.devices_count

    @admin.action(description=_("Withdraw"), permissions=["view"])
    def withdraw(self, request, queryset):
        count = invitations.withdraw(queryset)
        said = ngettext("%(count)s invitation withdrawn.", "%(count)s invitations withdrawn.", count)
        self.message_user(request, said % {"count": count})

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WordAdmin(admin.ModelAdmin):
    """For what profiles are made of: the directory follows."""

    def whose(self, obj) -> list[int]:
        """Ids of the people in whose profiles it stands."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        relist(self.whose(obj))

    def delete_model(self, request, obj):
        people = self.whose(obj)
        super().delete_model(request, obj)
        relist(people)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)


@admin.register(Theme)
class ThemeAdmin(WordAdmin):
    list_display = ["code", "name", "kind"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]

    def whose(self, obj):
        named = Q(interests=obj) | Q(offers=obj) | Q(seeks=obj)
        return list(Person.objects.filter(named).values_list("pk", flat=True))


@admin.register(Language)
class LanguageAdmin(WordAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def whose(self, obj):
        return list(obj.person_set.values_list("pk", flat=True))


from . import report_admin  # noqa: E402, F401 -- registers itself
