from django.urls import path

from . import conversation_views, file_views, views

urlpatterns = [
    path("conversation/<int:pk>/messages", views.older, name="chat-older"),
    path("conversation/<int:pk>/say", views.say, name="chat-say"),
    path("messages/", conversation_views.inbox_page, name="messages"),
    path("messages/group", conversation_views.new_group, name="group-new"),
    path("messages/file/<uuid:key>", file_views.file, name="chat-file"),
    path("messages/<int:pk>/", conversation_views.conversation, name="conversation"),
    path("messages/<int:pk>/do", conversation_views.do, name="conversation-do"),
    path("messages/<int:pk>/report", conversation_views.report, name="conversation-report"),
    path("messages/<int:pk>/reported/<uuid:key>", file_views.reported_file, name="reported-file"),
    path("messages/<int:pk>/known", conversation_views.addable, name="conversation-known"),
    path("messages/<int:pk>/files", file_views.upload, name="conversation-files"),
    path("person/<int:pk>/write", conversation_views.write, name="write"),
    path("session/<slug:code>/write", conversation_views.write_speakers, name="write-speakers"),
]
