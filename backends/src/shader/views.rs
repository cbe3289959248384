//! Chooses for each variable the type that all its accesses agree on, its *view*.
//!
//! ```text
//! x: *f32, read as x[i]                    view [f32]: the chain stays x[i]
//! x: *f32, read through (float4*)x         view [f32]: four elements
//! p: *struct { f32x3 v; f32 w }            view [struct]: layout is WGSL's
//! b: *u8                                   view [u32]: words, shift and mask
//! ```
//!
//! In order of preference: the type the source gave; a vector or struct type that an access has; elements of one scalar
//! type, if all accesses are made of it; words. A buffer's view must have WGSL's layout, because its bytes come from
//! outside; shared variables and locals only have to be consistent in themselves.
//!
//! *Needs*: addresses are chains ([`chain_address`]). *Leaves*: nothing changed; [`access`](super::access) rewrites.

use super::address::{Address, Root, chain_address, gcd, plan};
use super::layout::is_host_shareable;
use super::rewrite::Builder;
use super::{Features, Options, Refusal};
use crate::common::ordered::OrderedMap;
use ir::{AtomicOp, Expr, ExprId, FuncId, Function, GlobalId, LocalId, Module, Scalar, Space, StmtKind, Type, TypeId, Types};
use rustc_hash::FxHashSet;

/// What is done at one address.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) ty: TypeId,
    pub(super) address: Address,
    pub(super) kind: AccessKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessKind {
    Load { volatile: bool },
    Store,
    Atomic(AtomicOp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// The variable's new type.
    pub(super) ty: TypeId,
    pub(super) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Accesses are chains through the type.
    Native,
    /// An array of one scalar type; wider accesses are several elements.
    Flat(Scalar),
    /// An array of words, `u32` or (where there are 64-bit atomics) `u64`; everything is put together from them.
    Words(Scalar),
}

/// The views of module variables, and of each function's locals.
#[derive(Default)]
pub(super) struct Views {
    pub(super) globals: OrderedMap<GlobalId, View>,
    pub(super) locals: OrderedMap<(FuncId, LocalId), View>,
    /// Variables with 64-bit atomics whose halves somebody could see apart, had the target only 32-bit ones.
    pub(super) observed: FxHashSet<Root>,
}

pub(super) fn choose(module: &mut Module, options: &Options, heap: &[GlobalId]) -> Result<Views, Refusal> {
    let features = options.features;
    let mut accesses: OrderedMap<(Option<FuncId>, Root), Vec<Access>> = OrderedMap::default();
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for &id in &ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        for access in collect(&mut builder)? {
            let scope = if matches!(access.address.root, Root::Global(_)) { None } else { Some(id) };
            accesses.entry((scope, access.address.root)).or_default().push(access);
        }
    }
    let mut views = Views::default();
    for (&(scope, root), list) in &accesses {
        let others = accesses.iter().filter(|((_, other), _)| {
            let is_buffer = |root| matches!(root, Root::Global(global) if module.tables.globals[global].space == Space::Global);
            options.aliased && *other != root && is_buffer(*other) && is_buffer(root)
        });
        let others: Vec<&Access> = others.flat_map(|(_, list)| list).collect();
        if has_observers(&module.tables.types, list, &others) {
            views.observed.insert(root);
        }
        match (root, scope) {
            // What lies in the heap is not for this kernel alone to say.
            (Root::Global(global), _) if heap.contains(&global) => {
                let word = module.tables.types.scalar(Scalar::U32);
                views.globals.insert(global, View { ty: module.tables.types.array(word, None), form: Form::Words(Scalar::U32) });
            }
            (Root::Global(global), _) => {
                let (ty, space) = (module.tables.globals[global].ty, module.tables.globals[global].space);
                let memory = if space == Space::Shared { Memory::Private } else { Memory::Host };
                let mut chooser = Chooser { types: &mut module.tables.types, ty, memory, features, accesses: list };
                views.globals.insert(global, chooser.view());
            }
            (Root::Local(local), Some(function)) => {
                let ty = module.functions[function].locals[local].ty;
                let memory = Memory::Private;
                let mut chooser = Chooser { types: &mut module.tables.types, ty, memory, features, accesses: list };
                views.locals.insert((function, local), chooser.view());
            }
            (Root::Param(_) | Root::Local(_), _) => {}
        }
    }
    Ok(views)
}

/// Every access of the function, in order.
fn collect(builder: &mut Builder<'_>) -> Result<Vec<Access>, Refusal> {
    let mut found: Vec<(ExprId, AccessKind)> = Vec::new();
    let mut declared: Vec<LocalId> = Vec::new();
    let function: &Function = builder.function;
    function.body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Store { pointer, .. } => found.push((*pointer, AccessKind::Store)),
        StmtKind::Atomic { op, pointer, .. } => found.push((*pointer, AccessKind::Atomic(*op))),
        StmtKind::Declare { local, init: Some(_) } => declared.push(*local),
        _ => {}
    });
    let mut loads = Vec::new();
    function.walk_all(&mut |id| {
        if let Expr::Load { pointer, volatile } = function.expr(id) {
            loads.push((*pointer, AccessKind::Load { volatile: *volatile }));
        }
    });
    found.extend(loads);
    let mut accesses = Vec::new();
    for (pointer, kind) in found {
        let address = chain_address(builder, pointer)?;
        accesses.push(Access { ty: super::address::pointee(builder, pointer), address, kind });
    }
    for local in declared {
        let ty = builder.function.locals[local].ty;
        accesses.push(Access { ty, address: Address::of(Root::Local(local)), kind: AccessKind::Store });
    }
    Ok(accesses)
}

/// May an integer atomic be done word by word, each word's part commuting with those of the same operation?
pub(super) fn is_commuting(op: AtomicOp) -> bool {
    matches!(op, AtomicOp::Add | AtomicOp::Sub | AtomicOp::And | AtomicOp::Or | AtomicOp::Xor)
}

/// Is a place with 64-bit atomics also changed by atomics of another kind, or read while it changes? `aliases` are accesses to
/// variables that may be the same memory.
fn has_observers(types: &Types, accesses: &[Access], aliases: &[&Access]) -> bool {
    // A difference is a sum.
    let kind = |op| if op == AtomicOp::Sub { AtomicOp::Add } else { op };
    let is_wide_atomic = |access: &&Access| matches!(access.kind, AccessKind::Atomic(_)) && types.size_of(access.ty) == 8;
    accesses.iter().filter(is_wide_atomic).any(|atomic| {
        let AccessKind::Atomic(op) = atomic.kind else { return false };
        let is_harmless = |other: &Access| match other.kind {
            AccessKind::Load { volatile } => !volatile,
            AccessKind::Store => true,
            AccessKind::Atomic(other_op) => types.size_of(other.ty) == 8 && kind(other_op) == kind(op) && is_commuting(op),
        };
        accesses.iter().any(|other| !is_harmless(other) && may_overlap(types, atomic, other))
            || aliases.iter().any(|other| !is_harmless(other))
    })
}

/// Two accesses of one variable whose indices may have any value.
fn may_overlap(types: &Types, a: &Access, b: &Access) -> bool {
    let (size_a, size_b) = (types.size_of(a.ty) as i64, types.size_of(b.ty) as i64);
    let strides = a.address.terms.iter().chain(&b.address.terms).map(|term| term.stride.unsigned_abs());
    let period = strides.fold(0, gcd) as i64;
    let distance = b.address.constant - a.address.constant;
    if period == 0 {
        return -size_b < distance && distance < size_a;
    }
    let distance = distance.rem_euclid(period);
    distance < size_a || distance + size_b > period
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// Bytes come from outside: the layout must be WGSL's.
    Host,
    /// Shared or local: any layout.
    Private,
}

struct Chooser<'a> {
    types: &'a mut Types,
    ty: TypeId,
    memory: Memory,
    features: Features,
    accesses: &'a [Access],
}

impl Chooser<'_> {
    fn view(&mut self) -> View {
        let mut candidates = vec![self.ty];
        if let Type::Array { count: None, .. } = self.types.get(self.ty) {
            for access in self.accesses {
                let wanted = self.types.array(access.ty, None);
                if matches!(self.types.get(access.ty), Type::Vector { .. } | Type::Struct(_)) && !candidates.contains(&wanted) {
                    candidates.push(wanted);
                }
            }
        }
        for ty in candidates {
            if self.fits_natively(ty) {
                return View { ty, form: Form::Native };
            }
        }
        match self.flat_scalar() {
            Some(scalar) => {
                let element = self.types.scalar(scalar);
                View { ty: self.array_of(element, scalar.size()), form: Form::Flat(scalar) }
            }
            None => {
                let word = self.word();
                let element = self.types.scalar(word);
                View { ty: self.array_of(element, word.size()), form: Form::Words(word) }
            }
        }
    }

    /// Atomics need words of their own size; narrower ones go through a part of such a word.
    fn word(&self) -> Scalar {
        let is_wide = |access: &Access| matches!(access.kind, AccessKind::Atomic(_)) && self.types.size_of(access.ty) == 8;
        if self.features.atomic_int64 && self.accesses.iter().any(is_wide) { Scalar::U64 } else { Scalar::U32 }
    }

    fn array_of(&mut self, element: TypeId, size: u64) -> TypeId {
        let count = match self.types.get(self.ty) {
            Type::Array { count: None, .. } => None,
            _ => Some(self.types.size_of(self.ty).div_ceil(size).max(1)),
        };
        self.types.array(element, count)
    }

    fn fits_natively(&mut self, ty: TypeId) -> bool {
        let legal = match self.memory {
            Memory::Host => is_host_shareable(self.types, ty, self.features),
            Memory::Private => is_plain(self.types, ty),
        };
        let has_atomics = self.accesses.iter().any(|access| matches!(access.kind, AccessKind::Atomic(_)));
        legal
            && (!has_atomics || self.is_atomic_array(ty))
            && self.accesses.iter().all(|access| match plan(self.types, ty, &access.address, access.ty) {
                Some((_, found)) => found == access.ty || !self.keeps_sign(access.kind),
                None => false,
            })
    }

    /// Arrays of 32-bit integers, of any depth: what may be declared atomic as a whole.
    fn is_atomic_array(&self, ty: TypeId) -> bool {
        match self.types.get(ty) {
            Type::Array { element, .. } => self.is_atomic_array(element),
            Type::Scalar(scalar) => self.may_be_atomic(scalar),
            _ => false,
        }
    }

    fn may_be_atomic(&self, scalar: Scalar) -> bool {
        match scalar {
            Scalar::I32 | Scalar::U32 => true,
            Scalar::I64 | Scalar::U64 => self.features.atomic_int64,
            _ => false,
        }
    }

    fn keeps_sign(&self, kind: AccessKind) -> bool {
        matches!(kind, AccessKind::Atomic(AtomicOp::Min | AtomicOp::Max))
    }

    /// The scalar that all accesses are made of, if it is one (up to the sign of integers) and they are aligned to it.
    fn flat_scalar(&mut self) -> Option<Scalar> {
        let mut scalars: OrderedMap<Scalar, usize> = OrderedMap::default();
        let mut sign_of_atomic = None;
        for access in self.accesses {
            let mut leaves = Vec::new();
            leaf_scalars(self.types, access.ty, &mut leaves)?;
            for leaf in leaves {
                *scalars.entry(leaf).or_default() += 1;
            }
            let scalar = self.types.as_scalar(access.ty).filter(|scalar| scalar.is_int());
            if let Some(scalar) = scalar.filter(|_| self.keeps_sign(access.kind)) {
                if sign_of_atomic.is_some_and(|other| other != scalar) {
                    return None;
                }
                sign_of_atomic = Some(scalar);
            }
        }
        let (&most, _) = scalars.iter().max_by_key(|(_, count)| **count)?;
        let has_atomics = self.accesses.iter().any(|access| matches!(access.kind, AccessKind::Atomic(_)));
        let mut chosen = sign_of_atomic.unwrap_or(most);
        if chosen == Scalar::F64 {
            // An integer keeps all bits, and may be atomic.
            let integer = scalars.keys().copied().find(|scalar| scalar.is_int() && scalar.size() == 8);
            chosen = integer.or(has_atomics.then_some(Scalar::U64)).unwrap_or(chosen);
        }
        let alike = |scalar: Scalar| {
            let both_wide = scalar.size() == 8 && chosen.size() == 8;
            scalar == chosen || both_wide || scalar.is_int() && chosen.is_int() && scalar.size() == chosen.size()
        };
        let aligned = self.accesses.iter().all(|access| access.address.granularity() % chosen.size() == 0);
        let legal = match (self.memory, chosen) {
            (Memory::Private, _) => true,
            (Memory::Host, Scalar::I32 | Scalar::U32 | Scalar::F32) => true,
            // Two words, where the target has no such number (`wide`).
            (Memory::Host, Scalar::I64 | Scalar::U64 | Scalar::F64) => true,
            (Memory::Host, _) => false,
        };
        let atomic = !has_atomics || self.may_be_atomic(chosen);
        let padded = self.accesses.iter().any(|access| is_padded(self.types, access.ty, chosen.size()));
        (legal && atomic && aligned && !padded && scalars.keys().all(|&scalar| alike(scalar))).then_some(chosen)
    }
}

/// Structs whose fields do not lie at multiples of the scalar.
fn is_padded(types: &Types, ty: TypeId, unit: u64) -> bool {
    match types.get(ty) {
        Type::Struct(definition) => {
            types.structs()[definition].fields.iter().any(|field| field.offset % unit != 0 || is_padded(types, field.ty, unit))
        }
        Type::Array { element, .. } => is_padded(types, element, unit),
        _ => false,
    }
}

/// The scalars a type is made of; `None` for pointers.
fn leaf_scalars(types: &Types, ty: TypeId, out: &mut Vec<Scalar>) -> Option<()> {
    match types.get(ty) {
        Type::Scalar(scalar) => out.push(scalar),
        Type::Vector { scalar, .. } => out.push(scalar),
        Type::Array { element, .. } => leaf_scalars(types, element, out)?,
        Type::Struct(definition) => {
            for field in &types.structs()[definition].fields {
                leaf_scalars(types, field.ty, out)?;
            }
        }
        Type::Pointer { .. } | Type::Void => return None,
    }
    Some(())
}

/// No pointers inside: what a shader's own variables may hold once narrow scalars are widened.
fn is_plain(types: &Types, ty: TypeId) -> bool {
    leaf_scalars(types, ty, &mut Vec::new()).is_some()
}
