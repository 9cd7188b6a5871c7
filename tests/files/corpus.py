"""The corpus of messy, hostile files: every member by its name."""

from tests.files.other_members import OTHERS
from tests.files.stored_members import STORED
from tests.files.text_members import TEXTS
from tests.files.workbook_members import WORKBOOKS

CORPUS = {**TEXTS, **WORKBOOKS, **STORED, **OTHERS}
assert len(CORPUS) == len(TEXTS) + len(WORKBOOKS) + len(STORED) + len(OTHERS)
