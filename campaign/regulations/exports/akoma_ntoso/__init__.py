"""Akoma Ntoso 3.0 (OASIS LegalDocML): the law as XML that other systems of legislatures can read."""

from campaign.regulations.exports.akoma_ntoso.document import law_akoma_ntoso

__all__ = ["law_akoma_ntoso"]
