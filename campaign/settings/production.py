"""Production: PostgreSQL, Redis, SMTP. A missing or malformed variable stops the start with its name."""

from environs import validate

from campaign.core.keys import parse_index_key, parse_key_ring, parse_ledger_key
from campaign.settings.base import *  # noqa: F403  settings modules extend each other by star import
from campaign.settings.base import BEHIND_PROXY, CACHES, SITE_URL, env

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("OLD_SECRET_KEYS", [])  # still open the links in mails sent before
DATA_KEYS = parse_key_ring(env.str("DATA_KEYS"))
INDEX_KEY = parse_index_key(env.str("INDEX_KEY"))
if _old_index_key := env.str("OLD_INDEX_KEY", ""):
    OLD_INDEX_KEY = parse_index_key(_old_index_key, "RECLAIM_OLD_INDEX_KEY")
LEDGER_KEY = parse_ledger_key(env.str("LEDGER_KEY"))

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
_database = env.dj_db_url("DATABASE_URL")
if _database["ENGINE"] == "django.db.backends.postgresql":
    _database["ENGINE"] = "campaign.core.postgres"
DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    **CACHES,
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL},
}
CELERY_BROKER_URL = env.str("BROKER_URL", REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # above the hard time limit of the slowest task
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}

EMAIL_BACKEND = "campaign.mailing.backends.SmtpBackend"
EMAIL_HOST = env.str("MAIL_HOST")
EMAIL_PORT = env.int("MAIL_PORT", 587)
EMAIL_HOST_USER = env.str("MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("MAIL_PASSWORD", "")
_security = env.str("MAIL_SECURITY", "starttls", validate=validate.OneOf(["starttls", "tls", "none"]))
EMAIL_USE_TLS, EMAIL_USE_SSL = _security == "starttls", _security == "tls"

SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", 1)
