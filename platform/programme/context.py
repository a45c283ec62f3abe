from django.utils.functional import SimpleLazyObject

from .models import Event


def current_event() -> Event | None:
    return Event.objects.filter(current=True).first()


def forum_of(request) -> Event | None:
    """The forum that this request's pages belong to, looked up once."""
    if not hasattr(request, "forum"):
        request.forum = current_event()
    return request.forum


def forum(request):
    """Every page names the forum it belongs to."""
    return {"forum": SimpleLazyObject(lambda: forum_of(request))}
