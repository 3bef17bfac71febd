"""What every run of Reclaim shares. Environment variables are read here and nowhere else.

Each variable is explained in `.env.example`; all carry the prefix RECLAIM_.
"""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from campaign.accounts.issuer import parse_issuer
from campaign.guard.addresses import parse_proxies
from campaign.organizations.name_servers import parse_name_servers

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
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_countries",
    "django_htmx",
    "template_partials",
    "campaign.core",
    "campaign.mailing",
    "campaign.documents",
    "campaign.guard",
    "campaign.activity",
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
    "campaign.accounts.middleware.note_sessions",
    "campaign.accounts.middleware.RequireSecondStep",
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
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000; PRAGMA journal_size_limit=27103364;"
    ),
}
SQLITE_DATABASE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR_DIR / "reclaim.sqlite3",
    "OPTIONS": SQLITE_OPTIONS,
}

# --- Pages that are the same for everybody ------------------------------------
PAGE_SECONDS = 10  # how old the drawing of a petition's page may be; the live number comes apart
FACTS_SECONDS = 2  # how late a pause or a take-down may show
CACHES: dict[str, Any] = {
    # In each process's own memory: it holds nothing that is not public, and losing it costs one drawing.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

# --- Where requests come from -------------------------------------------------
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
TRUSTED_PROXIES = parse_proxies(env.list("TRUSTED_PROXIES", []))

# --- Against signing in bulk: (at once, and then) -----------------------------
_some = validate.Range(min=1)
LIMIT_ADDRESS = (  # one mailbox, all petitions, a day
    env.int("LIMIT_ADDRESS_BURST", 5, validate=_some),
    env.int("LIMIT_ADDRESS_DAY", 20, validate=_some),
)
LIMIT_PETITION_NETWORK = (  # one network, one petition, an hour
    env.int("LIMIT_PETITION_NETWORK_BURST", 60, validate=_some),
    env.int("LIMIT_PETITION_NETWORK_HOUR", 300, validate=_some),
)
LIMIT_NETWORK = (  # one network, all petitions, an hour
    env.int("LIMIT_NETWORK_BURST", 200, validate=_some),
    env.int("LIMIT_NETWORK_HOUR", 1_000, validate=_some),
)
# The check for robots comes on by itself for GUARD_MINUTES, when of at least so many requests in the last minutes more than half
# come from fewer than three networks, or when so many were set aside; for one network when half of its burst is used up.
# docs/operations.md tells operators.
GUARD_MINUTES = 30
GUARD_WINDOW_MINUTES = 5
GUARD_REQUESTS = 100
GUARD_QUARANTINED = 50
# Moderators are told when of one petition's signatures in an hour at least so many came from one network, had addresses at one
# mail domain (and at least such a part of all), or were set aside.
ALERT_NETWORK = env.int("ALERT_NETWORK", 50, validate=_some)
ALERT_DOMAIN = env.int("ALERT_DOMAIN", 50, validate=_some)
ALERT_DOMAIN_PERCENT = env.int("ALERT_DOMAIN_PERCENT", 30, validate=validate.Range(min=0, max=100))
ALERT_QUARANTINED = env.int("ALERT_QUARANTINED", 50, validate=_some)
CHECK_COST = 5_000  # rounds of PBKDF2 for each number a browser tries: a second or two in all
CHECK_WAIT_SECONDS = 20  # what people without JavaScript wait instead

# --- Personal data at rest --------------------------------------------------
# Filled by dev.py, test.py or production.py: {"key id": 32 bytes}; the first one encrypts.
DATA_KEYS: dict[str, bytes] = {}
INDEX_KEY: bytes = b""
OLD_INDEX_KEY: bytes = b""  # only while index keys are being rotated (docs/operations.md)

# --- The ledger ---------------------------------------------------------------
LEDGER_KEY: bytes = b""  # 32 bytes, filled by the same: signs the heads of every petition's ledger (Ed25519)

# How many days after signing. A petition's own retention is set with the petition.
PENDING_DAYS = env.int("PENDING_DAYS", 14)  # what nobody confirmed is deleted
QUARANTINE_DAYS = env.int("QUARANTINE_DAYS", 30)  # the same for what was set aside: moderators need the time
NETWORK_DAYS = env.int("NETWORK_DAYS", 30)  # the network somebody signed from is forgotten
NAMES_DAYS = env.int("NAMES_DAYS", 90)  # a list of names made for an authority is destroyed, at the latest
NAMES_DAYS_AFTER_RECEIPT = env.int("NAMES_DAYS_AFTER_RECEIPT", 30)  # the same once it was handed in

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
ACCOUNT_EMAIL_NOTIFICATIONS = (
    True  # whoever owns the account is told when its password, addresses or second steps change
)
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

# --- Second steps -------------------------------------------------------------
# Who must have one: "none"; "moderators" (the site's staff); "owners" (staff, and owners of organizations).
REQUIRE_SECOND_STEP = env.str(
    "REQUIRE_SECOND_STEP", "none", validate=validate.OneOf(["none", "moderators", "owners"])
)
MFA_ADAPTER = "campaign.accounts.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = (
    1  # clocks differ, and people type slowly; campaign.accounts.forms keeps a code from working twice
)
MFA_FORMS = {
    "authenticate": "campaign.accounts.forms.SecondStepForm",
    "reauthenticate": "campaign.accounts.forms.ConfirmForm",
    "activate_totp": "campaign.accounts.forms.ActivateAppForm",
    "authenticate_webauthn": "campaign.accounts.forms.PasskeyStepForm",
    "login_webauthn": "campaign.accounts.forms.PasskeySignInForm",
    "reauthenticate_webauthn": "campaign.accounts.forms.PasskeyConfirmForm",
    "add_webauthn": "campaign.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "campaign.accounts.forms.EditPasskeyForm",
}

# --- Sign-in through an OpenID Connect issuer ---------------------------------
SOCIALACCOUNT_ADAPTER = "campaign.accounts.adapter.OpenIDAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "campaign.accounts.openid.CheckedProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": parse_issuer(
            issuer_id=env.str("OIDC_ID", "oidc"),
            name=env.str("OIDC_NAME", ""),
            client_id=env.str("OIDC_CLIENT_ID", ""),
            client_secret=env.str("OIDC_CLIENT_SECRET", ""),
            server_url=env.str("OIDC_SERVER_URL", "").strip(),
        ),
    }
}
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
# An issuer never opens an account that is here already: its owner signs in and connects the two.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True

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
# Documents that show who may sign name people: up to their largest size they are held in memory, never in a file on the way.
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_500_000

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
    "consultations.gather_names": {"queue": "documents"},
    "consultations.render_names": {"queue": "documents"},
    "consultations.merge_names": {"queue": "documents"},
    "petitions.take_in": {"queue": "mail"},
    "petitions.number_signatures": {"queue": "ledger"},
    "petitions.catch_up_trees": {"queue": "ledger"},
}
# A beat message that waits longer than its interval is worth nothing: the next one does the same.
CELERY_BEAT_SCHEDULE = {
    "mailing-pump": {"task": "mailing.pump", "schedule": 1.0, "options": {"expires": 5}},
    "accounts-forget-sessions": {
        "task": "accounts.forget_sessions",
        "schedule": crontab(hour="4", minute="10"),
    },
    "petitions-take-in": {"task": "petitions.take_in", "schedule": 1.0, "options": {"expires": 5}},
    "guard-prune": {"task": "guard.prune", "schedule": 600.0, "options": {"expires": 600}},
    "mailing-prune": {"task": "mailing.prune", "schedule": crontab(hour="3", minute="50")},
    "mailing-release": {"task": "mailing.release", "schedule": 60.0, "options": {"expires": 60}},
    "petitions-catch-up": {
        "task": "petitions.catch_up_trees",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "petitions-number": {
        "task": "petitions.number_signatures",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "petitions-thresholds": {
        "task": "petitions.watch_thresholds",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "petitions-receipts": {
        "task": "petitions.queue_receipts",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "petitions-tell": {
        "task": "petitions.tell_signers",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "petitions-verify": {
        "task": "petitions.verify_ledgers",
        "schedule": crontab(hour="2", minute="40"),
        "options": {"expires": 6 * 3600},
    },
    "petitions-close": {
        "task": "petitions.close_due",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "petitions-search": {
        "task": "petitions.refresh_search",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 6 * 3600},
    },
    "petitions-reindex": {
        "task": "petitions.reindex_mailboxes",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "petitions-remind": {"task": "petitions.remind", "schedule": 3600.0, "options": {"expires": 3600}},
    "petitions-erase": {"task": "petitions.erase", "schedule": 3600.0, "options": {"expires": 3600}},
    "moderation-sweeps": {"task": "moderation.run_sweeps", "schedule": 2.0, "options": {"expires": 10}},
    "moderation-watch": {"task": "moderation.watch", "schedule": 300.0, "options": {"expires": 300}},
    "moderation-forget": {"task": "moderation.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "organizations-records": {
        "task": "organizations.sweep_records",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "organizations-mandates": {
        "task": "organizations.tend_mandates",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "consultations-deadlines": {
        "task": "consultations.tend_deadlines",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "consultations-filings": {
        "task": "consultations.list_filings",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "consultations-names-sweep": {
        "task": "consultations.sweep_names",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "consultations-names-destroy": {
        "task": "consultations.destroy_names",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "documents-sweep": {"task": "documents.sweep", "schedule": 15.0, "options": {"expires": 15}},
}

# --- Petitions ---------------------------------------------------------------
# Who makes a petition public: "team" (an owner of its campaign's team) or "moderators" (the site's staff, on the team's request).
PETITIONS_PUBLISHED_BY = env.str(
    "PETITIONS_PUBLISHED_BY", "team", validate=validate.OneOf(["team", "moderators"])
)

# --- Organizations -----------------------------------------------------------
# Whom workers ask for the record that proves a mandate; none: the servers that the machine asks itself.
DNS_SERVERS = parse_name_servers(env.list("DNS_SERVERS", []))

# --- Documents --------------------------------------------------------------
RENDER_SECONDS = env.int("RENDER_SECONDS", 180)  # CPU seconds one document may take
RENDER_MEMORY_MB = env.int("RENDER_MEMORY_MB", 2048)
# The site's seal on finished PDFs (docs/operations.md, "The seal"); no files, no seal.
SEAL_KEY_FILE = env.str("SEAL_KEY_FILE", "")
SEAL_CERTIFICATE_FILE = env.str("SEAL_CERTIFICATE_FILE", "")
SEAL_PASSPHRASE = env.str("SEAL_PASSPHRASE", "")

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
        "fido2": {"level": "WARNING"},  # it would write down which passkey was used when
    },
}
