"""PDF in, sealed PDF out: the program that holds the site's key, alone in a child process.

It is started by path, never imported by the site, and imports nothing of Django or of this project; the renderer, which reads
what people wrote, never sees the key. It loads what it needs, waits, and reads one line of JSON from standard input, followed by
the PDF (none: the key is only tried). It answers with one line of JSON, followed by the sealed PDF:

    {"ok": true}
    {"ok": false, "error": "passphrase"}      (a value of `sealing.SealFault`)

The seal is PAdES B-B, invisible, an incremental update: the PDF's own bytes stay as they are, in front of it.
"""

import asyncio
import importlib
import io
import json
import os
import runpy
import sys
import warnings
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
FIELD = "Seal"


class Fault(Exception):
    """The key cannot seal. `code` is a value of `sealing.SealFault`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_key(order: dict[str, Any]) -> Any:
    """The private key. Raises Fault."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        content = Path(order["key_file"]).read_bytes()
    except OSError:
        raise Fault("key_missing") from None
    passphrase = order["passphrase"].encode() or None
    try:
        key = load_pem_private_key(content, passphrase)
    except TypeError:  # a passphrase for a key that has none, or none for one that has
        raise Fault("passphrase") from None
    except ValueError:
        raise Fault("passphrase" if b"ENCRYPTED" in content else "key_broken") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Fault("key_kind")
    return key


def read_chain(order: dict[str, Any]) -> list[Any]:
    """The certificates, that of the seal first. Raises Fault."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(order["certificate"].encode())
    except ValueError:
        raise Fault("certificate_broken") from None


def refuse_what_does_not_seal(key: Any, certificate: Any, moment: datetime) -> None:
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    if certificate.public_key() != key.public_key():
        raise Fault("mismatch")
    if moment < certificate.not_valid_before_utc:
        raise Fault("not_yet")
    if moment > certificate.not_valid_after_utc:
        raise Fault("expired")
    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise Fault("usage")


def signer_of(key: Any, chain: list[Any], moment: datetime) -> Any:
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class AtMoment(PdfSigner):
        """pyHanko would take the time from the clock."""

        def init_signing_session(self, *given: Any, **named: Any) -> Any:
            session = super().init_signing_session(*given, **named)
            session.system_time = moment
            return session

    certificates = [x509.Certificate.load(row.public_bytes(Encoding.DER)) for row in chain]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificates)
    bare = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=certificates[0], signing_key=keys.PrivateKeyInfo.load(bare), cert_registry=store
    )
    wanted = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    # Words for the field, which screen readers tell although nothing is drawn.
    return AtMoment(wanted, signer, new_field_spec=SigFieldSpec(FIELD, readable_field_name=FIELD))


def seal(pdf: bytes, signer: Any, loop: asyncio.AbstractEventLoop) -> bytes:
    """The PDF with a seal behind it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class AsItIs(IncrementalPdfFileWriter):
        """Leaves metadata and version of the PDF alone: those come from the frozen text, and PDF/A-3 is a form of PDF 1.7."""

        def _update_meta(self) -> None:
            pass

        def ensure_output_version(self, version: Any) -> None:
            pass

    made = loop.run_until_complete(signer.async_sign_pdf(AsItIs(io.BytesIO(pdf))))
    return bytes(made.getbuffer())


def is_whole(sealed: bytes, pdf: bytes) -> bool:
    """Whether the seal is there, holds, and covers everything; read from the file as anybody reads it."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    found = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    if len(found) != 1 or not sealed.startswith(pdf):
        return False
    embedded = found[0]
    embedded.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        embedded.signer_info,
        embedded.signer_cert,
        expected_content_type="data",
        actual_digest=embedded.compute_digest(),
    )
    return bool(intact and valid) and embedded.coverage.name == "ENTIRE_FILE"


class WithoutNetwork(ModuleType):
    """Stands in for aiohttp, a third of all loading: pyHanko wants it for time stamps from elsewhere, and this seal has none."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def load() -> None:
    """Everything that sealing needs, as far as it does not depend on the order."""
    sys.modules["aiohttp"] = WithoutNetwork("aiohttp")
    import tzlocal

    for name in ("pyhanko.sign.signers", "pyhanko.sign.validation.generic_cms"):
        importlib.import_module(name)
    tzlocal.get_localzone()  # looks into files at its first use


def answer(order: dict[str, Any], pdf: bytes, lock: Any) -> bytes:
    """The sealed PDF, or nothing when the key was only tried. Raises Fault."""
    key, chain = read_key(order), read_chain(order)
    loop = asyncio.new_event_loop()  # opens a pair of sockets to itself
    lock()
    moment = datetime.fromisoformat(order["moment"])
    refuse_what_does_not_seal(key, chain[0], moment)
    if not pdf:
        return b""
    sealed = seal(pdf, signer_of(key, chain, moment), loop)
    if not is_whole(sealed, pdf):
        raise Fault("not_whole")
    return sealed


def main() -> None:
    warnings.simplefilter("ignore")
    renderer = runpy.run_path(str(HERE / "renderer.py"))
    renderer["limit_resources"](seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between our bytes
    line: dict[str, Any] = {"ok": True}
    sealed = b""
    try:
        load()
        first, _newline, pdf = sys.stdin.buffer.read().partition(b"\n")
        sealed = answer(json.loads(first), pdf, renderer["give_up_files_and_connections"])
    except Fault as fault:
        line = {"ok": False, "error": fault.code}
    except MemoryError:
        line = {"ok": False, "error": "memory"}
    except (Exception, renderer["Refused"]) as error:  # noqa: BLE001  whatever a library raises: only its name may travel
        line = {"ok": False, "error": "internal", "detail": type(error).__name__}
    out.write(json.dumps(line).encode() + b"\n" + sealed)
    out.flush()
    os._exit(0)  # nothing to tidy, and no key is left in a core or a temporary file


if __name__ == "__main__":
    main()
