"""The network on a device: `device`. On a machine without a card that is PoCL (Debian's pocl-opencl-icd), by OpenCL."""

import os
import re
import subprocess
import unittest
from unittest import mock

from crystals import close_packed
from harness import BUILD, MODEL, ROOT, LammpsCase, fix_denoise, outputs, per_program
from scripts import no_forces

NO_DRIVERS = {"OCL_ICD_VENDORS": "/nowhere", "OPENCL_VENDOR_PATH": "/nowhere", "CUDA_VISIBLE_DEVICES": ""}


def has_opencl():
    try:
        shown = subprocess.run([BUILD / "bin/denoise", "devices"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return any(line.startswith("opencl:") and line.endswith("usable") for line in shown.splitlines())


@per_program()
class Device(LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())

    def script(self, rest, model=MODEL):
        return no_forces(9.0) + fix_denoise(model=model, rest=rest) + "\n" + outputs() + "run 10\n"

    @unittest.skipUnless(has_opencl(), "needs an OpenCL device (Debian: pocl-opencl-icd)")
    def test_same_as_the_processor(self):
        expected = self.lammps(self.script(""))
        for ranks in 1, 2:
            found = self.lammps(self.script("device opencl"), ranks)
            self.assert_same_atoms(expected.dump(), found.dump(), message=f"{ranks} ranks")
            self.assert_same_counts(expected, found)
            self.assertNotIn("WARNING: Fix denoise dn: in step 0 device", found.output)
            self.assertGreater(found.thermo()[0]["f_dn"], 0.5)

    @unittest.skipUnless(has_opencl(), "needs an OpenCL device (Debian: pocl-opencl-icd)")
    def test_a_rank_without_atoms(self):
        """A slab that leaves half of the box empty."""
        self.write("data", close_packed().data())
        script = self.script("device opencl:0").replace("read_data data\n", "read_data data\nchange_box all x delta 0 100 boundary f p p\n")
        expected = self.lammps(script.replace("device opencl:0", ""))
        found = self.lammps("processors 4 1 1\n" + script, 4)
        self.assert_same_atoms(expected.dump(), found.dump())

    def test_without_drivers(self):
        with mock.patch.dict(os.environ, NO_DRIVERS):
            for device in "gpu", "gpu:3", "opencl":
                error = self.error_of(self.script(f"device {device}"))
                self.assert_one_sentence(error)
                self.assertIn(f"there is no device '{device}'", error)
            found = self.lammps(self.script("device auto"), 2)
        said = re.findall(r"^WARNING: Fix denoise dn: in step 0 device: (.*?) \(\S+:\d+\)$", found.output, re.MULTILINE)
        self.assertEqual(1, len(said), found.output)
        self.assertIn("there is no graphics card", said[0])
        self.assertTrue(said[0].endswith("; the processor computes."), said)
        self.assert_same_atoms(self.lammps(self.script(""), 2).dump(), found.dump())

    def test_mistakes(self):
        for rest, words in (
            ("device", "'device' needs 'cpu', 'auto', 'gpu'"),
            ("device lava", "device: 'lava' is unknown; devices are cpu, auto, gpu, gpu:N, opencl or opencl:N"),
            ("device opencl:77", "there is no device 'opencl:77'"),
            ("device gpu engine reference", "the engine 'reference' and the device 'gpu' do not go together"),
        ):
            with self.subTest(rest=rest):
                error = self.error_of(self.script(rest))
                self.assert_one_sentence(error)
                self.assertIn(words, error)

    def test_what_no_kernel_computes(self):
        found = self.lammps(self.script("device gpu", ROOT / "models/phases.pt").replace("run 10", "run 0"))
        self.assertRegex(found.output, r"WARNING: Fix denoise dn: in step 0 device: .*degrees up to 2.*; the processor computes\.")
