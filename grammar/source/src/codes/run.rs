//! E06: launching, comparing, devices.

use super::Code;

codes! {}
