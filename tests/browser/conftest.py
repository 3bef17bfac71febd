"""A real browser, a real server, real workers: what a person walks through.

Debian's Chromium is driven by Playwright; the Celery worker is a process of its own on the test database and Redis.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import sync_playwright

from tests.browser.snapshot import Snapshot

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in this thread

AXE = (Path(__file__).parents[1] / "vendor/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DEADLINE = 60  # seconds a worker may take until something it does is visible


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("RECLAIM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is needed: apt-get install chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[*sandbox, "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_snapshot(tmp_path_factory):
    """The demo campaign as the first test set it up, with the whole library."""
    return Snapshot(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo_site(transactional_db, live_server, settings, tmp_path, demo_snapshot):
    """The demo campaign on a live server, files on disk so that workers share them."""
    settings.DEMO_PASSWORD = "a demo password"
    settings.SITE_URL = live_server.url
    settings.MAIL_PAGE = True
    settings.EMAIL_BACKEND = "campaign.mailing.backends.TerminalBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    if demo_snapshot.is_taken:
        demo_snapshot.put_back(tmp_path / "media")
    else:
        call_command("load_reference", verbosity=0)
        call_command("load_demo", verbosity=0)
        demo_snapshot.take(tmp_path / "media")
    return live_server


@pytest.fixture
def workers(demo_site, tmp_path):
    """One worker process with beat, for every queue."""
    database = connection.settings_dict
    if connection.vendor != "postgresql" or not django_settings.REDIS_URL:
        pytest.skip("workers share the database and the broker: PostgreSQL and Redis are needed")
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "campaign.settings.test",
        "RECLAIM_TEST_DATABASE_URL": _url_of(database),
        "RECLAIM_TEST_SHARED_DIR": str(tmp_path),
        "RECLAIM_SITE_URL": demo_site.url,
    }
    log = (tmp_path / "worker.log").open("w")
    queues = "mail,ledger,default,documents"
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "campaign", "worker", "-B", "-P", "solo", "-Q", queues,
         "--without-gossip", "--without-mingle", "-s", str(tmp_path / "beat"), "-l", "INFO"],
        env=env, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    yield process
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
    log.close()


def _url_of(database):
    """The address of the test database (a socket folder as host is percent-encoded)."""
    host = str(database["HOST"]).replace("/", "%2F")
    port = f":{database['PORT']}" if database["PORT"] else ""
    user = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return f"postgres://{user}@{host}{port}/{database['NAME']}"


@pytest.fixture
def visit(chromium, demo_site):
    """Opens pages as a person would; every page that is looked at must pass axe, fit its width and log no error."""
    contexts = []

    def opened(*, width=1280, scheme="light", javascript=True, touch=False):
        context = chromium.new_context(
            base_url=demo_site.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            has_touch=touch,
            bypass_csp=False,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visitor(context.new_page())

    yield opened
    for context in contexts:
        context.close()


class Visitor:
    """A page with the checks that hold for every page."""

    def __init__(self, page):
        self.page = page
        self.errors = []
        page.on("console", self._note_error)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._refuse_foreign)

    def _note_error(self, message):
        # The browser itself logs a refused form; that answer is part of the way.
        if message.type == "error" and "422" not in message.text:
            self.errors.append(message.text)

    def _refuse_foreign(self, request):
        if not request.url.startswith(("http://localhost", "http://127.0.0.1", "data:")):
            self.errors.append(f"request to {request.url}")

    def check(self):
        """Accessibility rules, no sideways scrolling, no error in the console."""
        self.page.wait_for_load_state()
        overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{self.page.url} scrolls sideways by {overflow}px"
        # evaluate() runs in the page's world through the debugger, so the page's own CSP stays strict.
        self.page.evaluate(AXE)
        result = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        found = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]
        assert found == [], f"{self.page.url}: {found}"
        assert self.errors == [], f"{self.page.url}: {self.errors}"
        return self.page

    def go(self, address):
        self.page.goto(address)
        return self.check()

    def reload_until(self, text):
        """Load the page again until it shows `text`: a worker is at it."""
        end = time.monotonic() + DEADLINE
        while text not in self.page.inner_text("main"):
            assert time.monotonic() < end, f"{self.page.url} never showed {text!r}"
            self.page.wait_for_timeout(500)
            self.page.reload()
        return self.check()
