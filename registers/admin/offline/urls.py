from django.urls import path

from registers.admin.offline import views

# Below the pages where an owner updates entries, and a manager a quarter.
urlpatterns = [
    path("my-updates/workbook/", views.bring, name="workbook"),
    path("my-updates/workbook/save/", views.keep, name="workbook-save"),
    path("my-updates/workbook/<slug:register>/<slug:edition>/", views.take, name="workbook-file"),
    path(
        "cycle/<slug:register>/<slug:edition>/workbook/<row:owner>/",
        views.take_of,
        name="workbook-of",
    ),
]
