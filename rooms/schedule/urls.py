from django.urls import path

from . import views

urlpatterns = [
    path("schedule/", views.mine, name="my-schedule"),
    path("schedule/swap", views.swap, name="schedule-swap"),
    path("schedule/address", views.renew, name="schedule-address"),
    path("calendar/<str:token>.ics", views.calendar, name="my-feed"),
]
