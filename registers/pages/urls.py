"""The addresses of the pages. Filters live in the query string, so every view is a link."""

from django.urls import include, path, register_converter

from registers.pages.audit import views as audit
from registers.pages.challenge import views as challenge
from registers.pages.changes import views as changes
from registers.pages.doors import Row
from registers.pages.entry import answers
from registers.pages.entry import views as entry
from registers.pages.feed import views as feed
from registers.pages.heatmap import views as heatmap
from registers.pages.help import guides
from registers.pages.help import views as pages
from registers.pages.home import views as home
from registers.pages.imports import doubt_views as doubts
from registers.pages.imports import views as imports
from registers.pages.issue import views as issues
from registers.pages.numbers import views as numbers
from registers.pages.pack import views as pack
from registers.pages.promises import views as promises
from registers.pages.quarter import endings
from registers.pages.quarter.views import entries as composing
from registers.pages.quarter.views import moves as moving
from registers.pages.quarter.views import quarter as cycle
from registers.pages.quarter.views import review as moderating
from registers.pages.quarter.views import steps as turning
from registers.pages.questions import views as questions
from registers.pages.register import views as table
from registers.pages.search import views as search
from registers.pages.trends import views as trends
from registers.pages.updates import views as my_updates

register_converter(Row, "row")

# What the risk manager does with one edition of a register.
OF_A_QUARTER = [
    path("", cycle.of_quarter, name="cycle-edition"),
    path("dates/", turning.dates, name="cycle-dates"),
    path("review/", turning.start_review, name="cycle-review"),
    path("reopen/", turning.reopen, name="cycle-reopen"),
    path("chase/", turning.chase, name="cycle-chase"),
    path("publish/", turning.publish, name="cycle-publish"),
    path("reissue/", turning.reissue, name="cycle-reissue"),
    path("accept/", moderating.accept, name="cycle-accept"),
    path("carry/", moderating.carry, name="cycle-carry"),
    path("<row:pk>/send-back/", moderating.send_back, name="cycle-send-back"),
    path("add/", composing.add, name="cycle-add"),
    path("<row:pk>/end/", composing.end, name="cycle-end"),
    path("<row:pk>/split/", composing.split, name="cycle-split"),
    path("<row:pk>/move/", moving.move, name="cycle-move"),
    path("bring-back/", endings.bring_back, name="cycle-bring-back"),
    path("absent/<row:pk>/", endings.absent, name="cycle-absent"),
    path("undo/<row:pk>/", endings.undo, name="cycle-undo"),
    path("<row:pk>/take-out/", endings.take_out, name="cycle-take-out"),
    path("<row:pk>/undo-accept/", moderating.undo_accept, name="cycle-undo-accept"),
    path("numbers/", composing.numbers, name="cycle-numbers"),
]

# Read-only, for reporting tools, by token: docs/schema/feed.json.
FEED = [
    path("openapi.json", feed.openapi, name="feed-openapi"),
    path("registers.<slug:format>", feed.registers, name="feed-registers"),
    path("registers/<slug:register>/editions.<slug:format>", feed.editions, name="feed-editions"),
    path("registers/<slug:register>/entries.<slug:format>", feed.entries, name="feed-entries"),
    path("registers/<slug:register>/actions.<slug:format>", feed.actions, name="feed-actions"),
]

urlpatterns = [
    path("", home.home, name="home"),
    # /latest/heatmap/, /latest/table/, /latest/changes/: where the navigation leads.
    path("latest/<slug:page>/", home.latest, name="latest"),
    path("registers/<slug:register>/", home.register, name="register"),
    path("registers/<slug:register>/promises/", promises.page, name="promises"),
    path("registers/<slug:register>/promises.csv", promises.export, name="promises-export"),
    path("registers/<slug:register>/trends/", trends.page, name="trends"),
    path("registers/<slug:register>/trends/<slug:trend>.csv", trends.export, name="trend-export"),
    path("registers/<slug:register>/numbers/<path:number>/", numbers.page, name="numbers"),
    path("registers/<slug:register>/<slug:edition>/", heatmap.page, name="heatmap"),
    path("registers/<slug:register>/<slug:edition>/table/", table.page, name="table"),
    path(
        "registers/<slug:register>/<slug:edition>/table.<slug:format>",
        table.export,
        name="table-export",
    ),
    path("registers/<slug:register>/<slug:edition>/changes/", changes.page, name="changes"),
    path("registers/<slug:register>/<slug:edition>/challenge/", challenge.page, name="challenge"),
    path("registers/<slug:register>/<slug:edition>/pack/", pack.page, name="pack"),
    path("registers/<slug:register>/<slug:edition>/pack/report/", pack.report, name="pack-report"),
    path(
        "registers/<slug:register>/<slug:edition>/pack/<str:format>/", pack.file, name="pack-file"
    ),
    path("entries/<row:entry>/", entry.entry, name="entry"),
    path("entries/drafts/<row:pk>/flags/<slug:code>/", answers.page, name="answer-flag"),
    path("entries/<row:entry>/history/", entry.history, name="entry-history"),
    path("registers/<slug:register>/<slug:edition>/issues/<row:issue>/", issues.page, name="issue"),
    path("questions/", questions.page, name="questions"),
    path("questions/ask/", questions.ask, name="ask"),
    path("questions/<row:pk>/answer/", questions.answer, name="answer"),
    path("questions/<row:pk>/withdraw/", questions.withdraw, name="withdraw"),
    path("search/", search.page, name="search"),
    path("my-updates/", my_updates.my_updates, name="my-updates"),
    path("my-updates/<row:pk>/no-change/", my_updates.no_change, name="no-change"),
    path("my-updates/<row:pk>/take-back/", my_updates.take_back, name="take-back"),
    path("cycle/", cycle.home, name="cycle-home"),
    path("cycle/<slug:register>/", cycle.page, name="cycle"),
    path("cycle/<slug:register>/open/", cycle.open_quarter, name="cycle-open"),
    path("cycle/<slug:register>/<slug:edition>/", include(OF_A_QUARTER)),
    path("proposals/<row:pk>/", moving.proposal, name="proposal"),
    path("proposals/<row:pk>/withdraw/", moving.withdraw, name="proposal-withdraw"),
    path("import/", imports.home, name="imports"),
    path("import/<row:pk>/", imports.page, name="import"),
    path("import/<row:pk>/columns/", imports.columns, name="import-columns"),
    path("import/<row:pk>/rows/", imports.look, name="import-rows"),
    path("import/<row:pk>/apply/", imports.apply, name="import-apply"),
    path("import/<row:pk>/undo/", imports.undo, name="import-undo"),
    path("import/<row:pk>/aside/", imports.aside, name="import-aside"),
    path("import/doubts/<row:pk>/settle/", imports.settle, name="import-settle"),
    path("import/doubts/<slug:register>/<slug:edition>/", doubts.page, name="import-doubts"),
    path("audit/", audit.home, name="audit-home"),
    path("audit/<slug:register>/", audit.page, name="audit"),
    path("audit/<slug:register>.csv", audit.export, name="audit-export"),
    path("help/", guides.index, name="help"),
    path("help/scores/", pages.scores_help, name="help-scores"),
    path("help/<slug:guide>/", guides.page, name="guide"),
    path("api/", include(FEED)),
    path("accessibility/", pages.accessibility, name="accessibility"),
]
