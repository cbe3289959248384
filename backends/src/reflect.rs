//! What a host must know to launch the kernels of a [`Program`], as plain data that becomes JSON.
//!
//! A host in any language needs only this beside the shader: which bytes go to which binding, which pipeline constants to set, and what
//! the device must have. [`launch_plan`](crate::launch_plan) does the host's part for launches of our own.
//!
//! What must hold: the names are those that the emitter wrote, so they come in as [`InterfaceNames`].

use ir::{Function, Module, Scalar, Type, TypeId, Types};
use serde::{Deserialize, Serialize};

use crate::launch_plan::HEAP_START;
use crate::output::{HEADER_WORDS, LOG_BYTES, Site};
use crate::shader::{
    Argument, ArgumentPart, Binding, BindingKind, BindingSource, Entry, Features, Program, Widen, has_subgroup_operation,
};
use crate::wgsl::WgslModule;

/// Bytes of `struct Launch { gridDim: vec3u, firstBlock: u32 }`, the uniform at binding 0.
pub const LAUNCH_BYTES: u64 = 16;

/// The names that an emitter gave to what a launcher sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceNames {
    /// One for each entry of the program, in its order.
    pub entries: Vec<EntryNames>,
    /// The shader is for blocks and grids of one dimension, and `blockDimX` is its only block constant.
    pub linear: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryNames {
    pub entry_point: String,
    /// The pipeline constant that is the length of the dynamic shared array, in elements.
    pub dynamic_length: Option<String>,
}

/// The pipeline constants that hold `blockDim`, where the block is not fixed when translating.
pub const BLOCK_CONSTANTS: [&str; 3] = ["blockDimX", "blockDimY", "blockDimZ"];

impl InterfaceNames {
    /// Identifiers made of the source's names: `scale<float, 256>` is `scale_float_256`. For targets without reserved words.
    pub fn plain(program: &Program) -> InterfaceNames {
        let mut taken = Vec::new();
        let mut unique = |name: String| {
            let mut candidate = name.clone();
            let mut count = 1;
            while taken.contains(&candidate) {
                count += 1;
                candidate = format!("{name}_{count}");
            }
            taken.push(candidate.clone());
            candidate
        };
        let entries = program.entries.iter().map(|entry| EntryNames {
            entry_point: unique(identifier(&program.module.functions[entry.kernel].name)),
            dynamic_length: entry.dynamic_shared.map(|global| {
                let name = identifier(&program.module.tables.globals[global].name);
                unique(format!("{name}Length"))
            }),
        });
        InterfaceNames { entries: entries.collect(), linear: false }
    }

    /// The names in a WGSL text.
    pub fn of_wgsl(program: &Program, module: &WgslModule) -> InterfaceNames {
        let length = module.dynamic_length.as_ref().map(|(name, _)| name);
        let entries = program.entries.iter().zip(&module.entry_points).map(|(entry, name)| EntryNames {
            entry_point: name.clone(),
            dynamic_length: entry.dynamic_shared.and(length).cloned(),
        });
        InterfaceNames { entries: entries.collect(), linear: module.linear }
    }

    /// The constants that hold `blockDim` where it is not fixed.
    pub fn block_constants(&self) -> &'static [&'static str] {
        if self.linear { &BLOCK_CONSTANTS[..1] } else { &BLOCK_CONSTANTS }
    }
}

/// Letters, digits and single underscores; starts with a letter.
pub fn identifier(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            text.push(c);
        } else if !text.ends_with('_') {
            text.push('_');
        }
    }
    let text = text.trim_matches('_');
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) { text.to_string() } else { format!("k{text}") }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reflection {
    pub kernels: Vec<KernelReflection>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KernelReflection {
    /// As the CUDA launch writes it: `scale<float, 256>`.
    pub kernel: String,
    pub entry_point: String,
    /// The block that the shader was made for; otherwise the constants of `block_constants` are to be set.
    pub block: Option<[u32; 3]>,
    pub block_constants: Vec<String>,
    /// How many threads of the block each invocation of the shader carries. If it is not 1, workgroups are smaller than `block`.
    #[serde(default = "one")]
    pub threads_per_invocation: u32,
    /// Only blocks and grids of one dimension may be launched.
    pub linear: bool,
    /// `__launch_bounds__`
    pub max_threads: Option<u32>,
    /// Bytes of static shared memory of the source. Warp operations exchange through 8 bytes a thread beside it, or 16 where not all lanes take part; where invocations carry several threads,
    /// that is in it.
    pub shared_bytes: u64,
    pub dynamic_shared: Option<DynamicShared>,
    /// How many phases a kernel with barriers of the grid has. The host writes 0 to `grid_phase`, and behind it the bytes of dynamic shared memory, dispatches the grid, reads the word in `grid_next`, writes it to
    /// `grid_phase`, and goes on so until the word is 4,294,967,295. `grid_threads` has an element for each thread of the grid, `grid_blocks` one for each block,
    /// `grid_dynamic` the dynamic shared memory of each block.
    pub phases: Option<u32>,
    /// There if warps are subgroups of so many invocations. A device may run the shader if its subgroups have this size and no other (WebGPU's
    /// `subgroupMinSize` and `subgroupMaxSize`), and if invocation `r` of a workgroup of this kernel's size is number `r % n` of subgroup `r / n`. No standard
    /// promises the second: a host dispatches a probe that compares `local_invocation_index` with `subgroup_invocation_id`, and takes the
    /// shader without subgroups where they do not fit. wgpu 30 wants the line `enable subgroups;` left out.
    #[serde(default)]
    pub subgroups: Option<u32>,
    /// There if the program has memory of `malloc` and pointers are addresses in one heap.
    pub device_heap: Option<DeviceHeapReflection>,
    /// There if the heap is bound as several buffers: so many bytes of it are in each binding whose source is `heap`, in order. No buffer of the host's
    /// may lie in two of them.
    #[serde(default)]
    pub heap_window_bytes: Option<u64>,
    /// There if the kernel prints or asserts.
    pub log: Option<LogReflection>,
    /// Binding 0 of group 0 is always the uniform `{ gridDim: vec3<u32>, firstBlock: u32 }` and is not listed.
    pub bindings: Vec<BindingReflection>,
    /// Bytes of the arguments binding; 0 if there is none.
    pub arguments_size: u64,
    pub arguments: Vec<ArgumentReflection>,
    /// Device features beyond core WGSL: `float16`, `float64`, `int64`, `atomic_int64`, `subgroups`.
    pub features: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DynamicShared {
    pub name: String,
    pub element_bytes: u64,
    /// The constant to set to the length in elements, at least 1.
    pub length_constant: String,
}

/// The part of the heap that `malloc` gives away: zero when the program begins, and kept from launch to launch, as its variables are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceHeapReflection {
    /// The byte of the heap's buffer where it begins.
    pub address: u64,
    pub bytes: u64,
}

/// The buffer of what a kernel says. [`output`](crate::output) has its layout: 32-bit words, of which the host writes the first two and
/// leaves the rest zero. A host may bind a smaller or larger one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogReflection {
    pub binding: u32,
    /// As large as CUDA's.
    pub default_bytes: u64,
    /// To word 0: where the first record goes. To word 1 goes the number of words of the buffer.
    pub first_record: u32,
    /// What wrote a record: its first word is an index into these, from 1.
    pub sites: Vec<Site>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BindingReflection {
    pub binding: u32,
    /// `uniform`, `read` or `read_write`.
    pub access: String,
    /// `parameter`, `member`, `arguments`, `value` (the bytes of a large by-value parameter), `variable`, `heap`, `log`, `grid_phase`, `grid_next`,
    /// `grid_threads`, `grid_blocks`, `grid_dynamic` or `block_shared`: shared memory that the device has no room for, an element for each block of the grid.
    pub source: String,
    /// The CUDA kernel's parameter, from 0.
    pub parameter: Option<u32>,
    pub name: String,
    /// The view's element, `f32` or the name of a struct.
    pub element: String,
    /// Bytes from one element to the next; of a variable or the arguments, their size.
    pub stride: u64,
    /// The least number of bytes to bind.
    pub min_bytes: u64,
    /// What a variable of the program holds before the first launch, in hexadecimal; the rest is zeros. Absent: all zeros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArgumentReflection {
    pub parameter: u32,
    /// The field of the arguments struct, named for the parameter.
    pub name: String,
    /// Byte offset in the arguments binding.
    pub offset: u32,
    /// Bytes there.
    pub size: u32,
    /// `bytes`, `pointer_offset` or `heap_address`.
    pub content: String,
    /// Where the bytes start in the parameter, in the host's layout.
    pub from: u32,
    /// Bytes taken from the parameter.
    pub from_size: u32,
    /// `signed` or `unsigned` where the bytes are extended to 32 bits.
    pub widen: Option<String>,
}

fn one() -> u32 {
    1
}

impl Reflection {
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data becomes JSON")
    }
}

/// Describes all entries. `block` is the block that the shader was emitted for, if it was fixed.
pub fn reflect(program: &Program, names: &InterfaceNames, block: Option<[u32; 3]>) -> Reflection {
    let constants: Vec<String> = match block {
        Some(_) => Vec::new(),
        None => names.block_constants().iter().map(|name| name.to_string()).collect(),
    };
    let entries = program.entries.iter().zip(&names.entries).map(|(entry, entry_names)| {
        let linear = names.linear;
        KernelReflection {
            block: entry.coarsened.map(|coarsen| coarsen.block).or(block),
            linear,
            block_constants: constants.clone(),
            ..reflect_entry(&program.module, entry, entry_names)
        }
    });
    Reflection { kernels: entries.collect() }
}

fn reflect_entry(module: &Module, entry: &Entry, names: &EntryNames) -> KernelReflection {
    let kernel = &module.functions[entry.kernel];
    KernelReflection {
        kernel: kernel.name.clone(),
        entry_point: names.entry_point.clone(),
        block: None,
        block_constants: Vec::new(),
        threads_per_invocation: entry.coarsened.map_or(1, |coarsen| coarsen.carried()),
        linear: false,
        max_threads: kernel.max_threads,
        shared_bytes: entry.shared_bytes,
        dynamic_shared: reflect_dynamic(module, entry, names),
        phases: entry.phases,
        subgroups: uses_subgroups(module, entry).then_some(module.warp_size),
        heap_window_bytes: (entry.windows.count > 1).then(|| entry.windows.bytes()),
        device_heap: entry.device_heap.map(|bytes| DeviceHeapReflection { address: HEAP_START, bytes }),
        log: reflect_log(entry),
        bindings: entry.bindings.iter().map(|binding| reflect_binding(module, binding)).collect(),
        arguments_size: arguments_size(module, entry),
        arguments: entry.arguments.iter().map(|argument| reflect_argument(module, entry, argument)).collect(),
        features: feature_names(needed_features(module, entry), uses_subgroups(module, entry)),
    }
}

fn reflect_dynamic(module: &Module, entry: &Entry, names: &EntryNames) -> Option<DynamicShared> {
    let global = &module.tables.globals[entry.dynamic_shared?];
    Some(DynamicShared {
        name: global.name.clone(),
        element_bytes: element_of(&module.tables.types, global.ty).1,
        length_constant: names.dynamic_length.clone()?,
    })
}

fn reflect_log(entry: &Entry) -> Option<LogReflection> {
    let binding = entry.bindings.iter().find(|binding| binding.source == BindingSource::Log)?;
    Some(LogReflection {
        binding: binding.binding,
        default_bytes: LOG_BYTES,
        first_record: HEADER_WORDS,
        sites: entry.sites.clone(),
    })
}

fn reflect_binding(module: &Module, binding: &Binding) -> BindingReflection {
    let types = &module.tables.types;
    let global = &module.tables.globals[binding.global];
    let (element, stride) = element_of(types, global.ty);
    let (source, parameter) = match &binding.source {
        BindingSource::Parameter(index) => ("parameter", Some(*index)),
        BindingSource::Member { parameter, .. } => ("member", Some(*parameter)),
        BindingSource::Arguments => ("arguments", None),
        BindingSource::Value(parameter) => ("value", Some(*parameter)),
        BindingSource::Variable(_) => ("variable", None),
        BindingSource::Heap { .. } => ("heap", None),
        BindingSource::Log => ("log", None),
        BindingSource::GridPhase => ("grid_phase", None),
        BindingSource::GridNext => ("grid_next", None),
        BindingSource::BlockShared => ("block_shared", None),
        BindingSource::GridThreads => ("grid_threads", None),
        BindingSource::GridBlocks => ("grid_blocks", None),
        BindingSource::GridDynamic => ("grid_dynamic", None),
    };
    let name = match &binding.source {
        BindingSource::Variable(name) => name.clone(),
        _ => global.name.clone(),
    };
    let hexadecimal = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    BindingReflection {
        binding: binding.binding,
        access: access_name(binding.kind).to_string(),
        source: source.to_string(),
        parameter,
        name,
        element: type_name(types, element),
        stride,
        min_bytes: match (&binding.source, binding.kind) {
            (BindingSource::Log, _) => u64::from(HEADER_WORDS) * 4,
            (_, BindingKind::Uniform) => stride.next_multiple_of(16),
            _ => stride.max(4),
        },
        initial: global.init.as_ref().filter(|_| matches!(binding.source, BindingSource::Variable(_))).map(hexadecimal),
    }
}

fn access_name(kind: BindingKind) -> &'static str {
    match kind {
        BindingKind::Uniform => "uniform",
        BindingKind::StorageRead => "read",
        BindingKind::StorageReadWrite => "read_write",
    }
}

/// The element of a runtime-sized array and its size; any other type itself.
pub(crate) fn element_of(types: &Types, ty: TypeId) -> (TypeId, u64) {
    match types.get(ty) {
        Type::Array { element, count: None } => (element, types.size_of(element)),
        _ => (ty, types.size_of(ty)),
    }
}

/// Bytes of the arguments binding, whole rows of 16 as uniform structs have; 0 if there is none.
pub(crate) fn arguments_size(module: &Module, entry: &Entry) -> u64 {
    let Some(binding) = entry.bindings.iter().find(|binding| binding.source == BindingSource::Arguments) else { return 0 };
    let declared = module.tables.types.size_of(module.tables.globals[binding.global].ty);
    let used = entry.arguments.iter().map(|argument| u64::from(argument.offset + argument_size(argument))).max();
    declared.max(used.unwrap_or(0)).next_multiple_of(16)
}

/// Bytes of an argument in the arguments binding.
pub(crate) fn argument_size(argument: &Argument) -> u32 {
    match &argument.what {
        ArgumentPart::Bytes { size, widen: None, .. } => *size,
        ArgumentPart::Bytes { widen: Some(_), .. }
        | ArgumentPart::PointerOffset { .. }
        | ArgumentPart::PointerPresent
        | ArgumentPart::HeapAddress { .. } => 4,
    }
}

fn reflect_argument(module: &Module, entry: &Entry, argument: &Argument) -> ArgumentReflection {
    let (content, from, from_size, widen) = match &argument.what {
        ArgumentPart::Bytes { from, size, widen } => ("bytes", *from, *size, *widen),
        ArgumentPart::PointerOffset { from } => ("pointer_offset", *from, 0, None),
        ArgumentPart::PointerPresent => ("pointer_present", 0, 0, None),
        ArgumentPart::HeapAddress { from } => ("heap_address", *from, 8, None),
    };
    ArgumentReflection {
        parameter: argument.parameter,
        name: argument_name(module, entry, argument.offset),
        offset: argument.offset,
        size: argument_size(argument),
        content: content.to_string(),
        from,
        from_size,
        widen: widen.map(|widen| match widen {
            Widen::Signed => "signed".to_string(),
            Widen::Unsigned => "unsigned".to_string(),
        }),
    }
}

/// The field of the arguments struct at `offset`; empty inside of a larger field.
fn argument_name(module: &Module, entry: &Entry, offset: u32) -> String {
    let arguments = entry.bindings.iter().find(|binding| binding.source == BindingSource::Arguments);
    let definition = arguments.and_then(|binding| module.tables.types.as_struct(module.tables.globals[binding.global].ty));
    let field = definition.and_then(|definition| definition.fields.iter().find(|field| field.offset == u64::from(offset)));
    field.map(|field| field.name.clone()).unwrap_or_default()
}

fn type_name(types: &Types, ty: TypeId) -> String {
    match types.get(ty) {
        Type::Void => "void".to_string(),
        Type::Scalar(scalar) => scalar.name().to_string(),
        Type::Vector { scalar, count } => format!("vec{count}<{}>", scalar.name()),
        Type::Array { element, count: Some(count) } => format!("array<{}, {count}>", type_name(types, element)),
        Type::Array { element, count: None } => format!("array<{}>", type_name(types, element)),
        Type::Struct(definition) => types.structs()[definition].name.clone(),
        Type::Pointer { .. } => "pointer".to_string(),
    }
}

fn feature_names(features: Features, subgroups: bool) -> Vec<String> {
    let names = [
        (features.float16, "float16"),
        (features.float64, "float64"),
        (features.int64, "int64"),
        (features.atomic_int64, "atomic_int64"),
        (subgroups, "subgroups"),
    ];
    names.iter().filter(|(needed, _)| *needed).map(|(_, name)| name.to_string()).collect()
}

/// The kernel and the functions it calls.
fn reached<'m>(module: &'m Module, entry: &Entry) -> impl Iterator<Item = &'m Function> {
    let mut seen = vec![entry.kernel];
    let mut next = 0;
    while let Some(&id) = seen.get(next) {
        next += 1;
        for (callee, _) in module.functions[id].callees() {
            if !seen.contains(&callee) {
                seen.push(callee);
            }
        }
    }
    seen.into_iter().map(|id| &module.functions[id])
}

fn uses_subgroups(module: &Module, entry: &Entry) -> bool {
    reached(module, entry).any(has_subgroup_operation)
}

/// What the entry and the functions it calls use beyond core WGSL.
pub fn needed_features(module: &Module, entry: &Entry) -> Features {
    let mut features = Features::default();
    for function in reached(module, entry) {
        add_function_features(module, function, &mut features);
    }
    for binding in &entry.bindings {
        add_type_features(&module.tables.types, module.tables.globals[binding.global].ty, &mut features);
    }
    features
}

fn add_function_features(module: &Module, function: &Function, features: &mut Features) {
    let types = &module.tables.types;
    for (expr, _) in function.evaluated() {
        add_type_features(types, function.ty(expr), features);
    }
    for (_, local) in function.locals.iter() {
        add_type_features(types, local.ty, features);
    }
    function.body.walk(&mut |stmt| {
        if let ir::StmtKind::Atomic { pointer, .. } = stmt.kind {
            let pointee = types.as_pointer(function.ty(pointer)).and_then(|(pointee, _)| types.as_scalar(pointee));
            features.atomic_int64 |= matches!(pointee, Some(Scalar::I64 | Scalar::U64));
        }
    });
}

fn add_type_features(types: &Types, ty: TypeId, features: &mut Features) {
    match types.get(ty) {
        Type::Scalar(scalar) | Type::Vector { scalar, .. } => match scalar {
            Scalar::I64 | Scalar::U64 => features.int64 = true,
            Scalar::F64 => features.float64 = true,
            Scalar::F16 => features.float16 = true,
            _ => {}
        },
        Type::Array { element, .. } => add_type_features(types, element, features),
        Type::Struct(definition) => {
            for field in &types.structs()[definition].fields {
                add_type_features(types, field.ty, features);
            }
        }
        Type::Pointer { pointee, .. } => add_type_features(types, pointee, features),
        Type::Void => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        assert_eq!(identifier("scale<float, 256>"), "scale_float_256");
        assert_eq!(identifier("ns::k"), "ns_k");
        assert_eq!(identifier("_private"), "private");
        assert_eq!(identifier("3d"), "k3d");
    }
}
