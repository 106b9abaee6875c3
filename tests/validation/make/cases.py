"""What is simulated: materials, and the cases of the table in ../README.md."""

from math import sqrt

import phases

# Lattice; lattice parameter in Å near the melting point (a start: the barostat finds the rest); melting point in K (experiment, the
# values of the DC3 benchmark, doi:10.1103/PhysRevMaterials.6.043801); time step in ps; factor on lengths that the authors of the
# published weights used (doi:10.1038/s41524-024-01337-z, their notebook).
MATERIALS = {
    "Al": {"lattice": "fcc", "a": 4.13, "melting": 933, "dt": 0.002, "factor": 0.9},
    "Ar": {"lattice": "fcc", "a": 5.46, "melting": 83.8, "dt": 0.004, "factor": 0.65},
    "Fe": {"lattice": "bcc", "a": 2.92, "melting": 1811, "dt": 0.002, "factor": 0.9},
    "Li": {"lattice": "bcc", "a": 3.56, "melting": 454, "dt": 0.002, "factor": 0.75},
    "Mg": {"lattice": "hcp", "a": 3.26, "melting": 923, "dt": 0.002, "factor": 0.75},
    "Ti": {"lattice": "hcp", "a": 2.98, "melting": 1941, "dt": 0.002, "factor": 0.8},
    "Cu": {"lattice": "fcc", "a": 3.75, "melting": 1357, "dt": 0.002, "factor": 1.0},
}

# About 2,000 atoms; LAMMPS's orthogonal cell of hcp is a x sqrt(3) a x sqrt(8/3) a with four atoms.
REPEATS = {"fcc": (8, 8, 8), "bcc": (10, 10, 10), "hcp": (11, 7, 7)}

OF_LATTICE = {"fcc": "Al", "bcc": "Fe", "hcp": "Mg"}


def crystal(element, temperature, script="crystal", pressure=0, **changes):
    """One simulation; temperature in K, pressure in bar."""
    material = MATERIALS[element]
    case = {
        "script": script, "element": element, "lattice": material["lattice"], "a": material["a"], "T": temperature,
        "P": pressure, "dt": material["dt"], "defect": "none", "settle": 1500, "apart": 100,
        **changes,
    }
    case["nx"], case["ny"], case["nz"] = changes.get("repeats", REPEATS[case["lattice"]])
    case.pop("repeats", None)
    coupling = "aniso" if case["lattice"] == "hcp" else "iso"
    case["barostat"] = f"{coupling} {case['P']} {case['P']} 1.0" + (" couple xy" if coupling == "aniso" else "")
    return case


def silica(crystal, temperature, becomes=None):
    """Silica: the crystal that it starts as, and the one that it is at that temperature."""
    return {
        "script": "silica", "crystal": crystal, "becomes": becomes or crystal, "T": temperature, "dt": 0.001, "settle": 8000, "apart": 200,
    }


def silica_cases():
    return {
        "SiO2-beta-quartz": silica("beta-quartz", 1000),
        "SiO2-beta-cristobalite": silica("beta-cristobalite", 1000),
        # Both alphas turn into the betas well below 1,000 K, in nature as with this potential.
        "SiO2-alpha-cristobalite": silica("alpha-cristobalite", 1000, "beta-cristobalite"),
        "SiO2-alpha-cristobalite-300K": silica("alpha-cristobalite", 300),
        "SiO2-alpha-quartz-300K": silica("alpha-quartz", 300),
    }


def phase(crystal, potential, temperature, dt=0.002, hottest=0, settle=1500):
    """A crystal of phases.py, or its melt."""
    return {
        "script": "phases", "crystal": crystal, "potential": potential, "T": temperature, "dt": dt, "hottest": hottest, "settle": settle,
        "apart": 100, "style": phases.styles(crystal),
    }


def phase_cases():
    return {
        "Si-melting": phase("diamond-Si", "Si", 1687),
        "Ge-melting": phase("diamond-Ge", "Ge", 1211),
        "dhcp-Mg": phase("dhcp-Mg", "Mg", 830),
        "omega-Ti-300K": phase("omega-Ti", "Ti", 300),
        "omega-Ti": phase("omega-Ti", "Ti", 900),
        "B2-NiAl": phase("B2-NiAl", "NiAl", 1720),
        "L1_2-Ni3Al": phase("L1_2-Ni3Al", "NiAl", 1500),
        "B1-NaCl": phase("B1-NaCl", "NaCl", 967),
        "B3-GaN": phase("B3-GaN", "GaN", 2000, dt=0.001),
        "B4-GaN": phase("B4-GaN", "GaN", 2000, dt=0.001),
        "Si-melt": phase("diamond-Si", "Si", 1770, dt=0.001, hottest=4000, settle=3000),
        "NaCl-melt": phase("B1-NaCl", "NaCl", 1150, hottest=3000),
        # Structures that no list holds.
        "C14-LJ": phase("C14-LJ", "Wahnstrom", 30),
        "sodalite-SiO2": phase("sodalite-SiO2", "SiO2", 300, dt=0.001),
        "alpha-N2": phase("alpha-N2", "N2", 25, dt=0.0005),
    }


def all_cases():
    cases = silica_cases() | phase_cases()
    for element in ("Al", "Ar", "Fe", "Li", "Mg", "Ti"):
        melting = MATERIALS[element]["melting"]
        cases[f"{element}-melting"] = crystal(element, melting)
    for lattice, a in (("fcc", 3.41), ("bcc", 2.705), ("hcp", 2.41)):
        cases[f"Cu-{lattice}-60GPa"] = crystal("Cu", 3400, pressure=600_000, lattice=lattice, a=a, dt=0.001)
    for element in ("Al", "Fe", "Mg", "Cu"):
        cases[f"{element}-melt"] = crystal(element, round(1.05 * MATERIALS[element]["melting"]), "melt", settle=1200)
    for lattice, element in OF_LATTICE.items():
        melting = MATERIALS[element]["melting"]
        for defect in ("vacancy", "interstitial"):
            cases[f"{element}-{defect}"] = crystal(element, round(0.7 * melting), defect=defect)
        for percent in (5, 10):
            cases[f"{element}-missing-{percent}"] = crystal(element, round(0.5 * melting), defect="missing", fraction=percent / 100)
        for name, stretch, shear in (("stretched", 1.05, 0), ("compressed", 0.95, 0), ("sheared", 1, 0.05)):
            cases[f"{element}-{name}"] = crystal(
                element, round(0.7 * melting), "strained", stretch=stretch, shear=shear, settle=1000)
    for element in ("Al", "Ar", "Fe", "Li", "Mg", "Ti"):
        cases[f"{element}-superheated"] = crystal(element, round(1.07 * MATERIALS[element]["melting"], 1))
    for element, repeats, layer in (("Al", (7, 7, 16), 1 / 2), ("Fe", (9, 9, 20), 1 / 2), ("Mg", (10, 6, 13), sqrt(2 / 3))):
        material = MATERIALS[element]
        cases[f"{element}-interface"] = crystal(
            element, material["melting"], "interface", repeats=repeats, layer=layer * material["a"], settle=1500, apart=20)
    return cases
