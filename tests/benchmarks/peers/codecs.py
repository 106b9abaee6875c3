"""What other codecs make of coordinates: codecs.py FILE ATOMS BOUND

FILE holds frames of ATOMS x 3 little-endian single-precision numbers, Å. Prints a line per codec: name, bytes, seconds of processor time to
encode and to decode all frames, largest error. gzip (level 6, exact), zfp (accuracy mode, python3-zfpy), xtc (the codec of GROMACS as
MDAnalysis has it, python3-mdanalysis, with the precision that keeps the bound). Those that are not installed are left out.
"""

import os
import sys
import tempfile
import time
import zlib

import numpy


def measured(name, frames, encode, decode):
    start = time.process_time()
    coded = [encode(frame) for frame in frames]
    middle = time.process_time()
    decoded = [decode(piece) for piece in coded]
    end = time.process_time()
    error = max(float(numpy.abs(a.astype("f8") - b.astype("f8")).max()) for a, b in zip(frames, decoded))
    print(name, sum(len(piece) for piece in coded), middle - start, end - middle, error)


def main():
    path, atoms, bound = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    frames = list(numpy.fromfile(path, "<f4").reshape(-1, atoms, 3))
    measured("gzip", frames, lambda frame: zlib.compress(frame.tobytes(), 6),
             lambda piece: numpy.frombuffer(zlib.decompress(piece), "<f4").reshape(atoms, 3))
    try:
        import zfpy
        measured("zfp", frames, lambda frame: zfpy.compress_numpy(frame, tolerance=bound), zfpy.decompress_numpy)
    except ImportError:
        pass
    try:
        from MDAnalysis.lib.formats.libmdaxdr import XTCFile
    except ImportError:
        return
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "run.xtc")
        # It rounds to 1 / precision of a nanometer: half of that is its error.
        precision, box = 5 / bound, numpy.zeros((3, 3), "f4")
        lengths = [frame / numpy.float32(10) for frame in frames]
        start = time.process_time()
        with XTCFile(name, "w") as file:
            for k, frame in enumerate(lengths):
                file.write(frame, box, k, k, precision)
        middle = time.process_time()
        with XTCFile(name) as file:
            decoded = [file.read().x for _ in frames]
        end = time.process_time()
        error = max(float(numpy.abs(a.astype("f8") - 10 * b.astype("f8")).max()) for a, b in zip(frames, decoded))
        print("xtc", os.path.getsize(name), middle - start, end - middle, error)


if __name__ == "__main__":
    main()
