"""The declarations for ctypes, which interop/generator writes (that they are what it writes, tests/abi looks at)."""

import ctypes
import re
import unittest
from pathlib import Path

from denoise_insitu import _bindings as c
from denoise_insitu._library import library

ROOT = Path(__file__).resolve().parents[2]
HEADER = (ROOT / "interop/include/denoise_insitu.h").read_text(encoding="utf-8")


class BindingsTests(unittest.TestCase):
    def test_structs_lie_in_memory_as_the_c_compiler_says(self):
        self.assertEqual(re.findall(r"^typedef struct (\w+) \{", HEADER, re.MULTILINE), [struct.__name__ for struct in c.LAYOUT])
        # What C compilers are held against in tests/abi is the same table.
        asserted = dict(re.findall(r"LAYOUT\((.*) == (\d+)\)", (ROOT / "tests/abi/layout.g.h").read_text(encoding="utf-8")))
        for struct, (size, offsets) in c.LAYOUT.items():
            self.assertEqual(size, ctypes.sizeof(struct), struct)
            self.assertEqual(str(size), asserted.pop(f"sizeof({struct.__name__})"))
            self.assertEqual(offsets, {name: getattr(struct, name).offset for name, _ in struct._fields_}, struct)
            for name, offset in offsets.items():
                self.assertEqual(str(offset), asserted.pop(f"offsetof({struct.__name__}, {name})"))
        self.assertEqual({}, asserted)

    def test_constants_are_those_of_the_header(self):
        defined = dict(re.findall(r"^#define (DN_\w+) (\d+)", HEADER, re.MULTILINE))
        self.assertGreater(len(defined), 30)
        self.assertEqual(defined, {name: str(value) for name, value in vars(c).items() if name.startswith("DN_")})

    def test_functions_are_those_of_the_library(self):
        exported = (ROOT / "interop/Denoise.InSitu.Native/Generated/exports.txt").read_text(encoding="utf-8").split()
        self.assertEqual(exported, sorted(c.FUNCTIONS))
        for name in exported:
            self.assertEqual(c.FUNCTIONS[name][1], getattr(library(), name).argtypes)
