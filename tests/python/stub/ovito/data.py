"""Data collections, as documented in OVITO's "Data model" and "Manipulating data": objects are read-only, but through names that end in
an underscore; standard properties have types and components of their own."""

import numpy as np

# Name: type and number of components.
STANDARD = {
    "Position": (np.float64, 3), "Displacement": (np.float64, 3), "Displacement Magnitude": (np.float64, 1),
    "Velocity": (np.float64, 3), "Force": (np.float64, 3), "Strain Tensor": (np.float64, 6), "Charge": (np.float64, 1),
    "Mass": (np.float64, 1), "Particle Type": (np.int32, 1), "Structure Type": (np.int32, 1), "Particle Identifier": (np.int64, 1),
    "Molecule Identifier": (np.int64, 1), "Selection": (np.int8, 1), "Coordination": (np.int32, 1), "Cluster": (np.int64, 1),
    "Periodic Image": (np.int32, 3), "Centrosymmetry": (np.float64, 1), "Orientation": (np.float64, 4),
    "Elastic Deformation Gradient": (np.float64, 9),
}


class ElementType:
    def __init__(self, number, name):
        self.id, self.name = number, name


class Property:
    """An array with a name, and types where its numbers stand for some."""

    def __init__(self, name, values):
        self.name, self.types, self.values = name, [], values

    def __array__(self, dtype=None, copy=None):
        view = self.values.view()
        view.flags.writeable = False
        return view if dtype is None else view.astype(dtype)

    def __getitem__(self, rows):
        return np.asarray(self)[rows]

    @property
    def shape(self):
        return self.values.shape

    def add_type_id(self, id, container, name=""):  # pylint: disable=redefined-builtin
        if self.values.dtype.kind != "i" or container[self.name] is not self or type(id) is not int or not isinstance(name, str):
            raise TypeError(f"add_type_id({id!r}, ..., name={name!r}) of {self.name}")
        known = [kind for kind in self.types if kind.id == id]
        if not known:
            known = [ElementType(id, name)]
            self.types += known
        return known[0]


class Particles:
    def __init__(self, count):
        self.count, self._properties, self.is_open = count, {}, False

    def __contains__(self, name):
        return name in self._properties

    def __getitem__(self, name):
        return self._properties[name]

    def keys(self):
        return list(self._properties)

    @property
    def positions(self):
        return self["Position"]

    def create_property(self, name, dtype=None, components=None, data=None):
        if not self.is_open:
            raise RuntimeError("particles are read-only here; use particles_")
        if name in STANDARD:
            if dtype is not None or components is not None:
                raise ValueError(f"{name} is a standard property: it has its own type and components")
            dtype, components = STANDARD[name]
        shape = (self.count,) if components in (None, 1) else (self.count, components)
        if data is None:
            values = np.zeros(shape, dtype)
        else:
            given = np.asarray(data)
            if given.shape[:1] != (self.count,) or name in STANDARD and given.shape != shape:
                raise ValueError(f"{name}: shape {given.shape} instead of {shape}")
            if name in STANDARD and (given.dtype.kind in "iub") != (np.dtype(dtype).kind == "i"):
                raise TypeError(f"{name}: {given.dtype} instead of {np.dtype(dtype)}")
            if given.dtype not in (np.int8, np.int32, np.int64, np.float32, np.float64):
                raise TypeError(f"{name}: there are no properties of {given.dtype}")
            values = np.array(given, dtype=dtype)
        self._properties[name] = Property(name, values)
        return self._properties[name]


class SimulationCell:
    """[3, 4]: the edges as columns, then the corner."""

    def __init__(self, matrix, pbc):
        self.matrix, self.pbc = np.array(matrix, dtype=np.float64), tuple(pbc)
        if self.matrix.shape != (3, 4) or len(self.pbc) != 3 or not all(type(flag) is bool for flag in self.pbc):
            raise ValueError(f"cell {self.matrix.shape}, pbc {pbc}")

    def __array__(self, dtype=None, copy=None):
        return self.matrix.copy() if dtype is None else self.matrix.astype(dtype)


class DataCollection:
    def __init__(self):
        self.attributes, self._particles, self.cell = {}, None, None

    @property
    def particles(self):
        if self._particles is not None:
            self._particles.is_open = False
        return self._particles

    @property
    def particles_(self):
        self._particles.is_open = True
        return self._particles

    def create_particles(self, count):
        self._particles = Particles(count)
        return self.particles_

    def create_cell(self, matrix, pbc=(True, True, True)):
        self.cell = SimulationCell(matrix, pbc)
        return self.cell
