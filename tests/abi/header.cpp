// The header compiles alone as C++, and the layout is the same there.
#include "denoise_insitu.h"

#define LAYOUT(condition) static_assert(condition, #condition);
#include "layout.g.h"

int header_cpp;
