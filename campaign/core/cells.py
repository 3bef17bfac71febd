"""Cells of files that people open in spreadsheets."""

# What a spreadsheet takes for a formula at the start of a cell, its full-width forms included.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet reads as a formula: an apostrophe before signs that begin one."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
