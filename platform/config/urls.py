"""The map of every page."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("config.pages")),
    path("", include("programme.urls")),
    path("", include("programme.people_pages")),
    path("", include("people.urls")),
    path("", include("people.reach_urls")),
    path("", include("rooms.urls")),
    path("", include("rooms.lounge.urls")),
    path("", include("rooms.meetings.urls")),
    path("", include("rooms.pair.urls")),
    path("", include("rooms.early.urls")),
    path("", include("rooms.schedule.urls")),
    path("", include("chat.urls")),
    path("live/", include("live.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo")))
