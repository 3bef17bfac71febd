"""Word processor files (Office Open XML, ISO/IEC 29500), written part by part, so that equal text gives equal bytes."""

from campaign.regulations.exports.word.law import law_docx
from campaign.regulations.exports.word.writing import tracked_writing_docx, writing_docx

__all__ = ["law_docx", "tracked_writing_docx", "writing_docx"]
