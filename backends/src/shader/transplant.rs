//! Copies functions from one module into another with everything they refer to, because each kernel is made legal on its
//! own: a refused kernel then costs the others nothing, and what a pass does to a shared function for one kernel the
//! others do not see.
//!
//! [`isolate`] takes a kernel out of its module; [`merge`] puts finished programs together again and shares what came out
//! alike: structs, `__constant__` and `__device__` variables, device functions.

use super::inline::compacted;
use super::{BindingKind, BindingSource, Entry, Program};
use ir::{
    Arena, Constant, ConstantId, Expr, Field, FuncId, Function, FunctionKind, Global, GlobalId, Module, Space, Struct, StructId,
    Tables, Type, TypeId,
};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

/// The kernel and what it reaches, in a module of its own: callees before callers unless they call each other, the kernel last.
pub(super) fn isolate(module: &Module, kernel: FuncId) -> (Module, FuncId) {
    // The comments come back when the programs are merged.
    let mut target = empty_like(module);
    let mut copier = Copier::new(module, &mut target, Sharing::Nothing);
    let kernel = copier.function(kernel);
    (target, kernel)
}

fn empty_like(module: &Module) -> Module {
    Module { warp_size: module.warp_size, ..Module::default() }
}

/// A function of another module in `target`, with what it calls. `done` keeps what was copied before.
pub(super) fn import_one(source: &Module, target: &mut Module, done: &mut FxHashMap<FuncId, FuncId>, function: FuncId) -> FuncId {
    let mut copier = Copier::new(source, target, Sharing::Nothing);
    copier.functions = std::mem::take(done);
    let copy = copier.function(function);
    *done = copier.functions;
    copy
}

/// Drops functions that were inlined everywhere. Globals keep their numbers, because the interface names them.
pub(super) fn keep_reachable(module: &mut Module, kernel: &mut FuncId) {
    let reachable = reachable(module, *kernel);
    if reachable.len() == module.functions.len() {
        return;
    }
    let mut functions = ir::Arena::new();
    let mut places = FxHashMap::default();
    let all = std::mem::take(&mut module.functions);
    for (id, (function, span)) in all.handles().zip(all.into_items()).filter(|(id, _)| reachable.contains(id)) {
        places.insert(id, functions.add(function, span));
    }
    for (_, function) in functions.iter_mut() {
        function.map_callees(|callee| places.get(&callee).copied());
    }
    *kernel = places[kernel];
    module.functions = functions;
}

/// Adds all functions of `source`, with what they use, and tells their new places.
pub(super) fn import(module: &mut Module, source: &Module) -> Vec<FuncId> {
    let mut copier = Copier::new(source, module, Sharing::Nothing);
    source.functions.handles().map(|id| copier.function(id)).collect()
}

/// Does one of the functions that `kernel` reaches call itself, directly or through others?
pub(super) fn calls_itself(module: &Module, kernel: FuncId) -> bool {
    fn visit(module: &Module, id: FuncId, active: &mut Vec<FuncId>, done: &mut FxHashSet<FuncId>) -> bool {
        active.push(id);
        let callees = module.functions[id].callees();
        let found = callees
            .into_iter()
            .any(|(callee, _)| active.contains(&callee) || !done.contains(&callee) && visit(module, callee, active, done));
        active.pop();
        done.insert(id);
        found
    }
    visit(module, kernel, &mut Vec::new(), &mut FxHashSet::default())
}

/// Puts callees before their callers, where no function calls itself, and drops what `kernel` does not reach.
pub(super) fn in_order_of_calls(module: &mut Module, kernel: FuncId) -> FuncId {
    let mut order = Vec::new();
    fn visit(module: &Module, id: FuncId, order: &mut Vec<FuncId>) {
        if !order.contains(&id) {
            module.functions[id].callees().into_iter().for_each(|(callee, _)| visit(module, callee, order));
            order.push(id);
        }
    }
    visit(module, kernel, &mut order);
    let all = std::mem::take(&mut module.functions);
    let mut all: Vec<Option<(Function, Span)>> = all.into_items().map(Some).collect();
    for (function, span) in order.iter().filter_map(|id| all[id.index()].take()) {
        module.functions.add(function, span);
    }
    let place = |id: FuncId| order.iter().position(|&other| other == id).map(FuncId::new);
    for (_, function) in module.functions.iter_mut() {
        function.map_callees(place);
    }
    place(kernel).unwrap_or(kernel)
}

/// The functions that `kernel` reaches, itself first.
pub(super) fn reachable(module: &Module, kernel: FuncId) -> Vec<FuncId> {
    let mut list = vec![kernel];
    let mut next = 0;
    while let Some(&id) = list.get(next) {
        for (callee, _) in module.functions[id].callees() {
            if !list.contains(&callee) {
                list.push(callee);
            }
        }
        next += 1;
    }
    list
}

/// One program of many. Variables of the module get the first binding numbers, the same for every entry.
pub(super) fn merge(mut programs: Vec<Program>, comments: &[ir::Comment]) -> Program {
    let mut program = match programs.len() {
        1 => programs.remove(0),
        _ => united(programs),
    };
    program.module.comments = comments.to_vec();
    program
}

/// Functions keep in their arenas only what their bodies use.
pub(super) fn compact(module: &mut Module, kernel: FuncId) {
    for id in reachable(module, kernel).into_iter().filter(|id| !module.functions[*id].is_settled).collect::<Vec<_>>() {
        module.functions[id] = compacted(&module.functions[id]);
    }
}

/// The kernel as a program of its own: what the passes left without use in the module stays behind.
pub(super) fn settle(module: Module, entry: Entry) -> Program {
    let mut target = empty_like(&module);
    let mut entries = Vec::new();
    Copier::taking(module.functions, &module.tables, &mut target, Sharing::Equal).entry(&entry, &mut entries);
    number_bindings(&mut entries);
    unify_kinds(&mut entries);
    Program { module: target, entries }
}

fn united(programs: Vec<Program>) -> Program {
    let mut module = programs.first().map_or_else(Module::default, |program| empty_like(&program.module));
    let mut entries = Vec::new();
    let mut log = None;
    for program in programs {
        let Module { functions, tables, .. } = program.module;
        let mut copier = Copier::taking(functions, &tables, &mut module, Sharing::Equal);
        for entry in &program.entries {
            // One log serves all, so that the functions that write it are shared.
            for binding in entry.bindings.iter().filter(|binding| binding.source == BindingSource::Log) {
                let shared = *log.get_or_insert_with(|| copier.global(binding.global));
                copier.globals.insert(binding.global, shared);
            }
            copier.entry(entry, &mut entries);
        }
    }
    number_bindings(&mut entries);
    unify_kinds(&mut entries);
    Program { module, entries }
}

/// A variable has one declaration: if one kernel writes it, it is writable for all.
fn unify_kinds(entries: &mut [Entry]) {
    let bindings = entries.iter().flat_map(|entry| &entry.bindings);
    let written: Vec<GlobalId> =
        bindings.filter(|binding| binding.kind == BindingKind::StorageReadWrite).map(|binding| binding.global).collect();
    for binding in entries.iter_mut().flat_map(|entry| &mut entry.bindings) {
        if written.contains(&binding.global) {
            binding.kind = BindingKind::StorageReadWrite;
        }
    }
}

/// Module variables first, so that a function that two kernels share finds its variable at one number.
fn number_bindings(entries: &mut [Entry]) {
    let mut variables: Vec<GlobalId> = Vec::new();
    let is_variable = |source: &BindingSource| matches!(source, BindingSource::Variable(_) | BindingSource::Log);
    for binding in entries.iter().flat_map(|entry| &entry.bindings).filter(|binding| is_variable(&binding.source)) {
        if !variables.contains(&binding.global) {
            variables.push(binding.global);
        }
    }
    for entry in entries {
        let mut next = variables.len() as u32 + 1;
        for binding in &mut entry.bindings {
            if is_variable(&binding.source) {
                let position = variables.iter().position(|&global| global == binding.global);
                binding.binding = position.map_or(0, |position| position as u32) + 1;
            } else {
                binding.binding = next;
                next += 1;
            }
        }
        entry.bindings.sort_by_key(|binding| binding.binding);
    }
}

/// May the copy be an item that the target has already?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Nothing,
    Equal,
}

/// The functions that are copied.
enum Functions<'a> {
    Kept(&'a Arena<Function>),
    /// Nobody else wants them: each is moved.
    Taken(Arena<Function>),
}

struct Copier<'a> {
    source: &'a Tables,
    bodies: Functions<'a>,
    target: &'a mut Module,
    sharing: Sharing,
    /// By the handle in the source.
    types: Vec<Option<TypeId>>,
    structs: FxHashMap<StructId, TypeId>,
    globals: FxHashMap<GlobalId, GlobalId>,
    constants: FxHashMap<ConstantId, ConstantId>,
    functions: FxHashMap<FuncId, FuncId>,
    /// Being copied; with a place in the target if they have been met again meanwhile.
    pending: FxHashMap<FuncId, Option<FuncId>>,
}

impl<'a> Copier<'a> {
    fn new(source: &'a Module, target: &'a mut Module, sharing: Sharing) -> Copier<'a> {
        Copier::of(Functions::Kept(&source.functions), &source.tables, target, sharing)
    }

    fn taking(bodies: Arena<Function>, source: &'a Tables, target: &'a mut Module, sharing: Sharing) -> Copier<'a> {
        Copier::of(Functions::Taken(bodies), source, target, sharing)
    }

    fn of(bodies: Functions<'a>, source: &'a Tables, target: &'a mut Module, sharing: Sharing) -> Copier<'a> {
        Copier {
            source,
            bodies,
            target,
            sharing,
            types: vec![None; source.types.len()],
            structs: FxHashMap::default(),
            globals: FxHashMap::default(),
            constants: FxHashMap::default(),
            functions: FxHashMap::default(),
            pending: FxHashMap::default(),
        }
    }

    fn entry(&mut self, entry: &Entry, entries: &mut Vec<Entry>) {
        let kernel = self.function(entry.kernel);
        let mut merged = Entry { kernel, ..entry.clone() };
        for binding in &mut merged.bindings {
            binding.global = self.global(binding.global);
        }
        merged.dynamic_shared = entry.dynamic_shared.map(|global| self.global(global));
        entries.push(merged);
    }

    fn ty(&mut self, id: TypeId) -> TypeId {
        if let Some(copy) = self.types[id.index()] {
            return copy;
        }
        let copy = self.type_copy(id);
        self.types[id.index()] = Some(copy);
        copy
    }

    fn type_copy(&mut self, id: TypeId) -> TypeId {
        let ty = match self.source.types.get(id) {
            Type::Array { element, count } => Type::Array { element: self.ty(element), count },
            Type::Pointer { pointee, space } => Type::Pointer { pointee: self.ty(pointee), space },
            Type::Struct(definition) => return self.structure(definition),
            plain @ (Type::Void | Type::Scalar(_) | Type::Vector { .. }) => plain,
        };
        self.target.tables.types.intern(ty)
    }

    fn structure(&mut self, id: StructId) -> TypeId {
        if let Some(&copy) = self.structs.get(&id) {
            return copy;
        }
        let source = &self.source.types.structs()[id];
        let span = self.source.types.structs().span(id);
        if self.sharing != Sharing::Nothing
            && let Some(equal) = self.equal_struct(source)
        {
            self.structs.insert(id, equal);
            return equal;
        }
        // Fields may point to the struct itself, so its name comes first.
        let copy = self.target.tables.types.add_struct(Struct { fields: Vec::new(), ..source.clone() }, span);
        self.structs.insert(id, copy);
        let fields = source.fields.iter().map(|field| Field { ty: self.ty(field.ty), ..field.clone() }).collect();
        if let Type::Struct(definition) = self.target.tables.types.get(copy) {
            self.target.tables.types.struct_mut(definition).fields = fields;
        }
        copy
    }

    /// Structs without pointers only: after the passes nothing else is left.
    fn equal_struct(&mut self, source: &Struct) -> Option<TypeId> {
        if source.fields.iter().any(|field| self.source.types.has_pointer(field.ty)) {
            return None;
        }
        let wanted = Struct {
            fields: source.fields.iter().map(|field| Field { ty: self.ty(field.ty), ..field.clone() }).collect(),
            ..source.clone()
        };
        let found = self.target.tables.types.structs().iter().find(|(_, other)| **other == wanted).map(|(id, _)| id)?;
        Some(self.target.tables.types.intern(Type::Struct(found)))
    }

    fn global(&mut self, id: GlobalId) -> GlobalId {
        if let Some(&copy) = self.globals.get(&id) {
            return copy;
        }
        let source = &self.source.globals[id];
        let wanted = Global { ty: self.ty(source.ty), ..source.clone() };
        let sized = !matches!(self.target.tables.types.get(wanted.ty), Type::Array { count: None, .. });
        let variable = sized && matches!(wanted.space, Space::Constant | Space::Global);
        // Shared memory without a place in the source belongs to passes, which make the same for every kernel.
        let variable = variable || wanted.space == Space::Shared && self.source.globals.span(id) == Span::NONE;
        let shared = self.target.tables.globals.iter().find(|(_, other)| **other == wanted).map(|(id, _)| id);
        let copy = match shared.filter(|_| variable && self.sharing != Sharing::Nothing) {
            Some(shared) => shared,
            None => self.target.tables.globals.add(wanted, self.source.globals.span(id)),
        };
        self.globals.insert(id, copy);
        copy
    }

    fn constant(&mut self, id: ConstantId) -> ConstantId {
        if let Some(&copy) = self.constants.get(&id) {
            return copy;
        }
        let source: &Constant = &self.source.constants[id];
        let shared = self.target.tables.constants.iter().find(|(_, other)| *other == source).map(|(id, _)| id);
        let copy = shared.unwrap_or_else(|| self.target.tables.constants.add(source.clone(), self.source.constants.span(id)));
        self.constants.insert(id, copy);
        copy
    }

    fn function(&mut self, id: FuncId) -> FuncId {
        if let Some(&copy) = self.functions.get(&id) {
            return copy;
        }
        if let Some(place) = self.pending.get_mut(&id) {
            // It calls itself: its place comes before it does.
            let (functions, void) = (&mut self.target.functions, self.target.tables.types.void());
            let empty = Function::new("", FunctionKind::Device, void, Span::NONE);
            return *place.get_or_insert_with(|| functions.add(empty, Span::NONE));
        }
        self.pending.insert(id, None);
        let (mut function, span) = self.own(id);
        function.result = self.ty(function.result);
        for param in &mut function.params {
            param.ty = self.ty(param.ty);
        }
        for (_, local) in function.locals.iter_mut() {
            local.ty = self.ty(local.ty);
        }
        for (_, binding) in function.lets.iter_mut() {
            binding.ty = self.ty(binding.ty);
        }
        for (_, data) in function.exprs.iter_mut() {
            data.ty = self.ty(data.ty);
            self.expr(&mut data.expr);
        }
        let callees: FxHashSet<FuncId> = function.callees().into_iter().map(|(callee, _)| callee).collect();
        function.map_callees(|callee| callees.contains(&callee).then(|| self.function(callee)));
        let copy = match (self.pending.remove(&id).flatten(), self.equal_function(&function)) {
            (Some(place), _) => {
                self.target.functions[place] = function;
                place
            }
            (None, Some(equal)) => equal,
            (None, None) => self.target.functions.add(function, span),
        };
        self.functions.insert(id, copy);
        copy
    }

    /// The function as one of the target's own, in types and names of the source.
    fn own(&mut self, id: FuncId) -> (Function, Span) {
        match &mut self.bodies {
            Functions::Kept(functions) if functions[id].is_settled => (functions[id].clone(), functions.span(id)),
            Functions::Kept(functions) => (with_room(&functions[id]), functions.span(id)),
            Functions::Taken(functions) => {
                let empty = Function::new("", FunctionKind::Device, functions[id].result, Span::NONE);
                (std::mem::replace(&mut functions[id], empty), functions.span(id))
            }
        }
    }

    fn equal_function(&self, function: &Function) -> Option<FuncId> {
        if self.sharing == Sharing::Nothing || function.kind == FunctionKind::Kernel {
            return None;
        }
        // What is settled is what the library has under this name.
        let equal = |other: &Function| {
            other.name == function.name && (other.is_settled && function.is_settled || do_the_same(other, function))
        };
        self.target.functions.iter().find(|(_, other)| equal(other)).map(|(id, _)| id)
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Zero(ty) | Expr::Undef(ty) => *ty = self.ty(*ty),
            Expr::PointerCast { to, .. } | Expr::IntToPointer { to, .. } | Expr::Bitcast { to, .. } => *to = self.ty(*to),
            Expr::Construct { ty, .. } | Expr::Call { ty, .. } => *ty = self.ty(*ty),
            Expr::NamedConst(constant) => *constant = self.constant(*constant),
            Expr::GlobalAddr(global) => *global = self.global(*global),
            Expr::Const { .. }
            | Expr::Let(_)
            | Expr::Param(_)
            | Expr::Geometry(_)
            | Expr::LocalAddr(_)
            | Expr::Field { .. }
            | Expr::Element { .. }
            | Expr::Offset { .. }
            | Expr::PointerDiff { .. }
            | Expr::PointerToInt(_)
            | Expr::Load { .. }
            | Expr::Unary { .. }
            | Expr::Binary { .. }
            | Expr::Logical { .. }
            | Expr::Select { .. }
            | Expr::Convert { .. }
            | Expr::Math { .. }
            | Expr::Extract { .. } => {}
        }
    }
}

/// Are they equal but for their names?
pub(super) fn do_the_same(a: &Function, b: &Function) -> bool {
    a.params == b.params
        && a.result == b.result
        && a.locals == b.locals
        && a.lets == b.lets
        && a.exprs == b.exprs
        && a.body == b.body
}

/// A copy for passes, which will add as much again and more.
fn with_room(source: &Function) -> Function {
    let mut function = source.clone();
    function.exprs.reserve(2 * source.exprs.len());
    function
}

/// The struct as a type of `module`, for passes that make new ones.
pub(super) fn add_struct(module: &mut Module, name: String, fields: Vec<Field>, size: u64, align: u64, span: Span) -> TypeId {
    module.tables.types.add_struct(Struct { name, fields, size, align, is_union: false }, span)
}
