# One image for every process of the site: web, workers, beat, migrate. What each runs is said in compose.yaml.
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Debian's packages are not pinned: a rebuild is to bring its security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
COPY requirements-production.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r /build/requirements-production.lock
WORKDIR /app
COPY manage.py ./
COPY campaign campaign
COPY templates templates
COPY static static
COPY locale locale
# The development settings need no keys of ours; what is built here does not depend on which settings are used.
RUN RECLAIM_VAR_DIR=/build/var /opt/venv/bin/python manage.py compilemessages \
    && RECLAIM_VAR_DIR=/build/var /opt/venv/bin/python manage.py collectstatic --no-input \
    && /opt/venv/bin/python -m compileall -q campaign

FROM python:3.12-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
    fonts-noto-cjk fonts-noto-core libfontconfig1 libharfbuzz-subset0 libharfbuzz0b libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/reclaim --create-home reclaim \
    && install -d -o reclaim -g reclaim /var/lib/reclaim/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build --chown=reclaim:reclaim /build/var/static /var/lib/reclaim/static
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=campaign.settings.production \
    RECLAIM_VAR_DIR=/var/lib/reclaim
WORKDIR /app
USER 10001
VOLUME /var/lib/reclaim/media
EXPOSE 8000
CMD ["gunicorn", "campaign.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
