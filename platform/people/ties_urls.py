from django.urls import path

from . import ties_views

urlpatterns = [
    path("person/<int:pk>/card.vcf", ties_views.card_vcf, name="card.vcf"),
    path("person/<int:pk>/card.svg", ties_views.card_svg, name="card.svg"),
    path("person/<int:pk>/stay-in-touch", ties_views.stay_in_touch, name="stay-in-touch"),
    path("person/<int:pk>/block", ties_views.block, name="block"),
    path("person/<int:pk>/unblock", ties_views.unblock, name="unblock"),
    path("person/<int:pk>/report", ties_views.report, name="report"),
    path("me/blocked/", ties_views.blocked, name="blocked"),
    path("connections/", ties_views.my_connections, name="connections"),
    path("connections/people.csv", ties_views.connections_csv, name="connections.csv"),
    path("connections/people.vcf", ties_views.connections_vcf, name="connections.vcf"),
]
