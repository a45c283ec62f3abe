from datetime import date

from django.urls import path, register_converter

from . import feeds, people_pages, stars, views


class Day:
    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(Day, "day")

urlpatterns = [
    path("", views.front, name="agenda"),
    path("day/<day:day>", views.day, name="day"),
    path("session/<slug:code>/", views.session, name="session"),
    path("session/<slug:code>.ics", feeds.session_calendar, name="session.ics"),
    path("document/<int:pk>/<str:_name>", views.document, name="document"),
    path("track/<str:slug>.ics", feeds.track_calendar, name="track.ics"),
    path("schedule.ics", feeds.calendar, name="schedule.ics"),
    path("schedule.json", feeds.schedule_json, name="schedule.json"),
    path("schedule.xml", feeds.schedule_xml, name="schedule.xml"),
    *stars.urlpatterns,
    *people_pages.urlpatterns,
]
