#include "halo_rows.h"

#include <cstring>

void HaloRows::set(void* first, std::size_t bytes) {
    rows = static_cast<char*>(first);
    row_bytes = bytes;
    slots = slots_for(bytes);
}

int HaloRows::pack(int n, const int* list, double* buffer) const {
    for (int i = 0; i < n; ++i)
        std::memcpy(buffer + static_cast<std::size_t>(i) * slots, rows + list[i] * row_bytes, row_bytes);
    return n * slots;
}

void HaloRows::unpack(int n, int first, const double* buffer) {
    for (int i = 0; i < n; ++i)
        std::memcpy(rows + (static_cast<std::size_t>(first) + i) * row_bytes,
                    buffer + static_cast<std::size_t>(i) * slots, row_bytes);
}
