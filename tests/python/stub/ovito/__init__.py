"""A stand-in for the module `ovito`, which is not to be had here: what its documentation says of the classes that the extensions use,
refused where they are used in another way. Traits are Debian's real ones."""
