"""Every block of C is a program that compiles without a warning against the header and the library, and runs."""

import os
import subprocess

from documents import ROOT, blocks, test_name
from support import TIMEOUT, CliTestCase

C = blocks("c")


class ProgramTests(CliTestCase):
    def run_page(self, page):
        library = os.environ["DENOISE_INSITU_LIB"]
        (self.folder / "models").symlink_to(ROOT / "models")
        for number, block in enumerate(C[page]):
            with self.subTest(block=str(block)):
                source, program = self.path(f"program{number}.c"), self.path(f"program{number}")
                source.write_text(block.text, encoding="utf-8")
                subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/interop/include", source, "-o", program,
                                f"-L{library}", "-ldenoise_insitu", f"-Wl,-rpath,{library}", "-lm"], check=True)
                done = subprocess.run([program], cwd=self.folder, capture_output=True, text=True, timeout=TIMEOUT, check=False)
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertNotEqual("", done.stdout)


for _page in C:
    setattr(ProgramTests, test_name(_page), lambda self, page=_page: self.run_page(page))
