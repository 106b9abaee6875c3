"""denoise devices, with and without drivers."""

import ctypes.util
import unittest

from support import CliTestCase, run


class DevicesTests(CliTestCase):
    def test_says_what_there_is_or_what_is_missing(self):
        result = run("devices")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual("", result.stderr)
        for line in result.stdout.splitlines():
            self.assertRegex(line, r"^(gpu:\d+|opencl:\d+|none) {2,}\S")
        if not ctypes.util.find_library("cuda"):
            self.assertIn("there is no NVIDIA driver (libcuda.so.1)", result.stdout)

    @unittest.skipUnless(ctypes.util.find_library("OpenCL"), "needs OpenCL (Debian: pocl-opencl-icd)")
    def test_no_driver_behind_opencl(self):
        result = run("devices", env={"OCL_ICD_VENDORS": self.path("nothing"), "OPENCL_VENDOR_PATH": self.path("nothing")})
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("OpenCL shows no device", result.stdout)

    @unittest.skipUnless(ctypes.util.find_library("OpenCL"), "needs OpenCL (Debian: pocl-opencl-icd)")
    def test_names_a_processor_by_pocl(self):
        result = run("devices")
        if "pthread" not in result.stdout:
            self.skipTest("PoCL is not installed (Debian: pocl-opencl-icd)")
        self.assertRegex(result.stdout, r"opencl:\d+ +\S.*GB, OpenCL 3\.\d: +usable")

