//! The module: what stands at module scope, in the order a reader wants it.

use super::comments::{At, Comments};
use super::functions::CommentKey;
use super::geometry::{self, GeometryUse};
use super::helpers::Helper;
use super::literal;
use super::names::Names;
use super::options::{EmitError, WgslModule, WgslOptions};
use crate::common::calls::Calls;
use crate::common::effects::Uses;
use crate::common::text::TextBuffer;
use crate::output::Site;
use crate::shader::{BindingKind, BindingSource, Program};
use ir::{ConstantId, FuncId, GlobalId, Scalar, Space, StmtKind, StructId, Type, TypeId};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Writes one function, or the declarations: what is shared first, then what is its own.
pub(super) struct ModuleWriter<'a> {
    pub(super) program: &'a Program,
    pub(super) options: WgslOptions<'a>,
    pub(super) names: &'a Names,
    pub(super) geometry: &'a GeometryUse,
    pub(super) uses: &'a Uses,
    pub(super) comments: &'a Comments,
    /// What the records mean that a function leaves in the log.
    pub(super) sites: &'a FxHashMap<FuncId, &'a [Site]>,
    /// Variables that `BlockBroadcast` goes through, one a type.
    pub(super) broadcasts: &'a BTreeMap<TypeId, String>,
    /// The barriers of the kernel that is printed which must order buffers.
    pub(super) ordering: FxHashSet<Span>,
    pub(super) text: TextBuffer,
    pub(super) helpers: BTreeSet<Helper>,
    pub(super) constants: BTreeSet<ConstantId>,
    pub(super) broadcasts_in_use: BTreeSet<TypeId>,
    /// Comments above the function that is printed.
    pub(super) above: Vec<String>,
    /// Comments behind its statements. Functions of one source have them in common, and the text shows each once.
    pub(super) behind: Vec<(Range<usize>, CommentKey)>,
    pub(super) error: Option<EmitError>,
}

/// Writes the whole module.
pub(super) fn write(program: &Program, options: WgslOptions<'_>) -> Result<WgslModule, EmitError> {
    let module = &program.module;
    let calls = Calls::of(module);
    let geometry = geometry::analyse(module, &calls, options.full_geometry, options.block);
    let kernels: Vec<FuncId> = program.entries.iter().map(|entry| entry.kernel).collect();
    let order = calls.order(&kernels);
    let broadcasts = broadcasts_of(program, &order);
    let mut writer = ModuleWriter {
        program,
        options,
        names: &Names::of(program, &broadcasts),
        geometry: &geometry,
        uses: &Uses::of(module, &calls),
        comments: &Comments::of(module, options.sources),
        sites: &sites_of(program, &calls),
        broadcasts: &broadcasts,
        ordering: FxHashSet::default(),
        text: TextBuffer::default(),
        helpers: BTreeSet::new(),
        constants: BTreeSet::new(),
        broadcasts_in_use: BTreeSet::new(),
        above: Vec::new(),
        behind: Vec::new(),
        error: None,
    };
    // Functions first: they decide which constants, helpers and variables the module needs.
    let mut joined = writer.functions(&order)?;
    let declarations = writer.declarations(&mut joined.comments);
    if let Some(error) = writer.error {
        return Err(error);
    }
    let functions = joined.text.finish();
    let header: String = joined.header.iter().map(|line| format!("{line}\n")).collect();
    let dynamic = program.entries.iter().find_map(|entry| entry.dynamic_shared);
    Ok(WgslModule {
        text: format!("{header}{}\n\n{}\n", declarations.trim_end(), functions.trim()),
        entry_points: program.entries.iter().map(|entry| writer.names.functions[&entry.kernel].clone()).collect(),
        linear: writer.geometry.linear,
        dynamic_length: dynamic.map(|global| {
            let ty = program.module.tables.globals[global].ty;
            (format!("{}Length", writer.names.globals[&global]), element_size(program, ty))
        }),
    })
}

/// The sites of each function, which are those of its kernel.
fn sites_of<'p>(program: &'p Program, calls: &Calls) -> FxHashMap<FuncId, &'p [Site]> {
    let mut sites = FxHashMap::default();
    for entry in &program.entries {
        for function in calls.order(&[entry.kernel]) {
            sites.entry(function).or_insert(entry.sites.as_slice());
        }
    }
    sites
}

/// The variables of all types that are broadcast, numbered in the order of the text.
fn broadcasts_of(program: &Program, order: &[FuncId]) -> BTreeMap<TypeId, String> {
    let mut names = BTreeMap::new();
    let is_kernel = |id: &FuncId| program.entries.iter().any(|entry| entry.kernel == *id);
    let devices = order.iter().copied().filter(|id| !is_kernel(id));
    for id in devices.chain(program.entries.iter().map(|entry| entry.kernel)) {
        let function = &program.module.functions[id];
        function.body.walk(&mut |stmt| {
            if let StmtKind::BlockBroadcast { value, .. } = stmt.kind {
                let count = names.len();
                let fresh = || if count == 0 { "broadcast".to_string() } else { format!("broadcast{}", count + 1) };
                names.entry(function.ty(value)).or_insert_with(fresh);
            }
        });
    }
    names
}

fn element_size(program: &Program, ty: TypeId) -> u64 {
    let types = &program.module.tables.types;
    match types.get(ty) {
        Type::Array { element, .. } => types.size_of(element).max(1),
        _ => 1,
    }
}

impl ModuleWriter<'_> {
    fn declarations(&mut self, comments: &mut FxHashSet<CommentKey>) -> String {
        self.enables();
        self.named_constants();
        self.text.open("struct Launch {");
        self.text.line("gridDim: vec3u,");
        self.text.line("firstBlock: u32,");
        self.text.close("}");
        self.text.gap();
        for id in self.structs_in_use() {
            self.print_struct(id);
        }
        self.bindings();
        self.block_size();
        self.shared_variables(comments);
        self.print_helpers();
        std::mem::take(&mut self.text).finish()
    }

    fn enables(&mut self) {
        let types = self.types();
        let has_half = (0..types.len()).any(|index| {
            matches!(types.get(ir::Handle::new(index)), Type::Scalar(Scalar::F16) | Type::Vector { scalar: Scalar::F16, .. })
        });
        if has_half {
            self.text.line("enable f16;");
        }
        if self.program.uses_subgroups() {
            self.text.line(super::subgroups::ENABLE);
        }
        self.text.gap();
    }

    fn named_constants(&mut self) {
        let mut printed = FxHashSet::default();
        for id in std::mem::take(&mut self.constants) {
            if !printed.insert(self.names.constants[&id].clone()) {
                continue;
            }
            let constant = &self.program.module.tables.constants[id];
            let value = literal::text(constant.scalar, constant.bits, false, false);
            let line = format!("const {} = {value};", self.names.constants[&id]);
            self.text.line(line);
        }
        self.text.gap();
    }

    /// Structs that variables and functions mention, inner before outer.
    fn structs_in_use(&self) -> Vec<StructId> {
        let module = &self.program.module;
        let types = &module.tables.types;
        let mut order = Vec::new();
        // By handle: types without structs, and those whose structs are in the list.
        let mut done: Vec<bool> = (0..types.len()).map(|index| !mentions_struct(types, ir::Handle::new(index))).collect();
        let mut add = |done: &mut Vec<bool>, ty: TypeId| {
            if !std::mem::replace(&mut done[ty.index()], true) {
                collect_structs(types, ty, &mut order);
            }
        };
        self.globals_in_use().for_each(|id| add(&mut done, module.tables.globals[id].ty));
        for (_, function) in module.functions.iter() {
            add(&mut done, function.result);
            function.params.iter().for_each(|param| add(&mut done, param.ty));
            // What passes left unused in the arenas is not printed, so its types do not matter.
            if function.exprs.iter().any(|(_, data)| !done[data.ty.index()]) {
                function.walk_all(&mut |expr| add(&mut done, function.ty(expr)));
            }
            function.body.walk(&mut |stmt| {
                if let StmtKind::Declare { local, .. } = stmt.kind {
                    add(&mut done, function.locals[local].ty);
                }
            });
        }
        order
    }

    /// Bindings and shared variables.
    fn globals_in_use(&self) -> impl Iterator<Item = GlobalId> {
        let globals = &self.program.module.tables.globals;
        let bound = self.program.entries.iter().flat_map(|entry| &entry.bindings).map(|binding| binding.global);
        let shared = globals.iter().filter(|(_, global)| global.space == Space::Shared).map(|(id, _)| id);
        bound.chain(shared)
    }

    fn bindings(&mut self) {
        self.text.line("@group(0) @binding(0) var<uniform> launch: Launch;");
        // Kernels share variables and equal arguments.
        let mut written = Vec::new();
        for entry in &self.program.entries {
            for binding in &entry.bindings {
                if written.contains(&binding.global) {
                    continue;
                }
                written.push(binding.global);
                let space = match binding.kind {
                    BindingKind::Uniform => "uniform",
                    BindingKind::StorageRead => "storage, read",
                    BindingKind::StorageReadWrite => "storage, read_write",
                };
                let (name, ty) = (self.names.globals[&binding.global].clone(), self.global_ty(binding.global));
                let remark = match binding.source {
                    BindingSource::BlockShared => " // shared memory without room in a workgroup, by blocks",
                    _ => "",
                };
                self.text.line(format!("@group(0) @binding({}) var<{space}> {name}: {ty};{remark}", binding.binding));
            }
        }
        self.text.gap();
    }

    fn global_ty(&self, id: GlobalId) -> String {
        let ty = self.program.module.tables.globals[id].ty;
        if self.uses.atomic.contains(&id) { self.atomic_ty(ty) } else { self.ty(ty) }
    }

    fn block_size(&mut self) {
        let axes: &[&str] = if self.geometry.linear { &["X"] } else { &["X", "Y", "Z"] };
        let defaults = if self.geometry.linear { [256, 1, 1] } else { [16, 16, 1] };
        for (index, axis) in axes.iter().enumerate() {
            let line = match self.options.block {
                Some(block) => format!("const blockDim{axis} = {}u;", block[index]),
                None => format!("override blockDim{axis}: u32 = {};", defaults[index]),
            };
            self.text.line(line);
        }
        self.text.gap();
    }

    fn shared_variables(&mut self, comments: &mut FxHashSet<CommentKey>) {
        let module = &self.program.module;
        for (id, global) in module.tables.globals.iter() {
            if global.space != Space::Shared {
                continue;
            }
            let name = self.names.globals[&id].clone();
            match module.tables.types.get(global.ty) {
                Type::Array { element, count: None } => {
                    let element_text = if self.uses.atomic.contains(&id) { self.atomic_ty(element) } else { self.ty(element) };
                    if global.per_thread != 0 {
                        self.per_thread_array(&name, &element_text, global.per_thread);
                        continue;
                    }
                    let size = module.tables.types.size_of(element).max(1);
                    match self.options.dynamic_shared {
                        Some(bytes) => {
                            let length = u64::from(bytes).div_ceil(size).max(1);
                            self.text.line(format!("const {name}Length = {length}u; // dynamic shared memory, in elements"));
                        }
                        None => {
                            self.text.line(format!("override {name}Length: u32 = 256; // dynamic shared memory, in elements"))
                        }
                    }
                    self.text.line(format!("var<workgroup> {name}: array<{element_text}, {name}Length>;"));
                }
                _ => {
                    let ty = self.global_ty(id);
                    self.text.line(format!("var<workgroup> {name}: {ty};"));
                    self.trailing_comment(module.tables.globals.span(id), comments);
                }
            }
        }
        let in_use = |(ty, _): &(&TypeId, &String)| self.broadcasts_in_use.contains(ty);
        let broadcasts: Vec<_> = self.broadcasts.iter().filter(in_use).collect();
        for (ty, name) in broadcasts {
            let ty = self.ty(*ty);
            self.text.line(format!("var<workgroup> {name}: {ty}; // one value for all threads of the block"));
        }
        self.text.gap();
    }

    /// An array with so many elements for each thread of the block.
    fn per_thread_array(&mut self, name: &str, element: &str, count: u32) {
        let threads = if self.geometry.linear { "blockDimX" } else { super::geometry::THREADS };
        let length = if count == 1 { threads.to_string() } else { format!("{count} * {threads}") };
        match self.options.block {
            Some(_) => self.text.line(format!("const {name}Length = {length};")),
            None => self.text.line(format!("override {name}Length: u32 = {length};")),
        }
        self.text.line(format!("var<workgroup> {name}: array<{element}, {name}Length>;"));
    }

    fn trailing_comment(&mut self, span: Span, printed: &mut FxHashSet<CommentKey>) {
        if let Some(sources) = self.options.sources
            && let Some((_, end)) = Comments::ends(sources, span)
            && let Some(comment) = self.comments.behind(end)
            && printed.insert((end.file, end.line, comment.clone()))
        {
            self.text.append(&format!(" {comment}"));
        }
    }

    fn print_helpers(&mut self) {
        let mut wanted = std::mem::take(&mut self.helpers);
        for helper in wanted.clone() {
            wanted.extend(helper.needs());
        }
        for helper in wanted {
            for line in helper.text().lines() {
                self.text.line(line);
            }
            self.text.gap();
        }
    }

    pub(super) fn use_helper(&mut self, helper: Helper) -> &'static str {
        self.helpers.insert(helper);
        helper.name()
    }

    /// A named constant's name; constants without a WGSL literal of their own are printed as their value.
    pub(super) fn use_constant(&mut self, id: ConstantId) -> String {
        self.constants.insert(id);
        self.names.constants[&id].clone()
    }

    pub(super) fn broadcast_variable(&mut self, ty: TypeId) -> String {
        self.broadcasts_in_use.insert(ty);
        self.broadcasts[&ty].clone()
    }

    /// Must this barrier of the kernel that is printed order buffers?
    pub(super) fn orders_storage(&self, barrier: Span) -> bool {
        self.ordering.contains(&barrier)
    }

    /// What the source says there; nothing where there is no source.
    pub(super) fn snippet(&self, span: Span) -> &str {
        self.options.sources.and_then(|sources| sources.snippet(span)).unwrap_or("")
    }

    pub(super) fn is_hexadecimal(&self, span: Span) -> bool {
        let snippet = self.snippet(span);
        snippet.starts_with("0x") || snippet.starts_with("0X")
    }

    /// Does the source have a decimal number there?
    pub(super) fn is_decimal(&self, span: Span) -> bool {
        self.snippet(span).starts_with(|first: char| first.is_ascii_digit()) && !self.is_hexadecimal(span)
    }

    pub(super) fn note_comments_above(&mut self, at: At) {
        self.above = self.comments.above(at);
    }

    pub(super) fn add_comment_behind(&mut self, comment: String, at: At) {
        let place = self.text.append(&format!(" {comment}"));
        self.behind.push((place, (at.file, at.line, comment)));
    }

    pub(super) fn fail(&mut self, what: &str, span: Span) {
        self.error.get_or_insert(EmitError::NotLegal { what: what.to_string(), span });
    }

    pub(super) fn fail_native_double(&mut self, span: Span) {
        self.error.get_or_insert(EmitError::NativeDouble { span });
    }

    pub(super) fn fail_fma_double(&mut self, span: Span) {
        self.error.get_or_insert(EmitError::FmaDouble { span });
    }

    pub(super) fn fail_fence(&mut self, span: Span) {
        self.error.get_or_insert(EmitError::Fence { span });
    }
}

fn mentions_struct(types: &ir::Types, ty: TypeId) -> bool {
    match types.get(ty) {
        Type::Array { element: inner, .. } | Type::Pointer { pointee: inner, .. } => mentions_struct(types, inner),
        Type::Struct(_) => true,
        Type::Void | Type::Scalar(_) | Type::Vector { .. } => false,
    }
}

fn collect_structs(types: &ir::Types, ty: TypeId, order: &mut Vec<StructId>) {
    match types.get(ty) {
        Type::Array { element, .. } => collect_structs(types, element, order),
        Type::Pointer { pointee, .. } => collect_structs(types, pointee, order),
        Type::Struct(id) if !order.contains(&id) => {
            for field in &types.structs()[id].fields {
                collect_structs(types, field.ty, order);
            }
            order.push(id);
        }
        _ => {}
    }
}
