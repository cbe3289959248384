//! The module around the functions: variables with their bindings, entry points, the functions that each reaches.
//!
//! Each entry point gets variables and functions of its own, because two kernels may bind one variable at different places.

use super::assembly::Assembly;
use super::function::FunctionWriter;
use super::options::{EmitError, SpirvOptions};
use super::types::{Layout, not_legal};
use crate::reflect::{EntryNames, element_of};
use crate::shader::{Binding, BindingKind, Entry, Program};
use ir::{Expr, ExprId, FuncId, Function, GlobalId, Scope, Space, StmtKind, Type, TypeId, Types};
use rspirv::spirv::{BuiltIn, Decoration, StorageClass, Word};
use rustc_hash::FxHashMap;
use source::Span;

pub(super) struct ModuleWriter<'a> {
    pub(super) program: &'a Program,
    pub(super) options: &'a SpirvOptions,
    pub(super) asm: Assembly,
    /// The program's types, to which parts of its types are added.
    pub(super) ir_types: Types,
    pub(super) types: FxHashMap<(TypeId, Layout), Word>,
    /// Blocks and grids have one dimension.
    pub(super) linear: bool,
    /// `blockDim`: literals or specialization constants.
    pub(super) block_dim: [Word; 3],
    pub(super) built_ins: Vec<(BuiltIn, Word)>,
    pub(super) launch: Word,
    pub(super) fma_functions: FxHashMap<u32, Word>,
    pub(super) entry: EntryState,
    next_spec_id: u32,
}

/// What belongs to the entry point that is being written.
#[derive(Default)]
pub(super) struct EntryState {
    pub(super) variables: FxHashMap<GlobalId, Variable>,
    /// Buffers bound once more, as arrays of wider elements.
    pub(super) views: FxHashMap<(GlobalId, TypeId), Variable>,
    pub(super) functions: FxHashMap<FuncId, Word>,
    /// A word of shared memory for votes, once one is needed.
    pub(super) vote: Option<Word>,
    pub(super) dynamic_length: Option<Word>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Variable {
    pub(super) id: Word,
    pub(super) class: StorageClass,
    pub(super) ty: TypeId,
    /// The length of a dynamic shared array.
    pub(super) length: Option<Word>,
}

/// Who else looks at a buffer that is written: other variables, other workgroups of the dispatch.
#[derive(Clone, Copy)]
struct Sharing {
    aliased: bool,
    coherent: bool,
}

/// The buffer that `address` looks at as an array of wider elements, and the array's type.
pub(super) fn wide_view(types: &Types, function: &Function, address: ExprId) -> Option<(GlobalId, TypeId)> {
    let Expr::PointerCast { base, to } = *function.expr(address) else { return None };
    let Expr::GlobalAddr(global) = *function.expr(base) else { return None };
    types.as_pointer(to).map(|(pointee, _)| (global, pointee))
}

pub(super) fn write(program: &Program, options: &SpirvOptions) -> Result<Vec<u32>, EmitError> {
    let names = super::names(program, options);
    let mut writer = ModuleWriter {
        program,
        options,
        linear: names.linear,
        asm: Assembly::new(),
        ir_types: program.module.tables.types.clone(),
        types: FxHashMap::default(),
        block_dim: [0; 3],
        built_ins: Vec::new(),
        launch: 0,
        fma_functions: FxHashMap::default(),
        entry: EntryState::default(),
        next_spec_id: 3,
    };
    writer.add_block_dim();
    writer.add_launch_uniform();
    for (entry, names) in program.entries.iter().zip(names.entries) {
        writer.write_entry(entry, &names)?;
    }
    Ok(writer.asm.finish())
}

impl<'a> ModuleWriter<'a> {
    pub(super) fn name(&mut self, id: Word, name: &str) {
        if self.options.names && !name.is_empty() {
            self.asm.name(id, name);
        }
    }

    fn add_block_dim(&mut self) {
        match self.options.block {
            Some(block) => self.block_dim = block.map(|size| self.asm.constant_u32(size)),
            None if self.linear => {
                let size = self.asm.spec_constant_u32(crate::reflect::BLOCK_CONSTANTS[0], 0, 256);
                let one = self.asm.constant_u32(1);
                self.block_dim = [size, one, one];
                self.asm.workgroup_size(size);
            }
            None => {
                let constants = crate::reflect::BLOCK_CONSTANTS.iter().zip(0..).zip([256, 1, 1]);
                let ids: Vec<Word> =
                    constants.map(|((name, id), default)| self.asm.spec_constant_u32(name, id, default)).collect();
                self.block_dim = [ids[0], ids[1], ids[2]];
                let row = self.asm.spec_product(ids[0], ids[1]);
                let threads = self.asm.spec_product(row, ids[2]);
                self.asm.workgroup_size(threads);
            }
        }
    }

    /// Threads of a block, if known.
    pub(super) fn known_threads(&self) -> Option<u32> {
        self.options.block.map(|[x, y, z]| x.saturating_mul(y).saturating_mul(z))
    }

    fn add_launch_uniform(&mut self) {
        let word = self.asm.u32();
        let grid = self.asm.vector(word, 3);
        let block = self.asm.structure(&[grid, word]);
        self.asm.decorate(block, Decoration::Block, &[]);
        self.asm.decorate_member(block, 0, Decoration::Offset, &[0]);
        self.asm.decorate_member(block, 1, Decoration::Offset, &[12]);
        self.name(block, "Launch");
        self.launch = self.asm.variable(StorageClass::Uniform, block);
        self.name(self.launch, "launch");
        self.bind(self.launch, 0);
    }

    fn bind(&mut self, variable: Word, binding: u32) {
        self.asm.decorate(variable, Decoration::DescriptorSet, &[0]);
        self.asm.decorate(variable, Decoration::Binding, &[binding]);
    }

    /// The input variable of a built-in; all entry points share it.
    pub(super) fn built_in(&mut self, built_in: BuiltIn) -> Word {
        if let Some((_, id)) = self.built_ins.iter().find(|(known, _)| *known == built_in) {
            return *id;
        }
        let word = self.asm.u32();
        let ty = if built_in == BuiltIn::LocalInvocationIndex { word } else { self.asm.vector(word, 3) };
        let id = self.asm.variable(StorageClass::Input, ty);
        self.asm.decorate_built_in(id, built_in);
        self.built_ins.push((built_in, id));
        id
    }

    fn write_entry(&mut self, entry: &'a Entry, names: &EntryNames) -> Result<(), EmitError> {
        self.entry = EntryState::default();
        let functions = reachable(self.program, entry.kernel);
        let coherent = functions.iter().any(|id| needs_coherence(self.program, *id));
        for binding in &entry.bindings {
            let views = self.wide_views(binding.global, &functions);
            let aliased = self.options.aliased || !views.is_empty();
            let sharing = Sharing { aliased, coherent };
            let ty = self.program.module.tables.globals[binding.global].ty;
            let variable = self.add_buffer(binding, ty, sharing)?;
            self.entry.variables.insert(binding.global, variable);
            for ty in views {
                let variable = self.add_buffer(binding, ty, sharing)?;
                self.entry.views.insert((binding.global, ty), variable);
            }
        }
        self.add_shared(entry, names, &functions)?;
        for id in &functions {
            let word = self.asm.id();
            self.entry.functions.insert(*id, word);
            self.name(word, &self.program.module.functions[*id].name);
        }
        for id in &functions {
            let word = self.entry.functions[id];
            let function = FunctionWriter::new(self, *id, word).write(*id == entry.kernel)?;
            self.asm.add_function(function);
        }
        let kernel = self.entry.functions[&entry.kernel];
        // All built-ins: those that the entry does not use do no harm (Section 3.42.8, "OpEntryPoint").
        let interface: Vec<Word> = self.built_ins.iter().map(|(_, id)| *id).collect();
        self.asm.entry_point(kernel, &names.entry_point, &interface);
        self.asm.local_size(kernel, self.known_threads().unwrap_or(1));
        Ok(())
    }

    /// The types in which the functions look at a buffer beside its own.
    fn wide_views(&self, global: GlobalId, functions: &[FuncId]) -> Vec<TypeId> {
        let mut views = Vec::new();
        for id in functions {
            let function = &self.program.module.functions[*id];
            for (expr, _) in function.evaluated() {
                match wide_view(&self.ir_types, function, expr) {
                    Some((of, ty)) if of == global && !views.contains(&ty) => views.push(ty),
                    _ => {}
                }
            }
        }
        views
    }

    /// A variable of type `ty` for the buffer.
    fn add_buffer(&mut self, binding: &Binding, ty: TypeId, sharing: Sharing) -> Result<Variable, EmitError> {
        let global = &self.program.module.tables.globals[binding.global];
        let span = self.program.module.tables.globals.span(binding.global);
        let content = self.ty(ty, Layout::Explicit, span)?;
        let block = self.asm.structure(&[content]);
        self.asm.decorate(block, Decoration::Block, &[]);
        self.asm.decorate_member(block, 0, Decoration::Offset, &[0]);
        let class = if binding.kind == BindingKind::Uniform { StorageClass::Uniform } else { StorageClass::StorageBuffer };
        let id = self.asm.variable(class, block);
        self.name(id, &global.name);
        self.bind(id, binding.binding);
        match binding.kind {
            BindingKind::Uniform => {}
            BindingKind::StorageRead => self.asm.decorate_member(block, 0, Decoration::NonWritable, &[]),
            BindingKind::StorageReadWrite => {
                if sharing.aliased {
                    self.asm.decorate(id, Decoration::Aliased, &[]);
                }
                if sharing.coherent {
                    self.asm.decorate(id, Decoration::Coherent, &[]);
                }
            }
        }
        Ok(Variable { id, class, ty, length: None })
    }

    fn add_shared(&mut self, entry: &Entry, names: &EntryNames, functions: &[FuncId]) -> Result<(), EmitError> {
        let tables = &self.program.module.tables;
        for (id, global) in tables.globals.iter() {
            if global.space != Space::Shared || !functions.iter().any(|function| uses(self.program, *function, id)) {
                continue;
            }
            let span = tables.globals.span(id);
            let (ty, length) = match tables.types.get(global.ty) {
                Type::Array { element, count: None } if entry.dynamic_shared == Some(id) => {
                    let length = self.dynamic_length(names, element_of(&tables.types, global.ty).1, span)?;
                    let element = self.ty(element, Layout::Plain, span)?;
                    (self.asm.array(element, length), Some(length))
                }
                Type::Array { element, count: None } => {
                    let length = self.per_thread_length(global.per_thread);
                    let element = self.ty(element, Layout::Plain, span)?;
                    (self.asm.array(element, length), Some(length))
                }
                _ => (self.ty(global.ty, Layout::Plain, span)?, None),
            };
            let word = self.asm.variable(StorageClass::Workgroup, ty);
            self.name(word, &global.name);
            let variable = Variable { id: word, class: StorageClass::Workgroup, ty: global.ty, length };
            self.entry.variables.insert(id, variable);
        }
        Ok(())
    }

    /// The length of an array with so many elements for each thread of the block.
    fn per_thread_length(&mut self, count: u32) -> Word {
        if let Some(threads) = self.known_threads() {
            return self.asm.constant_u32(threads.saturating_mul(count));
        }
        let [x, y, z] = self.block_dim;
        let count = self.asm.constant_u32(count);
        [y, z, count].into_iter().fold(x, |product, size| self.asm.spec_product(product, size))
    }

    fn dynamic_length(&mut self, names: &EntryNames, element: u64, span: Span) -> Result<Word, EmitError> {
        let length = match (self.options.dynamic_shared_bytes, &names.dynamic_length) {
            (Some(bytes), _) => {
                let length = bytes.div_ceil(element.max(1)).max(1);
                self.asm.constant_u32(u32::try_from(length).map_err(|_| not_legal("a shared array of 2^32 elements", span))?)
            }
            (None, Some(name)) => {
                let id = self.next_spec_id;
                self.next_spec_id += 1;
                self.asm.spec_constant_u32(name, id, 256)
            }
            (None, None) => return Err(not_legal("a dynamic shared array without a name for its length", span)),
        };
        self.entry.dynamic_length = Some(length);
        Ok(length)
    }
}

/// The kernel and the functions it calls, in the order they are met.
fn reachable(program: &Program, kernel: FuncId) -> Vec<FuncId> {
    let mut found = vec![kernel];
    let mut at = 0;
    while at < found.len() {
        for (callee, _) in program.module.functions[found[at]].callees() {
            if !found.contains(&callee) {
                found.push(callee);
            }
        }
        at += 1;
    }
    found
}

fn uses(program: &Program, function: FuncId, global: GlobalId) -> bool {
    let function = &program.module.functions[function];
    function.evaluated().any(|(_, expr)| *expr == Expr::GlobalAddr(global))
}

/// Does another block look at what this function writes while both run? In the GLSL450 memory model only `Coherent` memory is
/// visible across workgroups before the dispatch ends.
fn needs_coherence(program: &Program, id: FuncId) -> bool {
    let function = &program.module.functions[id];
    let mut found = false;
    function.body.walk(&mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::Fence(Scope::Device | Scope::System) | StmtKind::Store { volatile: true, .. });
    });
    found || function.evaluated().any(|(_, expr)| matches!(expr, Expr::Load { volatile: true, .. }))
}
