from django.urls import path

from . import views

urlpatterns = [path("session/<slug:code>/ask", views.before, name="ask-before")]
