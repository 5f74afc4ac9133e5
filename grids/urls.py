from django.urls import path, re_path

from grids.views import detail, divisions, draw, edit, history, imports, lists, map, team

app_name = "grids"
urlpatterns = [
    path("", lists.grid_list, name="list"),
    re_path(r"^export\.(?P<kind>csv|xlsx)$", lists.grid_export, name="export"),
    path("new/", edit.grid_new, name="new"),
    path("map/", map.ground_map, name="map"),
    path("map/data/", map.map_data, name="map_data"),
    path("map/buildings/", map.map_buildings, name="map_buildings"),
    path("map/here/", map.grid_here, name="here"),
    path("map/grids/<int:pk>/save/", draw.shape_save, name="shape_save"),
    path("map/grids/<int:pk>/drop/", draw.shape_drop, name="shape_drop"),
    path("map/buildings/<int:pk>/place/", draw.building_place, name="building_place"),
    path("imports/<slug:what>/", imports.imports, name="imports"),
    path("imports/<slug:what>/<int:pk>/", imports.import_detail, name="import"),
    path("imports/<slug:what>/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<slug:what>/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("responsible/", history.responsible, name="responsible"),
    path("divisions/", divisions.divisions, name="divisions"),
    path("divisions/new/", divisions.division_new, name="division_new"),
    path("divisions/<int:pk>/", divisions.division, name="division"),
    path(
        "divisions/<int:pk>/rows/new/<slug:kind>/",
        divisions.division_row_new,
        name="division_row_new",
    ),
    path(
        "divisions/<int:pk>/rows/<int:row_pk>/drop/",
        divisions.division_row_drop,
        name="division_row_drop",
    ),
    path("divisions/<int:pk>/<slug:act>/", divisions.division_act, name="division_act"),
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
