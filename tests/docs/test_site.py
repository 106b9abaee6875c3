"""The site of the documents: it builds, every link leads somewhere, every page is in the menu, and a browser finds what it is asked for."""

import re
import shutil
import subprocess
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from browser import Browser, needs_chromium
from documents import ROOT, pages


class Page(HTMLParser):
    """Links (with where they stand), what is loaded, and anchors."""

    def __init__(self, text):
        super().__init__()
        self.links, self.menu, self.loaded, self.anchors, self.classes = [], [], [], set(), set()
        self._in_menu = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self._in_menu = self._in_menu or tag == "nav"
        self.anchors.add(attrs.get("id"))
        self.classes.update((attrs.get("class") or "").split())
        if tag == "a":
            (self.menu if self._in_menu else self.links).append(attrs["href"])
        self.loaded.extend(attrs[name] for name in ("src", "href") if name in attrs and tag in ("img", "script", "link"))

    def handle_endtag(self, tag):
        self._in_menu = self._in_menu and tag != "nav"


@unittest.skipUnless(shutil.which("node") and shutil.which("npm"), "needs Node.js and npm (Debian: nodejs, npm)")
class SiteTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(tempfile.mkdtemp(prefix="denoise-site-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.site = folder / "site"
        made = subprocess.run([ROOT / "site/build.sh", cls.site], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise AssertionError(made.stdout + made.stderr)
        cls.pages = {path: Page(path.read_text(encoding="utf-8")) for path in cls.site.rglob("*.html")}

    def target(self, page, link):
        """The file and the anchor that a link of a page leads to; None: elsewhere."""
        parts = urlsplit(link)
        if parts.scheme:
            return None
        return (page.parent / unquote(parts.path)).resolve() if parts.path else page, parts.fragment

    def test_every_link_leads_somewhere(self):
        for page, content in self.pages.items():
            for link in content.links + content.menu:
                if (target := self.target(page, link)) is None:
                    continue
                self.assertTrue(target[0].is_file(), f"{page}: {link}")
                if target[1]:
                    self.assertIn(target[1], self.pages[target[0]].anchors, f"{page}: {link}")

    def test_nothing_is_fetched(self):
        for page, content in self.pages.items():
            for name in content.loaded:
                target = self.target(page, name)
                self.assertIsNotNone(target, f"{page}: {name}")
                self.assertTrue(target[0].is_file(), f"{page}: {name}")
        for style in self.site.rglob("*.css"):
            for name in re.findall(r"url\(([^)]*)\)", style.read_text(encoding="utf-8")):
                self.assertTrue((style.parent / name).is_file(), f"{style}: {name}")

    def test_every_page_is_reached_from_the_menu(self):
        home = self.site / "index.html"
        menu = {self.target(home, link)[0] for link in self.pages[home].menu}
        files = self.site / "files/index.html"
        listed = menu | {self.target(files, link)[0] for link in self.pages[files].links}
        self.assertEqual(set(), set(self.pages) - listed)
        for page, content in self.pages.items():
            self.assertEqual(menu, {self.target(page, link)[0] for link in content.menu}, page)

    def test_every_document_is_a_page(self):
        for page in pages():
            name = re.sub(r"(^|/)README\.md$", r"\1index.html", page)
            self.assertIn(self.site / re.sub(r"\.md$", ".html", name), self.pages, page)

    def test_formulas_are_set(self):
        page = self.pages[self.site / "docs/how_it_works.html"]
        self.assertIn("katex-display", page.classes)
        self.assertNotIn("katex-error", page.classes)
        for path in self.pages:
            self.assertNotIn("language-math", path.read_text(encoding="utf-8"), path)

    def test_the_c_interface_is_all_there(self):
        text = re.sub(r"<[^>]*>", "", (self.site / "docs/c.html").read_text(encoding="utf-8"))
        anchors = self.pages[self.site / "docs/c.html"].anchors
        for symbol in (ROOT / "interop/Denoise.InSitu.Native/Generated/exports.txt").read_text().split():
            self.assertIn(symbol, anchors)
        layout = (ROOT / "tests/abi/layout.g.h").read_text()
        fields = re.findall(r"offsetof\((\w+), (\w+)\)", layout)
        self.assertGreater(len(fields), 50)
        for struct, field in fields:
            self.assertIn(struct, anchors)
            self.assertRegex(text, rf"\b{field}\b", struct)
        for constant in re.findall(r"^#define (DN_\w+)", (ROOT / "interop/include/denoise_insitu.h").read_text(), re.MULTILINE):
            self.assertRegex(text, rf"\b{constant}\b")

    def test_a_document_in_no_section_and_a_dead_link_are_errors(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("build", "bin", "obj", "managed", "shared"))
            (copy / "docs/lost.md").write_text("# Lost\n", encoding="utf-8")
            with open(copy / "docs/ovito.md", "a", encoding="utf-8") as file:
                file.write("\n[away](nowhere.md) and [far](python.md#far)\n")
            made = subprocess.run([copy / "site/build.sh", Path(folder) / "site"], capture_output=True, text=True, check=False)
            self.assertEqual(1, made.returncode)
            for error in ("docs/lost.md: is in no section", "nowhere.md: there is no such", "python.md#far: docs/python.md has no heading #far"):
                self.assertIn(error, made.stderr)
            self.assertFalse((Path(folder) / "site").exists())

    @needs_chromium
    def test_the_search_finds_a_section(self):
        browser = Browser()
        self.addCleanup(browser.close)
        browser.open(self.site / "docs/fix_denoise.html")
        browser.value("box.value = 'minimize line searches'; box.dispatchEvent(new Event('input'))")
        first = browser.value("found.querySelector('a').href")
        self.assertTrue(first.endswith("docs/fix_denoise.html#restart-fix_modify-run-startstop-minimize-info"), first)
        browser.value("box.value = 'xyzzy'; box.dispatchEvent(new Event('input'))")
        self.assertEqual("Nothing has these words.", browser.value("found.textContent"))
        self.assertEqual([], browser.problems)
