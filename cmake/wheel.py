#!/usr/bin/env python3
"""wheel.py BUILD FOLDER: makes FOLDER/denoise_insitu-VERSION-py3-none-TAG.whl of what BUILD holds. Prints its path.

In it: the Python package, the library for both vector widths, and the models. A wheel is a zip archive with three files of its own
(https://packaging.python.org/en/latest/specifications/binary-distribution-format/), so that nothing from PyPI is needed to make one. The
same build gives the same bytes.
"""
import base64
import hashlib
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "denoise_insitu"
LIBRARIES = ("libdenoise_insitu.so", "glibc-hwcaps/x86-64-v4/libdenoise_insitu.so")
# As of cmake/package.sh; that the library needs nothing newer is looked at.
OLDEST_GLIBC = "2.28"

METADATA = """Metadata-Version: 2.1
Name: denoise-insitu
Version: {version}
Summary: Takes the thermal motion of atoms off their positions and names their crystal structure
License: MIT
Keywords: ovito,ovito-extension,molecular dynamics,LAMMPS,ASE
Classifier: Operating System :: POSIX :: Linux
Classifier: Topic :: Scientific/Engineering :: Physics
Classifier: Typing :: Typed
Requires-Python: >=3.9
Requires-Dist: numpy
Provides-Extra: ase
Requires-Dist: ase; extra == 'ase'
Description-Content-Type: text/markdown

{description}"""

# The groups in which OVITO Pro looks for extensions.
ENTRY_POINTS = f"""[OVITO.Modifier]
Denoise and name structures = {PACKAGE}.ovito:DenoiseModifier

[OVITO.FileReader]
Denoise.InSitu trajectory (.dnz) = {PACKAGE}.ovito:DnzFileReader
"""


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True, text=True).stdout


def contents(build, version):
    """Pairs of a name in the archive and its bytes."""
    folder = ROOT / "interop" / "python"
    for name in git("ls-files", "interop/python").split():
        path = (ROOT / name).relative_to(folder)
        if path.parts[0] == PACKAGE:
            yield str(path), (ROOT / name).read_bytes()
    for library in LIBRARIES:
        yield f"{PACKAGE}/lib/{library}", (build / "lib" / library).read_bytes()
    for name in git("ls-files", "models").split():
        yield f"{PACKAGE}/{name}", (ROOT / name).read_bytes()
    info = f"{PACKAGE}-{version}.dist-info"
    yield f"{info}/METADATA", METADATA.format(version=version, description=(folder / "README.md").read_text(encoding="utf-8")).encode()
    yield f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: denoise-insitu\nRoot-Is-Purelib: false\nTag: {tag()}\n".encode()
    yield f"{info}/entry_points.txt", ENTRY_POINTS.encode()
    yield f"{info}/licenses/LICENSE", (ROOT / "LICENSE").read_bytes()
    with tempfile.TemporaryDirectory() as texts:
        subprocess.run([ROOT / "cmake" / "licenses.sh", texts], check=True)
        for text in sorted(Path(texts).iterdir()):
            yield f"{info}/licenses/{text.name}", text.read_bytes()


def tag():
    return f"py3-none-manylinux_{OLDEST_GLIBC.replace('.', '_')}_x86_64"


def main():
    build, folder = Path(sys.argv[1]), Path(sys.argv[2])
    version = re.search("<Version>(.*)</Version>", (ROOT / "Directory.Build.props").read_text(encoding="utf-8"))[1]
    subprocess.run([ROOT / "cmake" / "glibc-needed.sh", OLDEST_GLIBC, *(build / "lib" / library for library in LIBRARIES)], check=True,
                   stdout=subprocess.DEVNULL)
    date = time.gmtime(int(git("log", "-1", "--format=%ct")))[:6]
    files = sorted(contents(build, version))
    record = f"{PACKAGE}-{version}.dist-info/RECORD"
    lines = []
    for name, data in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}\n")
    files.append((record, "".join(lines + [f"{record},,\n"]).encode()))

    path = folder / f"{PACKAGE}-{version}-{tag()}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, date)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, data)
    print(path)


if __name__ == "__main__":
    main()
