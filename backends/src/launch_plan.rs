//! A CUDA launch as what a shader's host must do: which bytes and buffers go to which binding, which pipeline constants are set.
//!
//! Plain data in, plain data out; folding the grid and talking to a device are the runner's. What must hold: a launch that the entry
//! cannot express is an error that says why, never a plan that computes something else.

use serde::{Deserialize, Serialize};

use crate::reflect::{InterfaceNames, argument_size, arguments_size, element_of};
use crate::shader::{Argument, ArgumentPart, Binding, BindingKind, BindingSource, Entry, Program, Widen, Windows};

/// No device asks for more at the start of a binding.
pub const BINDING_ALIGNMENT: u64 = 256;

/// What a kernel with barriers of the grid says when no phase is left.
pub const END_OF_PHASES: u32 = u32::MAX;

/// Where memory begins in the heap, so that no object has the address of the null pointer.
pub const HEAP_START: u64 = 256;
/// Above are the addresses of shared and local variables, where a kernel compares them (`shader::pointers::compare`).
const ADDRESS_LIMIT: u64 = 0xf800_0000;

/// What one parameter of the CUDA kernel holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LaunchArgument {
    /// A scalar, vector or struct in the host's layout.
    Bytes(Vec<u8>),
    Pointer {
        /// Index among the launch's buffers.
        buffer: usize,
        /// In bytes.
        offset: u64,
    },
    Null,
    /// A struct in the host's layout with pointers in it. What is not among `pointers` is null, or no pointer.
    Struct {
        bytes: Vec<u8>,
        pointers: Vec<PointerWithin>,
    },
}

/// A pointer at byte `at` of a struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointerWithin {
    pub at: u32,
    pub buffer: usize,
    pub offset: u64,
}

impl LaunchArgument {
    /// Where the pointer at byte `from` points to: buffer and offset; `None` for null.
    fn pointer_at(&self, parameter: u32, from: u32) -> Result<Option<(usize, u64)>, PlanError> {
        match self {
            LaunchArgument::Bytes(_) => Err(PlanError::NotAPointer { parameter }),
            LaunchArgument::Null => Ok(None),
            LaunchArgument::Pointer { buffer, offset } => Ok(Some((*buffer, *offset))),
            LaunchArgument::Struct { pointers, .. } => {
                let found = pointers.iter().find(|pointer| pointer.at == from);
                Ok(found.map(|pointer| (pointer.buffer, pointer.offset)))
            }
        }
    }
}

/// A launch as the CUDA host writes it.
#[derive(Clone, Copy, Debug)]
pub struct CudaLaunch<'a> {
    pub grid: [u64; 3],
    pub block: [u32; 3],
    pub dynamic_shared_bytes: u64,
    pub arguments: &'a [LaunchArgument],
    /// Bytes of each buffer that arguments point into.
    pub buffer_sizes: &'a [u64],
}

/// What the launch asks of the translation, see [`Options`](crate::shader::Options).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaunchNeeds {
    /// Two arguments point into one buffer.
    pub aliased: bool,
    /// An argument points to a place where no binding can start.
    pub offset_arguments: bool,
}

pub fn launch_needs(arguments: &[LaunchArgument]) -> LaunchNeeds {
    let mut needs = LaunchNeeds::default();
    let mut seen = Vec::new();
    for argument in arguments {
        let buffers = match argument {
            LaunchArgument::Pointer { buffer, offset } => {
                needs.offset_arguments |= offset % BINDING_ALIGNMENT != 0;
                vec![*buffer]
            }
            LaunchArgument::Struct { pointers, .. } => {
                needs.offset_arguments |= pointers.iter().any(|pointer| pointer.offset % BINDING_ALIGNMENT != 0);
                pointers.iter().map(|pointer| pointer.buffer).collect()
            }
            LaunchArgument::Bytes(_) | LaunchArgument::Null => Vec::new(),
        };
        for buffer in buffers {
            needs.aliased |= seen.contains(&buffer);
            seen.push(buffer);
        }
    }
    needs
}

/// What to bind, beside the `Launch` uniform at binding 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resource {
    /// A buffer of the launch from `offset` to its end.
    Buffer {
        buffer: usize,
        offset: u64,
    },
    /// A buffer with [`LaunchPlan::arguments`].
    Arguments,
    /// The one copy of a variable of the program.
    Variable {
        name: String,
        bytes: u64,
        init: Option<Vec<u8>>,
    },
    /// A buffer with these bytes, the string literals of the kernel.
    Literals(Vec<u8>),
    /// A buffer with these bytes, a by-value parameter.
    Value(Vec<u8>),
    /// The bytes of the heap from `start` to `end`. It holds the launch's buffers at [`LaunchPlan::heap`].
    Heap {
        start: u64,
        end: u64,
    },
    /// These bytes, of which the first word is the phase to run: then what [`Resource::GridNext`] holds, until that is [`END_OF_PHASES`].
    GridPhase(Vec<u8>),
    GridNext,
    /// A log, fresh for the launch ([`output::new_log`](crate::output::new_log)); [`read_log`](crate::output::read_log) tells what it holds afterwards.
    Log,
    /// A buffer of this many bytes whose content nobody looks at: behind a null pointer, what a kernel keeps between phases, and shared memory
    /// that the device has no room for.
    Nothing {
        bytes: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedBinding {
    pub binding: u32,
    pub kind: BindingKind,
    pub resource: Resource,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaunchPlan {
    pub entry_point: String,
    /// Bytes of the arguments binding.
    pub arguments: Vec<u8>,
    pub bindings: Vec<PlannedBinding>,
    /// Pipeline constants by name.
    pub constants: Vec<(String, f64)>,
    /// Heap mode: the address of each buffer of the launch, and behind them the size of the heap.
    pub heap: Vec<u64>,
    /// Heap mode: bytes from [`HEAP_START`] on that hold the program's variable [`DEVICE_HEAP`](crate::shader::DEVICE_HEAP).
    pub device_heap: Option<u64>,
}

/// Why a launch does not fit the translated kernel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("the kernel has no argument {parameter} in this launch")]
    MissingArgument { parameter: u32 },
    #[error("argument {parameter} is no pointer, and the kernel takes one")]
    NotAPointer { parameter: u32 },
    #[error("argument {parameter} is a struct that holds a pointer; translate with one heap")]
    PointerInStruct { parameter: u32 },
    #[error("argument {parameter} is a pointer, and the kernel takes a value")]
    NotAValue { parameter: u32 },
    #[error("argument {parameter} has {found} bytes, and the kernel reads {wanted}")]
    TooShort { parameter: u32, wanted: u64, found: u64 },
    #[error("argument {parameter} points past the end of its buffer")]
    PastTheEnd { parameter: u32 },
    #[error(
        "argument {parameter} points to byte {offset} of its buffer, where no binding can start; translate with offset arguments"
    )]
    Misaligned { parameter: u32, offset: u64 },
    #[error("two arguments point into one buffer, and only one of them is written; translate for aliased arguments")]
    Aliased,
    #[error("argument {parameter} holds the address {address:#x}, which does not fit the heap")]
    NoHeapAddress { parameter: u32, address: u64 },
    #[error("the memory of this launch does not fit a heap of {} windows of {} bytes", .0.count, .0.bytes())]
    Windows(Windows),
    #[error("the shader was made for blocks and grids of one dimension; emit it with full geometry")]
    OnlyLinear,
    #[error("{threads} threads along one axis; shaders count them in 32 bits")]
    TooManyThreads { threads: u64 },
    #[error("{found} bytes of dynamic shared memory for a shader that was made for {wanted}")]
    DynamicShared { wanted: u64, found: u64 },
    #[error("a block of {found:?} threads for a shader that was made for {wanted:?}")]
    Block { wanted: [u32; 3], found: [u32; 3] },
}

/// Plans a launch of entry `index`, whose shader was emitted for `fixed_block` or for any block.
pub fn plan(
    program: &Program,
    index: usize,
    names: &InterfaceNames,
    fixed_block: Option<[u32; 3]>,
    launch: &CudaLaunch<'_>,
) -> Result<LaunchPlan, PlanError> {
    let entry = &program.entries[index];
    // What the shader passes know of `blockIdx * blockDim + threadIdx`.
    if let Some(threads) =
        launch.grid.iter().zip(launch.block).map(|(grid, block)| grid.saturating_mul(block.into())).find(|n| *n > u32::MAX.into())
    {
        return Err(PlanError::TooManyThreads { threads });
    }
    if let Some(moved) = entry.moved_shared.iter().find(|moved| moved.dynamic && moved.bytes < launch.dynamic_shared_bytes) {
        return Err(PlanError::DynamicShared { wanted: moved.bytes, found: launch.dynamic_shared_bytes });
    }
    let heap = heap_layout(entry.device_heap, launch.buffer_sizes, entry.windows).ok_or(PlanError::Windows(entry.windows))?;
    let end = heap.last().copied().unwrap_or(0);
    let bindings: Vec<PlannedBinding> =
        entry.bindings.iter().map(|binding| plan_binding(program, entry, binding, launch, end)).collect::<Result<_, _>>()?;
    check_aliases(&bindings)?;
    Ok(LaunchPlan {
        entry_point: names.entries[index].entry_point.clone(),
        arguments: pack_arguments(program, entry, launch, &heap)?,
        bindings,
        constants: constants(program, index, names, fixed_block, launch)?,
        heap,
        device_heap: entry.device_heap,
    })
}

/// Addresses of the buffers and, last, the size of it all. What `malloc` gives away comes first. Each lies in one window; `None` if that cannot be.
pub fn heap_layout(device_heap: Option<u64>, sizes: &[u64], windows: Windows) -> Option<Vec<u64>> {
    let window = windows.bytes();
    let mut layout = Vec::new();
    let mut next = HEAP_START + device_heap.unwrap_or(0).next_multiple_of(BINDING_ALIGNMENT);
    if windows.count > 1 && next > window {
        return None;
    }
    for size in sizes {
        let size = size.max(&1).next_multiple_of(BINDING_ALIGNMENT);
        if windows.count > 1 {
            if size > window {
                return None;
            }
            if next / window != (next + size - 1) / window {
                next = next.next_multiple_of(window);
            }
        }
        layout.push(next);
        next += size;
    }
    layout.push(next);
    (windows.count == 1 || next <= window * u64::from(windows.count)).then_some(layout)
}

/// The windows of at most `limit` bytes that hold these buffers, as few as there can be; `None` if an allocation is larger than a window.
pub fn heap_windows(device_heap: Option<u64>, sizes: &[u64], limit: u64) -> Option<Windows> {
    let whole = heap_layout(device_heap, sizes, Windows::default())?.pop()?;
    if whole <= limit {
        return Some(Windows::default());
    }
    let windows = Windows { count: u32::MAX, bits: limit.max(BINDING_ALIGNMENT).ilog2().min(Windows::MOST_BITS) };
    let size = heap_layout(device_heap, sizes, windows)?.pop()?;
    let count = size.div_ceil(windows.bytes());
    (size <= 1 << Windows::MOST_BITS).then_some(Windows { count: count as u32, ..windows })
}

fn plan_binding(
    program: &Program,
    entry: &Entry,
    binding: &Binding,
    launch: &CudaLaunch<'_>,
    heap_end: u64,
) -> Result<PlannedBinding, PlanError> {
    let tables = &program.module.tables;
    let global = &tables.globals[binding.global];
    let resource = match &binding.source {
        BindingSource::Arguments => Resource::Arguments,
        BindingSource::Heap { window } => {
            let start = u64::from(*window) << entry.windows.bits;
            let is_last = window + 1 >= entry.windows.count;
            Resource::Heap { start, end: if is_last { heap_end.max(start + 16) } else { start + entry.windows.bytes() } }
        }
        BindingSource::Log => Resource::Log,
        BindingSource::GridPhase => {
            let mut bytes = vec![0; 16];
            bytes[4..8].copy_from_slice(&(launch.dynamic_shared_bytes as u32).to_le_bytes());
            Resource::GridPhase(bytes)
        }
        BindingSource::GridNext => Resource::GridNext,
        BindingSource::GridDynamic => {
            let blocks: u64 = launch.grid.iter().product();
            Resource::Nothing { bytes: launch.dynamic_shared_bytes.saturating_mul(blocks).next_multiple_of(16).max(16) }
        }
        BindingSource::GridThreads | BindingSource::GridBlocks | BindingSource::BlockShared => {
            let blocks: u64 = launch.grid.iter().product();
            let threads: u64 = launch.block.iter().map(|n| u64::from(*n)).product();
            let count = if binding.source == BindingSource::GridThreads { blocks.saturating_mul(threads) } else { blocks };
            Resource::Nothing { bytes: element_of(&tables.types, global.ty).1.saturating_mul(count).next_multiple_of(16) }
        }
        BindingSource::Variable(_) if global.literal => {
            let bytes = global.init.clone().unwrap_or_default();
            let length = tables.types.size_of(global.ty).next_multiple_of(16) as usize;
            Resource::Literals(bytes.into_iter().chain(std::iter::repeat(0)).take(length).collect())
        }
        BindingSource::Variable(name) => Resource::Variable {
            name: name.clone(),
            bytes: tables.types.size_of(global.ty).next_multiple_of(16),
            init: global.init.clone(),
        },
        BindingSource::Value(parameter) => {
            let given = match argument(launch, *parameter)? {
                LaunchArgument::Bytes(bytes) | LaunchArgument::Struct { bytes, .. } => bytes.as_slice(),
                LaunchArgument::Pointer { .. } | LaunchArgument::Null => &[],
            };
            let length = tables.types.size_of(global.ty).next_multiple_of(16) as usize;
            Resource::Value(given.iter().copied().chain(std::iter::repeat(0)).take(length).collect())
        }
        BindingSource::Member { parameter, from } => {
            if let LaunchArgument::Bytes(_) = argument(launch, *parameter)? {
                // It does not say which buffer a pointer inside of it means.
                return Err(PlanError::PointerInStruct { parameter: *parameter });
            }
            plan_pointer(entry, *parameter, *from, element_of(&tables.types, global.ty).1, launch)?
        }
        BindingSource::Parameter(parameter) => {
            plan_pointer(entry, *parameter, 0, element_of(&tables.types, global.ty).1, launch)?
        }
    };
    Ok(PlannedBinding { binding: binding.binding, kind: binding.kind, resource })
}

fn plan_pointer(entry: &Entry, parameter: u32, from: u32, stride: u64, launch: &CudaLaunch<'_>) -> Result<Resource, PlanError> {
    let value = argument(launch, parameter)?;
    match value.pointer_at(parameter, from)? {
        None => Ok(Resource::Nothing { bytes: stride.max(4).next_multiple_of(16) }),
        Some((buffer, offset)) => {
            if launch.buffer_sizes.get(buffer).is_none_or(|size| offset > *size) {
                return Err(PlanError::PastTheEnd { parameter });
            }
            let passed =
                |argument: &&Argument| argument.parameter == parameter && argument.what == ArgumentPart::PointerOffset { from };
            if entry.arguments.iter().any(|argument| passed(&argument)) {
                Ok(Resource::Buffer { buffer, offset: 0 })
            } else if offset % BINDING_ALIGNMENT != 0 {
                Err(PlanError::Misaligned { parameter, offset })
            } else if launch.buffer_sizes[buffer] == offset {
                Ok(Resource::Nothing { bytes: stride.max(4).next_multiple_of(16) })
            } else {
                Ok(Resource::Buffer { buffer, offset })
            }
        }
    }
}

fn argument<'a>(launch: &CudaLaunch<'a>, parameter: u32) -> Result<&'a LaunchArgument, PlanError> {
    launch.arguments.get(parameter as usize).ok_or(PlanError::MissingArgument { parameter })
}

/// A device refuses a buffer that is bound once to be read only and once to be written.
fn check_aliases(bindings: &[PlannedBinding]) -> Result<(), PlanError> {
    for (index, a) in bindings.iter().enumerate() {
        for b in &bindings[index + 1..] {
            if let (Resource::Buffer { buffer: left, .. }, Resource::Buffer { buffer: right, .. }) = (&a.resource, &b.resource)
                && left == right
                && a.kind != b.kind
            {
                return Err(PlanError::Aliased);
            }
        }
    }
    Ok(())
}

fn pack_arguments(program: &Program, entry: &Entry, launch: &CudaLaunch<'_>, heap: &[u64]) -> Result<Vec<u8>, PlanError> {
    let mut bytes = vec![0; arguments_size(&program.module, entry) as usize];
    for part in &entry.arguments {
        let value = argument_bytes(part, argument(launch, part.parameter)?, heap)?;
        let start = part.offset as usize;
        bytes[start..start + argument_size(part) as usize].copy_from_slice(&value);
    }
    Ok(bytes)
}

fn argument_bytes(part: &Argument, value: &LaunchArgument, heap: &[u64]) -> Result<Vec<u8>, PlanError> {
    let parameter = part.parameter;
    match (&part.what, value) {
        (ArgumentPart::PointerOffset { from }, value) => {
            word(parameter, value.pointer_at(parameter, *from)?.map_or(0, |(_, offset)| offset))
        }
        (ArgumentPart::PointerPresent, value) => word(parameter, value.pointer_at(parameter, 0)?.is_some().into()),
        (ArgumentPart::HeapAddress { from }, LaunchArgument::Bytes(bytes)) => {
            let address = slice(parameter, bytes, *from, 8)?.iter().rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
            word(parameter, address)
        }
        (ArgumentPart::HeapAddress { from }, value) => match value.pointer_at(parameter, *from)? {
            None => word(parameter, 0),
            Some((buffer, offset)) => match heap.get(buffer) {
                Some(base) if heap.last() > Some(&ADDRESS_LIMIT) => Err(PlanError::NoHeapAddress { parameter, address: *base }),
                Some(base) => word(parameter, base + offset),
                None => Err(PlanError::PastTheEnd { parameter }),
            },
        },
        (ArgumentPart::Bytes { from, size, widen }, LaunchArgument::Bytes(bytes) | LaunchArgument::Struct { bytes, .. }) => {
            Ok(widened(slice(parameter, bytes, *from, *size)?, *widen))
        }
        (ArgumentPart::Bytes { .. }, LaunchArgument::Pointer { .. } | LaunchArgument::Null) => {
            Err(PlanError::NotAValue { parameter })
        }
    }
}

fn word(parameter: u32, value: u64) -> Result<Vec<u8>, PlanError> {
    let value32 = u32::try_from(value).map_err(|_| PlanError::NoHeapAddress { parameter, address: value })?;
    Ok(value32.to_le_bytes().to_vec())
}

fn slice(parameter: u32, bytes: &[u8], from: u32, size: u32) -> Result<&[u8], PlanError> {
    let (start, end) = (from as usize, from as usize + size as usize);
    let short = PlanError::TooShort { parameter, wanted: end as u64, found: bytes.len() as u64 };
    bytes.get(start..end).ok_or(short)
}

/// Little-endian bytes, extended to four where asked.
fn widened(bytes: &[u8], widen: Option<Widen>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let Some(widen) = widen else { return bytes };
    let negative = widen == Widen::Signed && bytes.last().is_some_and(|&byte| byte >= 0x80);
    bytes.resize(4, if negative { 0xff } else { 0 });
    bytes
}

fn constants(
    program: &Program,
    index: usize,
    names: &InterfaceNames,
    fixed_block: Option<[u32; 3]>,
    launch: &CudaLaunch<'_>,
) -> Result<Vec<(String, f64)>, PlanError> {
    let coarsened = program.entries[index].coarsened;
    if let Some(coarsen) = coarsened.filter(|coarsen| coarsen.block != launch.block) {
        return Err(PlanError::Block { wanted: coarsen.block, found: launch.block });
    }
    let block = coarsened.map_or(launch.block, |coarsen| [coarsen.width, 1, 1]);
    let flat = block[1..] == [1, 1] && launch.grid[1..] == [1, 1];
    if names.linear && !flat {
        return Err(PlanError::OnlyLinear);
    }
    let mut constants = Vec::new();
    match fixed_block {
        Some(wanted) if wanted != block => return Err(PlanError::Block { wanted, found: launch.block }),
        Some(_) => {}
        None => {
            let named = names.block_constants().iter().zip(block);
            constants.extend(named.map(|(name, size)| (name.to_string(), f64::from(size))));
        }
    }
    if let (Some(global), Some(name)) = (program.entries[index].dynamic_shared, &names.entries[index].dynamic_length) {
        let tables = &program.module.tables;
        let element = element_of(&tables.types, tables.globals[global].ty).1.max(1);
        constants.push((name.clone(), launch.dynamic_shared_bytes.div_ceil(element).max(1) as f64));
    }
    Ok(constants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_integers_are_extended() {
        assert_eq!(widened(&[0xff], Some(Widen::Signed)), [0xff; 4]);
        assert_eq!(widened(&[0xff], Some(Widen::Unsigned)), [0xff, 0, 0, 0]);
        assert_eq!(widened(&[0x34, 0x12], Some(Widen::Signed)), [0x34, 0x12, 0, 0]);
        assert_eq!(widened(&[1, 2, 3, 4], None), [1, 2, 3, 4]);
    }

    #[test]
    fn a_launch_says_what_it_needs() {
        let at = |buffer, offset| LaunchArgument::Pointer { buffer, offset };
        assert_eq!(launch_needs(&[at(0, 0), at(1, 512)]), LaunchNeeds::default());
        assert!(launch_needs(&[at(0, 0), at(0, 512)]).aliased);
        assert!(launch_needs(&[at(0, 4)]).offset_arguments);
        let inside =
            |offset| LaunchArgument::Struct { bytes: vec![0; 8], pointers: vec![PointerWithin { at: 0, buffer: 0, offset }] };
        assert!(launch_needs(&[inside(4)]).offset_arguments && !launch_needs(&[inside(256)]).offset_arguments);
    }

    #[test]
    fn buffers_get_heap_addresses_other_than_null() {
        let whole = Windows::default();
        assert_eq!(heap_layout(None, &[1, 256, 300], whole), Some(vec![256, 512, 768, 1280]));
        assert_eq!(heap_layout(Some(1000), &[1, 256], whole), Some(vec![1280, 1536, 1792]));
    }

    #[test]
    fn what_is_allocated_lies_in_one_window() {
        let windows = |count| Windows { count, bits: 10 };
        assert_eq!(heap_layout(None, &[512, 512, 1024], windows(4)), Some(vec![256, 1024, 2048, 3072]));
        assert_eq!(heap_layout(None, &[512, 512, 1024], windows(2)), None);
        assert_eq!(heap_layout(None, &[1025], windows(4)), None);
        assert_eq!(heap_layout(Some(1024), &[1], windows(4)), None, "`malloc` has the first window");
    }

    #[test]
    fn there_are_no_more_windows_than_needed() {
        assert_eq!(heap_windows(None, &[512, 256], 1024), Some(Windows::default()));
        assert_eq!(heap_windows(None, &[512, 512, 1024], 1024), Some(Windows { count: 3, bits: 10 }));
        assert_eq!(heap_windows(None, &[512, 512, 1024], 2000), Some(Windows { count: 3, bits: 10 }), "a power of two");
        assert_eq!(heap_windows(None, &[2048], 1024), None);
        assert_eq!(heap_windows(None, &[1 << 30; 3], 1 << 30), None, "more than 2 GiB");
    }
}
