from django.urls import path

from campaign.consultations import views

urlpatterns = [
    path("consultations/", views.consultation_list, name="consultation_list"),
    path("consultations/import/", views.consultation_import, name="consultation_import"),
    path("consultations/<slug:slug>/", views.consultation_detail, name="consultation_detail"),
    path("consultations/<slug:slug>/answer/", views.submission_create, name="submission_create"),
    path("submissions/<uuid:pk>/", views.submission_detail, name="submission_detail"),
    path("submissions/<uuid:pk>/edit/", views.submission_edit, name="submission_edit"),
    path("submissions/<uuid:pk>/answers/<str:number>/", views.answer_edit, name="answer_edit"),
    path("submissions/<uuid:pk>/freeze/", views.submission_freeze, name="submission_freeze"),
    path("submissions/<uuid:pk>/reopen/", views.submission_reopen, name="submission_reopen"),
    path("submissions/<uuid:pk>/file/", views.submission_file, name="submission_file"),
    path("filings/<uuid:pk>/", views.filing_detail, name="filing_detail"),
]
