//! Shader passes: from free IR to the *legal form* that a shader target can express.
//!
//! [`legalise`] takes a module and the kernels to keep, and gives a [`Program`]: the same IR, restricted. Both emitters take
//! nothing else, and the interpreter runs it too, so that each pass can be proven against the module it started from.
//!
//! # The legal form
//!
//! **Memory**
//! * Each buffer is a module variable: a [`Binding`] names its `Global`, of space `Global` or `Constant`, whose type is a
//!   runtime-sized array of the *view element* (`Array { element, count: None }`), or for `__constant__`/`__device__` variables
//!   and the arguments a sized type. Pointer parameters are gone from kernels.
//! * View elements and fields are `i32 u32 f32`, vectors of 2 and 4 of them, vectors of 3 where the layout is WGSL's
//!   (offset a multiple of 16, the next field no earlier than 12 bytes on), structs and arrays of these whose offsets and strides
//!   are WGSL's (Section "Memory Layout"), and `i64 u64 f64 f16` where [`Features`] has them; without, 64-bit scalars are vectors of
//!   two `u32`, the low word first. Everything else is `u32` words.
//!   Locals and shared variables may be of any legal value type, `bool` too; shared ones follow the same element rules.
//! * Each address is a chain of `Field` and `Element` that starts at `GlobalAddr`, at `LocalAddr`, or at a `Param` of a device
//!   function of type pointer to `Local` (whole variables are passed, never parts). Addresses are operands of `Load`, `Store`,
//!   `Atomic` and such calls alone. With [`Options::wide_views`] a chain may start at the `PointerCast` of a buffer's `GlobalAddr` to a
//!   runtime-sized array of wider elements: the same bytes, bound once more. There is no `Offset`, other `PointerCast`, `PointerDiff`, pointer arithmetic or stored pointer.
//! * `Element` indices are `i32` or `u32`.
//! * Atomics are on `i32`, `u32` elements (and 64-bit where the features say so), never `Inc`, `Dec` or floats: those are loops of `CompareExchange`.
//!   A variable with any atomic access has 32-bit integer elements (an emitter declares it atomic as a whole, and plain accesses
//!   to it become atomic loads and stores).
//! * Dynamic shared memory is one variable (`dynamic`), a runtime-sized array; its length becomes a pipeline constant.
//!
//! **Values**
//! * Values are `bool i32 u32 f32`, vectors of these, structs and arrays of these (and what the features add). 8- and 16-bit integers are
//!   `i32`/`u32` that hold the extended value; `f16` is there only with its feature (`half` of the shipped headers is an integer).
//! * Kernel parameters are gone: scalars and structs by value are loads from the arguments binding.
//! * Arms of `Select` and right operands of `Logical` may load at an index that the condition guards: an emitter may evaluate both
//!   only where a load out of bounds is harmless, as it is in WGSL. They have no other effects.
//! * Arithmetic keeps the IR's meaning (shifts, division by zero, conversions, `Ne`): making a target agree is the emitter's work.
//!
//! **Control flow**
//! * No case falls through. Each `Barrier`, `BlockVote` and `BlockBroadcast` stands in control flow that is uniform for the target's analysis (Tint's):
//!   early returns before a barrier have become a `live` predicate; conditions that are uniform by CUDA's rule only are broadcast.
//! * Calls have arguments of value types, or whole local variables by address, none of them twice if the function writes it (WGSL, "Alias Analysis").
//! * Warp operations are calls of functions that exchange through shared memory, around a barrier; `per_thread` arrays are theirs. With
//!   [`Options::subgroups`] they are those of subgroups: `Shuffle` from a lane that is there, `Ballot` and `Reduce*`, without a mask.
//! * `Printf`, `Assert` and `Trap` are gone: what a kernel says goes to a buffer, the log.
//!
//! # The passes
//!
//! In the order of [`legalise_kernel`], which gives each place its reason. Each pass is one file, with what it needs and
//! leaves at its head.

mod access;
mod address;
mod barriers;
mod bind;
mod by_value;
mod check;
mod clock;
mod coalesce;
mod coarsen;
mod conditions;
mod copies;
mod cores;
mod dynamic_shared;
mod fences;
mod filled;
mod finish;
mod helpers;
mod inline;
mod layout;
mod literals;
mod live_ranges;
mod log;
mod narrow;
mod phases;
mod pointers;
mod prune;
mod recursion;
mod refusal;
mod rewrite;
mod rounded;
mod single_exit;
mod spill_shared;
mod split;
mod stored_params;
mod switches;
#[cfg(test)]
mod testing;
mod tidy;
mod transplant;
mod turns;
mod uniformity;
mod unions;
mod unroll;
mod unsigned_floats;
mod values;
mod views;
mod warps;
mod wide;
mod words;

pub use bind::DEVICE_HEAP;
pub use cores::legalise_each;
pub use refusal::Refusal;
pub use rounded::with_rounded_sums;
pub use wide::soft_functions;

use crate::output::Site;
use barriers::arrivals::Arrivals;
use bind::Addresses;
use ir::{FuncId, GlobalId, Module};
use source::Span;
use std::borrow::Cow;

/// What a target has beyond core WGSL. Chosen by the caller, from a device or from `--features`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Features {
    pub int64: bool,
    pub float64: bool,
    pub float16: bool,
    /// Atomics on 64-bit integers.
    pub atomic_int64: bool,
}

impl Features {
    /// Doubles are built on 64-bit integers, and so are atomics on them.
    pub fn consistent(self) -> Features {
        Features { float64: self.float64 && self.int64, atomic_int64: self.atomic_int64 && self.int64, ..self }
    }
}

/// How device memory is bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BindingMode {
    /// One binding for each pointer parameter.
    #[default]
    Typed,
    /// All device memory in one heap, which is one buffer or some ([`Windows`]); pointers are 32-bit byte addresses in it.
    Heap,
}

/// The buffers that the heap is bound as, where a device binds fewer bytes at once than the heap has. Bits of an address from `bits` on are the
/// number of its window; what is allocated lies in one window ([`heap_layout`](crate::launch_plan::heap_layout)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Windows {
    pub count: u32,
    pub bits: u32,
}

impl Windows {
    /// The logarithm of what one binding holds on any device. More than that the heap does not have either: indices are 32 bits, with a sign.
    pub const MOST_BITS: u32 = 31;

    /// Bytes of a window.
    pub fn bytes(self) -> u64 {
        1 << self.bits
    }
}

impl Default for Windows {
    fn default() -> Windows {
        Windows { count: 1, bits: Windows::MOST_BITS }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    pub features: Features,
    pub bindings: BindingMode,
    /// For [`BindingMode::Heap`].
    pub windows: Windows,
    /// Pointer arguments may start inside a buffer at an offset that is not aligned for a binding: each
    /// pointer parameter gets a byte offset among the arguments.
    pub offset_arguments: bool,
    /// Two arguments of the launch point into one buffer: every binding is read-write.
    pub aliased: bool,
    /// The block is larger than the device's workgroups.
    pub coarsen: Option<Coarsen>,
    /// The device has less shared memory than a launch may want: what has no room goes to global memory.
    pub shared: Option<SharedLimit>,
    /// The target has no memory fences (WGSL): kernels are cut into phases at those that matter, as at barriers of the grid.
    pub cut_at_fences: bool,
    /// The target may bind a buffer a second time, in elements as wide as an access (SPIR-V's `Aliased`; WebGPU forbids it).
    pub wide_views: bool,
    /// The target's subgroups have so many invocations, and invocation `r % n` of subgroup `r / n` has rank `r` in its workgroup: if warps have as many
    /// lanes, they are the subgroups. Core WGSL leaves both open.
    pub subgroups: Option<u32>,
    /// How many calls of a function that calls itself may be within each other; `None` leaves it to their variables' size.
    pub recursion_depth: Option<u32>,
    /// `blockDim`, if known when translating (`--block`); otherwise pipeline constants.
    pub block: Option<[u32; 3]>,
    /// Barriers stay in the flow that the source has around them, uniform or not: to compare with what their repair makes of it.
    pub leave_barriers: bool,
}

/// Room for shared memory, and what a launch wants beside the kernel's own variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SharedLimit {
    pub bytes: u64,
    /// Bytes of `extern __shared__` memory; a kernel whose dynamic array is moved is for launches with no more than that.
    pub dynamic: u64,
    /// Threads of a block, each of which warp operations want a few bytes for.
    pub threads: u32,
    /// Refuse instead (E0418).
    pub strict: bool,
}

/// A shared variable that stands in global memory, once for each block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedShared {
    pub name: String,
    pub bytes: u64,
    /// The `extern __shared__` array.
    pub dynamic: bool,
    pub span: Span,
}

/// A block of which each invocation carries several threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coarsen {
    pub block: [u32; 3],
    /// Invocations of a workgroup, no more than there are threads. Thread number r is carried by invocation `r % width`.
    pub width: u32,
}

impl Coarsen {
    /// For a device that allows so many invocations; `None` if the block fits.
    pub fn for_limit(block: [u32; 3], limit: u32) -> Option<Coarsen> {
        let threads: u32 = block.iter().product();
        let carried = threads.div_ceil(limit.max(1));
        (carried > 1).then(|| Coarsen { block, width: threads.div_ceil(carried) })
    }

    pub fn threads(&self) -> u32 {
        self.block.iter().product()
    }

    /// How many threads an invocation carries, at most.
    pub fn carried(&self) -> u32 {
        self.threads().div_ceil(self.width.max(1))
    }

    fn is_even(&self) -> bool {
        self.threads().is_multiple_of(self.width.max(1))
    }
}

/// Kernels in legal form, with what a launcher must know.
#[derive(Clone, Debug)]
pub struct Program {
    pub module: Module,
    pub entries: Vec<Entry>,
}

impl Program {
    /// Are there operations of subgroups?
    pub fn uses_subgroups(&self) -> bool {
        self.module.functions.iter().any(|(_, function)| has_subgroup_operation(function))
    }
}

pub(crate) fn has_subgroup_operation(function: &ir::Function) -> bool {
    let mut found = false;
    function.body.walk(&mut |stmt| found |= matches!(stmt.kind, ir::StmtKind::Warp { .. }));
    found
}

/// Brings kernels into legal form. A refused kernel costs the others nothing: the program holds those that succeeded, and
/// `Err` comes only if none did. [`legalise_kernel`] tells for one kernel.
pub fn legalise(module: &Module, kernels: &[FuncId], options: &Options) -> Result<Program, Vec<Refusal>> {
    let mut programs = Vec::new();
    let mut refusals = Vec::new();
    for &kernel in kernels {
        match legalise_kernel(module, kernel, options) {
            Ok(program) => programs.push(program),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if programs.is_empty() && !refusals.is_empty() { Err(refusals) } else { Ok(merge(programs, module)) }
}

/// Puts programs of one module together; what they share is there once.
pub fn merge(programs: Vec<Program>, module: &Module) -> Program {
    transplant::merge(programs, &module.comments)
}

/// One kernel, alone.
pub fn legalise_kernel(module: &Module, kernel: FuncId, options: &Options) -> Result<Program, Refusal> {
    let options = &Options { features: options.features.consistent(), ..options.clone() };
    let (mut addresses, mut arrivals) = (Addresses::Absent, Arrivals::Barriers);
    loop {
        match legalised(module, kernel, options, addresses, arrivals) {
            Err(refusal)
                if refusal.needs_addresses() && options.bindings == BindingMode::Typed && addresses == Addresses::Absent =>
            {
                addresses = Addresses::Passed;
            }
            Err(Refusal::LoneArrival { .. }) if arrivals == Arrivals::Barriers => arrivals = Arrivals::Counted,
            result => return result,
        }
    }
}

fn legalised(
    module: &Module,
    kernel: FuncId,
    options: &Options,
    addresses: Addresses,
    arrivals: Arrivals,
) -> Result<Program, Refusal> {
    let device_heap = bind::device_heap_bytes(module).filter(|_| options.bindings == BindingMode::Heap);
    let (mut module, mut kernel) = transplant::isolate(module, kernel);
    // First: other passes go from callees to callers.
    recursion::run(&mut module, &mut kernel, options)?;
    let written = module.functions[kernel].lets.len();
    let names = coalesce::Written { lets: written, locals: module.functions[kernel].locals.len() };
    switches::run(&mut module);
    // What is not counted goes before anything is refused for its sake.
    barriers::arrivals::choose(&mut module, arrivals);
    // First of all that looks at types: no pass behind it knows unions.
    unions::run(&mut module)?;
    // Before addresses are given out.
    literals::run(&mut module);
    // Early, so that every pointer comes from a variable.
    let mut interface = bind::run(&mut module, kernel, options, addresses)?;
    interface.device_heap = device_heap;
    // Before what takes pointers is inlined: much of it need not take them.
    by_value::run(&mut module);
    // What takes pointers becomes part of its callers, so that each pointer variable is in sight of what it points to.
    inline::run(&mut module);
    transplant::keep_reachable(&mut module, &mut kernel);
    split::run(&mut module);
    // Before values are made of what is set once.
    live_ranges::run(&mut module);
    // Early, so that nothing is refused for the sake of what cannot run; late again for what the passes leave. A branch less may leave a
    // variable one value, and that one is seen through too.
    loop {
        ir::bind_locals::run(&mut module.functions[kernel], &mut module.tables);
        copies::run(&mut module, kernel, written);
        if !prune::run(&mut module) {
            break;
        }
    }
    // Bounds that were arguments of an inlined function are constants now.
    unroll::run(&mut module, kernel);
    // What traps is part of the kernel now, and what `%s` prints is in sight. What is printed is words from here on.
    log::run(&mut module, kernel, &mut interface)?;
    clock::run(&mut module, kernel);
    // One variable, so that what keeps shared memory keeps all of it.
    dynamic_shared::run(&mut module);
    // Behind all that makes a thread return early: what comes behind a barrier of the grid must know who did.
    if options.cut_at_fences && !options.aliased {
        fences::run(&mut module, kernel);
    }
    phases::run(&mut module, kernel, &mut interface, options.cut_at_fences)?;
    pointers::run(&mut module, &interface)?;
    // Indices are indices by now, and what else is 64 bits wide can be seen.
    narrow::run(&mut module);
    // Addresses are chains now; what they reach for decides the types of variables.
    let views = views::choose(&mut module, options, &interface.windows)?;
    access::run(&mut module, &views, options)?;
    // Behind the views: a byte in a buffer is a matter of words, a byte in a variable one of values.
    values::run(&mut module)?;
    // What is left of 64 bits is meant to be.
    wide::run(&mut module, options.features)?;
    // Loops that were written out have left constants for parameters of what they called.
    copies::run(&mut module, kernel, usize::MAX);
    tidy::run(&mut module);
    unsigned_floats::run(&mut module);
    // For readers, on operations and types as they will be.
    filled::run(&mut module);
    conditions::run(&mut module);
    prune::run(&mut module);
    transplant::keep_reachable(&mut module, &mut kernel);
    if !options.aliased {
        fences::run(&mut module, kernel);
    }
    // Last, because what is uniform depends on which memory is written, and on the code as it will be emitted.
    if arrivals == Arrivals::Barriers {
        barriers::arrivals::run(&mut module, kernel, |module| finish::read_only(module, kernel, options))?;
    }
    if !options.leave_barriers {
        turns::run(&mut module, kernel, options)?;
        barriers::run(&mut module, kernel, |module| finish::read_only(module, kernel, options))
            .map_err(|barriers::Divergent { span, why }| Refusal::Barrier { span, why })?;
    }
    // No address is a value any more: a variable is mentioned wherever it is used. Behind the repair, whose analysis knows of a variable only the
    // worst that it ever holds.
    coalesce::run(&mut module, kernel, names);
    // Behind the repair, which tells of each operation who takes part in it. Lanes that share an invocation are no subgroup.
    let through = match (options.subgroups, options.coarsen) {
        (Some(size), None) if size == module.warp_size => warps::Through::Subgroups,
        _ => warps::Through::Memory,
    };
    warps::run(&mut module, kernel, through)?;
    if let Some(coarsen) = &options.coarsen {
        // The barriers of exchanges are the kernel's then, and it is cut at them.
        inline::run(&mut module);
        transplant::keep_reachable(&mut module, &mut kernel);
        let read_only = finish::read_only(&module, kernel, options);
        coarsen::run(&mut module, kernel, coarsen, &read_only)?;
    }
    // Behind all that adds shared memory.
    let moved = match &options.shared {
        Some(limit) => spill_shared::run(&mut module, kernel, &mut interface, limit, options.features)?,
        None => Vec::new(),
    };
    // What is looked at from here on is all that is there.
    transplant::compact(&mut module, kernel);
    check::run(&module, options.features, through == warps::Through::Subgroups)?;
    let mut program = finish::run(module, kernel, interface, options);
    program.entries[0].moved_shared = moved;
    Ok(program)
}

/// The program for a target whose fused multiply-add of doubles rounds twice: a function that rounds once stands in its place.
pub fn with_exact_fma(program: &Program) -> Result<Cow<'_, Program>, Refusal> {
    if !wide::has_fma(&program.module) {
        return Ok(Cow::Borrowed(program));
    }
    let mut changed = program.clone();
    wide::replace_fma(&mut changed.module)?;
    Ok(Cow::Owned(changed))
}

/// One kernel and its interface. All bindings are in group 0; binding 0 is the launch geometry that emitters add.
#[derive(Clone, Debug)]
pub struct Entry {
    pub kernel: FuncId,
    pub bindings: Vec<Binding>,
    /// What the bytes of the [`BindingSource::Arguments`] binding are made of.
    pub arguments: Vec<Argument>,
    /// The dynamic shared variable, if the kernel uses it.
    pub dynamic_shared: Option<GlobalId>,
    /// Bytes of static shared memory.
    pub shared_bytes: u64,
    /// Shared variables that the device had no room for, among the bindings as [`BindingSource::BlockShared`].
    pub moved_shared: Vec<MovedShared>,
    /// The kernel is for this block alone, on workgroups of its `width`.
    pub coarsened: Option<Coarsen>,
    /// A kernel with barriers of the grid runs one phase in each dispatch; so many there are.
    pub phases: Option<u32>,
    /// The places of the source that leave records in the [`BindingSource::Log`].
    pub sites: Vec<Site>,
    /// The part of the [`BindingSource::Heap`] that `malloc` gives away, if the program has any: so many bytes from the heap's first address on.
    /// They live on between launches, of whichever kernel of the program.
    pub device_heap: Option<u64>,
    /// How the heap is bound.
    pub windows: Windows,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub binding: u32,
    pub global: GlobalId,
    pub kind: BindingKind,
    pub source: BindingSource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindingKind {
    Uniform,
    StorageRead,
    StorageReadWrite,
}

/// Where the launcher takes the bytes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BindingSource {
    /// The buffer that this pointer parameter (of the CUDA kernel, from 0) points into.
    Parameter(u32),
    /// The buffer that the pointer at byte `from` of this by-value parameter points into.
    Member { parameter: u32, from: u32 },
    /// By-value parameters, packed as [`Entry::arguments`] says.
    Arguments,
    /// A by-value parameter too large to be taken apart: its bytes, in the host's layout.
    Value(u32),
    /// A `__constant__`, `__device__` or `__managed__` variable, by its source name; one copy for the whole program.
    Variable(String),
    /// All device memory (heap mode), or a [window](Windows) of it, by its number.
    Heap { window: u32 },
    /// What the kernel prints and where it fails ([`output`](crate::output)); there if it does any of it.
    Log,
    /// In kernels with barriers of the grid, a uniform: the number of the phase to run, and the bytes of dynamic shared memory, each a `u32`.
    GridPhase,
    /// Where the kernel writes which phase is next, [`END_OF_PHASES`](crate::launch_plan::END_OF_PHASES) behind the last.
    GridNext,
    /// A shared variable that the device has no room for: an element for each block of the grid.
    BlockShared,
    /// What the threads keep between phases: an element for each thread of the grid.
    GridThreads,
    /// What the blocks keep of their shared memory.
    GridBlocks,
    /// The same of dynamic shared memory: for each block as much as it has.
    GridDynamic,
}

/// Copies bytes of a by-value parameter of the CUDA kernel into the arguments binding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Argument {
    pub parameter: u32,
    pub what: ArgumentPart,
    /// Byte offset in the binding.
    pub offset: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArgumentPart {
    /// `size` bytes of the parameter (host layout) from `from`, copied; if `widen` is set, an 8- or 16-bit integer or bool extended
    /// to 32 bits (with the sign if signed).
    Bytes { from: u32, size: u32, widen: Option<Widen> },
    /// The byte offset of a pointer, found at byte `from` of the parameter, from the start of its binding, as `u32`.
    PointerOffset { from: u32 },
    /// 1 as `u32` if the pointer argument is not null, otherwise 0.
    PointerPresent,
    /// The 32-bit heap address of a pointer (heap mode, or where a kernel compares pointers into different buffers), found at byte
    /// `from` of the parameter.
    HeapAddress { from: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Widen {
    Signed,
    Unsigned,
}
