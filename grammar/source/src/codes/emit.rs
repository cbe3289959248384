//! E05: what a target cannot express.

use super::Code;

codes! {
    E0501: "integers of 64 bits are not available on this target" => "The target has no 64-bit integers, and software ones are not made yet.";
}
