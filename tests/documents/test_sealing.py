"""The site's seal: what it leaves as it was, what it covers, and that nothing goes out without it."""

import hashlib
import io
import signal
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from campaign.documents.builders import DocumentSource, TextSource, register_builder
from campaign.documents.checks import check_seal
from campaign.documents.children import RenderFailed
from campaign.documents.formats import TEXT
from campaign.documents.models import Document
from campaign.documents.reasons import Reason
from campaign.documents.sealing import (
    SealFault,
    SealUnusable,
    seal_pdf,
    sealed_by_line,
    sealer_at_hand,
    site_seal,
    try_seal,
)
from campaign.documents.services import render_document, render_source, request_document
from tests.documents.test_rendering import text_of
from tests.factories.documents import FrozenTextFactory
from tests.tools.verapdf import validate

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

State = Document.State
NOW = datetime.now(UTC).replace(microsecond=0)
PASSPHRASE = "correct horse"
SUBJECT = "Seal of the tests, Commons Lab"


def certificate_for(key, *, begins=-1, ends=300, usage=True, issuer=None, issuer_key=None):
    """A certificate of the key, valid from `begins` to `ends` days from now; self-signed without an issuer."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Seal of the tests"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Commons Lab"),
        ]
    )
    others = dict.fromkeys(("data_encipherment", "key_agreement", "crl_sign", "key_cert_sign"), False)
    purpose = x509.KeyUsage(
        digital_signature=usage,
        content_commitment=False,
        key_encipherment=not usage,
        encipher_only=False,
        decipher_only=False,
        **others,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=begins))
        .not_valid_after(NOW + timedelta(days=ends))
        .add_extension(purpose, critical=True)
        .sign(issuer_key or key, hashes.SHA256())
    )


def pem_of(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))


@pytest.fixture
def new_seal(tmp_path, settings):
    """Sets a seal: give it what is to be wrong with it."""

    def put(*, key=None, certificate_key=None, pem=None, passphrase=PASSPHRASE, **facts):
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = certificate_for(certificate_key or key, **facts)
        settings.SEAL_KEY_FILE = str(tmp_path / "key.pem")
        settings.SEAL_CERTIFICATE_FILE = str(tmp_path / "certificate.pem")
        settings.SEAL_PASSPHRASE = passphrase
        Path(settings.SEAL_KEY_FILE).write_bytes(pem or pem_of(key))
        Path(settings.SEAL_CERTIFICATE_FILE).write_bytes(certificate.public_bytes(Encoding.PEM))
        return certificate

    return put


@pytest.fixture
def framed_pages():
    """A builder that uses the frame of every document, registered as "tests.document"."""

    def build(text, locale):
        html = render_to_string("documents/pdf/base.html", {"frozen_text": text})
        return DocumentSource(html=html, title=text.title, locale=locale, file_name="a page.pdf")

    register_builder("tests.document", build)
    return build


def made(text, at=NOW):
    row = request_document(kind="tests.document", frozen_text=text, locale="en", at=at)
    render_document(document_id=str(row.pk), at=at)
    row.refresh_from_db()
    return row


def seal_of(content):
    """The signature dictionary of a PDF that has one field."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        return {str(name): field.V[name] for name in ("/SubFilter", "/M", "/ByteRange")} | {
            "box": [float(side) for side in field.Rect]
        }


# --- What a seal does ---------------------------------------------------------------


def test_sealed_document_begins_with_the_same_bytes_and_says_whose_seal_it_is(new_seal, framed_pages):
    certificate = new_seal()
    text = FrozenTextFactory()

    row = made(text)

    content = row.file.read()
    bare = render_source(source=framed_pages(text, "en"), frozen_text=text).content
    assert row.state == State.READY
    assert content.startswith(bare)
    assert len(content) > len(bare)
    assert row.unsealed_digest == hashlib.sha256(bare).hexdigest()
    assert row.file_digest == hashlib.sha256(content).hexdigest()
    assert row.sealed_by == SUBJECT
    assert row.seal_digest == certificate.fingerprint(hashes.SHA256()).hex()
    assert NOW <= row.sealed_at <= row.finished_at


def test_seal_is_pades_invisible_covers_everything_and_tells_the_time_of_the_finish(new_seal, framed_pages):
    new_seal()

    row = made(FrozenTextFactory())

    content = row.file.read()
    found = seal_of(content)
    first, length, second, rest = (int(number) for number in found["/ByteRange"])
    assert str(found["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert found["box"] == [0, 0, 0, 0]
    assert str(found["/M"]).startswith(row.sealed_at.strftime("D:%Y%m%d%H%M%S"))
    assert (first, second + rest) == (0, len(content))
    assert content[length:second].startswith(b"<")


def test_seal_leaves_title_dates_and_metadata_alone(new_seal, framed_pages):
    new_seal()
    text = FrozenTextFactory()

    content = made(text).file.read()

    bare = render_source(source=framed_pages(text, "en"), frozen_text=text).content
    with pikepdf.open(io.BytesIO(content)) as sealed, pikepdf.open(io.BytesIO(bare)) as before:
        assert sealed.pdf_version == before.pdf_version
        assert dict(sealed.docinfo) == dict(before.docinfo)
        assert sealed.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()


def test_seal_brings_the_whole_chain_of_certificates(new_seal, settings, framed_pages):
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    issuer = certificate_for(issuer_key)
    key = ec.generate_private_key(ec.SECP256R1())
    new_seal(
        key=key, issuer=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")]), issuer_key=issuer_key
    )
    with Path(settings.SEAL_CERTIFICATE_FILE).open("ab") as file:
        file.write(issuer.public_bytes(Encoding.PEM))

    content = made(FrozenTextFactory()).file.read()

    assert issuer.public_bytes(Encoding.DER).hex().encode() in content.lower()
    assert not site_seal().is_self_signed


def test_changed_byte_breaks_the_seal(new_seal, framed_pages):
    new_seal()
    content = made(FrozenTextFactory()).file.read()

    assert holds(content)
    assert not holds(content.replace(b"Reclaim", b"Reclaiw", 1))


def holds(content):
    found = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert]))
    return status.bottom_line


def test_sealer_that_loads_beforehand_reads_the_key_only_with_the_finished_page(
    new_seal, framed_pages, settings
):
    new_seal()
    text = FrozenTextFactory()
    page = render_source(source=framed_pages(text, "en"), frozen_text=text).content
    key = Path(settings.SEAL_KEY_FILE)
    kept = key.rename(key.with_name("elsewhere.pem"))

    with sealer_at_hand(at=NOW) as sealer:
        time.sleep(2)  # it has long loaded
        kept.rename(key)
        sealed = seal_pdf(content=page, promised="", at=NOW, sealer=sealer)

    assert sealed.content.startswith(page)
    assert seal_of(sealed.content)["/SubFilter"] == "/ETSI.CAdES.detached"


def test_sealer_at_hand_ends_with_a_page_that_cannot_be_made(new_seal):
    new_seal()

    with pytest.raises(RenderFailed), sealer_at_hand(at=NOW) as sealer:
        raise RenderFailed(Reason.GLYPHS)

    assert sealer._process.returncode == -signal.SIGKILL


def test_site_without_a_seal_keeps_no_sealer_at_hand():
    with sealer_at_hand(at=NOW) as sealer:
        assert sealer is None


def test_document_of_a_site_without_a_seal_says_so(build):
    row = made(FrozenTextFactory())

    assert (row.state, row.sealed_by, row.unsealed_digest, row.sealed_at) == (State.READY, "", "", None)


def test_text_file_is_not_sealed(new_seal):
    new_seal()
    register_builder("tests.document", lambda *_: TextSource(text="a", file_name="a"), media_type=TEXT)

    row = made(FrozenTextFactory())

    assert (row.file.read(), row.sealed_by) == (b"a", "")


def test_page_names_the_seal_that_the_text_names(new_seal, framed_pages):
    new_seal()
    text = FrozenTextFactory(payload={"a": 1, **sealed_by_line()})

    row = made(text)

    printed = text_of(row.file.read())
    assert f"Sealed by {SUBJECT}." in printed
    assert "http://testserver/documents/check/" in printed


def test_text_frozen_without_a_seal_names_none(framed_pages):
    assert sealed_by_line() == {}
    assert "Sealed by" not in text_of(made(FrozenTextFactory()).file.read())


@pytest.mark.skipif(
    bool(validate.missing()), reason=f"{validate.missing()}; see tests/tools/verapdf/validate.py"
)
def test_sealed_document_conforms_to_both_standards(new_seal, framed_pages, tmp_path):
    new_seal()
    file = tmp_path / "sealed.pdf"
    file.write_bytes(made(FrozenTextFactory(payload=sealed_by_line())).file.read())

    outcome = validate.validate(file)

    assert outcome.returncode == 0, outcome.stdout


# --- Nothing goes out without it -----------------------------------------------------------


def test_document_that_names_a_seal_fails_on_a_site_without(framed_pages):
    row = made(FrozenTextFactory(payload={"seal": {"subject": SUBJECT, "check_at": "https://example.org/"}}))

    assert (row.state, row.reason, bool(row.file)) == (State.FAILED, Reason.SEAL, False)


def test_document_that_names_another_seal_fails(new_seal, framed_pages):
    new_seal()

    row = made(FrozenTextFactory(payload={"seal": {"subject": "Somebody else", "check_at": "a"}}))

    assert (row.state, row.reason) == (State.FAILED, Reason.SEAL)


def test_document_fails_while_the_seal_does_not_work_and_is_made_when_it_does(new_seal, framed_pages):
    new_seal(ends=-0.5)
    text = FrozenTextFactory()
    failed = made(text)
    new_seal()

    row = made(text)

    assert (failed.state, failed.reason) == (State.FAILED, Reason.SEAL)
    assert (row.state, row.sealed_by) == (State.READY, SUBJECT)


FAULTS = {
    SealFault.EXPIRED: {"ends": -0.5},
    SealFault.NOT_YET: {"begins": 1},
    SealFault.PASSPHRASE: {"passphrase": "wrong"},
    SealFault.KEY_BROKEN: {"pem": b"no key"},
    SealFault.KEY_KIND: {"key": rsa.generate_private_key(65537, 2048)},
    SealFault.MISMATCH: {"certificate_key": ec.generate_private_key(ec.SECP256R1())},
    SealFault.USAGE: {"usage": False},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_seal_that_does_not_work_is_told_in_one_sentence(fault, new_seal):
    new_seal(**FAULTS[fault])

    with pytest.raises(SealUnusable) as refusal:
        try_seal(at=NOW)

    assert refusal.value.code == fault
    assert [(found.id, found.msg) for found in check_seal(None)] == [("documents.E001", str(fault.label))]
    with pytest.raises(RenderFailed):
        seal_pdf(content=b"%PDF-1.7", promised="", at=NOW)


def test_empty_passphrase_does_not_open_a_locked_key(new_seal):
    new_seal(passphrase="")

    with pytest.raises(SealUnusable) as refusal:
        try_seal(at=NOW)

    assert refusal.value.code == SealFault.PASSPHRASE


@pytest.mark.parametrize(
    ("name", "fault"),
    [("SEAL_KEY_FILE", SealFault.KEY_MISSING), ("SEAL_CERTIFICATE_FILE", SealFault.CERTIFICATE_MISSING)],
)
def test_file_of_the_seal_that_is_not_there_is_told(name, fault, new_seal, settings, tmp_path):
    new_seal()
    setattr(settings, name, str(tmp_path / "nothing.pem"))

    assert [found.msg for found in check_seal(None)] == [str(fault.label)]


def test_half_a_seal_is_told(settings):
    settings.SEAL_KEY_FILE = "/somewhere/key.pem"

    assert [found.msg for found in check_seal(None)] == [str(SealFault.INCOMPLETE.label)]
    assert sealed_by_line() == {}


def test_check_of_a_site_without_a_seal_says_nothing():
    assert check_seal(None) == []


def test_check_warns_of_a_seal_that_ends_soon_and_that_nobody_vouches_for(new_seal):
    new_seal(ends=20)

    assert [found.id for found in check_seal(None)] == ["documents.W001", "documents.W002"]


# --- A key for trials -----------------------------------------------------------------------


def test_make_seal_key_makes_a_seal_that_works_and_says_what_it_is(tmp_path, settings, capsys):
    call_command("make_seal_key", str(tmp_path / "seal"), name="Commons Lab")
    settings.SEAL_KEY_FILE = str(tmp_path / "seal/seal-key.pem")
    settings.SEAL_CERTIFICATE_FILE = str(tmp_path / "seal/seal-certificate.pem")

    seal = try_seal(at=datetime.now(UTC))

    assert seal.subject == "Trial seal (self-signed), Commons Lab"
    assert seal.is_self_signed
    assert stat.S_IMODE(Path(settings.SEAL_KEY_FILE).stat().st_mode) == 0o600
    assert "for trials only" in capsys.readouterr().out


def test_make_seal_key_overwrites_nothing(tmp_path):
    call_command("make_seal_key", str(tmp_path))
    key = (tmp_path / "seal-key.pem").read_bytes()

    with pytest.raises(CommandError, match="nothing was overwritten"):
        call_command("make_seal_key", str(tmp_path))

    assert (tmp_path / "seal-key.pem").read_bytes() == key
