from django.urls import path

from campaign.petitions.views import public, signer, team

urlpatterns = [
    path("petitions/", public.petition_list, name="petition_list"),
    path("petitions/<slug:slug>/", public.petition_detail, name="petition_detail"),
    path("petitions/<slug:slug>/sign/", public.petition_sign, name="petition_sign"),
    path("petitions/<slug:slug>/thanks/", public.petition_thanks, name="petition_thanks"),
    path("petitions/<slug:slug>/count.json", public.petition_count, name="petition_count"),
    path("petitions/<slug:slug>/manage/", team.petition_manage, name="petition_manage"),
    path("petitions/<slug:slug>/edit/", team.petition_edit, name="petition_edit"),
    path("petitions/<slug:slug>/publish/", team.petition_publish, name="petition_publish"),
    path("petitions/<slug:slug>/close/", team.petition_close, name="petition_close"),
    path("campaigns/<slug:campaign>/petitions/new/", team.petition_create, name="petition_create"),
    path("signatures/confirm/<str:token>/", signer.signature_confirm, name="signature_confirm"),
    path("signatures/mine/<str:token>/", signer.signature_manage, name="signature_manage"),
    path("signatures/mine/<str:token>/withdraw/", signer.signature_withdraw, name="signature_withdraw"),
]
