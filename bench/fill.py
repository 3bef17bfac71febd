"""Fills a throwaway database: many signatures under one petition, by SQL, as wide as real rows."""

import subprocess
import sys
import uuid
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
BATCH = 100_000

# Identifiers in order of time, encrypted name and address, keys and hashes of their true length, some tens of countries and tags.
ROWS = """
INSERT INTO petitions_signature (
    id, created_at, petition_id, state, name, email, salt, email_key, domain_key, network_key, slot, country, locale, source,
    consents, name_is_public, wants_updates, wants_news, reason_state, signed_at, confirmed_at, quarantine_cause, state_before,
    counted, number, commitment, trace
)
SELECT
    (
        substr(md5(%(petition)s::text), 1, 4) || lpad(to_hex(n), 8, '0')
        || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15)
    )::uuid,
    now(), %(petition)s::uuid, 'confirmed',
    sha256(('name' || n)::bytea) || sha256(n::text::bytea), sha256(('mail' || n)::bytea) || sha256(n::text::bytea),
    sha256(('salt' || n)::bytea) || sha256(('seal' || n)::bytea) || sha256(n::text::bytea),
    sha256(n::text::bytea), hashtextextended('domain' || (random() * 50)::int, 0), hashtextextended('network' || n / 3, 0), 1,
    (ARRAY['DE', 'FR', 'ES', 'IT', 'PL', 'AT', 'BE', 'NL', 'SE', 'PT'])[1 + n %% 10], (ARRAY['en', 'de', 'fr'])[1 + n %% 3],
    (ARRAY['', 'newsletter', 'friends-1', 'radio'])[1 + n %% 4],
    '[{"purpose": "sign", "given": true, "version": "2026-11-1", "locale": "en", "at": "2026-11-22T09:00:00+00:00"}]',
    false, false, false, '', now(), now() - interval '1 hour' + n * interval '1 microsecond', '', '',
    %(counted)s::boolean, CASE WHEN %(counted)s::boolean THEN n END,
    sha256(('commitment' || n)::bytea), sha256(('trace' || n)::bytea)
FROM generate_series(%(first)s::bigint + 1, %(first)s::bigint + %(count)s::bigint) AS n
"""


def migrate(env: dict[str, str]) -> None:
    """The site's tables, reference data and static files."""
    for command in (["migrate", "-v0"], ["load_reference", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], env=env, cwd=ROOT, check=True)


def add_signatures(
    database: str, *, petition: uuid.UUID, count: int, first: int = 0, counted: bool = True
) -> None:
    """`count` confirmed rows in batches; counted ones are numbered from `first` + 1, without ledger entries."""
    with psycopg.connect(database, autocommit=True) as connection:
        while count > 0:
            step = min(BATCH, count)
            values = {"petition": petition, "first": first, "count": step, "counted": counted}
            connection.execute(ROWS, values)
            first, count = first + step, count - step
        connection.execute("VACUUM ANALYZE petitions_signature")
