"""What moderators and teams see."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    # The desk: what waits, signatures, sweeps, alerts.
    # Decisions: reports, publishing, reasons, lists, rules, the record, exports.
]
