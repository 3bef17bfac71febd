import os
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

DAYS = 365


class Command(BaseCommand):
    help = (
        "Make a key and a self-signed certificate to try the seal on PDFs with. Nobody vouches for it: for real use get a "
        "certificate from a provider that readers' programs trust. See docs/operations.md, The seal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where seal-key.pem and seal-certificate.pem are put")
        parser.add_argument(
            "--name", default="", help="whose seal it says it is; without it, the operator's name"
        )

    def handle(self, *args: Any, folder: Path, name: str, **options: Any) -> None:
        owner = name or settings.OPERATOR_NAME or settings.SITE_NAME
        key = ec.generate_private_key(ec.SECP256R1())
        encryption: KeySerializationEncryption = NoEncryption()
        if settings.SEAL_PASSPHRASE:
            encryption = BestAvailableEncryption(settings.SEAL_PASSPHRASE.encode())
        folder.mkdir(parents=True, exist_ok=True)
        files = folder / "seal-key.pem", folder / "seal-certificate.pem"
        for path, content, mode in (
            (files[0], key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption), 0o600),
            (files[1], self._certificate(key, owner).public_bytes(Encoding.PEM), 0o644),
        ):
            try:
                opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            except FileExistsError:
                raise CommandError(
                    f"{path} is there already. Move it away first: nothing was overwritten."
                ) from None
            with os.fdopen(opened, "wb") as file:
                file.write(content)
        self.stdout.write(f"RECLAIM_SEAL_KEY_FILE={files[0].absolute()}")
        self.stdout.write(f"RECLAIM_SEAL_CERTIFICATE_FILE={files[1].absolute()}")
        self.stdout.write(
            f"Self-signed, valid for {DAYS} days, for trials only: readers' programs will not know whose seal it is."
        )

    def _certificate(self, key: ec.EllipticCurvePrivateKey, owner: str) -> x509.Certificate:
        at = timezone.now()
        name = x509.Name(
            [
                # 64 characters are all that a common name may have.
                x509.NameAttribute(NameOID.COMMON_NAME, "Trial seal (self-signed)"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner[:64]),
            ]
        )
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
        )
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - timedelta(minutes=5))
            .not_valid_after(at + timedelta(days=DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=True,
                    encipher_only=False,
                    decipher_only=False,
                    **usage,
                ),
                critical=True,
            )
            .sign(key, hashes.SHA256())
        )
