/* This compiler lays the structs out as the one that the bindings were generated with. */
#define LAYOUT(condition) _Static_assert(condition, #condition);
#include "layout.g.h"

int layout_c;
