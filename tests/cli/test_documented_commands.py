"""Every command of the program that the help texts show works, in a folder with the files that it names."""

import re
import shutil

from shown import check, make_files
from support import CliTestCase, needs_mpi, run


def commands_of(text):
    """Lines that begin with the program, alone or under mpirun, without what explains them."""
    found = []
    for line in text.splitlines():
        line = re.split(r"\s{2,}(?![-\s])|\s+#", line.strip())[0]
        if re.match(r"(mpirun .*)?\bdenoise [a-z]+ ", line + " ") and "..." not in line and "FILE" not in line:
            found.append(line)
    return found


class DocumentedCommandsTests(CliTestCase):
    @needs_mpi
    def test_help_texts(self):
        make_files(self.folder)
        for command in ([], ["analyze"], ["apply"], ["classify"], ["report"], ["plot"], ["compress"], ["expand"], ["info"], ["train"],
                        ["evaluate"]):
            commands = commands_of(run(*command, "--help").stdout.split("Examples:")[1])
            self.assertGreater(len(commands), 2, command)
            for line in commands:
                with self.subTest(command=line):
                    check(self, line, self.folder)
