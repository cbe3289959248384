//! E02: names, types, overloads, templates.

use super::Code;

codes! {}
