// thrust::swap is std::swap.
#pragma once
#include "utility"

namespace thrust {
using ::std::swap;
}
