from django.urls import path

from campaign.regulations import views

urlpatterns = [
    path("instruments/", views.instruments, name="instruments"),
    path("instruments/import/", views.instrument_import, name="instrument_import"),
    path("instruments/<slug:slug>/", views.instrument, name="instrument"),
    path("instruments/<slug:slug>/editions/<str:label>/", views.edition, name="edition"),
    path("instruments/<slug:slug>/editions/<str:label>/pdf/", views.edition_pdf, name="edition_pdf"),
]
