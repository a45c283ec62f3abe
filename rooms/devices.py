"""Which pages may ask for a camera and a microphone: those of a room, and no others."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse

POLICY = (
    "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), autoplay=(self), "
    "picture-in-picture=(self), fullscreen=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=()"
)


def with_devices(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(page)
    def allowed(*args, **kwargs) -> HttpResponse:
        response = page(*args, **kwargs)
        response["Permissions-Policy"] = POLICY
        return response

    return allowed
