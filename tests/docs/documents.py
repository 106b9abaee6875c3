"""The documents that users read, and the blocks of commands in them."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Not for users: they say where data of tests come from.
OTHERS = ("tests/unit/", "tests/validation/data/")


class Block:
    """What stands between two fences: page (path from the root), line of its first line, language, text."""

    def __init__(self, page, line, language, text):
        self.page, self.line, self.language, self.text = page, line, language, text
        self.first = text.splitlines()[0].strip() if text.strip() else ""

    def __str__(self):
        return f"{self.page}:{self.line}"


def pages():
    """Paths of all documents, from the root."""
    command = ["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "--deduplicate", "*.md"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return [page for page in sorted(listed) if not page.startswith(OTHERS) and (ROOT / page).exists()]


def blocks_of(page):
    """Its blocks; one that is never closed is an error."""
    found, start = [], None
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith("```"):
            continue
        if start is None:
            start, language = number, line.strip()[3:]
        else:
            found.append(Block(page, start + 1, language, "".join(text + "\n" for text in lines[start:number - 1])))
            start = None
    if start is not None:
        sys.exit(f"{page}:{start}: a block begins and does not end")
    return found


def blocks(language):
    """All blocks of a language that are to be run, by page."""
    from not_run import NOT_RUN
    found = {}
    for page in pages():
        for block in blocks_of(page):
            if block.language == language and (page, block.first) not in NOT_RUN:
                found.setdefault(page, []).append(block)
    return found


def test_name(page):
    return "test_" + re.sub(r"\W+", "_", page.removesuffix(".md")).lower()
