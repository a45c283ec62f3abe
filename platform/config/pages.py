"""Pages that belong to no part of the house: language, health."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from people.models import Person
from people.ways import ours


@require_POST
def choose_language(request):
    answer = HttpResponseRedirect(ours(request, request.POST.get("back", "")))
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
        )
        if request.user.is_authenticated:
            Person.objects.filter(pk=request.user.pk).update(language=language)
    return answer


@require_GET
def health(_request):
    connection.ensure_connection()
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [path("language", choose_language, name="language"), path("health", health, name="health")]
