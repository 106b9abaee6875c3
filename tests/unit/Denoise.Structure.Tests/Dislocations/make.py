#!/usr/bin/env python3
"""
Makes the relaxed dislocations beside it: make.py LMP [NAME...], with LAMMPS's potentials in LAMMPS_POTENTIALS.

A cylinder around a straight line, periodic along it, in the isotropic elastic field of the line, its rim of 10 Å held; or a prismatic
loop of interstitials in a periodic cube. Minimised by LAMMPS; written as NAME.xyz.gz: number of atoms, the three edges of an orthogonal
box and which are periodic, then positions, Å. NAME-hot is the loop after a picosecond at 300 K.
"""
import gzip
import math
import os
import subprocess
import sys
import tempfile

POTENTIALS = os.environ.get("LAMMPS_POTENTIALS", "/usr/share/lammps/potentials")
FE = (2.8553, 55.845, "eam/fs", "Fe_mm.eam.fs", "Fe", 0.29)
CU = (3.615, 63.546, "eam/alloy", "Cu_mishin1.eam.alloy", "Cu", 0.35)
# Of hexagonal crystals the orthogonal cell as well: a, √3 a, c.
MG = (3.184, 24.305, "eam/fs", "Mg_mm.eam.fs", "Mg", 0.29, (1, math.sqrt(3), 1.628))
ZR = (3.234, 91.224, "eam/fs", "Zr_mm.eam.fs", "Zr", 0.34, (1, math.sqrt(3), 1.598))
HCP = [(0, 0, 0), (.5, .5, 0), (0, 1 / 3, .5), (.5, 5 / 6, .5)]
BCC = [(0, 0, 0), (.5, .5, .5)]
FCC = [(0, 0, 0), (0, .5, .5), (.5, 0, .5), (.5, .5, 0)]

# name: metal, basis, axes x, y, z, Burgers vector in lattice parameters, kind, radius Å, periods along z
LINES = {
    "fe-edge": (FE, BCC, (1, 1, 1), (1, -1, 0), (1, 1, -2), math.sqrt(.75), "edge", 32, 2),
    "fe-screw": (FE, BCC, (1, 1, -2), (-1, 1, 0), (1, 1, 1), math.sqrt(.75), "screw", 32, 4),
    "cu-edge": (CU, FCC, (1, -1, 0), (1, 1, 1), (-1, -1, 2), math.sqrt(.5), "edge", 50, 2),
    "cu-screw": (CU, FCC, (1, 1, -2), (1, 1, 1), (1, -1, 0), math.sqrt(.5), "screw", 40, 4),
    "mg-edge": (MG, HCP, (1, 0, 0), (0, 0, 1), (0, -1, 0), 1, "edge", 45, 2),
    "zr-edge": (ZR, HCP, (1, 0, 0), (0, 1, 0), (0, 0, 1), 1, "edge", 32, 2),
    "zr-screw": (ZR, HCP, (0, 1, 0), (0, 0, 1), (1, 0, 0), 1, "screw", 32, 4),
}
LOOP_RADIUS = 14.0
LOOP_CELLS = 22


def unit(v):
    n = math.sqrt(sum(c * c for c in v))
    return [c / n for c in v]


def dot(a, b):
    return sum(p * q for p, q in zip(a, b))


def points(a, basis, reach, cell=(1, 1, 1)):
    n = int(reach / a) + 2
    for i in range(-n, n + 1):
        for j in range(-n, n + 1):
            for k in range(-n, n + 1):
                for b in basis:
                    yield (a * cell[0] * (i + b[0]), a * cell[1] * (j + b[1]), a * cell[2] * (k + b[2]))


def line(metal, basis, x, y, z, b, kind, radius, periods):
    a, nu, cell = metal[0], metal[5], metal[6] if len(metal) > 6 else (1, 1, 1)
    b *= a
    primitive = min((math.sqrt(dot(p, p)) for p in points(1, basis, 4, cell)
                     if dot(p, p) > 1e-9 and abs(abs(dot(p, unit(z))) - math.sqrt(dot(p, p))) < 1e-9))
    length = primitive * a * periods
    ex, ey, ez = unit(x), unit(y), unit(z)
    atoms = []
    for p in points(a, basis, math.hypot(radius, length) + 5, cell):
        # Off the rows and planes of atoms.
        u, v, w = dot(p, ex) + .31, dot(p, ey) + .52, dot(p, ez)
        if not (-1e-6 <= w < length - 1e-6) or u * u + v * v > radius * radius:
            continue
        angle, square = math.atan2(v, u), u * u + v * v
        if kind == "screw":
            w += b * angle / (2 * math.pi)
        else:
            du = b / (2 * math.pi) * (angle + u * v / (2 * (1 - nu) * square))
            v -= b / (2 * math.pi) * ((1 - 2 * nu) / (4 * (1 - nu)) * math.log(square)
                                      + (u * u - v * v) / (4 * (1 - nu) * square))
            u += du
        atoms.append((u + radius + 10, v + radius + 10, w % length, square > (radius - 10) ** 2))
    width = 2 * radius + 20
    return metal, (width, width, length), (0, 0, 1), atoms


def loop():
    a, b = FE[0], unit((1, 1, 1))
    edge = LOOP_CELLS * a
    atoms = []
    for i in range(LOOP_CELLS):
        for j in range(LOOP_CELLS):
            for k in range(LOOP_CELLS):
                for c in BCC:
                    p = [a * (i + c[0]) - edge / 2, a * (j + c[1]) - edge / 2, a * (k + c[2]) - edge / 2]
                    along = dot(p, b)
                    inside = math.sqrt(max(0, dot(p, p) - along * along)) < LOOP_RADIUS
                    spacing = a * math.sqrt(3) / 6
                    plane = round(along / spacing)
                    atoms.append((p, along, inside, plane))
    result = []
    height = a * math.sqrt(.75)
    for p, along, inside, plane in atoms:
        # The displacement of a disk-shaped source: half the solid angle that it is seen under.
        rho = math.sqrt(max(0, dot(p, p) - along * along))
        z = (plane + .5) * a * math.sqrt(3) / 6
        angle = solid_angle(rho, z)
        shift = height * angle / (4 * math.pi)
        result.append([p[d] + shift * b[d] for d in range(3)])
    # Three planes (111) stack up to a Burgers vector: the crystal continued into the gap.
    for p, along, inside, plane in atoms:
        if inside and plane in (-3, -2, -1):
            result.append([p[d] + height / 2 * b[d] for d in range(3)])
    positions = [(x + edge / 2, y + edge / 2, z + edge / 2, False) for x, y, z in result]
    count = len(result) - len(atoms)
    print("loop of", count, "interstitials, radius", math.sqrt(count * a ** 3 / 2 / height / math.pi), file=sys.stderr)
    return FE, (edge, edge, edge), (1, 1, 1), positions


def solid_angle(rho, z):
    """Of a disk of LOOP_RADIUS in the plane z = 0, seen from a distance rho from its axis: positive above, negative below."""
    steps, total = 48, 0.0
    for i in range(steps):
        r = LOOP_RADIUS * (i + .5) / steps
        for j in range(24):
            t = math.pi * (j + .5) / 24
            dx, dy = rho - r * math.cos(t), r * math.sin(t)
            total += r * z / (dx * dx + dy * dy + z * z) ** 1.5
    total *= LOOP_RADIUS / steps * 2 * math.pi / 24
    return max(-2 * math.pi, min(2 * math.pi, total))


def relax(lmp, configuration, hot):
    metal, edges, periodic, atoms = configuration
    a, mass, style, file, element, _ = metal[:6]
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/in.data", "w") as f:
            f.write(f"atoms\n\n{len(atoms)} atoms\n2 atom types\n0 {edges[0]} xlo xhi\n0 {edges[1]} ylo yhi\n0 {edges[2]} zlo zhi\n\n")
            f.write(f"Masses\n\n1 {mass}\n2 {mass}\n\nAtoms # atomic\n\n")
            for k, (x, y, z, held) in enumerate(atoms):
                f.write(f"{k + 1} {2 if held else 1} {x:.6f} {y:.6f} {z:.6f}\n")
        boundary = " ".join("p" if p else "f" for p in periodic)
        script = f"""units metal
boundary {boundary}
atom_modify sort 0 0
read_data {folder}/in.data
pair_style {style}
pair_coeff * * {POTENTIALS}/{file} {element} {element}
neighbor 1 bin
group held type 2
fix held held setforce 0 0 0
min_modify dmax .05
thermo 100
minimize 0 1e-3 {600} 2000
write_dump all custom {folder}/cold.dump id x y z modify sort id format float %.3f
"""
        if hot:
            script += f"""velocity all create 600 4711
fix nve all nve
run 1000
write_dump all custom {folder}/hot.dump id x y z modify sort id format float %.3f
"""
        with open(folder + "/in.lmp", "w") as f:
            f.write(script)
        subprocess.run([lmp, "-in", folder + "/in.lmp", "-log", "none", "-screen", "none"], check=True)
        return [[line.split()[1:4] for line in open(folder + "/" + name).read().split("ITEM: ATOMS id x y z")[1].strip().split("\n")]
                for name in (["cold.dump", "hot.dump"] if hot else ["cold.dump"])]


def write(name, edges, periodic, rows):
    folder = os.path.dirname(os.path.abspath(__file__))
    text = f"{len(rows)}\n{' '.join(f'{e:.6f}' for e in edges)} {' '.join(map(str, periodic))}\n"
    text += "".join(" ".join(row) + "\n" for row in rows)
    with open(f"{folder}/{name}.xyz.gz", "wb") as f:
        f.write(gzip.compress(text.encode(), 9, mtime=0))


def main():
    lmp, names = sys.argv[1], sys.argv[2:] or [*LINES, "fe-loop"]
    for name in names:
        configuration = line(*LINES[name]) if name in LINES else loop()
        print(name, len(configuration[3]), "atoms", configuration[1], file=sys.stderr)
        frames = relax(lmp, configuration, hot=name not in LINES)
        for frame, suffix in zip(frames, ("", "-hot")):
            write(name + suffix, configuration[1], configuration[2], frame)


if __name__ == "__main__":
    main()
