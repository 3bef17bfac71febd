"""What moderators and teams see."""

from django.urls import URLPattern, path

from campaign.moderation.models import SweepKind
from campaign.moderation.views import (
    alerts,
    desk,
    export,
    lists,
    mandates,
    publishing,
    reasons,
    record,
    reports,
    signatures,
    supporters,
)

urlpatterns: list[URLPattern] = [
    # The desk: what waits, signatures, sweeps, alerts.
    path("moderation/", desk.desk, name="moderation_desk"),
    path("moderation/pause/", desk.pause, name="moderation_pause"),
    path("moderation/alerts/<uuid:alert>/look/", alerts.alert_look, name="moderation_alert_look"),
    path("moderation/alerts/<uuid:alert>/dismiss/", alerts.alert_dismiss, name="moderation_alert_dismiss"),
    path("moderation/petitions/<slug:slug>/", signatures.petition, name="moderation_petition"),
    path("moderation/petitions/<slug:slug>/look/", signatures.look, name="moderation_look"),
    path("moderation/petitions/<slug:slug>/hold/", signatures.hold, name="moderation_hold"),
    path("moderation/sweeps/<uuid:sweep>/", signatures.sweep_detail, name="moderation_sweep"),
    path(
        "moderation/sweeps/<uuid:sweep>/invalidate/",
        signatures.sweep_act,
        {"kind": SweepKind.INVALIDATE},
        name="moderation_invalidate",
    ),
    path(
        "moderation/sweeps/<uuid:sweep>/release/",
        signatures.sweep_act,
        {"kind": SweepKind.RELEASE},
        name="moderation_release",
    ),
    path("moderation/sweeps/<uuid:sweep>/undo/", signatures.sweep_undo, name="moderation_undo"),
    path("moderation/sweeps/<uuid:sweep>/cancel/", signatures.sweep_cancel, name="moderation_cancel"),
    # Decisions: reports, publishing, reasons, lists, rules, the record, exports.
    path("moderation/reports/", reports.report_list, name="moderation_reports"),
    path("moderation/reports/<uuid:report>/", reports.report_detail, name="moderation_report"),
    path("moderation/publishing/", publishing.publishing, name="moderation_publishing"),
    path("moderation/petitions/<slug:slug>/review/", publishing.petition_review, name="moderation_review"),
    path("moderation/lists/", lists.access_lists, name="moderation_lists"),
    path("moderation/rules/", lists.mailbox_rules, name="moderation_rules"),
    path("moderation/rules/<uuid:rule>/", lists.mailbox_rule, name="moderation_rule"),
    path("moderation/rules/<uuid:rule>/remove/", lists.mailbox_rule_remove, name="moderation_rule_remove"),
    # Organizations: documents, reported mandates, doubles.
    path("moderation/mandates/", mandates.mandates, name="moderation_mandates"),
    path("moderation/mandates/<uuid:mandate>/", mandates.mandate, name="moderation_mandate"),
    path(
        "moderation/mandates/<uuid:mandate>/document/",
        mandates.mandate_document,
        name="moderation_mandate_document",
    ),
    path(
        "moderation/organizations/<slug:organization>/mandates/",
        mandates.mandates_of_organization,
        name="moderation_organization_mandates",
    ),
    path("moderation/duplicates/", mandates.duplicates, name="moderation_duplicates"),
    path("moderation/duplicates/<uuid:flag>/", mandates.duplicate, name="moderation_duplicate"),
    path("moderation/record/", record.site_record, name="moderation_record"),
    path("petitions/<slug:slug>/report/", reports.petition_report, name="petition_report"),
    path("petitions/<slug:slug>/report/thanks/", reports.petition_reported, name="petition_reported"),
    path("petitions/<slug:slug>/reasons/", reasons.petition_reasons, name="petition_reasons"),
    path(
        "petitions/<slug:slug>/reasons/<uuid:signature>/",
        reasons.reason_decide,
        name="reason_decide",
    ),
    path("campaigns/<slug:slug>/supporters/", supporters.supporters, name="supporters"),
    path("campaigns/<slug:slug>/supporters/find/", supporters.supporters_find, name="supporters_find"),
    path("campaigns/<slug:slug>/supporters/export/", supporters.supporters_export, name="supporters_export"),
    path("petitions/<slug:slug>/export/", export.petition_export, name="petition_export"),
    path("petitions/<slug:slug>/record/", record.petition_record, name="petition_record"),
]
