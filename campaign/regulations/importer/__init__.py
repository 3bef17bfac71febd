"""Files of the library (YAML) read into memory. Nothing is stored here; every mistake is told as file, line, place and remedy."""

from campaign.regulations.importer.adaptation import (
    AdaptationFile,
    is_adaptation,
    read_adaptation,
)
from campaign.regulations.importer.parts import HookData, ObjectionData
from campaign.regulations.importer.template import TemplateFile, read_template, read_template_file

__all__ = [
    "AdaptationFile",
    "HookData",
    "ObjectionData",
    "TemplateFile",
    "is_adaptation",
    "read_adaptation",
    "read_template",
    "read_template_file",
]
