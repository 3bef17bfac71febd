from django.urls import path

from campaign.petitions.views import check, handover, ledger, public, response, signer, team

urlpatterns = [
    path("petitions/", public.petition_list, name="petition_list"),
    path("petitions/<slug:slug>/", public.petition_detail, name="petition_detail"),
    path("petitions/<slug:slug>/sign/", public.petition_sign, name="petition_sign"),
    path("petitions/<slug:slug>/thanks/", public.petition_thanks, name="petition_thanks"),
    path("petitions/<slug:slug>/check.json", check.petition_challenge, name="petition_challenge"),
    path("petitions/<slug:slug>/count.json", public.petition_count, name="petition_count"),
    path("petitions/<slug:slug>/ledger/", ledger.petition_ledger, name="petition_ledger"),
    path("petitions/<slug:slug>/ledger/check/", ledger.receipt_check, name="receipt_check"),
    path("petitions/<slug:slug>/ledger/checkpoint", ledger.ledger_checkpoint, name="ledger_checkpoint"),
    path(
        "petitions/<slug:slug>/ledger/checkpoint/<int:size>",
        ledger.ledger_checkpoint_of_size,
        name="ledger_checkpoint_of_size",
    ),
    path(
        "petitions/<slug:slug>/ledger/proof/inclusion.json",
        ledger.ledger_inclusion,
        name="ledger_inclusion",
    ),
    path(
        "petitions/<slug:slug>/ledger/proof/consistency.json",
        ledger.ledger_consistency,
        name="ledger_consistency",
    ),
    path("petitions/<slug:slug>/ledger/entries.json", ledger.ledger_entries, name="ledger_entries"),
    path("petitions/<slug:slug>/ledger/tile/<int:level>/<int:index>", ledger.ledger_tile, name="ledger_tile"),
    path("ledger/key.txt", ledger.ledger_keys, name="ledger_keys"),
    path("petitions/<slug:slug>/manage/", team.petition_manage, name="petition_manage"),
    path("petitions/<slug:slug>/edit/", team.petition_edit, name="petition_edit"),
    path("petitions/<slug:slug>/freeze/", team.petition_freeze, name="petition_freeze"),
    path("petitions/<slug:slug>/publish/", team.petition_publish, name="petition_publish"),
    path("petitions/<slug:slug>/pause/", team.petition_pause, name="petition_pause"),
    path("petitions/<slug:slug>/robots/", team.petition_check, name="petition_check"),
    path("petitions/<slug:slug>/thresholds/", team.threshold_set, name="threshold_set"),
    path(
        "petitions/<slug:slug>/thresholds/<uuid:threshold>/remove/",
        team.threshold_remove,
        name="threshold_remove",
    ),
    path("petitions/<slug:slug>/reported/", team.count_report, name="count_report"),
    path("petitions/<slug:slug>/reported/<uuid:count>/withdraw/", team.count_withdraw, name="count_withdraw"),
    path("petitions/<slug:slug>/close/", team.petition_close, name="petition_close"),
    path("petitions/<slug:slug>/hand-over/", handover.handover_overview, name="handover_overview"),
    path("petitions/<slug:slug>/hand-over/prepare/", handover.handover_prepare, name="handover_prepare"),
    path("petitions/<slug:slug>/hand-over/<uuid:pk>/", handover.handover_detail, name="handover_detail"),
    path(
        "petitions/<slug:slug>/hand-over/<uuid:pk>/record/", handover.handover_record, name="handover_record"
    ),
    path(
        "petitions/<slug:slug>/hand-over/<uuid:pk>/cancel/", handover.handover_cancel, name="handover_cancel"
    ),
    path(
        "petitions/<slug:slug>/hand-over/<uuid:pk>/correct/",
        handover.handover_correct,
        name="handover_correct",
    ),
    path("petitions/<slug:slug>/hand-over/<uuid:pk>/tell/", handover.handover_tell, name="handover_tell"),
    path("petitions/<slug:slug>/response/new/", response.response_create, name="response_create"),
    path("petitions/<slug:slug>/response/<uuid:pk>/", response.response_detail, name="response_detail"),
    path("petitions/<slug:slug>/response/<uuid:pk>/edit/", response.response_edit, name="response_edit"),
    path(
        "petitions/<slug:slug>/response/<uuid:pk>/publish/",
        response.response_publish,
        name="response_publish",
    ),
    path(
        "petitions/<slug:slug>/response/<uuid:pk>/discard/",
        response.response_discard,
        name="response_discard",
    ),
    path(
        "petitions/<slug:slug>/response/<uuid:pk>/correct/",
        response.response_correct,
        name="response_correct",
    ),
    path("petitions/<slug:slug>/response/<uuid:pk>/tell/", response.response_tell, name="response_tell"),
    path("campaigns/<slug:campaign>/petitions/new/", team.petition_create, name="petition_create"),
    path("signatures/confirm/<str:token>/", signer.signature_confirm, name="signature_confirm"),
    path("signatures/confirm/<str:token>/refuse/", signer.signature_refuse, name="signature_refuse"),
    path("signatures/erased/", signer.signature_erased, name="signature_erased"),
    path("signatures/mine/<str:token>/consent/", signer.signature_consent, name="signature_consent"),
    path("signatures/mine/<str:token>/reason/", signer.signature_reason, name="signature_reason"),
    path("signatures/mine/<str:token>/data/", signer.signature_data, name="signature_data"),
    path("signatures/mine/<str:token>/data.json", signer.signature_data_json, name="signature_data_json"),
    path("signatures/mine/<str:token>/erase/", signer.signature_erase, name="signature_erase"),
    path("signatures/mine/<str:token>/", signer.signature_manage, name="signature_manage"),
    path("signatures/mine/<str:token>/receipt.json", ledger.signature_receipt, name="signature_receipt"),
    path("signatures/mine/<str:token>/withdraw/", signer.signature_withdraw, name="signature_withdraw"),
]
