from django.urls import path, re_path

from grids.views import detail, edit, lists, team

app_name = "grids"
urlpatterns = [
    path("", lists.grid_list, name="list"),
    re_path(r"^export\.(?P<kind>csv|xlsx)$", lists.grid_export, name="export"),
    path("new/", edit.grid_new, name="new"),
    path("<int:pk>/", detail.grid_detail, name="detail"),
    path("<int:pk>/edit/", edit.grid_edit, name="edit"),
    path("<int:pk>/status/", edit.grid_status, name="status"),
    path("<int:pk>/board/", detail.notice_board, name="board"),
    path("<int:pk>/team/", team.team, name="team"),
    path("<int:pk>/team/<int:member_pk>/leave/", team.member_leave, name="leave"),
    path("<int:pk>/codes/new/", edit.legacy_code_new, name="code_new"),
    path("<int:pk>/codes/<int:code_pk>/merge/", edit.legacy_code_merge, name="code_merge"),
    path("<int:pk>/buildings/new/", edit.building_new, name="building_new"),
    path("<int:pk>/buildings/move/", edit.buildings_move, name="buildings_move"),
    path("buildings/<int:pk>/", detail.building_detail, name="building"),
    path("buildings/<int:pk>/entrances/new/", edit.entrance_new, name="entrance_new"),
]
