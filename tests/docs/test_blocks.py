"""Every block of the documents says what it is, and is run by one of the tests beside this, or stands in not_run.py with a reason."""

import re
import unittest

from documents import ROOT, blocks_of, pages
from not_run import NOT_RUN

RUN = ("sh", "lammps", "python", "c")
# What is written, not typed: output, formulas, and forms of commands with words in capitals or dots for what the user fills in.
SHOWN = ("text", "math")
COMMAND = re.compile(r"(denoise [a-z]|mpirun |(fix|compute|dump|variable|thermo_style|run) \S|python3? |pip |cmake |\./|import |from \w+ import)")
FORM = re.compile(r"\.\.\.|\b[A-Z]{2,}\b|\bN\b")


class BlockTests(unittest.TestCase):
    def test_every_block_has_a_language(self):
        for page in pages():
            for block in blocks_of(page):
                self.assertIn(block.language, RUN + SHOWN, f"{block}: say of what language it is: {', '.join(RUN)}, which is run, or text")

    def test_no_block_is_made_by_indentation(self):
        for page in pages():
            text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
            found = re.search(r"\n\n    \S.*", re.sub(r"^[-*\d].*\n(\n? +.*\n)*", "", text, flags=re.MULTILINE))
            self.assertIsNone(found, f"{page}: write blocks between ``` and ```, with a language: {found and found[0].strip()}")

    def test_what_is_only_shown_is_no_command(self):
        for page in pages():
            for block in blocks_of(page):
                for line in block.text.splitlines() if block.language in SHOWN else []:
                    if COMMAND.match(line.strip()):
                        self.assertRegex(line, FORM, f"{block}: '{line}' can be run, so it must be: sh, lammps or python")

    def test_what_is_not_run_is_there_and_has_a_reason(self):
        there = {(page, block.first) for page in pages() for block in blocks_of(page)}
        for block, reason in NOT_RUN.items():
            self.assertTrue(block in there, f"{block}: no document has this block any more")
            self.assertGreater(len(reason), 10, block)
