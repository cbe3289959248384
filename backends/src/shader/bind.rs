//! Kernel parameters become bindings and arguments, because a shader's entry point has no parameters of its own.
//!
//! ```text
//! kernel k(data: *global f32, n: i32) { data[n] = 1.0 }
//! =>
//! global data: [f32]            // binding, source: parameter 0
//! constant k_args: { n: i32 }   // binding, source: arguments
//! kernel k() { cast<*global f32>(&data)[k_args.n] = 1.0 }
//! ```
//!
//! By-value structs are taken apart: each scalar in them is an argument of its own, and each pointer a binding of its own. Large ones without
//! pointers stay whole, in a buffer that the launcher fills.
//! `__constant__` and `__device__` variables get bindings too.
//!
//! *Needs*: nothing. *Leaves*: no `Param` in the kernel; every binding's global has the type the source gave it.

use super::rewrite::{Builder, rebuild_all};
use super::stored_params;
use super::transplant::add_struct;
use super::{Argument, ArgumentPart, Binding, BindingKind, BindingMode, BindingSource, Options, Refusal, Widen};
use crate::common::ordered::OrderedMap;
use crate::launch_plan::HEAP_START;
use crate::output::Site;
use ir::{BinaryOp, Expr, ExprId, Field, FuncId, Global, GlobalId, Module, Param, Scalar, Space, Type, TypeId, Types};
use source::Span;

/// The variable that `malloc` gives memory of (`translator/include/device_malloc.h`). Where pointers are addresses in one heap, it is a part of that.
pub const DEVICE_HEAP: &str = "__deviceHeap";
/// A by-value parameter with more scalars than this is not taken apart.
const MOST_PARTS: u64 = 256;
/// Uniform buffers of every WebGPU device hold this much.
const UNIFORM_LIMIT: u64 = 16 << 10;

/// What the parameters became. Kinds and numbers of bindings are settled by [`finish`](super::finish).
#[derive(Default)]
pub(super) struct Interface {
    pub(super) bindings: Vec<Binding>,
    pub(super) arguments: Vec<Argument>,
    pub(super) arguments_global: Option<GlobalId>,
    /// The buffer that holds all device memory, if pointers are addresses in one. Of several windows it is the first, and stands for all of them
    /// until accesses choose.
    pub(super) heap: Option<GlobalId>,
    /// All windows of the heap, and the logarithm of their size.
    pub(super) windows: Vec<GlobalId>,
    pub(super) window_bits: u32,
    /// The field of the arguments that says whether the pointer of a binding is there.
    pub(super) present: OrderedMap<GlobalId, u32>,
    /// Bytes of the heap that `malloc` gives away.
    pub(super) device_heap: Option<u64>,
    /// What leaves records in the log.
    pub(super) sites: Vec<Site>,
    /// The field with the address of a binding's pointer, where the kernel compares pointers into different buffers.
    pub(super) address: OrderedMap<GlobalId, u32>,
    /// The number of phases, if the kernel is cut into some.
    pub(super) phases: Option<u32>,
}

/// A parameter as expressions can name it: a tree of arguments and bindings in the shape of its type.
enum Part {
    Scalar {
        field: u32,
        scalar: Scalar,
    },
    Vector {
        field: u32,
    },
    /// `offset` is the argument with the pointer's distance from the start of the binding, in bytes of which `unit` divides it.
    Buffer {
        global: GlobalId,
        ty: TypeId,
        offset: Option<u32>,
        unit: u64,
    },
    /// The argument with the pointer's address in the heap.
    HeapPointer {
        field: u32,
        ty: TypeId,
    },
    Whole {
        ty: TypeId,
        parts: Vec<Part>,
    },
    /// In a buffer of its own.
    Stored {
        global: GlobalId,
    },
}

pub(super) fn run(module: &mut Module, kernel: FuncId, options: &Options, addresses: Addresses) -> Result<Interface, Refusal> {
    let tests_null = tests_null(module);
    let mut binder =
        Binder { module, options, fields: Vec::new(), end: 0, interface: Interface::default(), tests_null, addresses };
    binder.add_heap(kernel);
    let params = std::mem::take(&mut binder.module.functions[kernel].params);
    let mut parts = Vec::new();
    for (index, param) in params.iter().enumerate() {
        let mut place = Place { parameter: index as u32, from: 0, name: param.name.clone(), param };
        parts.push(binder.part(param.ty, &mut place)?);
    }
    let arguments = binder.arguments_global(kernel);
    let interface = binder.interface;
    replace_params(module, kernel, &parts, arguments);
    if let Some(heap) = interface.heap {
        place_device_heap(module, heap);
    }
    Ok(interface)
}

/// What `malloc` gives memory of lies where the heap begins, so that its addresses are the same in every launch.
fn place_device_heap(module: &mut Module, heap: GlobalId) {
    let Some(variable) = device_heap(module) else { return };
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        rebuild_all(&mut builder, &mut |builder, old, expr| {
            if *expr != Expr::GlobalAddr(variable) {
                return None;
            }
            let (span, to) = (builder.span(old), builder.ty(old));
            let base = builder.global(heap, span);
            let start = builder.constant(Scalar::U32, HEAP_START as i64, span);
            let base = builder.element(base, start, span);
            Some(builder.add(Expr::PointerCast { base, to }, span))
        });
    }
}

fn device_heap(module: &Module) -> Option<GlobalId> {
    let is_heap = |global: &Global| global.name == DEVICE_HEAP && global.space == Space::Global;
    module.tables.globals.iter().find(|(_, global)| is_heap(global)).map(|(id, _)| id)
}

/// How many bytes `malloc` may give away in the program.
pub(super) fn device_heap_bytes(module: &Module) -> Option<u64> {
    device_heap(module).map(|variable| module.tables.types.size_of(module.tables.globals[variable].ty))
}

struct Place<'a> {
    parameter: u32,
    from: u64,
    name: String,
    param: &'a Param,
}

struct Binder<'a> {
    module: &'a mut Module,
    options: &'a Options,
    fields: Vec<Field>,
    end: u64,
    interface: Interface,
    /// Some pointer is compared with null somewhere.
    tests_null: bool,
    addresses: Addresses,
}

/// Are the addresses of buffers among the arguments?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Addresses {
    Absent,
    Passed,
}

impl Binder<'_> {
    fn part(&mut self, ty: TypeId, place: &mut Place<'_>) -> Result<Part, Refusal> {
        let span = place.param.span;
        let types = &self.module.tables.types;
        if ty == place.param.ty && scalars_in(types, ty).is_some_and(|count| count > MOST_PARTS) {
            return Ok(self.stored(ty, place));
        }
        match types.get(ty) {
            Type::Scalar(scalar) => Ok(Part::Scalar { field: self.scalar(scalar, place), scalar }),
            Type::Vector { scalar, count } if scalar.size() == 4 => {
                let align = field_align(self.module.tables.types.get(ty));
                let size = 4 * u64::from(count);
                let field = self.field(ty, size, align, place);
                self.argument(place, ArgumentPart::Bytes { from: place.from as u32, size: size as u32, widen: None });
                Ok(Part::Vector { field })
            }
            Type::Vector { scalar, count } => {
                let element = self.module.tables.types.scalar(scalar);
                let names = ["x", "y", "z", "w"];
                let members = (0..usize::from(count)).map(|i| (names[i].to_owned(), element, i as u64 * scalar.size())).collect();
                self.whole(ty, members, place)
            }
            Type::Struct(definition) => {
                let definition = &self.module.tables.types.structs()[definition];
                let members = definition.fields.iter().map(|field| (field.name.clone(), field.ty, field.offset)).collect();
                self.whole(ty, members, place)
            }
            Type::Array { element, count: Some(count) } if count <= MOST_PARTS => {
                let size = self.module.tables.types.size_of(element);
                let members = (0..count).map(|i| (i.to_string(), element, i * size)).collect();
                self.whole(ty, members, place)
            }
            Type::Array { .. } => Err(Refusal::ValueType { span, what: "large array (in a kernel parameter)" }),
            Type::Pointer { .. } if self.interface.heap.is_some() => {
                let word = self.module.tables.types.scalar(Scalar::U32);
                let field = self.field(word, 4, 4, place);
                self.argument(place, ArgumentPart::HeapAddress { from: place.from as u32 });
                Ok(Part::HeapPointer { field, ty })
            }
            Type::Pointer { pointee, .. } => Ok(self.buffer(ty, pointee, place)),
            Type::Void => Err(Refusal::ValueType { span, what: "void" }),
        }
    }

    fn whole(&mut self, ty: TypeId, members: Vec<(String, TypeId, u64)>, place: &mut Place<'_>) -> Result<Part, Refusal> {
        let mut parts = Vec::new();
        for (name, member, offset) in members {
            let mut inner = Place {
                parameter: place.parameter,
                from: place.from + offset,
                name: format!("{}_{name}", place.name),
                param: place.param,
            };
            parts.push(self.part(member, &mut inner)?);
        }
        if self.fields.len() as u64 > MOST_PARTS {
            return Err(Refusal::ValueType { span: place.param.span, what: "large struct (as a kernel parameter)" });
        }
        Ok(Part::Whole { ty, parts })
    }

    fn stored(&mut self, ty: TypeId, place: &Place<'_>) -> Part {
        let align = self.module.tables.types.align_of(ty);
        let (name, space) = (place.name.clone(), Space::Constant);
        let global = Global { name, ty, space, init: None, dynamic: false, per_thread: 0, literal: false, align };
        let global = self.module.tables.globals.add(global, place.param.span);
        let source = BindingSource::Value(place.parameter);
        self.interface.bindings.push(Binding { binding: 0, global, kind: BindingKind::StorageRead, source });
        Part::Stored { global }
    }

    /// One word for up to 32 bits. 64-bit scalars are two words where the target has no such type.
    fn scalar(&mut self, scalar: Scalar, place: &Place<'_>) -> u32 {
        let (from, size) = (place.from as u32, scalar.size() as u32);
        let types = &mut self.module.tables.types;
        let native = match scalar {
            Scalar::I64 | Scalar::U64 => self.options.features.int64,
            Scalar::F64 => self.options.features.float64,
            _ => true,
        };
        let (ty, bytes, widen) = match scalar {
            Scalar::I8 | Scalar::I16 => (types.scalar(Scalar::I32), 4, Some(Widen::Signed)),
            Scalar::Bool | Scalar::U8 | Scalar::U16 | Scalar::F16 | Scalar::BF16 => {
                (types.scalar(Scalar::U32), 4, Some(Widen::Unsigned))
            }
            Scalar::I64 | Scalar::U64 | Scalar::F64 if !native => (types.vector(Scalar::U32, 2), 8, None),
            _ => (types.scalar(scalar), scalar.size(), None),
        };
        let field = self.field(ty, bytes, bytes, place);
        self.argument(place, ArgumentPart::Bytes { from, size, widen });
        field
    }

    fn field(&mut self, ty: TypeId, size: u64, align: u64, place: &Place<'_>) -> u32 {
        let offset = self.end.next_multiple_of(align);
        self.fields.push(Field { name: place.name.clone(), ty, offset });
        self.end = offset + size;
        self.fields.len() as u32 - 1
    }

    fn argument(&mut self, place: &Place<'_>, what: ArgumentPart) {
        let offset = self.fields.last().map_or(0, |field| field.offset) as u32;
        self.interface.arguments.push(Argument { parameter: place.parameter, what, offset });
    }

    fn buffer(&mut self, ty: TypeId, pointee: TypeId, place: &Place<'_>) -> Part {
        let types = &mut self.module.tables.types;
        let element = if types.get(pointee) == Type::Void { types.scalar(Scalar::U8) } else { pointee };
        let (array, align) = (types.array(element, None), types.align_of(element));
        let global = Global {
            name: place.name.clone(),
            ty: array,
            space: Space::Global,
            init: None,
            dynamic: false,
            per_thread: 0,
            literal: false,
            align,
        };
        let global = self.module.tables.globals.add(global, place.param.span);
        let is_whole = self.module.tables.types.as_pointer(place.param.ty).is_some();
        let source = match is_whole {
            true => BindingSource::Parameter(place.parameter),
            false => BindingSource::Member { parameter: place.parameter, from: place.from as u32 },
        };
        self.interface.bindings.push(Binding { binding: 0, global, kind: BindingKind::StorageRead, source });
        let address = ArgumentPart::HeapAddress { from: place.from as u32 };
        if self.addresses == Addresses::Passed {
            let field = self.word(place, "address", address);
            self.interface.present.insert(global, field);
            self.interface.address.insert(global, field);
        } else if self.tests_null {
            // A pointer in a struct is there if its bytes are not zero.
            let part = if is_whole { ArgumentPart::PointerPresent } else { address };
            let field = self.word(place, "present", part);
            self.interface.present.insert(global, field);
        }
        let offset = ArgumentPart::PointerOffset { from: place.from as u32 };
        let offset = self.options.offset_arguments.then(|| self.word(place, "offset", offset));
        Part::Buffer { global, ty, offset, unit: align }
    }

    /// An argument about the pointer `place`.
    fn word(&mut self, place: &Place<'_>, what: &str, part: ArgumentPart) -> u32 {
        let ty = self.module.tables.types.scalar(Scalar::U32);
        let named = Place { name: format!("{}_{what}", place.name), ..*place };
        let field = self.field(ty, 4, 4, &named);
        self.argument(place, part);
        field
    }

    fn add_heap(&mut self, kernel: FuncId) {
        if self.options.bindings != BindingMode::Heap {
            return;
        }
        let types = &mut self.module.tables.types;
        let byte = types.scalar(Scalar::U8);
        let ty = types.array(byte, None);
        let span = self.module.functions[kernel].span;
        for window in 0..self.options.windows.count.max(1) {
            let name = if window == 0 { "heap".into() } else { format!("heap{window}") };
            let global =
                Global { name, ty, space: Space::Global, init: None, dynamic: false, per_thread: 0, literal: false, align: 4 };
            let global = self.module.tables.globals.add(global, span);
            self.interface.windows.push(global);
            let kind = BindingKind::StorageReadWrite;
            self.interface.bindings.push(Binding { binding: 0, global, kind, source: BindingSource::Heap { window } });
        }
        self.interface.heap = self.interface.windows.first().copied();
        self.interface.window_bits = self.options.windows.bits;
    }

    fn arguments_global(&mut self, kernel: FuncId) -> Option<GlobalId> {
        if self.fields.is_empty() {
            return None;
        }
        let fields = std::mem::take(&mut self.fields);
        let types = &self.module.tables.types;
        let align = fields.iter().map(|field| field_align(types.get(field.ty))).max().unwrap_or(4);
        let size = self.end.next_multiple_of(align);
        let span = self.module.functions[kernel].span;
        let name = base_name(&self.module.functions[kernel].name);
        let title: String = name.split('_').map(capitalised).collect();
        let ty = add_struct(self.module, format!("{title}Args"), fields, size, align, span);
        let global = Global {
            name: "args".into(),
            ty,
            space: Space::Constant,
            init: None,
            dynamic: false,
            per_thread: 0,
            literal: false,
            align,
        };
        let global = self.module.tables.globals.add(global, span);
        self.interface.arguments_global = Some(global);
        let kind = if size <= UNIFORM_LIMIT { BindingKind::Uniform } else { BindingKind::StorageRead };
        self.interface.bindings.insert(0, Binding { binding: 0, global, kind, source: BindingSource::Arguments });
        Some(global)
    }
}

/// How many scalars a type is made of, `None` if there are pointers among them.
fn scalars_in(types: &Types, ty: TypeId) -> Option<u64> {
    match types.get(ty) {
        Type::Scalar(_) | Type::Void => Some(1),
        Type::Vector { count, .. } => Some(u64::from(count)),
        Type::Array { element, count } => Some(scalars_in(types, element)?.saturating_mul(count?)),
        Type::Struct(definition) => {
            let fields = types.structs()[definition].fields.iter().map(|field| scalars_in(types, field.ty));
            fields.sum()
        }
        Type::Pointer { .. } => None,
    }
}

/// WGSL's alignment of an argument (WGSL specification, "Alignment and Size").
fn field_align(ty: Type) -> u64 {
    match ty {
        Type::Scalar(scalar) => scalar.size(),
        Type::Vector { count: 2, .. } => 8,
        _ => 16,
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// `scale` of `ns::scale<float, 4>`.
fn base_name(name: &str) -> String {
    let plain = name.split('<').next().unwrap_or(name);
    plain.rsplit("::").next().unwrap_or(plain).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn replace_params(module: &mut Module, kernel: FuncId, parts: &[Part], arguments: Option<GlobalId>) {
    let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let of_part = |part: &Part| match part {
        Part::Stored { global } => Some(*global),
        _ => None,
    };
    let stored: Vec<GlobalId> = parts.iter().filter_map(of_part).collect();
    for (param, part) in parts.iter().enumerate() {
        if let Part::Stored { global } = part {
            stored_params::run(&mut builder, param as u32, *global);
        }
    }
    rebuild_all(&mut builder, &mut |builder, old, expr| {
        let span = builder.span(old);
        match expr {
            Expr::Param(index) => Some(part_value(builder, &parts[*index as usize], arguments, span)),
            Expr::Extract { value, index } => match builder.expr(*value) {
                Expr::Construct { parts, .. } => parts.get(*index as usize).copied(),
                // A part of what is stored is read alone.
                Expr::Load { pointer, volatile: false } if is_stored(builder, pointer, &stored) => {
                    let (base, index) = (pointer, *index);
                    let pointee =
                        builder.tables.types.as_pointer(builder.ty(base)).map(|(pointee, _)| builder.tables.types.get(pointee));
                    let part = match pointee {
                        Some(Type::Array { .. }) => {
                            let index = builder.constant(Scalar::U32, i64::from(index), span);
                            builder.element(base, index, span)
                        }
                        _ => builder.add(Expr::Field { base, index }, span),
                    };
                    Some(builder.add(Expr::Load { pointer: part, volatile: false }, span))
                }
                _ => None,
            },
            _ => None,
        }
    });
}

/// Does the address lie in one of these variables?
fn is_stored(builder: &Builder<'_>, mut pointer: ExprId, stored: &[GlobalId]) -> bool {
    loop {
        match builder.expr(pointer) {
            Expr::Field { base, .. } | Expr::Element { base, .. } => pointer = base,
            Expr::GlobalAddr(global) => return stored.contains(&global),
            _ => return false,
        }
    }
}

fn part_value(builder: &mut Builder<'_>, part: &Part, arguments: Option<GlobalId>, span: Span) -> ExprId {
    match part {
        Part::Buffer { global, ty, offset, unit } => {
            let mut base = builder.global(*global, span);
            if let Some(field) = offset {
                let bytes = argument_value(builder, *field, arguments, span);
                base = offset_by(builder, base, bytes, *unit, span);
            }
            builder.add(Expr::PointerCast { base, to: *ty }, span)
        }
        Part::HeapPointer { field, ty } => {
            let value = argument_value(builder, *field, arguments, span);
            let value = builder.convert(value, Scalar::U64, span);
            builder.add(Expr::IntToPointer { value, to: *ty }, span)
        }
        Part::Whole { ty, parts } => {
            let parts = parts.iter().map(|part| part_value(builder, part, arguments, span)).collect();
            builder.add(Expr::Construct { ty: *ty, parts }, span)
        }
        Part::Vector { field } => argument_value(builder, *field, arguments, span),
        Part::Stored { global } => {
            let pointer = builder.global(*global, span);
            builder.add(Expr::Load { pointer, volatile: false }, span)
        }
        Part::Scalar { field, scalar } => {
            let value = argument_value(builder, *field, arguments, span);
            from_argument(builder, value, *scalar, span)
        }
    }
}

/// `base` plus a number of bytes that `unit` (a power of two) divides.
fn offset_by(builder: &mut Builder<'_>, base: ExprId, bytes: ExprId, unit: u64, span: Span) -> ExprId {
    let byte = builder.scalar_ty(Scalar::U8);
    let step = if unit == 1 { byte } else { builder.tables.types.array(byte, Some(unit)) };
    let to = builder.tables.types.pointer(step, Space::Global);
    let base = builder.add(Expr::PointerCast { base, to }, span);
    let index = builder.with_constant(BinaryOp::Shr, bytes, i64::from(unit.trailing_zeros()), span);
    builder.add(Expr::Offset { base, index }, span)
}

/// Is any pointer compared with null?
fn tests_null(module: &Module) -> bool {
    module.functions.iter().any(|(_, function)| {
        let is_null = |mut id: ExprId| {
            while let Expr::PointerCast { base, .. } = *function.expr(id) {
                id = base;
            }
            matches!(*function.expr(id), Expr::Zero(ty) if module.tables.types.as_pointer(ty).is_some())
        };
        function.evaluated().any(|(_, expr)| matches!(*expr, Expr::Binary { a, b, .. } if is_null(a) || is_null(b)))
    })
}

fn argument_value(builder: &mut Builder<'_>, field: u32, arguments: Option<GlobalId>, span: Span) -> ExprId {
    let Some(arguments) = arguments else { unreachable!("a kernel with scalar parameters has an arguments binding") };
    let base = builder.global(arguments, span);
    let pointer = builder.field(base, field, span);
    builder.load(pointer, span)
}

/// The parameter's value from the word or words that carry it.
fn from_argument(builder: &mut Builder<'_>, value: ExprId, scalar: Scalar, span: Span) -> ExprId {
    if builder.scalar_of(value) == Some(scalar) {
        return value;
    }
    match scalar {
        Scalar::F16 | Scalar::BF16 => {
            let bits = builder.convert(value, Scalar::U16, span);
            builder.reinterpret(bits, scalar, span)
        }
        Scalar::I64 | Scalar::U64 | Scalar::F64 => {
            let whole = wide_value(builder, value, span);
            builder.reinterpret(whole, scalar, span)
        }
        _ => builder.convert(value, scalar, span),
    }
}

/// A `u64` from a vector of two words, the low one first.
pub(super) fn wide_value(builder: &mut Builder<'_>, words: ExprId, span: Span) -> ExprId {
    let low = builder.add(Expr::Extract { value: words, index: 0 }, span);
    let high = builder.add(Expr::Extract { value: words, index: 1 }, span);
    let low = builder.convert(low, Scalar::U64, span);
    let high = builder.convert(high, Scalar::U64, span);
    let high = builder.with_constant(BinaryOp::Shl, high, 32, span);
    builder.binary(BinaryOp::Or, low, high, span)
}
