from django.urls import path

from . import views

urlpatterns = [
    path("lounge/", views.lounges, name="lounges"),
    path("lounge/now/", views.meet_now, name="meet-now"),
    path("lounge/now/do", views.meet_now_do, name="meet-now-do"),
    path("lounge/<int:pk>/", views.lounge, name="lounge"),
    path("lounge/<int:pk>/do", views.lounge_do, name="lounge-do"),
]
