from django.urls import path

from . import reach_views

urlpatterns = [
    path("me/reach/", reach_views.choices, name="reach"),
    path("me/reach/browser", reach_views.browser, name="push-browser"),
    path("me/reach/forget", reach_views.forget_browsers, name="push-forget"),
    path("unsubscribe/<str:token>/", reach_views.unsubscribe, name="unsubscribe"),
    path("sw.js", reach_views.service_worker, name="service-worker"),
]
