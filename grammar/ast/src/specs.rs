//! Declaration specifiers and attributes: storage, function specifiers, CUDA's execution and memory spaces.

use crate::{Expr, Type};
use source::Span;
use std::fmt;

macro_rules! specs {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// One keyword specifier. Spellings of other compilers (`__inline__`, `__attribute__((noinline))`) come here under CUDA's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Spec { $($(#[$doc])* $variant,)* }

        impl Spec {
            pub const ALL: &'static [Spec] = &[$(Spec::$variant,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Spec::$variant => $text,)* }
            }
        }
    };
}

specs! {
    Typedef = "typedef",
    Friend = "friend",
    Extern = "extern",
    Static = "static",
    Inline = "inline",
    Constexpr = "constexpr",
    Consteval = "consteval",
    Constinit = "constinit",
    ThreadLocal = "thread_local",
    Register = "register",
    Mutable = "mutable",
    Virtual = "virtual",
    Explicit = "explicit",
    Override = "override",
    Final = "final",
    Global = "__global__",
    Device = "__device__",
    Host = "__host__",
    Shared = "__shared__",
    Constant = "__constant__",
    Managed = "__managed__",
    GridConstant = "__grid_constant__",
    ForceInline = "__forceinline__",
    NoInline = "__noinline__",
    /// A class without padding.
    Packed = "__attribute__((packed))",
}

/// A set of [`Spec`]s.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct SpecSet(u32);

impl SpecSet {
    pub const EMPTY: SpecSet = SpecSet(0);

    pub const fn has(self, spec: Spec) -> bool {
        self.0 & (1 << spec as u32) != 0
    }

    pub fn insert(&mut self, spec: Spec) {
        self.0 |= 1 << spec as u32;
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order of the declaration of [`Spec`].
    pub fn iter(self) -> impl Iterator<Item = Spec> {
        Spec::ALL.iter().copied().filter(move |&spec| self.has(spec))
    }
}

impl FromIterator<Spec> for SpecSet {
    fn from_iter<I: IntoIterator<Item = Spec>>(iter: I) -> SpecSet {
        let mut set = SpecSet::EMPTY;
        iter.into_iter().for_each(|spec| set.insert(spec));
        set
    }
}

impl fmt::Debug for SpecSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Spec::as_str)).finish()
    }
}

/// All specifiers of a declaration that are not part of its type.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Specs {
    pub set: SpecSet,
    pub launch_bounds: Option<LaunchBounds>,
    /// `alignas(..)`, `__align__(n)`, `__attribute__((aligned(n)))`; the strictest holds.
    pub aligns: Vec<Align>,
    /// From the first specifier to the end of the type.
    pub span: Span,
}

impl Specs {
    pub fn has(&self, spec: Spec) -> bool {
        self.set.has(spec)
    }
}

/// `__launch_bounds__(maxThreads, minBlocks, maxBlocksPerCluster)`
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchBounds {
    /// One to three.
    pub args: Vec<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Align {
    pub kind: AlignKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AlignKind {
    Bytes(Expr),
    AsType(Type),
}
