"""Analyses, selections, many inputs, damaged frames, interrupted runs: and on any number of processes the same bytes."""

import csv
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time

import crystals
from support import DENOISE, MODEL, TIMEOUT, CliTestCase, needs_mpi, read_dump, run

COORDINATION = ["--with", "coordination:cutoff=3.2"]

# Every analysis that there is, see test_domains_give_the_same_bytes.
EVERY_ANALYSIS = [
    "acna", "acna:on=raw", "cna:3.4", "icna", "ackland", "diamond", "chill+", "faults", "ptm",
    "ptm:types=fcc+hcp+ico+cubic-diamond+hexagonal-diamond+graphene,orientation,deformation,ordering", "coordination:cutoff=3.4,per_type=2",
    "rdf:cutoff=6,bins=40,partial=2", "clusters:fcc,cutoff=3.4", "clusters:all,cutoff=2.5", "grains:cutoff=3.4,smallest=5",
    "steinhardt:l=4+6,neighbors=12,averaged,solid=7", "steinhardt:l=2+3+4+5+6+8,w,cutoff=3.4,averaged", "centro",
    "centro:neighbors=8,method=matching", "msd", "msd:unwrap,on=raw", "wigner-seitz", "wigner-seitz:mapping=affine", "strain:cutoff=3.4",
    "strain:cutoff=3.4,mapping=affine", "average:frames=3", "dislocations:structure=fcc,lattice=3.615",
]


def frames_of(count, first=0, repeats=(3, 3, 3)):
    return [crystals.crystal(repeats=repeats, noise=0.02 + 0.02 * (s % 9), seed=s, step=10 * s) for s in range(first, first + count)]


def dump_of(frames, units="metal"):
    return "".join(f"ITEM: UNITS\n{units}\n" + crystals.dump_text(frame) for frame in frames)


class AnalyzeTestCase(CliTestCase):
    def write_dump(self, name="run.dump", count=6, first=0):
        return crystals.write(self.path(name), dump_of(frames_of(count, first)))

    def analyze(self, *arguments, **options):
        result = run("analyze", *arguments, **options)
        self.assertEqual(0, result.returncode, result.stderr)
        return result

    def table(self, name):
        with open(self.path(name), encoding="ascii") as file:
            return list(csv.DictReader(file))


class ResultTests(AnalyzeTestCase):
    def test_what_analyses_have_to_say_is_said_once(self):
        path = crystals.write(self.path("fcc.dump"), "".join(crystals.dump_text(crystals.crystal(noise=0.05, step=k)) for k in (3, 4)))
        for ranks in (1, 2):
            result = run("analyze", path, "--with", "dislocations:structure=bcc,lattice=2.87", "-o", self.path(f"{ranks}.dump"), ranks=ranks)
            self.assertEqual(0, result.returncode, result.stderr)
            self.assertEqual(1, result.stderr.count("dislocations: "), result.stderr)
            self.assertIn("step 3: dislocations: 500 of 500 atoms are fcc, and 0 bcc", result.stderr)

    def test_columns_and_numbers_go_everywhere(self):
        path = self.write_dump(count=3)
        result = self.analyze(path, *COORDINATION, "--with", "rdf:cutoff=4,bins=20", "--with", "cna:3.1", "-o", self.path("out.dump"),
                              "--csv", self.path("out.csv"), "--json")
        frames = json.loads(result.stdout)["frames"]
        rows = self.table("out.csv")
        written = read_dump(self.path("out.dump"))
        self.assertEqual([0, 1, 2], [frame["frame"] for frame in frames])
        for frame, row, dump in zip(frames, rows, written, strict=True):
            self.assertEqual(["id", "type", "x", "y", "z", "Coordination"], dump["columns"][:6])
            self.assertEqual("StructureType", dump["columns"][-1])
            mean = sum(int(atom["Coordination"]) for atom in dump["atoms"]) / len(dump["atoms"])
            self.assertAlmostEqual(mean, frame["globals"]["coordination_mean"], places=12)
            self.assertEqual(float(row["coordination_mean"]), frame["globals"]["coordination_mean"])
            self.assertEqual(int(row["fcc"]), sum(atom["StructureType"] == "1" for atom in dump["atoms"]))
            self.assertEqual([str(frame["step"]), str(frame["atoms"])], [row["step"], row["atoms"]])
            for name, value in frame["globals"].items():
                self.assertEqual(float(row[name]), value)

    def test_atom_types_are_those_of_the_file(self):
        frame = crystals.crystal(repeats=(3, 3, 3), noise=0.01)
        frame.types = [1 + i % 2 for i in range(frame.count)]
        path = crystals.write(self.path("a.dump"), crystals.dump_text(frame))
        spec = "coordination:cutoff=3.2,per_type=2"
        for model in ([], ["--model", MODEL, "--elements", "Cu", "Cu"]):
            result = self.analyze(path, *model, "--with", spec, "--json")
            found, = json.loads(result.stdout)["frames"]
            parts = [value for name, value in found["globals"].items() if name != "coordination_mean"]
            self.assertEqual(2, len(parts))
            self.assertNotIn(0, parts)
            self.assertAlmostEqual(12, sum(parts))

    def test_with_a_model_both_structure_types_are_written(self):
        path = self.write_dump(count=2)
        self.analyze(path, "--model", MODEL, *COORDINATION, "-o", self.path("out.xyz"))
        header = self.path("out.xyz").read_text().splitlines()[1]
        self.assertIn(":n_neighb:I:1:structure_type_raw:I:1:structure_type:I:1:disp_mag:R:1", header)
        # apply writes what it always wrote, and more where it is asked to.
        run("apply", path, "--model", MODEL, "-o", self.path("apply.dump"))
        self.assertEqual(["id", "type", "x", "y", "z", "StructureType", "DisplacementMagnitude"],
                         read_dump(self.path("apply.dump"))[0]["columns"])
        run("apply", path, "--model", MODEL, *COORDINATION, "--columns", "displacement,coordination,structure_type_raw", "-o",
            self.path("asked.dump"))
        self.assertEqual(["id", "type", "x", "y", "z", "DisplacementMagnitude", "Coordination", "structure_type_raw"],
                         read_dump(self.path("asked.dump"))[0]["columns"])

    def test_columns_of_the_file_by_name(self):
        text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 9\n0 9\n" \
               "ITEM: ATOMS id type x y z q c_s[1] c_s[2] label\n1 1 0 0 0 0.5 1 2 a\n2 1 3 3 3 -1 3 4 b\n"
        path = crystals.write(self.path("a.dump"), text)
        self.analyze(path, "--classify", "none", "--columns", "c_s,q", "-o", self.path("out.dump"))
        self.assertEqual(["id", "type", "x", "y", "z", "c_s[1]", "c_s[2]", "q"], read_dump(self.path("out.dump"))[0]["columns"])
        result = run("analyze", path, "--columns", "spin", "-o", self.path("no.dump"))
        self.assert_fails(result, "--columns", "'spin' is no column", "c_s[1]", "structure_type")

    def test_selection(self):
        path = self.write_dump(count=4)
        everything = self.path("all.dump")
        self.analyze(path, *COORDINATION, "-o", everything)
        out = self.path("few.dump")
        result = self.analyze(path, *COORDINATION, "--select", "coordination > 12 || x*x + y < 3 && id % 2 == 1", "-o", out, "--json",
                              "--csv", self.path("few.csv"))
        for frame, row, few, full in zip(json.loads(result.stdout)["frames"], self.table("few.csv"), read_dump(out),
                                         read_dump(everything), strict=True):
            expected = [a for a in full["atoms"]
                        if int(a["Coordination"]) > 12 or (float(a["x"]) ** 2 + float(a["y"]) < 3 and int(a["id"]) % 2 == 1)]
            self.assertEqual(expected, few["atoms"])
            self.assertEqual([len(expected)] * 2, [frame["selected"], int(row["selected"])])
            # What is counted of the whole frame stays that of the whole frame.
            self.assertEqual(full["count"], frame["atoms"])
        self.assertIn("selected", self.analyze(path, "--select", "type == 1").stdout.splitlines()[0].split())

    def test_selection_by_words(self):
        frame = crystals.crystal(repeats=(2, 2, 2), noise=0)
        frame.types = [1 + (i % 3 == 0) for i in range(frame.count)]
        path = crystals.write(self.path("a.dump"), crystals.dump_text(frame, elements=["Cu", "Zr"]))
        for expression, expected in (('element == "Zr"', 11), ("element != Zr", 21), ("Zr == element && id <= 3", 1)):
            found, = json.loads(self.analyze(path, "--select", expression, "--json").stdout)["frames"]
            self.assertEqual(expected, found["selected"], expression)

    def test_wrong_selections_are_told_with_their_place(self):
        path = self.write_dump(count=1)
        for expression, *words in (("x >", "at character 4", "ends where"), ("x = 1", "at character 3", "'=='"),
                                   ("spin == 1", "at character 1", "'spin' is no column", "structure_type"),
                                   ("(x > 1", "at character 1", "not closed"), ("x > 1 y", "at character 7", "operator"),
                                   ("element > 1", "at character 1", "words"), ("sin(x)", "at character 1", "sqrt")):
            with self.subTest(expression=expression):
                self.assert_fails(run("analyze", path, "--select", expression, "-o", self.path("o.dump")), "--select", *words)
                self.assertFalse(self.path("o.dump.part").exists())

    def test_list_of_analyses(self):
        result = self.analyze("--list")
        for name in ("cna", "coordination:cutoff=RC", "rdf"):
            self.assertIn(name, result.stdout)
        self.assert_fails(run("analyze", self.write_dump(), "--with", "magic"), "'magic' is no analysis", "coordination")

    def test_usage(self):
        for arguments, words in (([], ["INPUT"]), (["a", "--frames", "3:1:0"], ["--frames"]), (["a", "--every", "0"], ["--every"]),
                                 (["a", "--split", "atoms"], ["--split", "domains"]), (["a", "--resume"], ["--resume", "--output"]),
                                 (["a", "-o", "b.dump", "--resume", "--force"], ["--resume", "--force", "one"])):
            self.assert_fails(run("analyze", *arguments), *words, code=2)


class InputTests(AnalyzeTestCase):
    def steps(self, *arguments, **options):
        return [frame["step"] for frame in json.loads(self.analyze(*arguments, "--json", **options).stdout)["frames"]]

    def test_several_files_and_patterns(self):
        for k, count in ((2, 1), (10, 3), (9, 2)):
            self.write_dump(f"run.{k}.dump", count, first=10 * k)
        crystals.write(self.path("last.xyz"), crystals.xyz_text(crystals.crystal(repeats=(3, 3, 3))))
        # In the order of the numbers in their names; a list stays as it is given.
        expected = [200, 900, 910, 1000, 1010, 1020]
        self.assertEqual(expected, self.steps(self.path("run.*.dump")))
        self.assertEqual(expected, self.steps(self.path("run.?.dump"), self.path("run.??.dump")))
        self.assertEqual(expected[3:] + [0, 200], self.steps(self.path("run.10.dump"), self.path("last.xyz"), self.path("run.2.dump")))
        # Patterns are not the shell's business alone; what they do not match is told.
        self.assertEqual(expected, self.steps(str(self.folder.parent / "denoise-cli-*" / "run.*.dump").replace(
            "denoise-cli-*", self.folder.name[:-1] + "?")))
        self.assert_fails(run("analyze", self.path("no*.dump")), "no*.dump", "no file matches")
        self.assert_fails(run("analyze", self.path("run.2.dump"), self.path("none.dump")), "none.dump", "no such file")

    def test_slices_count_over_all_inputs(self):
        a, b = self.write_dump("a.dump", 5), self.write_dump("b.dump", 4, first=5)
        everything = list(range(0, 90, 10))
        for text, part in (("2", everything[2:3]), ("2:", everything[2:]), (":7", everything[:7]), ("1:8:3", everything[1:8:3]),
                           ("::4", everything[::4]), ("20:", [])):
            self.assertEqual(part, self.steps(a, b, "--frames", text), text)
        self.assertEqual(everything[::3], self.steps(a, b, "--every", 3))
        self.assertEqual(everything[1:8:2][::2], self.steps(a, b, "--frames", "1:8:2", "--every", 2))
        self.assertEqual(everything[::3], [f["step"] for f in self.frames("classify", a, b, "--every", 3)])

    def test_standard_input_and_output(self):
        text = dump_of(frames_of(3))
        for content in (text.encode(), gzip.compress(text.encode())):
            result = subprocess.run([DENOISE, "analyze", "-", *COORDINATION, "-o", "-"], input=content, capture_output=True, check=True)
            self.path("piped.dump").write_bytes(result.stdout)
            self.assertEqual([0, 10, 20], [frame["step"] for frame in read_dump(self.path("piped.dump"))])
        self.assert_fails(run("analyze", "-", self.write_dump()), "standard input")


class DamageTests(AnalyzeTestCase):
    def damaged(self, name):
        """Six frames, of which the third has a word for a number, and the fifth is cut short."""
        frames = frames_of(6)
        texts = [crystals.xyz_text(f) if name.endswith("xyz") else crystals.dump_text(f) for f in frames]
        lines = texts[2].splitlines()
        lines[-5] = lines[-5].rsplit(" ", 1)[0] + " oops"
        texts[2] = "\n".join(lines) + "\n"
        texts[4] = "\n".join(texts[4].splitlines()[:-7]) + "\n"
        self.offsets = [sum(map(len, texts[:k])) for k in (2, 4)]
        return crystals.write(self.path(name), "".join(texts))

    def test_a_damaged_frame_is_told_with_number_and_place(self):
        for name in ("a.dump", "a.xyz"):
            path = self.damaged(name)
            self.assert_fails(run("analyze", path), "oops", f"frame 3 begins at byte {self.offsets[0]}")
            self.assert_fails(run("classify", path), "oops", f"frame 3 begins at byte {self.offsets[0]}")

    @needs_mpi
    def test_damaged_frames_are_left_out_and_counted(self):
        for name in ("a.dump", "a.xyz"):
            path = self.damaged(name)
            results = []
            for n in (1, 2, 3):
                result = self.analyze(path, "--skip-bad", "-o", self.path(f"out{n}.dump"), "--csv", self.path("out.csv"), "--json", ranks=n)
                document = json.loads(result.stdout)
                self.assertEqual(2, document["left_out"])
                self.assertEqual([0, 1, 3, 5], [frame["frame"] for frame in document["frames"]])
                for number, offset in zip((3, 5), self.offsets, strict=True):
                    self.assertIn(f"frame {number} begins at byte {offset}; left out.", result.stderr)
                self.assertIn("2 damaged frames were left out", result.stderr)
                results.append((document, self.path(f"out{n}.dump").read_bytes(), self.path("out.csv").read_bytes()))
            self.assertTrue(all(result == results[0] for result in results))

    def test_frames_whose_atoms_are_wrong_are_left_out_too(self):
        frames = frames_of(3)
        frames[1].positions[7] = list(frames[1].positions[20])
        path = crystals.write(self.path("a.dump"), dump_of(frames))
        self.assert_fails(run("analyze", path), "a.dump")
        result = self.analyze(path, "--skip-bad", "--json")
        self.assertEqual([0, 20], [frame["step"] for frame in json.loads(result.stdout)["frames"]])
        self.assertIn("frame 2 begins at byte", result.stderr)

    def test_behind_damage_that_nobody_can_pass_comes_the_next_file(self):
        compressed = gzip.compress(dump_of(frames_of(60)).encode())
        self.path("a.dump.gz").write_bytes(compressed[:len(compressed) // 2])
        path = self.write_dump("b.dump", 2, first=5)
        result = self.analyze(self.path("a.dump.gz"), path, "--skip-bad", "--json")
        self.assertEqual([50, 60], [frame["step"] for frame in json.loads(result.stdout)["frames"]][-2:])
        self.assertIn("the rest of it is left out", result.stderr)


@needs_mpi
class RankTests(AnalyzeTestCase):
    def test_frames_on_any_number_of_ranks_are_the_same_bytes(self):
        path = self.write_dump(count=9)
        for extension in ("dump", "dump.gz", "dump.zst", "xyz"):
            options = [*COORDINATION, "--with", "rdf:cutoff=4,bins=9", "--select", "id % 5 != 2 && coordination >= 12"]
            if extension == "dump.gz":
                options += ["--model", MODEL, "--frames", "1:"]
            results = []
            for n in (1, 2, 3, 4):
                out, table = self.path(f"out.{n}.{extension}"), self.path(f"out.{n}.csv")
                result = self.analyze(path, *options, "-o", out, "--csv", table, "--split", "frames", "--threads", 1, "--json", ranks=n)
                results.append((out.read_bytes(), table.read_bytes(), result.stdout))
            for n, result in enumerate(results, 1):
                self.assertEqual(results[0][0], result[0], f"{extension} on {n} ranks")
                self.assertEqual(results[0][1:], result[1:], f"{extension} on {n} ranks")

    def test_domains_find_the_same(self):
        path = crystals.write(self.path("a.dump"), dump_of([crystals.two_phases()]))
        outputs = []
        for n in (1, 2, 4):
            out = self.path(f"{n}.dump")
            self.analyze(path, *COORDINATION, "--with", "rdf:cutoff=4,bins=20", "--select", "structure_type == 0", "-o", out, "--csv",
                         self.path(f"{n}.csv"), "--split", "domains", ranks=n)
            outputs.append((out.read_text(), self.path(f"{n}.csv").read_text()))
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])

    def test_domains_give_the_same_bytes(self):
        names = [line.split()[0].split(":")[0].split("[")[0] for line in self.analyze("--list").stdout.split("\n\n")[0].splitlines()
                 if line[:1].strip()]
        # Classes are those of a network that names, which is trained in test_train; maps and references need a file.
        self.assertEqual(sorted(set(names) - {"classes", "map", "reference"}), sorted({spec.split(":")[0] for spec in EVERY_ANALYSIS}))
        # Noise, so that every sum is rounded; perfect crystals, where what is equally far must not be chosen by number; open and oblique.
        frames = {
            "crystals": [crystals.crystal(repeats=(6, 5, 4), noise=noise, seed=3, step=step)
                         for step, noise in enumerate((0.02, 0.15, 0))],
            "phases": [crystals.two_phases(seed) for seed in (5, 6)],
            "slab": [crystals.slab(seed) for seed in (3, 4)],
            "oblique": [crystals.crystal(repeats=(5, 4, 5), noise=noise, seed=4, tilt=0.3) for noise in (0.05, 0.2)],
        }
        specs = [word for spec in EVERY_ANALYSIS for word in ("--with", spec)]
        for name, some in frames.items():
            for frame in some:
                frame.types = [1 + (i % 3 == 0) for i in range(frame.count)]
            path = crystals.write(self.path(f"{name}.dump"), dump_of(some))
            for model in ([], ["--model", MODEL, "--elements", "Cu", "Cu"]):
                outputs = []
                for n in (1, 2, 3, 4) if name == "phases" else (1, 3):
                    out, table = self.path(f"{n}.dump"), self.path(f"{n}.csv")
                    self.analyze(path, *model, *specs, "-o", out, "--csv", table, "--split", "domains", "--threads", 1 + n % 2, "--force",
                                 ranks=n)
                    outputs.append((out.read_text().splitlines(), table.read_text()))
                for output in outputs[1:]:
                    # The first lines that differ say more than all of them.
                    odd = [pair for pair in zip(outputs[0][0], output[0]) if pair[0] != pair[1]][:2]
                    self.assertEqual(([], outputs[0][1], len(outputs[0][0])), (odd, output[1], len(output[0])), name)

    def test_frames_are_shared_where_there_are_enough(self):
        path = self.write_dump(count=2)
        # On four processes two frames are cut into domains; a pipe can be read once.
        for source, n in ((path, 2), (path, 4)):
            frames = json.loads(self.analyze(source, "--json", ranks=n).stdout)["frames"]
            self.assertEqual([0, 10], [frame["step"] for frame in frames])
        pipe = self.endless_file("pipe.dump")
        self.assert_fails(run("analyze", pipe, "--split", "frames", ranks=2), "--split frames", "domains")

    def test_analyses_that_compare_with_earlier_frames(self):
        path = self.write_dump(count=7)
        for spec, splits in (("msd", ("auto", "frames", "domains")), ("average:frames=3", ("auto", "domains"))):
            outputs = []
            for n in (1, 2, 3):
                for split in splits:
                    table = self.path("t.csv")
                    self.analyze(path, "--with", spec, "--split", split, "--csv", table, "--threads", 1, ranks=n)
                    outputs.append(table.read_text())
            self.assertTrue(all(text == outputs[0] for text in outputs), spec)
        self.assert_fails(run("analyze", path, "--with", "average:frames=3", "--split", "frames", ranks=2), "--split frames", "every frame")

    def test_the_first_failure_in_the_order_of_frames_is_told(self):
        frames = frames_of(6)
        texts = [crystals.dump_text(frame) for frame in frames]
        for k in (3, 4):
            texts[k] = texts[k].replace("id type x y z", "id type x y q")
        path = crystals.write(self.path("a.dump"), "".join(texts))
        for n in (1, 2, 3, 4):
            result = run("analyze", path, "--split", "frames", "-o", self.path("out.dump"), "--force", ranks=n)
            self.assert_fails(result, f"frame 4 begins at byte {sum(map(len, texts[:3]))}")
            self.assertEqual([0, 10, 20], [frame["step"] for frame in read_dump(self.path("out.dump.part"))])


class ResumeTests(AnalyzeTestCase):
    def interrupted(self, command, part, resume, seconds):
        """Runs a command and kills it and its children a while after it has begun to write."""
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + TIMEOUT
        while process.poll() is None and not (part.exists() and resume.exists() and resume.read_text().count("\n") > 1):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        time.sleep(seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(TIMEOUT)

    def assert_resumes(self, extension, ranks=1, *options):
        path = crystals.write(self.path("run.dump"), dump_of(frames_of(40, repeats=(5, 5, 5))))
        arguments = ["analyze", path, *COORDINATION, *options]
        expected, table = self.path(f"whole.{extension}"), self.path("whole.csv")
        self.analyze(*arguments[1:], "-o", expected, "--csv", table)
        rng = random.Random(1)
        out, csv_file = self.path(f"out.{extension}"), self.path("out.csv")
        part, resume = self.path(f"out.{extension}.part"), self.path(f"out.{extension}.resume")
        launcher = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", ranks] if ranks > 1 else []
        command = [*launcher, DENOISE, *arguments, "-o", out, "--csv", csv_file]
        interruptions = 0
        for attempt in range(3):
            self.interrupted([*command, *(["--resume"] if attempt else [])], part, resume, rng.uniform(0, 0.1))
            if out.exists():
                break
            interruptions += 1
            if attempt == 0:
                self.assert_fails(run(*arguments, "-o", out), "out." + extension + ".part", "--resume", "--force")
                self.assert_fails(run(*arguments, "--every", 2, "-o", out, "--csv", csv_file, "--resume"), "other inputs or options")
        result = run(*arguments, "-o", out, "--csv", csv_file, "--resume", ranks=ranks)
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(expected.read_bytes(), out.read_bytes())
        self.assertEqual(table.read_bytes(), csv_file.read_bytes())
        self.assertFalse(part.exists() or resume.exists())
        return interruptions

    def test_a_killed_run_goes_on_to_the_same_bytes(self):
        self.assertGreater(sum(self.assert_resumes(extension) for extension in ("dump", "dump.gz", "xyz.zst")), 0)

    @needs_mpi
    def test_on_several_ranks(self):
        self.assert_resumes("dump.gz", 2)

    def test_what_was_compared_with_is_seen_again(self):
        path = self.write_dump(count=6)
        for spec in ("msd", "average:frames=4"):
            self.analyze(path, "--with", spec, "-o", self.path("whole.dump"))
            text = self.path("run.dump").read_text()
            self.path("run.dump").write_text(text[:len(text) * 3 // 5])
            arguments = [path, "--with", spec, "-o", self.path("out.dump")]
            self.assert_fails(run("analyze", *arguments), "frame")
            self.path("run.dump").write_text(text)
            self.analyze(*arguments, "--resume")
            self.assertEqual(self.path("whole.dump").read_bytes(), self.path("out.dump").read_bytes())
            self.path("out.dump").unlink()

    def test_half_a_frame_is_cut_off(self):
        path = self.write_dump(count=5)
        self.analyze(path, "-o", self.path("whole.dump"), "--csv", self.path("whole.csv"))
        # Cut short in a frame that is damaged at first.
        text = self.path("run.dump").read_text()
        frames = text.split("ITEM: UNITS")
        self.path("run.dump").write_text("ITEM: UNITS".join(frames[:4]) + "ITEM: UNITS\nmetal\nITEM: TIMESTEP\nx\n")
        arguments = [path, "-o", self.path("out.dump"), "--csv", self.path("out.csv")]
        self.assert_fails(run("analyze", *arguments), "frame 4 begins")
        with open(self.path("out.dump.part"), "a", encoding="ascii") as file:
            file.write("ITEM: TIMESTEP\n30\nhalf")
        with open(self.path("out.csv"), "a", encoding="ascii") as file:
            file.write("3,30,1")
        with open(self.path("out.dump.resume"), "a", encoding="ascii") as file:
            file.write("4 0")
        self.path("run.dump").write_text(text)
        self.analyze(*arguments, "--resume")
        for name in ("dump", "csv"):
            self.assertEqual(self.path(f"whole.{name}").read_bytes(), self.path(f"out.{name}").read_bytes())
        # Once it is complete there is nothing to go on with, and the same command starts anew.
        self.analyze(*arguments, "--resume")

    def test_force_starts_anew_and_a_run_without_frames_leaves_nothing(self):
        path = self.write_dump(count=3)
        self.path("out.dump.part").write_text("something")
        self.assert_fails(run("analyze", path, "-o", self.path("out.dump")), "out.dump.part", "--force")
        self.assert_fails(run("analyze", path, "-o", self.path("out.dump"), "--resume"), "out.dump.resume", "missing", "--force")
        self.analyze(path, "-o", self.path("out.dump"), "--force")
        self.assertEqual(["out.dump", "run.dump"], sorted(p.name for p in self.folder.iterdir()))
        self.path("out.dump").unlink()
        self.assert_fails(run("analyze", path, "--with", "magic", "-o", self.path("out.dump"), "--csv", self.path("t.csv")), "magic")
        self.assert_nothing_left("run.dump")

    def test_a_table_alone_goes_on(self):
        path = self.write_dump(count=4)
        self.analyze(path, "--csv", self.path("whole.csv"))
        shutil.copy(path, self.path("good"))
        with open(path, "a", encoding="ascii") as file:
            file.write("ITEM: TIMESTEP\n")
        self.assert_fails(run("analyze", path, "--csv", self.path("t.csv")), "frame 5")
        shutil.copy(self.path("good"), path)
        self.analyze(path, "--csv", self.path("t.csv"), "--resume")
        self.assertEqual(self.path("whole.csv").read_text(), self.path("t.csv").read_text())

    def test_a_table_replaces_tables_alone(self):
        path = self.write_dump(count=1)
        self.path("t.csv").write_text("precious")
        self.assert_fails(run("analyze", path, "--csv", self.path("t.csv")), "t.csv", "exists already", "--force")
        self.assertEqual("precious", self.path("t.csv").read_text())
        self.analyze(path, "--csv", self.path("t.csv"), "--force")
        self.analyze(path, "--csv", self.path("t.csv"))
        self.assert_fails(run("analyze", path, "--csv", path, "--force"), "run.dump", "is the input")
