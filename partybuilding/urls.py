"""Addresses of Party work."""

from django.urls import path

from partybuilding.views import five, photos

app_name = "partybuilding"
urlpatterns = [
    path("party/", five.start, name="start"),
    path("party/five/", five.wall, name="wall"),
    path("party/five/calendar/", five.calendar, name="calendar"),
    path("party/five/<int:pk>/", five.board_detail, name="board"),
    path("party/five/<int:pk>/record/", five.board_record, name="board_record"),
    path("party/five/items/<int:pk>/<slug:name>/form/", five.item_form, name="item_form"),
    path("party/five/items/<int:pk>/<slug:name>/", five.item_move, name="item_move"),
    path("party/photos/<int:pk>/", photos.photo, name="photo"),
]
