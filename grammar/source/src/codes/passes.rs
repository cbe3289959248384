//! E04: what the shader passes cannot make legal.

use super::Code;

codes! {}
