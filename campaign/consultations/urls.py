from django.urls import path

from campaign.consultations.views import answers, consultations, filings, portals, submissions

urlpatterns = [
    path("consultations/", consultations.consultation_list, name="consultation_list"),
    path("consultations/import/", consultations.consultation_import, name="consultation_import"),
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
    path("submissions/<uuid:pk>/freeze/", filings.submission_freeze, name="submission_freeze"),
    path("submissions/<uuid:pk>/reopen/", filings.submission_reopen, name="submission_reopen"),
    path("submissions/<uuid:pk>/file/", filings.submission_file, name="submission_file"),
    path("filings/<uuid:pk>/", filings.filing_detail, name="filing_detail"),
]
