"""Reports: what the page draws, in a browser, is what the files say."""

import struct
import unittest
import xml.etree.ElementTree
import zlib
from ctypes.util import find_library

import crystals
from browser import Browser, needs_chromium
from support import MODEL, ROOT, CliTestCase, run

FIX_CSV = """\
step,atoms,other,fcc,hcp,bcc,ico,raw_other,raw_fcc,raw_hcp,raw_bcc,raw_ico,rms_displacement,iterations,scale,seconds
0,8000,2000,6000,0,0,0,5000,3000,0,0,0,0.36,8,0.928,0.25
500,8000,3000,4900,100,0,0,6000,1900,100,0,0,0.38,7,0.929,0.5
1000,8000,4000,3800,200,0,0,7000,800,200,0,0,0.4,8,0.93,0.125
"""

TRAINING_CSV = """step,seconds,learning_rate,loss,gradient_norm
100,1.5,0.002,0.5,3
200,3.0,0.001,0.25,2
"""

VALIDATION_CSV = """step,structure,noise,rms_before,rms_after_1,rms_after_8,named
100,fcc,0.0433,0.178,0.05,0.002,0.5
100,fcc,0.13,0.53,0.3,0.02,0.25
100,bcc,0.0433,0.17,0.04,0.001,0.75
100,bcc,0.13,0.52,0.31,0.01,0.625
200,fcc,0.0433,0.178,0.04,0.001,1
200,fcc,0.13,0.53,0.2,0.01,0.875
200,bcc,0.0433,0.17,0.03,0.0005,1
200,bcc,0.13,0.52,0.21,0.005,0.9375
"""

# Atoms in a row along x, far from each other: types 1 1 2 3 0, and nobody can be in front of another when seen along z.
ROW = """5
Lattice="50 0 0 0 10 0 0 0 10" Properties=species:S:1:pos:R:3:structure_type:I:1:disp_mag:R:1 Step=7
Cu 5 5 5 1 0.1
Cu 15 5 5 1 0.2
Cu 25 5 5 2 0.3
Cu 35 5 5 3 0.4
Cu 45 5 5 0 0.5
"""

# What a pixel of a sphere is: its brightness aside, the color of its structure.
COUNT_PIXELS = """(() => {
    const counts = { green: 0, red: 0, blue: 0, grey: 0 };
    const { values } = denoiseView.stage.pixels(PANE);
    for (let k = 0; k < values.length; k += 4) {
        const [r, g, b] = values.slice(k, k + 3), most = Math.max(r, g, b);
        if (most < 60) continue;
        if (r === g && g === b || most - Math.min(r, g, b) < 3) counts.grey++;
        else if (g === most && g > 2 * r && g > 2 * b) counts.green++;
        else if (r === most && r > 2 * g && r > 2 * b) counts.red++;
        else if (b === most && b > 2 * r && b > 2 * g) counts.blue++;
    }
    return counts;
})()"""


def pixels(browser, pane=0):
    return browser.value(COUNT_PIXELS.replace("PANE", str(pane)))


def png_chunks(data):
    """By name, their checksums verified; those of one name in one."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        length, = struct.unpack_from(">I", data, place)
        body = data[place + 4:place + 8 + length]
        assert zlib.crc32(body) == struct.unpack_from(">I", data, place + 8 + length)[0], body[:4]
        name = body[:4].decode()
        chunks[name] = chunks.get(name, b"") + body[4:]
        place += 12 + length
    return chunks


def png_rows(chunks):
    """Width, height and the colors of all pixels, of a picture of 8 bits per red, green, blue."""
    width, height, depth, kind = struct.unpack_from(">IIBB", chunks["IHDR"])
    assert (depth, kind) == (8, 2), (depth, kind)
    data, stride, rows, above = zlib.decompress(chunks["IDAT"]), 3 * width, [], bytes(3 * width)
    for y in range(height):
        how, line = data[y * (stride + 1)], bytearray(data[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for k in range(stride):
            a, b, c = (line[k - 3], above[k], above[k - 3]) if k > 2 else (0, above[k], 0)
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[k] = line[k] + (0, a, b, (a + b) // 2, nearest)[how] & 255
        rows.append(list(zip(line[::3], line[1::3], line[2::3])))
        above = line
    return width, height, rows


class ReportFileTests(CliTestCase):
    def setUp(self):
        super().setUp()
        crystals.write(self.path("melt.csv"), FIX_CSV)
        result = self.report("melt.csv")
        if "built without the page" in result.stderr:
            self.skipTest("needs a program that was built where npm is")
        self.assertEqual(0, result.returncode, result.stderr)

    def report(self, *names, out="report.html"):
        return run("report", *[self.path(name) if "." in str(name) else name for name in names], "-o", self.path(out))

    def test_is_one_file_with_the_licenses_of_its_libraries(self):
        page = self.path("report.html").read_text(encoding="utf-8")
        for word in ("Leon Sorokin", "Gregg Tavares", "uplot 1.", "twgl.js 7."):
            self.assertIn(word, page)
        for word in ("<link rel=\"stylesheet", "<script src", "@import", "https://cdn"):
            self.assertNotIn(word, page)
        self.assertLess(len(page), 200_000)
        for library in ("uplot", "twgl.js"):
            self.assertTrue((ROOT / "cmake" / "licenses" / "page" / f"{library}.txt").exists())

    def test_the_same_files_give_the_same_bytes(self):
        first = self.path("report.html").read_bytes()
        self.assertEqual(0, self.report("melt.csv").returncode)
        self.assertEqual(first, self.path("report.html").read_bytes())

    def test_what_is_replaced(self):
        self.assert_fails(run("report", self.path("melt.csv"), "-o", self.path("melt.csv")), "is the input")
        crystals.write(self.path("own.html"), "<html>mine</html>")
        self.assert_fails(self.report("melt.csv", out="own.html"), "own.html", "--force")
        self.assertEqual("<html>mine</html>", self.path("own.html").read_text(encoding="utf-8"))

    def test_wrong_tables_are_told_by_line(self):
        for text, words in [
            ("step,atoms,fcc\n1,2,3\n4,5\n", ["a.csv:3", "2 values", "3 names"]),
            ("step,atoms,fcc\n1,2,3\n4,x,6\n", ["a.csv:3", "'x'", "'atoms'", "not a number"]),
            ("step,atoms,atoms\n1,2,3\n", ["a.csv:1", "'atoms'"]),
            ("step,atoms,fcc\n", ["a.csv", "no line of values"]),
        ]:
            crystals.write(self.path("a.csv"), text)
            with self.subTest(text=text):
                self.assert_fails(self.report("a.csv", out="b.html"), *words)
        self.assertFalse(self.path("b.html").exists())

    def test_what_is_no_table_is_read_as_a_trajectory(self):
        self.assert_fails(self.report("none.csv", out="b.html"), "none.csv", "no such file")
        crystals.write(self.path("words.txt"), "these are, words\n")
        self.assert_fails(self.report("words.txt", out="b.html"), "words.txt")


class PlotTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.table = crystals.write(self.path("melt.csv"), FIX_CSV)

    def test_terminal(self):
        result = run("plot", self.table, env={"COLUMNS": "70"})
        self.assertEqual((0, ""), (result.returncode, result.stderr))
        lines = result.stdout.splitlines()
        self.assertEqual(23, len(lines))
        self.assertLessEqual(max(map(len, lines)), 76)
        for name in ("other", "fcc", "hcp", "raw_other", "raw_fcc", "raw_hcp"):
            self.assertEqual(1, sum(line.endswith(f" {name}") for line in lines), name)
        self.assertNotIn("\x1b", result.stdout)

    def test_svg(self):
        self.assertEqual(0, run("plot", self.table, "--columns", "fcc,raw_fcc", "-o", self.path("a.svg")).returncode)
        root = xml.etree.ElementTree.parse(self.path("a.svg")).getroot()
        self.assertEqual(["fcc", "raw_fcc"], [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")])
        written = run("plot", self.table, "--columns", "fcc,raw_fcc", "-o", "-").stdout
        self.assertEqual(self.path("a.svg").read_text(encoding="utf-8"), written)
        # A plot replaces a plot, and nothing else.
        self.assertEqual(0, run("plot", self.table, "-o", self.path("a.svg")).returncode)
        crystals.write(self.path("b.svg"), "<svg/>")
        self.assert_fails(run("plot", self.table, "-o", self.path("b.svg")), "b.svg", "--force")

    @unittest.skipUnless(find_library("rsvg-2") and find_library("cairo"), "needs librsvg (Debian: apt-get install librsvg2-2)")
    def test_png(self):
        done = run("plot", self.table, "--columns", "fcc", "--width", "400", "--height", "200", "-o", self.path("a.png"))
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        chunks = png_chunks(self.path("a.png").read_bytes())
        self.assertEqual(b"Software\0denoise plot", chunks["tEXt"])
        width, height, rows = png_rows(chunks)
        self.assertEqual((1200, 600), (width, height))
        # White, and a green line that falls from the left to the right, as the values do.
        self.assertEqual((255, 255, 255), rows[0][0])
        green = [(x, y) for y, row in enumerate(rows) for x, (r, g, b) in enumerate(row[:850]) if g > 1.5 * r and g > 1.5 * b]
        self.assertGreater(len(green), 1000)
        self.assertGreater(max(green)[1], 300)
        self.assertLess(min(green)[1], 200)
        # A plot replaces a plot, and nothing else.
        self.assertEqual(0, run("plot", self.table, "-o", self.path("a.png")).returncode)
        self.path("b.png").write_bytes(b"mine")
        self.assert_fails(run("plot", self.table, "-o", self.path("b.png")), "b.png", "--force")
        self.assert_fails(run("plot", self.table, "--width", "9000", "-o", self.path("c.png")), "c.png", "2000", ".svg")

    def test_what_cannot_be_drawn(self):
        self.assert_fails(run("plot", self.table, "--columns", "bbc"), "'bbc'", "bcc")
        self.assert_fails(run("plot", self.table, "-o", self.path("a.gif")), "a.gif", ".svg", ".png")
        self.assert_fails(run("plot", self.path("none.csv")), "none.csv", "no such file")
        dump = crystals.write(self.path("run.dump"), crystals.dump_text(crystals.crystal(repeats=(2, 2, 2))))
        self.assert_fails(run("plot", dump), "run.dump", "no table", "denoise report")
        self.assert_nothing_left("melt.csv", "run.dump")


@needs_chromium
class PageTests(CliTestCase):
    # Takes both cores of a small machine.
    alone = True

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def show(self, *arguments):
        result = run("report", *arguments, "-o", self.path("report.html"))
        if "built without the page" in result.stderr:
            self.skipTest("needs a program that was built where npm is")
        self.assertEqual(0, result.returncode, result.stderr)
        self.browser.open(self.path("report.html"))
        self.assertEqual([], self.browser.problems)

    def show_atoms(self, *arguments):
        self.show(*arguments)
        self.browser.wait_for("window.denoiseView && denoiseView.shown() === 0")
        self.click("[title='look along z']")

    def click(self, selector):
        self.browser.value(f"document.querySelector({selector!r}).click()")

    def chart(self, title):
        """Its x values, and label, color and values of every line."""
        found = self.browser.value("(({ data, series }) => [[...data[0]], series.slice(1).map((s, k) => [s.label, [...data[k + 1]]])])"
                                   f"(denoiseCharts[{title!r}])")
        return found[0], dict(found[1])

    def test_charts_of_a_table_of_the_fix(self):
        path = crystals.write(self.path("melt.csv"), FIX_CSV)
        self.show(path)
        self.assertEqual(([0, 500, 1000], {"other": [25, 37.5, 50], "fcc": [75, 61.25, 47.5], "hcp": [0, 1.25, 2.5]}),
                         self.chart("melt.csv: structures after denoising"))
        self.assertEqual(([0, 500, 1000], {"other": [62.5, 75, 87.5], "fcc": [37.5, 23.75, 10], "hcp": [0, 1.25, 2.5]}),
                         self.chart("melt.csv: structures before denoising"))
        for name, column, values in [("rms displacement", "rms_displacement", [0.36, 0.38, 0.4]), ("iterations", "iterations", [8, 7, 8]),
                                     ("scale", "scale", [0.928, 0.929, 0.93]), ("cost: seconds per frame", "seconds", [0.25, 0.5, 0.125])]:
            self.assertEqual({column: values}, self.chart(f"melt.csv: {name}")[1])
        rows = self.browser.value("[...document.querySelectorAll('table.numbers tr')].map(r => [...r.cells].map(c => c.textContent))")
        self.assertEqual([["structure", "before", "after"], ["other", "7,000", "4,000"], ["fcc", "800", "3,800"], ["hcp", "200", "200"]],
                         rows)
        # It is drawn, too: the green of fcc is on the canvas.
        self.assertGreater(self.browser.value("""(() => {
            const canvas = denoiseCharts["melt.csv: structures after denoising"].ctx.canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let green = 0;
            for (let k = 0; k < data.length; k += 4)
                green += data[k + 3] > 200 && data[k + 1] > 1.5 * data[k] && data[k + 1] > 1.5 * data[k + 2];
            return green;
        })()"""), 100)

    def test_training(self):
        log = crystals.write(self.path("a.log.csv"), TRAINING_CSV)
        validation = crystals.write(self.path("a.validation.csv"), VALIDATION_CSV)
        self.show(log, validation)
        self.assertEqual(([100, 200], {"loss": [0.5, 0.25]}), self.chart("a.log.csv: loss"))
        self.assertEqual(([100, 200], {"fcc": [0.02, 0.01], "bcc": [0.01, 0.005]}),
                         self.chart("a.validation.csv: rms displacement after 8 iterations"))
        self.assertEqual({"fcc": [0.25, 0.875], "bcc": [0.625, 0.9375]}, self.chart("a.validation.csv: part of the atoms named right")[1])
        rows = self.browser.value("[...document.querySelectorAll('table.numbers tr')].map(r => [...r.cells].map(c => c.textContent))")
        self.assertEqual(["fcc", "13.0%", "0.53", "0.2", "0.01", "87.5%"], rows[2])
        self.assertEqual(5, len(rows))

    def test_radial_distribution(self):
        path = crystals.write(self.path("run.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4), noise=0.05)))
        self.assertEqual(0, run("analyze", path, "--with", "rdf:cutoff=4,bins=20", "--csv", self.path("t.csv")).returncode)
        header, line = self.path("t.csv").read_text(encoding="utf-8").splitlines()
        expected = [float(value) for name, value in zip(header.split(","), line.split(",")) if name.startswith("rdf[")]
        self.show(path, "--with", "rdf:cutoff=4,bins=20", "--scenes", "0")
        x, lines = self.chart("run.dump: radial distribution")
        self.assertEqual([expected], list(lines.values()))
        self.assertAlmostEqual(0.1, x[0])
        self.assertAlmostEqual(3.9, x[19])

    def test_names_are_text(self):
        path = crystals.write(self.path("a.csv"), "step,x</script><b>\n1,2\n2,3\n")
        self.show(path, "--title", "<img src=x onerror=alert(1)>")
        self.assertEqual("<img src=x onerror=alert(1)>", self.browser.value("document.querySelector('h1').textContent"))
        self.assertEqual({"x</script><b>": [2, 3]}, self.chart("a.csv: x</script><b>")[1])

    def test_atoms_have_the_colors_of_their_structures(self):
        self.show_atoms(crystals.write(self.path("row.xyz"), ROW))
        # So small that none touches its neighbor.
        self.set("size", "0.5")
        counts = pixels(self.browser)
        # Two of fcc, one of hcp, one of bcc; grey are "other" and the lines of the box.
        self.assertGreater(counts["red"], 300)
        self.assertAlmostEqual(2, counts["green"] / counts["red"], delta=0.2)
        self.assertAlmostEqual(1, counts["blue"] / counts["red"], delta=0.2)
        self.assertEqual(["other 1", "fcc 2", "hcp 1", "bcc 1"],
                         self.browser.value("[...document.querySelectorAll('.legend button')].map(b => b.textContent)"))
        self.click("[data-structure=fcc]")
        hidden = pixels(self.browser)
        self.assertEqual((0, counts["red"], counts["blue"]), (hidden["green"], hidden["red"], hidden["blue"]))
        self.click("[data-structure=fcc]")
        self.assertEqual(counts, pixels(self.browser))

    def test_slice_and_slab(self):
        self.show_atoms(crystals.write(self.path("row.xyz"), ROW))
        self.set("slice", "x")
        # Of 5 to 45 the lower half: the two of fcc and, in the middle, that of hcp.
        self.set("slice at", "0.6")
        counts = pixels(self.browser)
        self.assertEqual((0, True, True), (counts["blue"], counts["red"] > 0, counts["green"] > 0))
        self.set("slab", "0.2")
        counts = pixels(self.browser)
        self.assertEqual((0, True, 0), (counts["blue"], counts["red"] > 0, counts["green"]))
        self.set("slice", "off")
        self.assertGreater(pixels(self.browser)["blue"], 0)

    def set(self, name, value):
        self.browser.value(f"(e => {{ e.value = {value!r}; e.dispatchEvent(new Event('input')); }})"
                           f"(document.querySelector('[aria-label=\"{name}\"]'))")

    def test_the_mouse_turns_moves_and_asks(self):
        self.show_atoms(crystals.write(self.path("row.xyz"), ROW))
        where = self.browser.value("""(() => {
            const box = document.querySelector('canvas[aria-label=atoms]').getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        })()""")
        # A browser tells of moves, not of places.
        for shift in range(100):
            self.browser.mouse("mouseMoved", where[0] + shift % 2, where[1])
            if told := self.browser.value("document.querySelector('.told').textContent"):
                break
        self.assertEqual("atom 3: hcp, moved 0.300", told)
        before = self.browser.value("denoiseView.stage.camera.axes")
        self.browser.mouse("mousePressed", *where, button="left", clickCount=1)
        self.browser.mouse("mouseMoved", where[0] + 60, where[1] + 40, button="left", buttons=1)
        self.browser.mouse("mouseReleased", where[0] + 60, where[1] + 40, button="left")
        self.assertNotEqual(before, self.browser.value("denoiseView.stage.camera.axes"))
        half = self.browser.value("denoiseView.stage.camera.half")
        self.browser.mouse("mouseWheel", *where, deltaX=0, deltaY=-200)
        self.browser.wait_for(f"denoiseView.stage.camera.half < {half}")

    def test_before_and_after_a_model(self):
        path = crystals.write(self.path("run.dump"), crystals.dump_text(crystals.crystal(repeats=(5, 5, 5), noise=0.25)))
        frame, = self.frames("apply", path, "--model", MODEL)
        self.show_atoms(path, "--model", MODEL)
        self.assertEqual(["before denoising", "denoised"],
                         self.browser.value("[...document.querySelectorAll('.label')].map(e => e.textContent)"))
        names = self.browser.value("denoiseView.stage.structures.map(s => s.name)")
        for pane, key in ((0, "counts_before"), (1, "counts")):
            drawn = self.browser.value(f"denoiseView.stage.counts({pane}).wanted")
            counted = {name: count for name, count in frame[key].items() if count > 0}
            self.assertEqual(counted, {name: count for name, count in zip(names, drawn) if count > 0})
        self.assertGreater(pixels(self.browser, 1)["green"], 3 * pixels(self.browser, 0)["green"])

    def test_dumps_of_the_fix_hold_both(self):
        text = ("ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 20\n0 20\n0 20\n"
                "ITEM: ATOMS id type x y z StructureType f_d[2] f_d[3] f_d[4] f_d[5]\n1 1 5 5 5 1 5 5 8 3\n2 1 0.5 10 10 2 19.5 10 10 1\n")
        self.show_atoms(crystals.write(self.path("fix.dump"), text))
        places = self.browser.value("denoiseView.stage.atoms.positions.map(p => [...p].map(v => Math.round(100 * v) / 100))")
        self.assertEqual([[5, 5, 5, 0.5, 10, 10], [5, 5, 8, 19.5, 10, 10]], places)
        self.assertEqual({"rms_displacement": [5 ** 0.5]}, self.chart("fix.dump: rms displacement")[1])

    def test_of_a_large_frame_a_block_is_shown(self):
        path = crystals.write(self.path("run.dump"), crystals.dump_text(crystals.crystal(repeats=(6, 6, 6), noise=0.02)))
        self.show_atoms(path, "--atoms", "100")
        self.assertEqual(100, self.browser.value("denoiseView.stage.atoms.count"))
        self.assertIn("100 of 864 atoms", self.browser.value("document.querySelector('.notes').textContent"))
        self.assertIn("864 atoms, 100 of them here", self.browser.value("document.querySelector('.bar').textContent"))
        # A block of the crystal: the middle half of every edge, not atoms from everywhere.
        ends = self.browser.value("[Math.min(...denoiseView.stage.atoms.positions[0]), Math.max(...denoiseView.stage.atoms.positions[0])]")
        self.assertGreater(ends[0], 4)
        self.assertLess(ends[1], 6 * 3.7 - 3)


if __name__ == "__main__":
    unittest.main()
