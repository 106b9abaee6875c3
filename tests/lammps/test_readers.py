"""Every way in which LAMMPS reads a fix, in one run: each reader gets the value of the step, computed here from the dumped atoms.

A reader is a row of READERS: the lines that it adds to the input script before the run, its columns of the thermo table, and what is
right, as pairs (found, expected). Two of them look at the values between runs, in AFTER.
"""

from collections import Counter

from crystals import close_packed
from harness import MODEL, LammpsCase, per_program
from scripts import copper

N, LAST = 5, 13  # the fix's N; the last step, which is no multiple of it
STEPS = [0, 5, 10]
KINDS = range(5)


class Reader:
    def __init__(self, name, lines="", thermo="", right=lambda t: []):
        self.name, self.lines, self.thermo, self.right = name, lines, thermo, right


class Truth:
    """What the run wrote; the atoms of a step as {id: row} with the fix's columns, from dumps that name every atom."""

    def __init__(self, case, run, ranks):
        self.case, self.run, self.ranks = case, run, ranks
        self.old = case.program.year == 2021
        self.rows = {row["Step"]: row for row in run.thermo()}
        self.frames = {step: run.dump("truth.dump", step) for step in STEPS}
        self.frames[LAST] = run.dump("last.dump", LAST)

    def kinds(self, step):
        return {i: row["kind"] for i, row in self.frames[step].items()}

    def count(self, step, kind):
        return sum(row["kind"] == kind for row in self.frames[step].values())

    def moved(self, step, kinds=KINDS):
        return [row["moved"] for row in self.frames[step].values() if row["kind"] in kinds]

    def thermo(self, column, expected, steps=(*STEPS, LAST)):
        """A column of the thermo table against expected(step)."""
        return [(self.rows[step][column], expected(step)) for step in steps]

    def dumped(self, name, step, column):
        try:
            return {i: row[column] for i, row in self.run.dump(name, step).items()}
        except UnboundLocalError:  # a frame without atoms
            return {}

    def lines(self, name):
        """Lines of numbers of a file as {step: the rest}."""
        return {row[0]: row[1:] for row in self._numbers(name)}

    def blocks(self, name):
        """Blocks of a file, each with a line of `step, number of rows` on top, as {step: rows}."""
        numbers, blocks = iter(self._numbers(name)), {}
        for head in numbers:
            blocks[head[0]] = [next(numbers) for _ in range(int(head[1]))]
        return blocks

    def printed(self, word):
        """What follows a word at the start of a printed line, as {first number: the rest}."""
        found = [[float(x) for x in line.split()[1:]] for line in self.run.output.splitlines() if line.startswith(word + " ")]
        return {row[0]: row[1:] for row in found}

    def _numbers(self, name):
        for line in (self.run.folder / name).read_text().splitlines():
            if not line.startswith("#"):
                yield [float(word) for word in line.split()]


def mean(values):
    return sum(values) / len(values)


def histogram(values):
    found = Counter(values)
    return [found[kind] for kind in KINDS]


def per_kind(t, step):
    """Mean displacement of the atoms of every kind but 'other', up to the last kind that there is."""
    most = int(max(t.kinds(step).values()))
    return [mean(t.moved(step, [k]) or [0.0]) for k in range(1, most + 1)]


# The array in an atom-style variable: the fix's own where LAMMPS has a name for it, and the compute's.
DIRECT = {True: "F_dn[1]", False: "f_dn[1]"}

READERS = [
    Reader("thermo: scalar and vector", thermo="f_dn " + " ".join(f"f_dn[{i}]" for i in range(1, 15)), right=lambda t: [
        *[pair for k in KINDS for pair in t.thermo(f"f_dn[{k + 1}]", lambda step: t.count(step, k))],
        *t.thermo("f_dn", lambda step: 1 - t.count(step, 0) / len(t.frames[step])),
        *t.thermo("f_dn[11]", lambda step: mean([d * d for d in t.moved(step)]) ** 0.5)]),
    Reader("equal-style variable", "variable crystal equal f_dn[2]+f_dn[3]", "v_crystal",
           lambda t: t.thermo("v_crystal", lambda step: t.count(step, 1) + t.count(step, 2))),
    Reader("vector-style variable", "variable all14 vector {vector}", "v_all14[2] v_all14[3]",
           lambda t: t.thermo("v_all14[2]", lambda step: t.count(step, 1)) + t.thermo("v_all14[3]", lambda step: t.count(step, 2))),
    Reader("an element of the array in a variable", "variable el1 equal F_dn[700][1]\nvariable el5 equal F_dn[700][5]\n"
           "variable ec5 equal C_s[700][5]", "v_el1 v_el5 v_ec5", lambda t: [
               *t.thermo("v_el1", lambda step: t.frames[step][700]["kind"]),
               *t.thermo("v_el5", lambda step: t.frames[step][700]["moved"]),
               *t.thermo("v_ec5", lambda step: t.frames[step][700]["moved"])]),
    Reader("dump", "dump d1 all custom 5 d1.dump id x f_dn[2] f_dn[1] c_s[5] c_s[2]", right=lambda t: [
        (t.dumped("d1.dump", step, column), {i: row[name] for i, row in t.frames[step].items()})
        for step in STEPS for column, name in (("f_dn[1]", "kind"), ("f_dn[2]", "xd"), ("c_s[2]", "xd"), ("c_s[5]", "moved"), ("x", "x"))]),
    Reader("dump_modify thresh", "dump d2 all custom 5 d2.dump id f_dn[1]\ndump_modify d2 thresh f_dn[1] == 1 thresh f_dn[5] > 0.2\n"
           "dump d3 all custom 5 d3.dump id c_s[1]\ndump_modify d3 thresh c_s[1] == 2", right=lambda t: [
               pair for step in STEPS for pair in (
                   (t.dumped("d2.dump", step, "f_dn[1]"), {i: 1 for i, r in t.frames[step].items() if r["kind"] == 1 and r["moved"] > 0.2}),
                   (t.dumped("d3.dump", step, "c_s[1]"), {i: 2 for i, r in t.frames[step].items() if r["kind"] == 2}))]),
    Reader("dump_modify thresh LAST", "dump d4 all custom 5 d4.dump id f_dn[1]\ndump_modify d4 thresh f_dn[1] != LAST", right=lambda t: [
        (t.dumped("d4.dump", step, "f_dn[1]"), {i: k for i, k in t.kinds(step).items() if k != t.kinds(step - 5)[i]}) for step in (5, 10)]),
    Reader("atom-style variable", "variable direct atom {direct}\nvariable kind atom c_s[1]\nvariable fcc atom c_s[1]==1\n"
           "dump d5 all custom 5 d5.dump id v_direct v_kind\ncompute nfcc all reduce sum v_fcc", "c_nfcc", lambda t: [
               *[(t.dumped("d5.dump", step, name), t.kinds(step)) for step in STEPS for name in ("v_direct", "v_kind")],
               *t.thermo("c_nfcc", lambda step: t.count(step, 1))]),
    Reader("compute reduce", "compute r1 all reduce sum f_dn[5]\ncompute r2 all reduce max c_s[5]\n"
           "region low block INF INF INF INF INF 12\ncompute r3 all reduce/region low sum f_dn[1]", "c_r1 c_r2 c_r3", lambda t: [
               *t.thermo("c_r1", lambda step: sum(t.moved(step))), *t.thermo("c_r2", lambda step: max(t.moved(step))),
               *t.thermo("c_r3", lambda step: sum(r["kind"] for r in t.frames[step].values() if r["z"] < 12.0))]),
    Reader("compute chunk/atom, reduce/chunk, chunk/spread, slice; fix ave/chunk",
           "compute byfix all chunk/atom f_dn[1]\ncompute bycomp all chunk/atom c_s[1]\ncompute byvar all chunk/atom v_kind\n"
           "compute rc all reduce/chunk byfix sum c_s[5]\nfix rc all ave/time 5 1 5 c_rc mode vector file rc.txt\n"
           "compute sp all chunk/spread/atom bycomp f_dn\ncompute spsum all reduce sum c_sp\ncompute sl all slice 1 14 1 f_dn\n"
           "fix ac1 all ave/chunk 5 1 5 byfix f_dn[5] file ac1.txt\nfix ac2 all ave/chunk 5 1 5 bycomp c_s[5] file ac2.txt\n"
           "fix ac3 all ave/chunk 5 1 5 byvar v_kind file ac3.txt", "c_sl[2] c_spsum", lambda t: [
               *t.thermo("c_sl[2]", lambda step: t.count(step, 1)),
               *t.thermo("c_spsum", lambda step: sum(t.count(step, k) * t.count(step, k - 1) for k in range(1, 5))),
               *[([row[-1] for row in t.blocks("rc.txt")[step]], [m * t.count(step, k) for k, m in enumerate(per_kind(t, step), 1)])
                 for step in STEPS],
               *[([row[-1] for row in t.blocks(name)[step]], per_kind(t, step)) for name in ("ac1.txt", "ac2.txt") for step in STEPS],
               *[([row[-1] for row in t.blocks("ac3.txt")[step] if row[1]],
                  [k for k in range(1, 5) if t.count(step, k)]) for step in STEPS]]),
    Reader("fix ave/time and ave/correlate", "fix at1 all ave/time 5 1 5 f_dn[2] f_dn file at1.txt\n"
           "fix at2 all ave/time 5 1 5 f_dn mode vector file at2.txt\nfix co all ave/correlate 5 1 5 f_dn[2] file co.txt", right=lambda t: [
               pair for step in STEPS for pair in (
                   (t.lines("at1.txt")[step], [t.count(step, 1), 1 - t.count(step, 0) / len(t.frames[step])]),
                   ([row[1] for row in t.blocks("at2.txt")[step]][:5], [t.count(step, k) for k in KINDS]),
                   # an average begins with the last value of the one before
                   (t.blocks("co.txt")[step][0][-1], mean([t.count(at, 1) ** 2 for at in (max(step - 5, 0), step)])))]),
    Reader("fix ave/atom and store/state", "fix aa all ave/atom 5 1 5 f_dn[1] c_s[5]\nfix ab all ave/atom 5 2 10 f_dn[1] v_kind\n"
           "dump d6 all custom 5 d6.dump id f_aa[1] f_aa[2]\ndump d7 all custom 10 d7.dump id f_ab[1] f_ab[2]\n"
           "fix st all store/state 5 f_dn[1]\ndump d8 all custom 5 d8.dump id f_st", right=lambda t: [
               *[(t.dumped("d6.dump", step, "f_aa[1]"), t.kinds(step)) for step in STEPS],
               *[(t.dumped("d8.dump", step, "f_st"), t.kinds(step)) for step in (5, 10)],
               (t.dumped("d6.dump", 10, "f_aa[2]"), {i: row["moved"] for i, row in t.frames[10].items()}),
               *[(t.dumped("d7.dump", 10, name), {i: (k + t.kinds(5)[i]) / 2 for i, k in t.kinds(10).items()})
                 for name in ("f_ab[1]", "f_ab[2]")]]),
    # fix ave/histo of 2021 reads columns above the first of a fix's array wrongly; of a compute's it does not
    Reader("fix ave/histo and ave/histo/weight", "fix h1 all ave/histo 5 1 5 -0.5 4.5 5 f_dn[1] mode vector kind peratom file h1.txt\n"
           "fix h2 all ave/histo 5 1 5 -0.5 4.5 5 v_kind mode vector kind peratom file h2.txt\n"
           "fix h3 all ave/histo 5 1 5 0 1 1 c_s[5] mode vector kind peratom file h3.txt\n"
           "fix h4 all ave/histo/weight 5 1 5 -0.5 4.5 5 f_dn[1] c_s[5] mode vector kind peratom file h4.txt\n"
           "fix h5 all ave/histo 5 1 5 -0.5 10000 1 f_dn mode vector kind global file h5.txt", right=lambda t: [
               *[([row[2] for row in t.blocks(name)[step]], histogram(t.kinds(step).values()))
                 for name in ("h1.txt", "h2.txt") for step in STEPS],
               *[(t.blocks("h3.txt")[step][0][2], sum(0 <= d <= 1 for d in t.moved(step))) for step in STEPS],
               *[([row[2] for row in t.blocks("h4.txt")[step]], [sum(t.moved(step, [k])) for k in KINDS]) for step in STEPS],
               *[(t.blocks("h5.txt")[step][0][2], 14) for step in STEPS]]),
    Reader("fix vector", "fix vec all vector 5 f_dn[2] f_dn\nfix one all vector 5 f_dn[3]", right=lambda t: [
        *[(t.printed("VEC")[i], [t.count(5 * i - 5, 1), 1 - t.count(5 * i - 5, 0) / len(t.frames[0]), t.count(5 * i - 5, 2)])
          for i in (1, 2, 3)]]),
    Reader("fix print", "variable at equal step\nvariable two equal f_dn[3]\nfix pr all print 5 \"PRINT ${{at}} ${{two}}\"",
           right=lambda t: [(t.printed("PRINT")[step], [t.count(step, 2)]) for step in (5, 10)]),
    # LAMMPS of 2021 evaluates the variable before it has moved the ghosts of a step, and gets the values of the call before
    Reader("dynamic group", "group dyn dynamic all var fcc every 5\nvariable ndyn equal count(dyn)", "v_ndyn", lambda t: [
        *t.thermo("v_ndyn", lambda step: t.count(max(step - 5, 0) if t.old else step, 1), STEPS)]),
    # at the start of a step too, in all versions
    Reader("fix balance", "variable weight atom 1+c_s[1]\nfix bal all balance 5 1.0 shift z 5 1.01 weight var weight", "f_bal f_bal[1]",
           lambda t: [(t.rows[step]["f_bal[1]"] * t.ranks / t.rows[step]["f_bal"], sum(1 + k for k in t.kinds(step - 5).values()))
                      for step in (5, 10)] if t.ranks > 1 else [(t.rows[5]["f_bal"], 0)]),
]

# Between runs: the values of the last step, also while commands move atoms from rank to rank.
AFTER = """
variable i loop 3
label vectors
print "VEC $i $(f_vec[v_i][1]) $(f_vec[v_i][2]) $(f_one[v_i])"
next i
jump SELF vectors
print "SCALAR 0 $(f_dn[2]) $(F_dn[700][1])"
write_dump all custom written.dump id c_s[1] v_kind modify format float %.15g
group fcc variable fcc
print "GROUP 0 $(count(fcc))"
balance 0.9 shift z 5 1.01 weight var weight
variable type atom 1+c_s[1]
set group all type v_type
velocity all set v_kind 0.0 0.0
variable shift atom c_s[5]
displace_atoms all move 0.0 v_shift 0.0
write_dump all custom changed.dump id type vx yu c_s[1] modify format float %.15g
delete_atoms group fcc compress no
write_dump all custom deleted.dump id v_kind c_s[1]
"""


@per_program()
class Readers(LammpsCase):
    def script(self):
        old = self.program.year == 2021
        columns = "f_dn[1] f_dn[2] f_dn[3] f_dn[4] f_dn[5]"
        names = {"direct": DIRECT[old], "vector": "F_dn" if old else "f_dn"}
        lines = "\n".join(reader.lines.format(**names) for reader in READERS)
        dumps = " ".join(["last", "truth", *(f"d{i}" for i in range(1, 9))])
        return (copper(before="atom_modify map array", n_types=5) + "timestep 0.005\nvelocity all create 3000 4711 loop all\n"
                f"fix dn all denoise {N} {MODEL} steps 1\ncompute s all denoise/atom dn\nrun 0\n"
                f"dump truth all custom {N} truth.dump id x y z {columns}\n"
                f"dump last all custom {LAST} last.dump id x y z yu {columns.replace('f_dn', 'c_s')}\n"
                f"{lines}\n" + "".join(f"dump_modify {name} format float %.15g\n" for name in dumps.split()) +
                f"thermo {N}\nthermo_style custom step {' '.join(reader.thermo for reader in READERS)}\n"
                f"thermo_modify norm no format float %.15g\nrun {LAST}\n{AFTER}")

    def truth(self, ranks):
        self.write("data", close_packed(noise=0.27, seed=11).data(n_types=5))
        run = self.lammps(self.script(), ranks)
        for name in ("truth.dump", "last.dump"):
            path = self.folder / name
            text = path.read_text()
            for column, title in enumerate(("kind", "xd", "yd", "zd", "moved"), 1):
                text = text.replace(f"f_dn[{column}]", title).replace(f"c_s[{column}]", title)
            path.write_text(text)
        return Truth(self, run, ranks)

    def assert_right(self, found, expected, name):
        if isinstance(expected, dict):
            self.assertTrue(found.keys() == expected.keys(), f"{name}: {len(found)} atoms, not {len(expected)}, or other ones")
            found, expected = [found[key] for key in expected], list(expected.values())
        if not isinstance(expected, list):
            found, expected = [found], [expected]
        self.assertEqual(len(found), len(expected), name)
        for one, two in zip(found, expected):
            # files have six digits
            self.assertAlmostEqual(one, two, delta=2e-5 * max(1e-3, abs(two)), msg=name)

    def check(self, ranks):
        t = self.truth(ranks)
        # The truth itself: rows lie at their atoms, crystals are there, and types change on the way.
        for step, frame in t.frames.items():
            self.assertEqual(len(frame), 956)
            for row in frame.values():
                distance = sum((row[d] - row[x]) ** 2 for d, x in zip(("xd", "yd", "zd"), "xyz")) ** 0.5
                self.assertAlmostEqual(distance, row["moved"], delta=1e-6)
            self.assertGreater(min(t.count(step, k) for k in (1, 2)), 50)
        for one, two in ((0, 5), (5, 10), (10, LAST)):
            self.assertTrue(t.count(one, 0) != t.count(two, 0), f"steps {one} and {two} are alike")
        for reader in READERS:
            with self.subTest(reader.name):
                pairs = reader.right(t)
                self.assertGreater(len(pairs), 0)
                for found, expected in pairs:
                    self.assert_right(found, expected, reader.name)
        self.check_after(t)

    def check_after(self, t):
        last = t.kinds(LAST)
        with self.subTest("between runs"):
            self.assertEqual(t.printed("SCALAR")[0], [t.count(LAST, 1), last[700]])
            self.assertEqual(t.printed("GROUP")[0], [t.count(LAST, 1)])
            for column in ("c_s[1]", "v_kind"):
                self.assertTrue(t.dumped("written.dump", LAST, column) == last, column)
            changed = t.run.dump("changed.dump")
            for i, row in t.frames[LAST].items():
                self.assertEqual((changed[i]["type"], changed[i]["vx"], changed[i]["c_s[1]"]), (1 + row["kind"], row["kind"], row["kind"]))
                self.assertAlmostEqual(changed[i]["yu"] - row["yu"], row["moved"], delta=1e-6)
            for column in ("c_s[1]", "v_kind"):
                self.assertTrue(t.dumped("deleted.dump", LAST, column) == {i: k for i, k in last.items() if k != 1}, column)

    def test_every_reader_on_one_rank(self):
        self.check(1)

    def test_every_reader_on_three_ranks(self):
        self.check(3)
