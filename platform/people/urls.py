from django.urls import path, re_path

from . import directory_views, recommendation_views, ties_urls, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.prove_by_code, name="sign-in-code"),
    path("sign-in/name/", views.give_name, name="sign-in-name"),
    path("sign-in/link/<str:token>/", views.prove_by_link, name="sign-in-link"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("me/", views.me, name="me"),
    path("me/choices/", directory_views.choices, name="choices"),
    path("people/", directory_views.people, name="people"),
    path("person/<int:pk>/not-interested", recommendation_views.not_interested, name="not-interested"),
    *ties_urls.urlpatterns,
    re_path(r"^media/photos/(?P<name>[0-9a-f]{32})\.jpg$", views.photo, name="photo"),
]
