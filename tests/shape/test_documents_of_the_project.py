"""What the project says about itself: variables, lock files, container files, license."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r'env\.\w+\(\s*"(\w+)"')
EXAMPLE = re.compile(r"^(?:# )?(RECLAIM_\w+)=", re.MULTILINE)
ONLY_FOR_DEVELOPERS = {
    "RECLAIM_DEBUG",
    "RECLAIM_TEST_DATABASE_URL",
    "RECLAIM_TEST_REDIS_URL",
    "RECLAIM_TEST_SHARED_DIR",
}


def variables_read():
    """Every variable that the settings read."""
    modules = (ROOT / "campaign/settings").glob("*.py")
    return {f"RECLAIM_{name}" for path in modules for name in READ.findall(path.read_text())}


def test_variables_in_the_example_are_those_the_settings_read():
    explained = EXAMPLE.findall((ROOT / ".env.example").read_text())

    assert len(explained) == len(set(explained))
    assert set(explained) == variables_read()


def test_every_variable_in_the_example_is_explained():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for number, line in enumerate(lines):
        if EXAMPLE.match(line):
            above = lines[number - 1]
            assert above.startswith("# ") or EXAMPLE.match(above), f"line {number + 1} is not explained"


def test_table_of_variables_in_operations_is_that_of_the_settings():
    page = (ROOT / "docs/operations.md").read_text()
    table = page.split("<!-- variables: begin -->")[1].split("<!-- variables: end -->")[0]

    listed = set(re.findall(r"^\| `(RECLAIM_\w+)` \|", table, re.MULTILINE))

    assert listed == variables_read() - ONLY_FOR_DEVELOPERS


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-production.lock"])
def test_lock_files_have_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    entries = [line for line in text.splitlines() if re.match(r"^[a-z0-9]", line)]

    assert len(entries) > 30
    assert "://" not in text
    assert all(line.endswith("\\") for line in entries)
    assert text.count("--hash=sha256:") >= len(entries)


def test_production_lock_is_a_part_of_the_full_one():
    full, part = ((ROOT / name).read_text() for name in ("requirements.lock", "requirements-production.lock"))

    pins = [line.split(" ;")[0].strip(" \\") for line in part.splitlines() if re.match(r"^[a-z0-9]", line)]

    assert [pin for pin in pins if f"\n{pin} " not in f"\n{full}"] == []
    assert "pytest==" not in part


def test_locked_versions_satisfy_the_project_file():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    part = (ROOT / "requirements-production.lock").read_text()

    names = [re.match(r"[\w-]+", entry)[0].lower() for entry in project["project"]["dependencies"]]

    assert [name for name in names if not re.search(rf"^{name}(\[\w+\])?==", part, re.MULTILINE)] == []


def test_compose_runs_every_process_and_every_queue():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "worker-documents", "beat"}
    queues = [
        queue
        for name in ("worker", "worker-documents")
        for queue in services[name]["command"][services[name]["command"].index("--queues") + 1].split(",")
    ]
    assert sorted(queues) == ["default", "documents", "ledger", "mail"]
    assert "--appendonly" in services["redis"]["command"]
    for name in ("web", "worker", "worker-documents", "postgres", "redis"):
        assert "healthcheck" in services[name], name
    for name in ("web", "worker", "worker-documents", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_queues_that_tasks_are_routed_to_have_workers(settings):
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {
        settings.CELERY_TASK_DEFAULT_QUEUE
    }

    assert routed == {"mail", "ledger", "documents", "default"}


def test_dockerfile_installs_by_hash_and_runs_as_an_ordinary_user():
    text = (ROOT / "Dockerfile").read_text()

    assert "--require-hashes -r /build/requirements-production.lock" in text
    assert re.search(r"^USER (?!0|root)\w+", text.split("FROM")[-1], re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == set(copied)


def test_license_is_the_whole_agpl():
    text = (ROOT / "LICENSE").read_text()

    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in text.splitlines()[0]
    assert "13. Remote Network Interaction" in text
    assert "17. Interpretation of Sections 15 and 16." in text
    assert text.rstrip().endswith("<https://www.gnu.org/licenses/>.")
