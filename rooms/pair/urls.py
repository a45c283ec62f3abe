from django.urls import include, path

from . import views
from .doors import doors

urlpatterns = [
    path("pair/<str:code>/", views.pair, name="pair"),
    path("pair/<str:code>/stay", views.stay, name="pair-stay"),
    path("pair/<str:code>/notes", views.notes_door, name="pair-notes"),
    path("pair/<str:code>/", include(doors.urls)),
]
