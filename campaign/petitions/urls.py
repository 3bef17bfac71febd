from django.urls import path

from campaign.petitions import views

urlpatterns = [
    path("petitions/", views.petition_list, name="petition_list"),
    path("petitions/<slug:slug>/", views.petition_detail, name="petition_detail"),
    path("petitions/<slug:slug>/sign/", views.petition_sign, name="petition_sign"),
    path("petitions/<slug:slug>/thanks/", views.petition_thanks, name="petition_thanks"),
    path("petitions/<slug:slug>/count.json", views.petition_count, name="petition_count"),
    path("petitions/<slug:slug>/manage/", views.petition_manage, name="petition_manage"),
    path("petitions/<slug:slug>/edit/", views.petition_edit, name="petition_edit"),
    path("petitions/<slug:slug>/publish/", views.petition_publish, name="petition_publish"),
    path("petitions/<slug:slug>/close/", views.petition_close, name="petition_close"),
    path("campaigns/<slug:campaign>/petitions/new/", views.petition_create, name="petition_create"),
    path("signatures/confirm/<str:token>/", views.signature_confirm, name="signature_confirm"),
    path("signatures/mine/<str:token>/", views.signature_manage, name="signature_manage"),
    path("signatures/mine/<str:token>/withdraw/", views.signature_withdraw, name="signature_withdraw"),
]
