//! What both emitters need: names, and questions about functions.

pub mod calls;
pub mod effects;
pub mod geometry;
pub mod keywords;
pub mod names;
pub mod ordered;
pub mod ordering;
pub mod text;
