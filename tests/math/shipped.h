// The shipped math headers as they are, in a namespace of their own beside the host's library. REORDERED lets the compiler reassociate
// what is in them, and nothing else: a stand-in for drivers.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>

#include "as_host.h"
#ifdef REORDERED
#pragma GCC push_options
#pragma GCC optimize("associative-math", "no-signed-zeros", "no-trapping-math")
#endif
namespace shipped {
#include "translate_builtins.h"
#include "builtins.h"
#include "math/float_bessel.h"
#include "math/float_erf.h"
#include "math/float_exp.h"
#include "math/float_gamma.h"
#include "math/float_inverse_erf.h"
#include "math/float_inverse_trig.h"
#include "math/float_log.h"
#include "math/float_parts.h"
#include "math/float_pow.h"
#include "math/float_trig.h"

#include "math/double_bessel.h"
#include "math/double_erf.h"
#include "math/double_exp.h"
#include "math/double_gamma.h"
#include "math/double_inverse_erf.h"
#include "math/double_inverse_trig.h"
#include "math/double_log.h"
#include "math/double_parts.h"
#include "math/double_pow.h"
#include "math/double_trig.h"

#include "math/norms.h"
}
#ifdef REORDERED
#pragma GCC pop_options
#endif
