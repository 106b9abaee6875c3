"""What each case must show, % of atoms (README.md says of which): our own model, and the published weights."""


class Expected:
    """
    `must`: the goal. `published`: what the published weights reach on every one of ten snapshots, where that is less (or more).
    `layers`: how far, in layers, the edges of a crystal beside its melt may be from those of the time average: ours, and theirs.
    """

    def __init__(self, must, published=None, layers=(1, 1)):
        self.must = must
        self.published = must if published is None else published
        self.layers = layers


CRYSTAL = Expected(100)

CASES = {
    "Al-melting": CRYSTAL,
    "Ar-melting": CRYSTAL,
    "Fe-melting": CRYSTAL,
    "Li-melting": CRYSTAL,
    "Mg-melting": CRYSTAL,
    "Ti-melting": CRYSTAL,
    "Al-superheated": Expected(99.9),
    "Ar-superheated": Expected(99.9),
    "Fe-superheated": Expected(99.9),
    "Li-superheated": Expected(99.9),
    "Mg-superheated": Expected(99.9),
    "Ti-superheated": Expected(99.9),
    "Cu-fcc-60GPa": CRYSTAL,
    "Cu-bcc-60GPa": CRYSTAL,
    "Cu-hcp-60GPa": CRYSTAL,
    "Al-melt": Expected(99.7, 99.3),
    "Fe-melt": Expected(99.7, 99.4),
    "Mg-melt": Expected(99.7),
    "Cu-melt": Expected(99.7, 99.3),
    "Al-vacancy": CRYSTAL,
    "Fe-vacancy": CRYSTAL,
    "Mg-vacancy": CRYSTAL,
    "Al-interstitial": CRYSTAL,
    "Fe-interstitial": CRYSTAL,
    "Mg-interstitial": CRYSTAL,
    # Goal: better than the published weights on the same frame. These reach 98.00, 83.65, 85.80, 70.14, 97.19 and 72.63 on those of
    # data/, and 98.11, 84.92, 84.98, 71.99, 97.52 and 74.96 in the mean of ten. Asked is the larger of both.
    "Al-missing-5": Expected(98.2, 97.5),
    "Al-missing-10": Expected(85.0, 82.5),
    "Fe-missing-5": Expected(85.9, 83.5),
    "Fe-missing-10": Expected(72.0, 69.0),
    "Mg-missing-5": Expected(97.6, 96.8),
    "Mg-missing-10": Expected(75.0, 72.0),
    "Al-stretched": Expected(99.9),
    "Al-compressed": Expected(99.9),
    "Al-sheared": Expected(99.9),
    "Fe-stretched": Expected(99.9, 99.7),
    "Fe-compressed": Expected(99.9),
    "Fe-sheared": Expected(99.9),
    "Mg-stretched": Expected(99.9),
    "Mg-compressed": Expected(99.9),
    "Mg-sheared": Expected(99.9),
    # The interface within a layer is what is asked; the share of the crystal only guards against one that grows or melts.
    "Al-interface": Expected(35, layers=(1, 1.15)),
    "Fe-interface": Expected(33),
    "Mg-interface": Expected(37),
}

# Most that may remain after 16 iterations, rms Å from the ideal lattice. The published weights take alpha-quartz to beta.
SILICA = {
    "SiO2-beta-quartz": Expected(0.03),
    "SiO2-beta-cristobalite": Expected(0.03),
    "SiO2-alpha-cristobalite": Expected(0.03),
    "SiO2-alpha-cristobalite-300K": Expected(0.03),
    "SiO2-alpha-quartz-300K": Expected(0.03, 0.35),
}
