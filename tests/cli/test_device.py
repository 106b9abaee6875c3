"""The network on a device: --device. On a machine without a card that is PoCL (Debian's pocl-opencl-icd), by OpenCL."""

import unittest

import crystals
from support import MODEL, ROOT, CliTestCase, needs_mpi, read_dump, run

# What single precision may make of a step, in Å (CONTRIBUTING, "Building and testing").
TOLERANCE = 1e-5

HAS_OPENCL = any(line.startswith("opencl:") and line.endswith("usable") for line in run("devices").stdout.splitlines())
NO_DRIVERS = {"OCL_ICD_VENDORS": "/nowhere", "OPENCL_VENDOR_PATH": "/nowhere", "CUDA_VISIBLE_DEVICES": ""}


def rows(path):
    """{id: [x, y, z, structure type]} of the one frame of a dump."""
    frame, = read_dump(path)
    return {int(atom["id"]): [float(atom[name]) for name in ("x", "y", "z", "StructureType")] for atom in frame["atoms"]}


class DeviceTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.frame = crystals.write(self.path("in.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4), seed=11)))

    def apply(self, *options, ranks=1, **more):
        out = self.path("out.dump")
        result = run("apply", self.frame, "--model", MODEL, "--steps", 4, "--threads", 1, "-o", out, "--force", *options, ranks=ranks, **more)
        self.assertEqual(0, result.returncode, result.stderr)
        return rows(out), result.stderr

    @unittest.skipUnless(HAS_OPENCL, "needs an OpenCL device (Debian: pocl-opencl-icd)")
    @needs_mpi
    def test_same_as_the_processor_on_any_number_of_ranks(self):
        for tolerance in 0, 0.03:
            expected, _ = self.apply("--tol", tolerance)
            self.assertGreater(sum(row[3] == 1 for row in expected.values()), 250)
            for ranks in 1, 2, 4:
                with self.subTest(tolerance=tolerance, ranks=ranks):
                    found, errors = self.apply("--tol", tolerance, "--device", "opencl", "--split", "domains", ranks=ranks)
                    self.assertNotIn("device", errors)
                    self.assertEqual(expected.keys(), found.keys())
                    for i, row in expected.items():
                        self.assertEqual(row[3], found[i][3], f"atom {i}")
                        for a, b in zip(row[:3], found[i][:3]):
                            self.assertAlmostEqual(a, b, delta=TOLERANCE, msg=f"atom {i}")

    @unittest.skipUnless(HAS_OPENCL, "needs an OpenCL device (Debian: pocl-opencl-icd)")
    def test_analyze(self):
        counts = [self.frames("analyze", self.frame, "--model", MODEL, "--device", device)[0]["counts"] for device in ("cpu", "opencl:0")]
        self.assertEqual(*counts)

    def test_without_drivers(self):
        result = run("apply", self.frame, "--model", MODEL, "--device", "opencl", env=NO_DRIVERS)
        self.assert_fails(result, "there is no device 'opencl'", "OpenCL")
        result = run("apply", self.frame, "--model", MODEL, "--device", "gpu", env=NO_DRIVERS)
        self.assert_fails(result, "there is no device 'gpu'")
        expected, _ = self.apply()
        found, errors = self.apply("--device", "auto", env=NO_DRIVERS)
        self.assertEqual(expected, found)
        self.assertEqual(1, errors.count("device: there is no graphics card"), errors)
        self.assertIn("; the processor computes.", errors)

    def test_devices_that_are_not_there_or_are_none(self):
        for device in "gpu:77", "opencl:77":
            self.assert_fails(run("apply", self.frame, "--model", MODEL, "--device", device), f"there is no device '{device}'")
        for device in "cuda", "gpu:", "gpu:-1", "opencl:1x", "", "GPU":
            result = run("apply", self.frame, "--model", MODEL, "--device", device)
            self.assert_fails(result, f"--device: '{device}' is not cpu, auto, gpu", code=2)

    def test_what_no_kernel_computes(self):
        result = run("classify", self.frame, "--model", ROOT / "models/phases.pt", "--device", "gpu")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("degrees up to 2, and the network has 3; the processor computes.", result.stderr)
        self.assert_fails(run("apply", self.frame, "--model", MODEL, "--device", "gpu", "--engine", "reference"),
                          "the engine 'reference' and the device 'gpu' do not go together")
