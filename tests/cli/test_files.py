"""Files that come out: what they may replace, what becomes of links and permissions, pipes, devices, full disks and kills."""

import gzip
import json
import os
import resource
import shutil
import signal
import stat
import subprocess

import crystals
from support import DENOISE, MODEL, ROOT, TIMEOUT, CliTestCase, read_dump, run

SMALL = ["--prototypes", "fcc", "--hidden", "4x0e+4x1o", "--layers", "1", "--radial", "8", "--cutoff", "3.2", "--atoms", "20",
         "--batch", "1", "--steps", "2"]


class OutputTestCase(CliTestCase):
    def setUp(self):
        super().setUp()
        self.input = crystals.write(self.path("in.dump"), crystals.dump_text(crystals.crystal(repeats=(3, 3, 3), noise=0.02)))

    def classify(self, out, *options, source=None, **keywords):
        return run("classify", source or self.input, "-o", out, *options, **keywords)

    def assert_works(self, result):
        self.assertEqual(0, result.returncode, result.stderr)

    def assert_kept(self, path, content, result, *words):
        """A refusal in one sentence, after which the file is what it was, and nothing is beside it."""
        names = sorted(p.name for p in self.folder.iterdir())
        self.assert_fails(result, *words)
        self.assertEqual("", result.stdout)
        self.assertEqual(content, open(path, "rb").read())
        self.assertEqual(names, sorted(p.name for p in self.folder.iterdir()))


class InputTests(OutputTestCase):
    def test_input_is_never_replaced_under_any_name(self):
        content = open(self.input, "rb").read()
        self.path("folder").mkdir()
        os.symlink("in.dump", self.path("link.dump"))
        os.symlink("../link.dump", self.path("folder/link.dump"))
        os.link(self.input, self.path("hard.dump"))
        os.symlink(self.folder, self.path("self"))
        names = [self.input, os.path.relpath(self.input), self.path("folder/../in.dump"), self.path("link.dump"),
                 self.path("folder/link.dump"), self.path("hard.dump"), self.path("self/in.dump"), self.path("self/self/hard.dump")]
        for name in names:
            for force in ([], ["--force"]):
                with self.subTest(name=name, force=force):
                    self.assert_kept(self.input, content, self.classify(name, *force), "input", "choose another name")
        # And the other way round: read by a link, written by the name.
        self.assert_kept(self.input, content, self.classify(self.input, "--force", source=self.path("link.dump")), "same file as the input")

    def test_neither_model_nor_configuration_is_replaced(self):
        # Models have other names as a rule; links may have any.
        shutil.copy(MODEL, self.path("m.dump"))
        content = self.path("m.dump").read_bytes()
        result = run("apply", self.input, "--model", self.path("m.dump"), "-o", self.path("m.dump"), "--force")
        self.assert_kept(self.path("m.dump"), content, result, "m.dump: is the input")
        config = self.path("config.xyz")
        config.write_text('{"config": {}}')
        result = run("apply", self.input, "--model", MODEL, "--config", config, "-o", config, "--force")
        self.assert_kept(config, b'{"config": {}}', result, "config.xyz: is the input")

    def test_models_tables_and_scripts_are_no_output(self):
        for name in ("m.pt", "table.csv", "results.json", "in.melt"):
            self.path(name).write_text("precious")
            for force in ([], ["--force"]):
                with self.subTest(name=name, force=force):
                    self.assert_kept(self.path(name), b"precious", self.classify(self.path(name), *force), name, "output")


class ForeignTests(OutputTestCase):
    def test_only_earlier_results_are_replaced_without_force(self):
        raw = crystals.dump_text(crystals.crystal(repeats=(2, 2, 2)))
        cases = {"a.dump": b"notes", "b.dump": raw.encode(), "c.xyz": crystals.xyz_text(crystals.crystal(repeats=(2, 2, 2))).encode(),
                 "d.dump.gz": gzip.compress(raw.encode()), "e.dump.gz": b"not compressed", "f.xyz": b"1\nno properties\nCu 0 0 0\n",
                 "g.lammpstrj": bytes(range(256)), "h.extxyz": "1\nLattice=…\n".encode()[:-3]}
        for name, content in cases.items():
            with self.subTest(name=name):
                self.path(name).write_bytes(content)
                result = self.classify(self.path(name))
                self.assert_kept(self.path(name), content, result, name, "exists already", "--force")
                self.assert_works(self.classify(self.path(name), "--force"))
                self.assertNotEqual(content, self.path(name).read_bytes())

    def test_results_are_replaced_by_results(self):
        for name in ("a.dump", "a.dump.gz", "a.xyz", "a.extxyz.gz"):
            with self.subTest(name=name):
                self.assert_works(self.classify(self.path(name)))
                self.assert_works(run("apply", self.input, "--model", MODEL, "-o", self.path(name)))
                self.assert_works(run("apply", self.input, "--model", MODEL, "--classify", "none", "-o", self.path(name)))
                self.assert_works(self.classify(self.path(name)))
                # By name a dump and by content XYZ is no result of ours.
                other = self.path("b.dump" if "xyz" in name else "b.xyz")
                shutil.copy(self.path(name), other)
                self.assert_fails(self.classify(other), other.name, "--force")

    def test_an_empty_file_holds_nothing(self):
        self.path("a.dump").touch()
        self.assert_works(self.classify(self.path("a.dump")))

    def test_a_folder_is_no_file(self):
        self.path("a.dump").mkdir()
        for options in ([], ["--force"]):
            self.assert_fails(self.classify(self.path("a.dump"), *options), "a.dump", "directory", "add the name of a file")

    def test_training_replaces_nothing(self):
        for name in ("m.pt", "m.pt.resume", "m.log.csv", "m.validation.csv"):
            with self.subTest(name=name):
                self.path(name).write_text("mine")
                result = run("train", *SMALL, "-o", self.path("m.pt"))
                self.assert_kept(self.path(name), b"mine", result, name, "exists already")
                self.path(name).unlink()
        for name in ("m.pt", "m.log.csv", "m.validation.csv"):
            self.path(name).write_text("mine")
        self.assert_works(run("train", *SMALL, "-o", self.path("m.pt"), "--force"))
        self.assertEqual(["in.dump", "m.log.csv", "m.pt", "m.validation.csv"], sorted(p.name for p in self.folder.iterdir()))

    def test_training_does_not_replace_its_structures(self):
        crystal = self.path("m.log.csv")
        crystal.write_text("sc\n1\n2.5 0 0\n0 2.5 0\n0 0 2.5\nPo\n1\nDirect\n0 0 0\n")
        content = crystal.read_bytes()
        os.link(crystal, self.path("crystal.vasp"))
        for structure in (crystal, self.path("crystal.vasp")):
            result = run("train", *SMALL[2:], "--structures", structure, "-o", self.path("m.pt"), "--force")
            self.assert_kept(crystal, content, result, "m.log.csv", "input")

    def test_a_training_goes_on_or_starts_anew(self):
        result = run("train", *SMALL, "-o", self.path("m.pt"), "--force", "--resume")
        self.assert_fails(result, "--resume", "--force", "give one")


class LinkTests(OutputTestCase):
    def test_a_link_stays_and_its_target_is_replaced(self):
        self.path("disk").mkdir()
        target = self.path("disk/run.dump")
        os.symlink("disk/run.dump", self.path("out.dump"))
        for _ in range(2):
            # At first it leads nowhere, then to a file.
            self.assert_works(self.classify(self.path("out.dump")))
            self.assertEqual("disk/run.dump", os.readlink(self.path("out.dump")))
            self.assertEqual(108, read_dump(target)[0]["count"])
            self.assertEqual(["run.dump"], os.listdir(self.path("disk")))
        target.write_text("foreign")
        self.assert_fails(self.classify(self.path("out.dump")), "out.dump", "--force")
        self.assert_works(self.classify(self.path("out.dump"), "--force"))
        self.assertTrue(self.path("out.dump").is_symlink())

    def test_a_link_to_nowhere_or_to_itself(self):
        os.symlink("no/such/folder/out.dump", self.path("a.dump"))
        self.assert_fails(self.classify(self.path("a.dump")), "a.dump", "folder does not exist")
        os.symlink("b.dump", self.path("b.dump"))
        self.assert_fails(self.classify(self.path("b.dump")), "b.dump", "symbolic links")

    def test_models_and_tables_may_be_links(self):
        self.path("disk").mkdir()
        for name in ("m.pt", "m.log.csv", "m.validation.csv"):
            os.symlink(f"disk/{name}", self.path(name))
        self.assert_works(run("train", *SMALL, "-o", self.path("m.pt")))
        self.assertEqual(["m.log.csv", "m.pt", "m.validation.csv"], sorted(os.listdir(self.path("disk"))))
        self.assertTrue(all(self.path(name).is_symlink() for name in ("m.pt", "m.log.csv", "m.validation.csv")))

    def test_another_hard_link_keeps_what_it_had(self):
        self.assert_works(self.classify(self.path("a.dump")))
        os.link(self.path("a.dump"), self.path("kept.dump"))
        kept = self.path("kept.dump").read_text()
        self.assert_works(self.classify(self.path("a.dump"), "--method", "cna:3.1"))
        self.assertEqual(kept, self.path("kept.dump").read_text())

    def test_permissions_and_owner_stay(self):
        out = self.path("out.dump")
        self.assert_works(self.classify(out))
        for mode in (0o600, 0o640, 0o664, 0o777):
            os.chmod(out, mode)
            if os.getuid() == 0:
                os.chown(out, 12345, 23456)
            self.assert_works(self.classify(out))
            after = os.stat(out)
            self.assertEqual(mode, stat.S_IMODE(after.st_mode))
            if os.getuid() == 0:
                self.assertEqual((12345, 23456), (after.st_uid, after.st_gid))

    def test_a_new_file_has_the_permissions_of_the_umask(self):
        for mask in (0o022, 0o077, 0o002):
            out = self.path(f"{mask}.dump")
            command = [DENOISE, "classify", self.input, "-o", str(out)]
            subprocess.run(command, preexec_fn=lambda: os.umask(mask), check=True, stdout=subprocess.DEVNULL)
            self.assertEqual(0o666 & ~mask, stat.S_IMODE(os.stat(out).st_mode))

    def test_a_file_that_may_not_be_written_is_not_replaced(self):
        out = self.path("out.dump")
        self.assert_works(self.classify(out))
        content = out.read_bytes()
        os.chmod(out, 0o444)
        os.chmod(self.folder, 0o777)
        command = [DENOISE, "classify", self.input, "--method", "cna:3.1", "-o", str(out), "--force"]
        if os.getuid() == 0 and not shutil.which("setpriv"):
            self.skipTest("as root everything may be written; needs setpriv (Debian: util-linux)")
        if os.getuid() == 0:
            command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *command]
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        self.assert_kept(out, content, result, "out.dump", "ermission denied")


class StreamTests(OutputTestCase):
    def shell(self, command):
        return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=TIMEOUT, check=False)

    def test_standard_output_takes_the_frames_and_the_table_makes_room(self):
        self.assert_works(self.classify(self.path("file.dump")))
        expected = self.path("file.dump").read_text()
        for name in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            with self.subTest(name=name):
                result = self.classify(name)
                self.assert_works(result)
                self.assertEqual(expected, result.stdout)
                self.assertIn("identified", result.stderr)
        self.assert_fails(self.classify("-", "--json"), "--json", "standard output", code=2)

    def test_redirection_to_a_file_appends_where_it_is(self):
        self.assert_works(self.classify(self.path("file.dump")))
        result = self.shell(f"echo first > '{self.path('a')}'; '{DENOISE}' classify '{self.input}' -o - >> '{self.path('a')}'")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual("first\n" + self.path("file.dump").read_text(), self.path("a").read_text())

    def test_pipes_and_devices(self):
        self.assert_works(self.classify(self.path("file.dump")))
        expected = self.path("file.dump").read_text()
        os.mkfifo(self.path("pipe.dump"))
        result = self.shell(f"cat '{self.path('pipe.dump')}' > '{self.path('a')}' & "
                            f"'{DENOISE}' classify '{self.input}' -o '{self.path('pipe.dump')}' && wait")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(expected, self.path("a").read_text())
        self.assertTrue(self.path("pipe.dump").is_fifo())

        result = self.shell(f"'{DENOISE}' classify '{self.input}' -o >(gzip > '{self.path('b.gz')}'); wait $!; sleep 0.2")
        self.assertEqual("", result.stderr)
        self.assertEqual(expected, gzip.decompress(self.path("b.gz").read_bytes()).decode())

        self.assert_works(self.classify("/dev/null"))
        os.symlink("/dev/null", self.path("null.xyz"))
        self.assert_works(self.classify(self.path("null.xyz")))
        self.assertTrue(self.path("null.xyz").is_symlink())
        self.assert_fails(self.classify("/dev/full"), "/dev/full", "No space left")

    def test_a_reader_that_has_seen_enough_ends_it_quietly(self):
        many = crystals.write(self.path("many.dump"), crystals.dump_text(crystals.crystal(repeats=(5, 5, 5))) * 40)
        for command in (f"classify '{many}' -o - 2>/dev/null", f"classify '{many}'", f"classify '{many}' --json", f"info '{many}'",
                        "--help", "train --help"):
            with self.subTest(command=command):
                result = self.shell(f"'{DENOISE}' {command} | head -n 1")
                self.assertEqual("", result.stderr)
                self.assertEqual(1, len(result.stdout.splitlines()))

    def test_input_from_a_pipe(self):
        for command in (f"cat '{self.input}' | '{DENOISE}' classify /dev/stdin --json",
                        f"'{DENOISE}' classify <(gzip -c '{self.input}') --json",
                        f"cat '{self.input}' | '{DENOISE}' info /dev/stdin --json"):
            with self.subTest(command=command):
                result = self.shell(command)
                self.assertEqual(0, result.returncode, result.stderr)
                json.loads(result.stdout)


class UnfinishedTests(OutputTestCase):
    def limited(self, *arguments, size):
        """A file that may not grow beyond a size: for a program the same as a disk that is full."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return subprocess.run([DENOISE, *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT, check=False,
                              preexec_fn=limit)

    def test_a_full_disk_is_told_and_leaves_what_was_there(self):
        for name in ("out.dump", "out.dump.gz", "out.xyz"):
            with self.subTest(name=name):
                out = self.path(name)
                self.assert_fails(self.limited("classify", self.input, "-o", out, size=1000), name, "cannot be written")
                self.assert_nothing_left("in.dump")
                self.assert_works(self.classify(out))
                content = out.read_bytes()
                result = self.limited("classify", self.input, "-o", out, size=1000)
                self.assert_fails(result, name, "cannot be written")
                self.assertEqual(content, out.read_bytes())
                out.unlink()

    def test_a_full_disk_in_a_training(self):
        result = self.limited("train", *SMALL, "-o", self.path("m.pt"), size=1000)
        self.assert_fails(result, "m.pt", "cannot be written")
        # Tables with their first lines, and no part of a model.
        self.assertEqual({"in.dump", "m.log.csv", "m.validation.csv"}, {p.name for p in self.folder.iterdir()})

    def test_no_half_line_in_a_table(self):
        # Models of 15 kB fit, tables that grow to 30 kB do not.
        arguments = ["train", *SMALL[:-1], "20000", "--validate", "20", "-o", self.path("m.pt")]
        self.assert_fails(self.limited(*arguments, size=30_000), "m.validation.csv", "cannot be written")
        text = self.path("m.validation.csv").read_text()
        self.assertTrue(text.endswith("\n"))
        self.assertEqual({text.splitlines()[0].count(",")}, {line.count(",") for line in text.splitlines()})

    def test_on_a_full_file_system(self):
        if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", self.mount()], check=False,
                                              capture_output=True).returncode:
            self.skipTest("needs the right to mount")
        self.addCleanup(subprocess.run, ["umount", self.path("disk")], check=True)
        big = crystals.write(self.path("big.dump"), crystals.dump_text(crystals.crystal(repeats=(10, 10, 10))))
        self.assert_fails(self.classify(self.path("disk/out.dump"), source=big), "disk/out.dump", "No space left on device")
        self.assertEqual([], os.listdir(self.path("disk")))
        self.assert_works(self.classify(self.path("disk/out.dump")))

    def mount(self):
        self.path("disk").mkdir()
        return self.path("disk")

    def test_killed_while_it_writes_leaves_nothing(self):
        frame = crystals.dump_text(crystals.crystal(repeats=(10, 10, 10)))
        old = b"ITEM: ATOMS id StructureType\n"
        for name in ("out.dump", "link.dump"):
            target = self.path("target.dump")
            target.write_bytes(old)
            if name == "link.dump":
                os.symlink("target.dump", self.path(name))
            else:
                target.rename(self.path(name))
            with self.subTest(name=name):
                before = sorted(p.name for p in self.folder.iterdir())
                command = [DENOISE, "classify", self.endless_file("long.dump"), "-o", self.path(name)]
                self.assertEqual(-signal.SIGKILL, self.interrupt(command, frame, signal.SIGKILL))
                self.assertEqual(before, sorted(p.name for p in self.folder.iterdir()))
                self.assertEqual(old, self.path(name).read_bytes())
                self.path(name).unlink()


class ContentTests(OutputTestCase):
    def test_displacements_are_written_and_sum_up(self):
        for name in ("out.dump", "out.dump.gz"):
            found, = self.frames("apply", self.input, "--model", MODEL, "-o", self.path(name))
            frame, = read_dump(self.path(name))
            self.assertEqual(["StructureType", "DisplacementMagnitude"], frame["columns"][-2:])
            moved = [float(atom["DisplacementMagnitude"]) for atom in frame["atoms"]]
            self.assertAlmostEqual(found["rms_displacement"], (sum(d * d for d in moved) / len(moved)) ** 0.5, places=7)
            self.assertEqual(["other", "fcc", "hcp", "bcc", "ico"], list(found["counts_before"]))
            self.assertEqual(108, sum(found["counts_before"].values()))
        self.frames("apply", self.input, "--model", MODEL, "-o", self.path("out.xyz"))
        self.assertIn(":structure_type:I:1:disp_mag:R:1 ", self.path("out.xyz").read_text().splitlines()[1])
        # Denoised again, it has moved from where it is now.
        again, = self.frames("apply", self.path("out.dump"), "--model", MODEL, "-o", self.path("again.dump"))
        frame, = read_dump(self.path("again.dump"))
        self.assertEqual(["StructureType", "DisplacementMagnitude"], frame["columns"][-2:])
        self.assertLess(again["rms_displacement"], found["rms_displacement"])
        self.assertNotIn("counts_before", self.frames("classify", self.input)[0])

    def test_elements_that_were_given_are_written(self):
        frame = crystals.crystal(repeats=(3, 3, 3), noise=0.02)
        frame.types = [1 + i % 2 for i in range(frame.count)]
        path = crystals.write(self.path("types.dump"), crystals.dump_text(frame))
        for elements, expected in ((["Cu", "Ni"], {"Cu", "Ni"}), (["Cu", "NULL"], {"Cu", "X"})):
            self.frames("apply", path, "--model", MODEL, "--elements", *elements, "-o", self.path("out.xyz"))
            species = {line.split()[0] for line in self.path("out.xyz").read_text().splitlines()[2:]}
            self.assertEqual(expected, species)

    def test_classify_is_adaptive_unless_told(self):
        self.assertEqual(self.frames("classify", self.input, "--method", "acna"), self.frames("classify", self.input))
