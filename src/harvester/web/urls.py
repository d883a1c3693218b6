"""Every address of the web, in one place."""

from __future__ import annotations

from django.urls import include, path

from harvester.web.api import api
from harvester.web.views import (
    about,
    account,
    audit,
    cascade,
    cases,
    certificates,
    home,
    indicators,
    law,
    links,
    maps,
    matter,
    opening,
    papers,
    projects,
    statements,
    submissions,
    uploads,
    wheat,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("wheat/", wheat.findings, name="wheat"),
    path("wheat/download.<str:form>", wheat.download, name="wheat_download"),
    path("wheat/<path:finding_id>/", wheat.finding, name="finding"),
    path("projects/", projects.projects_page, name="projects"),
    path("projects/download.<str:form>", projects.download, name="projects_download"),
    path("projects/<path:undertaking_id>/", projects.project, name="project"),
    path("entries/<path:entry_id>/", projects.entry, name="entry"),
    path("links/", links.queue, name="links"),
    path("links/download.<str:form>", links.download, name="links_download"),
    path("links/decisions/", links.decisions, name="link_decisions"),
    path(
        "links/decisions/download.<str:form>", links.decisions_download, name="decisions_download"
    ),
    path("links/pair/", links.pair, name="link_pair"),
    path("law/", law.procedure_list, name="law"),
    path("law/calendar/", law.calendar, name="calendar"),
    path("law/calendar/download.<str:form>", law.calendar_download, name="calendar_download"),
    path("law/procedures/<slug:procedure_id>/", law.procedure, name="procedure"),
    path("map/", maps.overview, name="map"),
    path("map/areas.json", maps.areas_json, name="map_areas"),
    path("map/points.json", maps.points_json, name="map_points"),
    path("map/picture.svg", maps.picture, name="map_picture"),
    path("areas/", maps.areas, name="areas"),
    path("areas/download.<str:form>", maps.download, name="areas_download"),
    path("areas/<path:area_id>/", maps.area, name="area"),
    path("indicators/", indicators.indicators_page, name="indicators"),
    path("indicators/<str:indicator_id>/", indicators.indicator, name="indicator"),
    path(
        "indicators/<str:indicator_id>/download.<str:form>",
        indicators.download,
        name="indicator_download",
    ),
    path("statements/", statements.overview, name="statements"),
    path("statements/spatial/", statements.spatial_page, name="spatial"),
    path(
        "statements/spatial/download.<str:form>",
        statements.spatial_download,
        name="spatial_download",
    ),
    path("statements/<str:kind>/", statements.statement, name="statement"),
    path(
        "statements/<str:kind>/download.<str:form>", statements.download, name="statement_download"
    ),
    path("cascade/", cascade.overview, name="cascade"),
    path("cascade/download.<str:form>", cascade.download, name="cascade_download"),
    path("certificates/", certificates.overview, name="certificates"),
    path("certificates/benchmark/", certificates.benchmark, name="benchmark"),
    path(
        "certificates/benchmark/download.<str:form>",
        certificates.benchmark_download,
        name="benchmark_download",
    ),
    path("certificates/<str:kind>/<str:code>/", certificates.certificate, name="certificate"),
    path(
        "certificates/<str:kind>/<str:code>/download.<str:form>",
        certificates.download,
        name="certificate_download",
    ),
    path("submissions/", submissions.submissions_page, name="submissions"),
    path("submissions/coverage/", submissions.coverage, name="coverage"),
    path("submissions/download.<str:form>", submissions.download, name="submissions_download"),
    path(
        "submissions/problems.<str:form>", submissions.problems_download, name="problems_download"
    ),
    path("submissions/<str:submission_id>/", submissions.submission, name="submission"),
    path("upload/", uploads.upload, name="upload"),
    path("upload/log/", uploads.log, name="upload_log"),
    path("upload/harvest/", uploads.start_harvest, name="start_harvest"),
    path("upload/harvest/<int:job_id>/", uploads.job, name="harvest_job"),
    path("upload/<str:sha256>/", uploads.result, name="upload_result"),
    path("upload/<str:sha256>/annotated", uploads.annotated, name="upload_annotated"),
    path("upload/<str:sha256>/problems.<str:form>", uploads.problems, name="upload_problems"),
    path("api/", api.urls),
    path("about/", about.about, name="about"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
    path("account/", account.account, name="account"),
    path("account/delegates/", account.delegate, name="delegate"),
    path("account/delegates/<int:delegation_id>/end/", account.end, name="delegate_end"),
    path("account/acting/", account.acting, name="acting"),
    path("account/sessions/<int:session_id>/end/", account.end_session, name="session_end"),
    path("audit/", audit.log, name="audit"),
    path("audit/check/", audit.check, name="audit_check"),
    path("audit/download.<str:form>", audit.download, name="audit_download"),
    path("papers/", papers.listed, name="papers"),
    path("papers/download.<str:form>", papers.download, name="papers_download"),
    path("papers/<str:token>/", papers.paper, name="paper"),
    path("papers/<str:token>/file", papers.file, name="paper_file"),
    path("papers/<str:token>.json", papers.as_json, name="paper_json"),
    path("tasks/", cases.waiting, name="tasks"),
    path("cases/", cases.listed, name="cases"),
    path("cases/download.<str:form>", cases.download, name="cases_download"),
    path("cases/triage/", opening.triage, name="triage"),
    path("cases/open/", opening.begin, name="open_matter"),
    path("cases/<int:number>/", matter.page, name="matter"),
    path("cases/<int:number>/step/", matter.step, name="matter_step"),
    path("cases/<int:number>/ask/", matter.ask, name="matter_ask"),
    path("cases/<int:number>/seat/", matter.seat, name="matter_seat"),
    path("report/", opening.report, name="report"),
    path("answer/<str:signed>/", opening.answer, name="answer"),
    path("accounts/", include("harvester.web.account_urls")),
]

handler400 = "harvester.web.views.errors.bad_request"
handler403 = "harvester.web.views.errors.forbidden"
handler404 = "harvester.web.views.errors.not_found"
handler500 = "harvester.web.views.errors.fault"
