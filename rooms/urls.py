from django.urls import path

from . import desk_pages, views

urlpatterns = [
    path("r/<slug:code>", views.short, name="short"),
    path("session/<slug:code>/room", views.enter, name="enter"),
    path("room/<slug:code>/", views.room, name="room"),
    path("room/<slug:code>/ask/", views.ask, name="room-ask"),
    path("room/<slug:code>/vote/", views.vote, name="room-vote"),
    path("room/<slug:code>/edit/", views.edit, name="room-edit"),
    path("room/<slug:code>/withdraw/", views.withdraw, name="room-withdraw"),
    path("room/<slug:code>/speaker", views.speaker, name="room-speaker"),
    path("room/<slug:code>/answer/", views.answer, name="room-answer"),
    path("room/<slug:code>/projector", views.projector, name="room-projector"),
    path("room/<slug:code>/desk", desk_pages.desk, name="room-desk"),
    path("room/<slug:code>/desk/act/", desk_pages.act, name="room-act"),
]
