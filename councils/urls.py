"""Addresses of the councils; the residents' pages stand at the top."""

from django.urls import path

from councils.views import bodies, meetings, public, topic_parts, topics

app_name = "councils"
urlpatterns = [
    path("councils/", bodies.council_list, name="councils"),
    path("councils/new/", bodies.council_new, name="council_new"),
    path("councils/<int:pk>/", bodies.council_detail, name="council"),
    path("councils/<int:pk>/edit/", bodies.council_edit, name="council_edit"),
    path("councils/<int:pk>/end/", bodies.council_end, name="council_end"),
    path("councils/<int:pk>/seats/new/", bodies.seat_new, name="seat_new"),
    path("councils/<int:pk>/meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("councils/seats/<int:pk>/end/", bodies.seat_end, name="seat_end"),
    path("councils/meetings/", meetings.meeting_list, name="meetings"),
    path("councils/meetings/export/", meetings.meetings_export, name="meetings_export"),
    path("councils/meetings/units/", meetings.unit_list, name="units"),
    path("councils/meetings/<int:pk>/", meetings.meeting_detail, name="meeting"),
    path("councils/meetings/<int:pk>/call/", meetings.meeting_call, name="meeting_call"),
    path("councils/meetings/<int:pk>/minute/", meetings.meeting_minute, name="meeting_minute"),
    path("councils/meetings/<int:pk>/archive/", meetings.meeting_archive, name="meeting_archive"),
    path("councils/meetings/<int:pk>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path("councils/topics/", topics.topic_list, name="topics"),
    path("councils/topics/export/", topics.topics_export, name="topics_export"),
    path("councils/topics/new/", topics.topic_new, name="topic_new"),
    path("councils/topics/<int:pk>/", topics.topic_detail, name="topic"),
    path("councils/topics/<int:pk>/edit/", topics.topic_edit, name="topic_edit"),
    path("councils/topics/<int:pk>/moves/<slug:name>/", topics.topic_move, name="topic_move"),
    path("councils/topics/<int:pk>/opinions/new/", topic_parts.opinion_new, name="opinion_new"),
    path(
        "councils/topics/<int:pk>/objections/new/", topic_parts.objection_new, name="objection_new"
    ),
    path("councils/topics/<int:pk>/tasks/new/", topic_parts.task_new, name="task_new"),
    path("councils/topics/<int:pk>/projects/new/", topic_parts.project_new, name="project_new"),
    path("councils/topics/<int:pk>/photos/new/", topic_parts.photos_new, name="photos_new"),
    path("councils/topics/<int:pk>/look/", topic_parts.look, name="look"),
    path("councils/tasks/<int:pk>/done/", topic_parts.task_done, name="task_done"),
    path("councils/tasks/<int:pk>/case/", topic_parts.task_case, name="task_case"),
    path("councils/photos/<int:pk>/", topic_parts.photo, name="photo"),
    path("topics/", public.board, name="public_board"),
    path("topics/new/", public.propose, name="public_propose"),
    path("topics/<int:pk>/", public.topic, name="public_topic"),
    path("topics/<int:pk>/like/", public.like, name="public_like"),
    path("topics/photos/<int:pk>/", public.photo, name="public_photo"),
]
