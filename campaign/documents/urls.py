from django.urls import path, re_path

from campaign.documents import views

DIGEST = "(?P<digest>[0-9a-f]{64})"
OTHER = "(?P<other>[0-9a-f]{64})"

urlpatterns = [
    re_path(rf"^texts/{DIGEST}/$", views.frozen_text, name="frozen_text"),
    re_path(rf"^texts/{DIGEST}/changes/{OTHER}/$", views.frozen_text_changes, name="frozen_text_changes"),
    re_path(rf"^texts/{DIGEST}\.json$", views.frozen_text_json, name="frozen_text_json"),
    path("documents/check/", views.document_check, name="document_check"),
    path("documents/<uuid:document_id>/", views.document, name="document"),
    path("documents/<uuid:document_id>/cancel/", views.document_cancel, name="document_cancel"),
    path("documents/<uuid:document_id>/state", views.document_state, name="document_state"),
    path("documents/<uuid:document_id>/file", views.document_file, name="document_file"),
]
