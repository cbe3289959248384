//! Kernel launches.

use crate::{Expr, Name};
use source::Span;

/// `kernel<<<grid, block, shared, stream>>>(args)`
#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// A name as a rule; a call through a function pointer is legal too.
    pub kernel: Expr,
    /// Two to four.
    pub config: Vec<Expr>,
    pub args: Vec<Expr>,
}

/// A launch found in host code by its tokens alone: it tells which kernel templates are instantiated, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchSite {
    /// The kernel with its template arguments, if it was a name that parsed.
    pub kernel: Name,
    pub args: LaunchArgs,
    /// Within a host template: template arguments may depend on the host template's parameters.
    pub in_template: bool,
    /// A template argument is a name that is declared inside the host function (a local constant, a template parameter).
    pub dependent: bool,
    pub span: Span,
}

/// The configuration and the arguments of a launch in host code, as far as they parsed.
#[derive(Clone, Debug, PartialEq)]
pub enum LaunchArgs {
    Parsed { config: Vec<Expr>, args: Vec<Expr> },
    Unparsed,
}
