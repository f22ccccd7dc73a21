"""The addresses of the pages. Filters live in the query string, so every view is a link."""

from django.urls import path

from registers.views import heatmap, home, pages, table

urlpatterns = [
    path("", home.home, name="home"),
    # /latest/heatmap/, /latest/table/, /latest/changes/: where the navigation leads.
    path("latest/<slug:page>/", home.latest, name="latest"),
    path("registers/<slug:register>/", home.register, name="register"),
    path("registers/<slug:register>/<slug:edition>/", heatmap.page, name="heatmap"),
    path("registers/<slug:register>/<slug:edition>/table/", table.page, name="table"),
    path(
        "registers/<slug:register>/<slug:edition>/table.<slug:format>",
        table.export,
        name="table-export",
    ),
    path("help/scores/", pages.scores_help, name="help-scores"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]
