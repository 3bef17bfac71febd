import hypothesis
import pytest
from django.core.cache import cache
from django.utils import translation

# On a busy machine the first example, which loads things, may take longer than any limit.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Rate limits live in the cache: each test begins with none used."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_language():
    """The test client answers in this thread: the language of its last page must not stay for the next test."""
    yield
    translation.deactivate()
