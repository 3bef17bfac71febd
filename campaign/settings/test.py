"""Tests: servers that `bin/test` started (PostgreSQL, Redis), or SQLite in memory when it says so."""

import os
from pathlib import Path

from campaign.settings.base import *  # noqa: F403  settings modules extend each other by star import
from campaign.settings.base import CACHES, LANGUAGES, SQLITE_DATABASE, STATIC_ROOT, env

SECRET_KEY = "only-for-tests"  # noqa: S105
DATA_KEYS = {"test": bytes(range(32)), "old": bytes(range(32, 64))}
INDEX_KEY = bytes(range(64, 96))
LEDGER_KEY = bytes(range(96, 128))

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
DATABASES = {
    "default": env.dj_db_url("TEST_DATABASE_URL")
    if env.str("TEST_DATABASE_URL", "")
    else {**SQLITE_DATABASE, "NAME": ":memory:"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": CACHES["pages"],
}
PAGE_SECONDS = 0  # each test sees the page as it is
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns when it is not there, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
LANGUAGES = [*LANGUAGES, ("en-xa", "Ƥşḗŭḓǿ-Ḗƞɠŀīşħ")]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if env.str("TEST_SHARED_DIR", ""):  # worker processes beside a browser test: mail and files on disk
    EMAIL_BACKEND = "campaign.mailing.backends.TerminalBackend"
    EMAIL_FILE_PATH = Path(env.str("TEST_SHARED_DIR")) / "mail"
    MEDIA_ROOT = Path(env.str("TEST_SHARED_DIR")) / "media"
    STORAGES["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    SITE_URL = env.str("SITE_URL")
REDIS_URL = env.str("TEST_REDIS_URL", "")
if REDIS_URL and (_worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")):
    REDIS_URL += f"?virtual_host={int(_worker) + 1}"  # tests side by side: a database for each process
CELERY_BROKER_URL = REDIS_URL or "memory://"
