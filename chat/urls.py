from django.urls import path

from . import views

urlpatterns = [
    path("conversation/<int:pk>/messages", views.older, name="chat-older"),
    path("conversation/<int:pk>/say", views.say, name="chat-say"),
]
