"""The embedded run: SQLite, a broker of plain files, mail shown in the terminal. Nothing to install beside it."""

import fcntl
import json
import secrets

from campaign.settings.base import *  # noqa: F403  settings modules extend each other by star import
from campaign.settings.base import CACHES, LANGUAGES, LOGGING, SQLITE_DATABASE, VAR_DIR, env

VAR_DIR.mkdir(parents=True, exist_ok=True)


def own_keys() -> dict[str, str]:
    """Keys of this copy, made at the first start and kept in `var/keys.json` (readable by its owner only)."""
    path, draft = VAR_DIR / "keys.json", VAR_DIR / "keys.tmp"
    with (VAR_DIR / "keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of processes that start together, one makes what is missing
        keys: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        made = {name: secrets.token_hex(32) for name in ("secret_key", "data_key", "index_key", "ledger_key")}
        made["demo_password"] = secrets.token_urlsafe(9)
        if not made.keys() <= keys.keys():
            keys = made | keys
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(keys))
            draft.replace(path)
    return keys


_keys = own_keys()
SECRET_KEY = env.str("SECRET_KEY", _keys["secret_key"])
DATA_KEYS = {"dev": bytes.fromhex(_keys["data_key"])}
INDEX_KEY = bytes.fromhex(_keys["index_key"])
LEDGER_KEY = bytes.fromhex(_keys["ledger_key"])

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"])  # noqa: S104  names, not a bind
DATABASES = {"default": {**SQLITE_DATABASE}}
CACHES = {
    **CACHES,
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
    },
}

LANGUAGES = [*LANGUAGES, ("en-xa", "Ƥşḗŭḓǿ-Ḗƞɠŀīşħ")]

DEMO_PASSWORD = _keys["demo_password"]
MAIL_PAGE = True
CELERY_WORKER_REDIRECT_STDOUTS = False  # mail in the terminal stays readable
EMAIL_BACKEND = "campaign.mailing.backends.TerminalBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"

_queue = VAR_DIR / "queue"
for _folder in (_queue / "messages", _queue / "control"):
    _folder.mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT = "campaign.core.broker:Transport"
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody asks; its messages would only be more files
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(_queue / "messages"),
    "data_folder_out": str(_queue / "messages"),
    "control_folder": str(_queue / "control"),
    "store_processed": False,
    "polling_interval": 0.05,
}
# The broker of plain files has no host, which kombu finds worth a warning at every start.
LOGGING["loggers"]["kombu.connection"] = {"level": "ERROR"}
