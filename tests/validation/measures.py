"""What became of a snapshot: one function for each kind of case."""

import math
import statistics

from lattice import Sites
from snapshots import labels_at, percent

# An atom farther than this from its site, in nearest-neighbor distances, is between two sites.
HALFWAY = 0.3


class Result:
    """What became of one snapshot: figures in %, and sentences on what is not as it must be."""

    def __init__(self, before, after, report, note="", problems=()):
        self.before = before
        self.after = after
        self.scale = report["scale"]
        self.iterations = report["iterations"]
        self.note = note
        self.problems = list(problems)


def sites_of(case, snapshot):
    return Sites(case["lattice"], (case["nx"], case["ny"], case["nz"]), snapshot.origin, snapshot.box)


def bulk(case, raw, clean, report, before):
    """A point defect: away from it the crystal is perfect, and it is still where it was."""
    sites = sites_of(case, raw)
    assigned, assigned_after = sites.assign(raw.positions), sites.assign(clean.positions)
    empty, double = sites.defects(assigned)
    empty_after, double_after = sites.defects(assigned_after)
    problems = []
    if (len(empty), len(double)) != (len(empty_after), len(double_after)):
        problems.append(f"{len(empty)} vacancies and {len(double)} interstitials became {len(empty_after)} and {len(double_after)}")
    centers = [sites.position(site) for site in empty_after + double_after]
    moved = max(
        (min((sites.distance(sites.position(site), c) for c in centers), default=math.inf) for site in empty + double),
        default=0.0,
    )
    if moved > 1.1 * sites.nearest:
        problems.append(f"a defect moved by {moved:.2f} Å")
    # An atom on its way into the vacancy, in the snapshot as well as afterwards: the vacancy is split over two sites.
    limit = HALFWAY * sites.nearest
    halfway = [
        sites.position(site)
        for (site, offset), (_, was) in zip(assigned_after, assigned)
        if math.hypot(*offset) > limit and math.hypot(*was) > limit
        and any(sites.distance(sites.position(site), c) < 1.3 * sites.nearest for c in centers)
    ]
    centers += halfway if case["defect"] == "vacancy" else []
    reach = (1.6 if case["defect"] == "vacancy" else 2.6) * sites.nearest
    far = [label for p, label in zip(clean.positions, clean.labels) if all(sites.distance(p, c) > reach for c in centers)]
    disturbed = len(clean.labels) - clean.labels.count(case["lattice"])
    note = f"{len(empty_after)} empty, {len(double_after)} double sites; {disturbed} atoms disturbed"
    note += "; an atom halfway into the vacancy" if halfway and case["defect"] == "vacancy" else ""
    return Result(before, percent(far, case["lattice"]), report, note, problems)


def crystal(case, raw, clean, report, before):
    """A perfect crystal, less the Frenkel pairs that the simulation itself made: sites empty or double in the snapshot and afterwards."""
    whole = percent(clean.labels, case["lattice"])
    if whole == 100 or case["script"] != "crystal":
        return Result(before, whole, report)
    sites = sites_of(case, raw)
    empty, double = sites.defects(sites.assign(raw.positions))
    empty_after, double_after = sites.defects(sites.assign(clean.positions))
    there = [sites.position(site) for site in empty + double]
    centers = [sites.position(site) for site in empty_after + double_after]
    real = [c for c in centers if any(sites.distance(c, p) < 1.1 * sites.nearest for p in there)]
    far = [label for p, label in zip(clean.positions, clean.labels) if all(sites.distance(p, c) > 2.6 * sites.nearest for c in real)]
    note = f"{len(real) // 2} Frenkel pair; {len(clean.labels) - clean.labels.count(case['lattice'])} atoms disturbed"
    return Result(before, percent(far, case["lattice"]), report, note)


def missing(case, raw, clean, report, folder):
    """
    Many vacancies. Common neighbor analysis names no atom beside a vacancy, so the figures count, of the atoms that it names when
    every atom sits on its site, those that it names rightly.
    """
    sites = sites_of(case, raw)
    assigned, assigned_after = sites.assign(raw.positions), sites.assign(clean.positions)
    occupied = sorted({site for site, _ in assigned})
    ideal = dict(zip(occupied, labels_at(raw, [sites.position(site) for site in occupied], folder)))
    nameable = [i for i, (site, _) in enumerate(assigned) if ideal[site] == case["lattice"]]

    def share(labels):
        return percent([labels[i] for i in nameable], case["lattice"])

    def distance(found):
        return statistics.median(math.hypot(*offset) for _, offset in found)

    hops = sum(a != b for (a, _), (b, _) in zip(assigned, assigned_after))
    note = (
        f"of {len(nameable)} nameable atoms; median distance to sites {distance(assigned):.3f} -> {distance(assigned_after):.3f} Å"
        f"; {hops} atoms at another site"
    )
    return Result(share(raw.labels), share(clean.labels), report, note)


def boundaries(snapshot, phase, layers):
    """Heights z (Å, relative to the box) where the share of `phase` per layer crosses one half, of the longest crystalline run."""
    height = snapshot.box[2] / layers
    found, total = [0] * layers, [0] * layers
    for p, label in zip(snapshot.positions, snapshot.labels):
        layer = int((p[2] - snapshot.origin[2]) / height) % layers
        total[layer] += 1
        found[layer] += label == phase
    share = [f / t if t else 0.0 for f, t in zip(found, total)]
    runs = []
    for start in range(layers):
        if share[start] >= 0.5 > share[start - 1]:
            length = next((n for n in range(1, layers) if share[(start + n) % layers] < 0.5), layers)
            runs.append((length, start))
    if not runs:
        return None
    length, start = max(runs)
    end = (start + length - 1) % layers

    def crossing(inside, outside, direction):
        return inside + 0.5 + direction * (share[inside] - 0.5) / (share[inside] - share[outside])

    return crossing(start, start - 1, -1) * height, crossing(end, (end + 1) % layers, 1) * height


def interface(case, raw, clean, report, before, average, limit):
    """The crystal's edges, beside where the time average of the positions puts them; they may differ by `limit` layers."""
    layer = case["layer"]
    layers = round(raw.box[2] / layer)
    was, now = boundaries(average, case["lattice"], layers), boundaries(clean, case["lattice"], layers)
    if was is None or now is None:
        return Result(before, 0.0, report, problems=["no crystal beside a melt was found"])
    off = [abs(d - raw.box[2] * round(d / raw.box[2])) for d in (a - b for a, b in zip(was, now))]
    problems = []
    if max(off) > limit * layer:
        problems.append(f"an interface is {max(off):.2f} Å, more than {limit:g} of a layer ({layer:.2f} Å), from the average's")
    note = (
        f"interfaces off by {off[0]:.2f} and {off[1]:.2f} Å, a layer is {layer:.2f} Å; "
        f"{percent(average.labels, case['lattice'])}% {case['lattice']} in the average"
    )
    return Result(before, percent(clean.labels, case["lattice"]), report, note, problems)
