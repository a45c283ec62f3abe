from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from . import tickets


@require_GET
@never_cache
def ticket(request: HttpRequest) -> HttpResponse:
    """A new ticket for a page that has been open for longer than its first one lasts; 401 once signed out."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"ticket": tickets.ticket(request.user.pk, get_language()), "within": tickets.SECONDS})
