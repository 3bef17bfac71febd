from django.urls import path

from campaign.consultations.views import (
    answers,
    consultations,
    deadlines,
    filings,
    imports,
    portals,
    submissions,
)

urlpatterns = [
    path("consultations/", consultations.consultation_list, name="consultation_list"),
    path("consultations/import/", consultations.consultation_import, name="consultation_import"),
    path("consultations/import/<uuid:pk>/", imports.consultation_changes, name="consultation_changes"),
    path("consultations/deadlines/", deadlines.deadline_radar, name="deadline_radar"),
    path("consultations/feed/", deadlines.consultation_feed, name="consultation_feed"),
    path("consultations/<slug:slug>/", consultations.consultation_detail, name="consultation_detail"),
    path(
        "consultations/<slug:slug>/requirements/",
        portals.consultation_requirement,
        name="consultation_requirement",
    ),
    path("portals/", portals.portal_list, name="portal_list"),
    path("portals/<slug:slug>/", portals.portal_detail, name="portal_detail"),
    path("portals/<slug:slug>/requirements/", portals.portal_requirement, name="portal_requirement"),
    path("consultations/<slug:slug>/answer/", submissions.submission_create, name="submission_create"),
    path("submissions/<uuid:pk>/", submissions.submission_detail, name="submission_detail"),
    path("submissions/<uuid:pk>/edit/", submissions.submission_edit, name="submission_edit"),
    path("submissions/<uuid:pk>/answers/<str:number>/", answers.answer_edit, name="answer_edit"),
    path("submissions/<uuid:pk>/milestones/", deadlines.milestone_list, name="milestone_list"),
    path("submissions/<uuid:pk>/milestones/plan/", deadlines.milestone_plan, name="milestone_plan"),
    path(
        "submissions/<uuid:pk>/milestones/<uuid:milestone>/",
        deadlines.milestone_done,
        name="milestone_done",
    ),
    path("deadlines/choices/", deadlines.deadline_choose, name="deadline_choose"),
    path("deadlines/address/", deadlines.calendar_address, name="calendar_address"),
    # Behind "mine/" logs hide the token.
    path("deadlines/mine/<str:token>.ics", deadlines.user_calendar_file, name="user_calendar"),
    path("deadlines/mine/<str:token>/reminders/", deadlines.reminders_stop, name="reminders_stop"),
    path("campaigns/<slug:slug>/deadlines.ics", deadlines.campaign_calendar_file, name="campaign_calendar"),
    path("submissions/<uuid:pk>/freeze/", filings.submission_freeze, name="submission_freeze"),
    path("submissions/<uuid:pk>/reopen/", filings.submission_reopen, name="submission_reopen"),
    path("submissions/<uuid:pk>/file/", filings.submission_file, name="submission_file"),
    path("filings/<uuid:pk>/", filings.filing_detail, name="filing_detail"),
]
