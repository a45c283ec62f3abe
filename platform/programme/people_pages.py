"""A person's page: who they are, and where they take part."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people.models import Person

from . import stars
from .context import forum_of
from .views import clocks_for


@never_cache
@login_required
@require_safe
def person(request, pk: int):
    """Found only by those to whom the person shows it."""
    shown = get_object_or_404(Person.objects.visible_to(request.user).prefetch_related("languages", "interests"), pk=pk)
    event = forum_of(request)
    parts = shown.appearances.filter(session__event=event, session__cancelled=False).order_by("session__starts_at")
    sessions, now = [part.session for part in parts.select_related("session")], timezone.now()
    return render(
        request,
        "programme/person.html",
        {
            "person": shown,
            "parts": parts.select_related("session__venue"),
            "starred": stars.starred(request.user, sessions),
            "open": stars.open_to(request.user, sessions),
            "now": now,
            "clocks": clocks_for(request, event, now) if event else None,
            "here": "me" if shown == request.user else "",
        },
    )


urlpatterns = [path("person/<int:pk>/", person, name="person")]
