//! One function: its signature, the geometry a kernel computes first, and the names of its variables.

use super::comments::{At, Comments};
use super::constants::{self, Bound};
use super::expr::Printed;
use super::fold;
use super::geometry::Needs;
use super::module::ModuleWriter;
use super::options::EmitError;
use crate::common::effects::{Root, root};
use crate::common::names::Namer;
use crate::common::text::TextBuffer;
use crate::shader::Entry;
use ir::{Expr, ExprId, FuncId, Function, LetId, LocalId, StmtKind, Tables, Type};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) struct FunctionWriter<'m, 'a> {
    pub(super) module: &'m mut ModuleWriter<'a>,
    pub(super) id: FuncId,
    pub(super) function: &'a Function,
    pub(super) params: Vec<String>,
    pub(super) locals: FxHashMap<LocalId, String>,
    lets: FxHashMap<LetId, String>,
    /// Values printed where they are used (what they are, unless calls), and the text of those already met.
    pub(super) folded: FxHashMap<LetId, Option<ExprId>>,
    pub(super) folded_text: FxHashMap<LetId, Printed>,
    /// How often each bound value is used.
    let_counts: Vec<u32>,
    /// Locals that are never assigned after their declaration: `let` instead of `var`.
    pub(super) constant_locals: FxHashSet<LocalId>,
    /// Constant values that must be variables all the same.
    pub(super) hidden: FxHashSet<Bound>,
    pub(super) namer: Namer,
    /// How far the source's comments have been printed.
    pub(super) cursor: Option<At>,
}

/// Prints a function other than a kernel.
pub(super) fn print_device(module: &mut ModuleWriter<'_>, id: FuncId) -> Result<(), EmitError> {
    let program = module.program;
    let function = &program.module.functions[id];
    let mut writer = FunctionWriter::new(module, id);
    let mut params: Vec<String> = Vec::new();
    for (index, param) in function.params.iter().enumerate() {
        let ty = writer.module.ty(param.ty);
        params.push(format!("{}: {ty}", writer.params[index]));
    }
    params.extend(geometry_params(writer.module.geometry.needs[&id]).iter().map(|(name, ty)| format!("{name}: {ty}")));
    let name = writer.module.names.functions[&id].clone();
    let result = match writer.module.types().get(function.result) {
        Type::Void => String::new(),
        _ => format!(" -> {}", writer.module.ty(function.result)),
    };
    writer.comments_above();
    if let Some(remark) = writer.function.remark {
        writer.text().line(format!("// {remark}"));
    }
    writer.text().open(format!("fn {name}({}){result} {{", params.join(", ")));
    writer.body();
    writer.text().close("}");
    writer.text().gap();
    Ok(())
}

/// The geometry that a function takes as parameters, in this order.
pub(super) fn geometry_params(needs: Needs) -> Vec<(&'static str, &'static str)> {
    let all = [
        (needs.thread, "thread", "u32"),
        (needs.thread_idx, "threadIdx", "vec3u"),
        (needs.block, "block", "u32"),
        (needs.block_idx, "blockIdx", "vec3u"),
    ];
    all.into_iter().filter(|(needed, ..)| *needed).map(|(_, name, ty)| (name, ty)).collect()
}

/// Prints a kernel with its entry point attributes.
pub(super) fn print_kernel(module: &mut ModuleWriter<'_>, entry: &Entry) -> Result<(), EmitError> {
    let needs = module.geometry.needs[&entry.kernel];
    let linear = module.geometry.linear;
    let mut writer = FunctionWriter::new(module, entry.kernel);
    writer.comments_above();
    let size = if linear { "blockDimX" } else { "blockDimX * blockDimY * blockDimZ" };
    writer.text().line(format!("@compute @workgroup_size({size})"));
    let name = writer.module.names.functions[&entry.kernel].clone();
    writer.text().open(format!("fn {name}("));
    if needs.thread || needs.thread_idx {
        writer.text().line("@builtin(local_invocation_index) thread: u32,");
    }
    writer.text().line("@builtin(workgroup_id) group: vec3u,");
    writer.text().line("@builtin(num_workgroups) groups: vec3u,");
    writer.text().close(") {");
    writer.indent();
    if needs.thread_idx {
        writer
            .text()
            .line("let threadIdx = vec3u(thread % blockDimX, thread / blockDimX % blockDimY, thread / (blockDimX * blockDimY));");
    }
    writer.text().line("let block = launch.firstBlock + group.x + groups.x * group.y;");
    if needs.block_idx {
        writer.text().line(
            "let blockIdx = vec3u(block % launch.gridDim.x, block / launch.gridDim.x % launch.gridDim.y, block / (launch.gridDim.x * launch.gridDim.y));",
        );
    }
    let blocks = if linear { "launch.gridDim.x" } else { "launch.gridDim.x * launch.gridDim.y * launch.gridDim.z" };
    writer.text().open(format!("if block >= {blocks} {{"));
    writer.text().line("return;");
    writer.text().close("}");
    writer.body();
    writer.text().close("}");
    writer.text().gap();
    Ok(())
}

impl<'m, 'a> FunctionWriter<'m, 'a> {
    fn new(module: &'m mut ModuleWriter<'a>, id: FuncId) -> FunctionWriter<'m, 'a> {
        let function = &module.program.module.functions[id];
        let let_counts = fold::counts(function);
        let mut folded =
            fold::foldable(function, &module.program.module.tables, module.uses, module.options.aliased, &let_counts);
        let mut namer = module.names.inside(id, function, module.types());
        namer.push();
        let params = function.params.iter().map(|param| namer.take(&param.name)).collect();
        let mut constant_locals = constant_locals(function, module.types());
        let hidden = constants::hidden(function, &module.program.module.tables, &constant_locals);
        constant_locals.retain(|local| !hidden.contains(&Bound::Local(*local)));
        folded.retain(|result, _| !hidden.contains(&Bound::Let(*result)));
        let cursor = module.options.sources.and_then(|sources| Comments::ends(sources, function.span)).map(|(start, _)| start);
        FunctionWriter {
            module,
            id,
            function,
            params,
            locals: FxHashMap::default(),
            lets: FxHashMap::default(),
            folded,
            folded_text: FxHashMap::default(),
            let_counts,
            constant_locals,
            hidden,
            namer,
            cursor,
        }
    }

    pub(super) fn tables(&self) -> &'a Tables {
        &self.module.program.module.tables
    }

    pub(super) fn text(&mut self) -> &mut TextBuffer {
        &mut self.module.text
    }

    fn indent(&mut self) {
        self.module.text.indent();
    }

    fn body(&mut self) {
        self.statements(&self.function.body);
        if !matches!(self.module.types().get(self.function.result), Type::Void)
            && !super::stmt::always_leaves(&self.function.body)
        {
            // WGSL wants a return where C++ leaves the result undefined.
            let zero = self.zero(self.function.result).text;
            self.text().line(format!("return {zero};"));
        }
    }

    fn comments_above(&mut self) {
        if let Some(at) = self.cursor {
            self.module.note_comments_above(at);
        }
    }

    pub(super) fn is_used(&self, id: LetId) -> bool {
        self.let_counts[id.index()] != 0
    }

    pub(super) fn uses_of(&self, id: LetId) -> u32 {
        self.let_counts[id.index()]
    }

    pub(super) fn take_name(&mut self, wanted: &str) -> String {
        self.namer.take(wanted)
    }

    /// Gives a bound value its name: the source's, or `otherwise`.
    pub(super) fn name_let(&mut self, id: LetId, otherwise: &str) -> String {
        let function = self.function;
        let name = self.namer.take(function.lets[id].name.as_deref().unwrap_or(otherwise));
        self.lets.insert(id, name.clone());
        name
    }

    pub(super) fn print_let(&mut self, id: LetId) -> Printed {
        if let Some(printed) = self.folded_text.get(&id) {
            return printed.clone();
        }
        match self.lets.get(&id) {
            Some(name) => Printed::primary(name.clone()),
            None => {
                self.module.fail("a value that is used before it is bound", self.function.lets.span(id));
                Printed::primary("0")
            }
        }
    }

    /// The expression that stands in the text where this one stands.
    pub(super) fn behind_folded(&self, mut id: ExprId) -> ExprId {
        while let Expr::Let(result) = self.function.expr(id)
            && let Some(Some(value)) = self.folded.get(result)
        {
            id = *value;
        }
        id
    }

    pub(super) fn not_legal(&mut self, what: &str, id: ExprId) -> Printed {
        self.module.fail(what, self.function.exprs.span(id));
        Printed::primary("0")
    }
}

/// Locals whose only assignment is their declaration, and which are read as values only. Arrays stay variables: naga indexes no
/// array value with a computed index.
fn constant_locals(function: &Function, types: &ir::Types) -> FxHashSet<LocalId> {
    let mut found: FxHashSet<LocalId> = FxHashSet::default();
    function.body.walk(&mut |stmt| {
        if let StmtKind::Declare { local, init: Some(_) } = stmt.kind
            && !matches!(types.get(function.locals[local].ty), Type::Array { .. })
        {
            found.insert(local);
        }
    });
    function.body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Store { pointer, .. } | StmtKind::Atomic { pointer, .. } => {
            if let Some(Root::Local(local)) = root(function, *pointer) {
                found.remove(&local);
            }
        }
        StmtKind::Call { args, .. } => {
            for arg in args {
                if let Some(Root::Local(local)) = root(function, *arg) {
                    found.remove(&local);
                }
            }
        }
        _ => {}
    });
    found
}
