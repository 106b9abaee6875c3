#ifndef HALO_ROWS_H
#define HALO_ROWS_H

#include <cstddef>

/*
 * Per-atom rows of any element type in the buffers of LAMMPS's forward communication, whose unit is the double: a row
 * of `row_bytes` bytes takes `slots` doubles, so two floats share one.
 */
struct HaloRows {
    char* rows = nullptr; /* [n_local + n_ghost] rows, the library's */
    std::size_t row_bytes = 0;
    int slots = 0;

    static int slots_for(std::size_t bytes) { return static_cast<int>((bytes + sizeof(double) - 1) / sizeof(double)); }

    void set(void* first, std::size_t bytes);

    /* Copies the rows of n listed atoms into the buffer; the number of doubles used. */
    int pack(int n, const int* list, double* buffer) const;

    /* Copies n rows from the buffer to the atoms from `first` on. */
    void unpack(int n, int first, const double* buffer);
};

#endif
