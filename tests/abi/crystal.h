/* Crystals to call the library with. */
#ifndef ABI_CRYSTAL_H
#define ABI_CRYSTAL_H

#include "denoise_insitu.h"

typedef struct crystal {
    int32_t count;       /* owned atoms */
    int32_t ghost_count; /* images after them */
    double edge;         /* of the cubic box */
    double* positions;   /* [count + ghost_count, 3] */
    int32_t* owners;     /* [ghost_count] */
} crystal;

/* cells^3 cubic cells of fcc (basis 4) or bcc (basis 2), each atom moved by a normal random vector of that standard
 * deviation. */
crystal crystal_create(int basis, int cells, double lattice, double noise, unsigned seed);

/* Adds all periodic images within a distance of the box, as a host does that brings its own ghosts. */
void crystal_add_ghosts(crystal* c, double cutoff);

void crystal_free(crystal* c);

/* The periodic frame of a crystal without ghosts, or the open frame of one with ghosts. */
dn_frame crystal_frame(const crystal* c, double ghost_cutoff);

#endif
