"""What every run of Reclaim shares. Environment variables are read here and nowhere else.

Each variable is explained in `.env.example`; all carry the prefix RECLAIM_.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env(prefix="RECLAIM_")

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

# --- The site ---------------------------------------------------------------
SITE_NAME = env.str("SITE_NAME", "Reclaim")
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
OPERATOR_NAME = env.str("OPERATOR_NAME", "")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", "")
SOURCE_URL = env.str("SOURCE_URL", "")  # where visitors get the source of this very copy (AGPL, section 13)
MAIL_PAGE = False  # the development page that shows outgoing mail
DEMO_PASSWORD = ""  # of the demo's accounts; without one there is no demo

DEBUG = False
ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widget templates, which our form renderer finds through the installed apps
    "allauth",
    "allauth.account",
    "csp",
    "django_countries",
    "django_htmx",
    "template_partials",
    "campaign.core",
    "campaign.mailing",
    "campaign.documents",
    "campaign.guard",
    "campaign.accounts",
    "campaign.organizations",
    "campaign.campaigns",
    "campaign.regulations",
    "campaign.petitions",
    "campaign.moderation",
    "campaign.consultations",
    "campaign.pages",
]

MIDDLEWARE = [
    "campaign.core.middleware.refuse_nul_bytes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "campaign.core.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaign.core.context.site",
            ],
        },
    }
]
FORM_RENDERER = "campaign.core.forms.Renderer"

# --- Database ---------------------------------------------------------------
SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at the start of a transaction, so that two writers
    # wait for each other instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000; PRAGMA journal_size_limit=27103364;"
    ),
}
SQLITE_DATABASE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR_DIR / "reclaim.sqlite3",
    "OPTIONS": SQLITE_OPTIONS,
}

# --- Personal data at rest --------------------------------------------------
# Filled by dev.py, test.py or production.py: {"key id": 32 bytes}; the first one encrypts.
DATA_KEYS: dict[str, bytes] = {}
INDEX_KEY: bytes = b""

# --- Sign-in ----------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "campaign.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Time and language ------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES: list[tuple[str, Any]] = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["campaign.core.formats"]
USE_THOUSAND_SEPARATOR = False  # numbers that need it say so: an ID or a year must not get one

# --- Files ------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security headers -------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
# The path of a confirmation link is a secret: no other site may learn it.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- Mail -------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Reclaim <no-reply@localhost>")
EMAIL_TIMEOUT = 20
MAIL_BATCH_SIZE = env.int("MAIL_BATCH_SIZE", 100)

# --- Tasks ------------------------------------------------------------------
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "documents.*": {"queue": "documents"},
    "mailing.*": {"queue": "mail"},
    "petitions.number_signatures": {"queue": "ledger"},
}
# A beat message that waits longer than its interval is worth nothing: the next one does the same.
CELERY_BEAT_SCHEDULE = {
    "mailing-pump": {"task": "mailing.pump", "schedule": 1.0, "options": {"expires": 5}},
    "mailing-release": {"task": "mailing.release", "schedule": 60.0, "options": {"expires": 60}},
    "petitions-number": {
        "task": "petitions.number_signatures",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "petitions-close": {
        "task": "petitions.close_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "documents-sweep": {"task": "documents.sweep", "schedule": 15.0, "options": {"expires": 15}},
}

# --- Documents --------------------------------------------------------------
RENDER_SECONDS = env.int("RENDER_SECONDS", 180)  # CPU seconds one document may take
RENDER_MEMORY_MB = env.int("RENDER_MEMORY_MB", 2048)

# --- Logs: ids only, never names, addresses or tokens -----------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hide_tokens": {"()": "campaign.core.logs.HideTokens"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_tokens"]}
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "celery": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
