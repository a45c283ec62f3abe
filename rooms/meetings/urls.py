from django.urls import path

from . import views

urlpatterns = [
    path("person/<int:pk>/meet", views.meet, name="meet"),
    path("meetings/", views.all_of_mine, name="meetings"),
    path("meetings/availability/", views.hours, name="availability"),
    path("meetings/zone/", views.zone, name="meetings-zone"),
    path("meetings/delegates/", views.assistants, name="delegates"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
]
