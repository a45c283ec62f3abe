from django.urls import include, path
from django.views.generic import RedirectView

from . import views
from .floor import views as floor_views
from .polls import views as poll_views
from .show import views as show_views
from .stage import whip

urlpatterns = [
    path("session/<slug:code>/enter", views.enter, name="enter"),
    path("r/<str:code>", RedirectView.as_view(pattern_name="room"), name="room-short"),
    path("room/<str:code>/", views.room, name="room"),
    path("room/<str:code>/ask/", views.ask, name="room-ask"),
    path("room/<str:code>/vote/", views.vote, name="room-vote"),
    path("room/<str:code>/edit/", views.edit, name="room-edit"),
    path("room/<str:code>/withdraw/", views.withdraw, name="room-withdraw"),
    path("room/<str:code>/hand/", floor_views.hand, name="room-hand"),
    path("room/<str:code>/poll/", poll_views.vote, name="room-poll"),
    path("room/<str:code>/desk", views.desk, name="desk"),
    path("room/<str:code>/desk/do", views.desk_do, name="desk-do"),
    path("room/<str:code>/speaker", views.speaker, name="speaker"),
    path("room/<str:code>/speaker/answer", views.answer, name="answer"),
    path("room/<str:code>/speaker/read", show_views.acknowledge, name="notice-read"),
    path("room/<str:code>/backstage", views.green_room, name="backstage"),
    path("room/<str:code>/projector", views.projector, name="projector"),
    path("room/<str:code>/export.csv", views.export_csv, name="export.csv"),
    path("room/<str:code>/export.json", views.export_json, name="export.json"),
    path("room/<str:code>/", include(whip.doors.urls)),
    path("room/<str:code>/show.csv", show_views.export_csv, name="show.csv"),
    path("room/<str:code>/show.json", show_views.export_json, name="show.json"),
    path("room/<str:code>/show/import", show_views.take, name="show-import"),
    path("room/<str:code>/speakers.csv", floor_views.export_csv, name="speakers.csv"),
    path("room/<str:code>/speakers.json", floor_views.export_json, name="speakers.json"),
    path("room/<str:code>/polls.csv", poll_views.export_csv, name="polls.csv"),
    path("room/<str:code>/polls.json", poll_views.export_json, name="polls.json"),
]
