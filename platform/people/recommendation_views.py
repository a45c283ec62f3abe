from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from . import recommendations
from .ties_views import did


@require_POST
@login_required
@never_cache
def not_interested(request: HttpRequest, pk: int) -> HttpResponse:
    did(request, recommendations.not_interested, pk)
    return redirect(reverse("people") + "#meet")
