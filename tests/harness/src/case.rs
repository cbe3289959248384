//! A case: memory, launches, and what must be true afterwards.

use crate::compare::Tolerance;
use crate::layout::Layout;
use indexmap::IndexMap;

/// Everything that a sample's header or a launch file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub buffers: Vec<Buffer>,
    /// `__constant__` and `__device__` variables by their name in the source.
    pub symbols: Vec<Buffer>,
    /// Run one after another on the same memory.
    pub launches: Vec<Launch>,
    /// What the launches print; where nothing is said, what they print on the interpreter.
    pub output: Option<String>,
    /// The code of the error that the last launch ends with.
    pub fails: Option<String>,
    pub plans: IndexMap<Route, Plan>,
    pub options: Options,
}

/// Device memory: what it holds before the first launch, and what is asked of it after the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    pub name: String,
    /// Unknown for launch files: the kernel's parameter types tell.
    pub layout: Option<Layout>,
    pub initial: Vec<u8>,
    pub check: Check,
    /// Where it lay on the host, in launch files: pointers in memory are such addresses until somebody who knows the types finds them.
    pub address: Option<u64>,
    /// Where in the buffer there are [pointers](Target), 8 bytes each.
    pub pointers: Vec<usize>,
}

/// A pointer in memory, as cases write it: who runs the case knows where buffers lie. Null is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index into [`Case::buffers`].
    pub buffer: usize,
    pub offset: u64,
}

impl Target {
    /// The bits that stand for it in a case's bytes.
    pub fn bits(target: Option<Target>) -> u64 {
        target.map_or(0, |target| (target.buffer as u64 + 1) << 40 | target.offset & 0xff_ffff_ffff)
    }

    pub fn from_bits(bits: u64) -> Option<Target> {
        let buffer = (bits >> 40).checked_sub(1)? as usize;
        Some(Target { buffer, offset: bits & 0xff_ffff_ffff })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// Scratch memory.
    Anything,
    /// As long as the buffer. Padding is not compared.
    Equals { expected: Vec<u8>, tolerance: Tolerance, order: Order },
    /// What the interpreter leaves there, on every route.
    Same { tolerance: Tolerance, order: Order },
}

/// Whether elements have their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Given,
    /// Compared as a multiset, for kernels that compact with atomics.
    Any,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Launch {
    /// As a launch names it, template arguments included.
    pub kernel: String,
    pub grid: [u32; 3],
    pub block: [u32; 3],
    /// Dynamic shared memory in bytes.
    pub shared: u32,
    pub args: Vec<Arg>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// Empty in launch files.
    pub name: String,
    /// The type of the argument expression, as launch files spell it: `float*`.
    pub ty: Option<String>,
    pub value: ArgValue,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArgValue {
    /// A number as text: the kernel's parameter decides its type. Launch files also say the type of the argument expression.
    Number {
        text: String,
        ty: Option<String>,
    },
    /// A pointer `offset` bytes into a buffer, by index into [`Case::buffers`].
    Pointer {
        buffer: usize,
        offset: usize,
    },
    /// A struct by value, and where in it there are pointers that are not null.
    Struct {
        bytes: Vec<u8>,
        pointers: Vec<(usize, Target)>,
    },
    Null,
    /// A structure by value, in the host's layout.
    Bytes(Vec<u8>),
}

/// A way to run a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Route {
    Interpreter,
    Wgsl,
    Spirv,
}

impl Route {
    pub const ALL: [Route; 3] = [Route::Interpreter, Route::Wgsl, Route::Spirv];

    pub fn name(self) -> &'static str {
        match self {
            Route::Interpreter => "interpreter",
            Route::Wgsl => "wgsl",
            Route::Spirv => "spirv",
        }
    }
}

/// What a route does with a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    Run,
    Translate,
    /// Must be refused with this code.
    Refuse(String),
    /// Left out, with the reason.
    Skip(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub define: Vec<String>,
    pub include: Vec<String>,
    /// `typed` or `heap`; the translator's default where nothing is said.
    pub bindings: Option<String>,
    /// Where the heap is larger than this many bytes, it is bound as several buffers that are not: as on a device that binds no more at once.
    pub heap_window: Option<u64>,
    pub fmad: Option<bool>,
}

impl Case {
    /// What a route does with this case; running is the rule.
    pub fn plan(&self, route: Route) -> Plan {
        self.plans.get(&route).cloned().unwrap_or(Plan::Run)
    }
}
