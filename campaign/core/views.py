"""Health, for machines that watch the site; and the switch of the language."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from campaign.core.middleware import is_from_own_site


@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve people: database reached and migrated. 503 with the failing part otherwise.

    The broker is not asked: pages and signing work without it.
    """
    checks = {"database": _database_is_ready(), "cache": _cache_is_ready()}
    return JsonResponse(checks, status=200 if checks["database"] == "ok" else 503)


@csrf_exempt  # the form stands on cached pages, which have no token; the request's origin is checked instead
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page."""
    if not is_from_own_site(request):
        return HttpResponseForbidden()
    return set_language(request)


def _database_is_ready() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations are waiting" if waiting else "ok"


def _cache_is_ready() -> str:
    try:
        cache.set("readyz", "1", 5)
        return "ok" if cache.get("readyz") == "1" else "forgets"
    except Exception:  # noqa: BLE001  any backend's own error: the page must still answer
        return "unreachable"
