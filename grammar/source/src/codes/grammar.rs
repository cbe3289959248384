//! E01: preprocessor and syntax.

use super::Code;

codes! {}
