from django.urls import path

from notices.views import channels, inbox

app_name = "notices"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("<int:pk>/open/", inbox.open_one, name="open"),
    path("read/", inbox.read_all, name="read_all"),
    path("choices/", inbox.choices, name="choices"),
    path("channels/", channels.channels, name="channels"),
    path("channels/new/", channels.channel, name="channel_new"),
    path("channels/<int:pk>/", channels.channel, name="channel"),
    path("channels/<int:pk>/trial/", channels.channel_trial, name="trial"),
    path("outbox/", channels.outbox, name="outbox"),
    path("outbox/<int:pk>/again/", channels.again, name="again"),
    path("outbox/<int:pk>/drop/", channels.drop, name="drop"),
]
