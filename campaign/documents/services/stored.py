"""The files of a document in the store: where they lie, and what is left of workers that vanished."""

import logging

from django.core.files.storage import default_storage

from campaign.documents.models import Document

logger = logging.getLogger(__name__)


def folder_of(document: Document) -> str:
    return f"documents/{document.pk}"


def stored_files(document: Document) -> list[str]:
    """What the store holds for a document at this moment: the file of its row, and what vanished workers left."""
    try:
        claims, _files = default_storage.listdir(folder_of(document))
        return [
            f"{folder_of(document)}/{claim}/{name}"
            for claim in claims
            for name in default_storage.listdir(f"{folder_of(document)}/{claim}")[1]
        ]
    except FileNotFoundError:
        return []
    except Exception:
        logger.exception("document %s: the store does not list its files", document.pk)
        return []


def remove_files(names: list[str]) -> None:
    for name in filter(None, names):
        try:
            default_storage.delete(name)
        except Exception:
            logger.exception("a file of a document could not be removed from the store")
