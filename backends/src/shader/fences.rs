//! Drops memory fences that no thread can notice, because WGSL has none.
//!
//! ```text
//! out[i] = x                      out[i] = x
//! fence.device                    (nothing behind it touches memory)
//!
//! fence.block                     barrier
//! barrier
//! ```
//!
//! A fence orders the accesses of its thread before it against those behind it (CUDA guide, "Memory Fence Functions"). It is not noticed
//! * where the thread touches no memory that others see before it, or none behind it;
//! * if it is for the block and a barrier follows with no such access between, because the barrier orders as much and more;
//! * if the kernel reads no memory that it writes: then only the host reads what is written, after the launch.
//!
//! **What remains has no place in WGSL.** Its atomics are relaxed, and its barriers order memory for one workgroup (WGSL specification,
//! Sections 14.5.2 "Memory Scope" and 17.11): a thread of another block that reads a flag by an atomic may still see old data, even if the data are
//! atomics too, and GPUs do show that. So kernels are cut there into phases ([`phases`](super::phases)) where that is possible, and the WGSL emitter
//! refuses the rest (E0502). SPIR-V has `OpMemoryBarrier`.
//!
//! *Needs*: the kernel with all that synchronises in it. *Leaves*: fences that matter.

use super::address::{Root, root_of};
use super::rewrite::block_has;
use ir::{Block, Expr, FuncId, Function, GlobalId, Module, Scope, Space, Stmt, StmtKind};
use rustc_hash::FxHashSet;

pub(super) fn run(module: &mut Module, kernel: FuncId) {
    if !block_has(&module.functions[kernel].body, &mut |stmt| matches!(stmt.kind, StmtKind::Fence(_))) {
        return;
    }
    let mut survey = Survey {
        module,
        now: 0,
        places: Vec::new(),
        fences: Vec::new(),
        read: FxHashSet::default(),
        written: FxHashSet::default(),
        unknown: false,
    };
    survey.block(&module.functions[kernel].body, &module.functions[kernel]);
    let silent = !survey.unknown && survey.read.is_disjoint(&survey.written);
    let places = survey.places;
    let unnoticed = |fence: &Fence| {
        let before = places.iter().any(|&place| place < fence.before);
        let behind = places.iter().any(|&place| place >= fence.behind);
        silent || fence.meets_barrier || !before || !behind
    };
    // In the order of the text, as they are met again.
    let mut drop = survey.fences.iter().map(unnoticed).collect::<Vec<_>>().into_iter();
    let mut body = std::mem::take(&mut module.functions[kernel].body);
    remove(&mut body, &mut drop);
    module.functions[kernel].body = body;
}

fn remove(block: &mut Block, drop: &mut impl Iterator<Item = bool>) {
    block.stmts.retain_mut(|stmt| match &stmt.kind {
        StmtKind::Fence(_) => !drop.next().unwrap_or(false),
        _ => {
            stmt.kind.blocks_mut().for_each(|nested| remove(nested, drop));
            true
        }
    });
}

/// Accesses at positions below `before` may come before the fence, those from `behind` on behind it.
struct Fence {
    before: usize,
    behind: usize,
    meets_barrier: bool,
}

/// Where the text touches memory that several threads see.
struct Survey<'a> {
    module: &'a Module,
    now: usize,
    places: Vec<usize>,
    fences: Vec<Fence>,
    read: FxHashSet<GlobalId>,
    written: FxHashSet<GlobalId>,
    /// Some address may be anywhere.
    unknown: bool,
}

impl Survey<'_> {
    fn block(&mut self, block: &Block, function: &Function) {
        for (index, stmt) in block.stmts.iter().enumerate() {
            self.now += 1;
            self.accesses(stmt, function);
            if let StmtKind::Fence(scope) = stmt.kind {
                self.now += 1;
                let meets_barrier = scope == Scope::Block && self.next_is_barrier(&block.stmts[index + 1..], function);
                self.fences.push(Fence { before: self.now, behind: self.now, meets_barrier });
            }
            let (start, first_fence) = (self.now, self.fences.len());
            stmt.kind.blocks().for_each(|nested| self.block(nested, function));
            if let StmtKind::Loop { .. } = stmt.kind {
                self.now += 1;
                self.accesses(stmt, function);
                self.now += 1;
                // Everything in a loop comes before and behind what is in it.
                for fence in &mut self.fences[first_fence..] {
                    (fence.before, fence.behind) = (self.now, start);
                }
            }
        }
    }

    fn next_is_barrier(&self, rest: &[Stmt], function: &Function) -> bool {
        for stmt in rest {
            match stmt.kind {
                StmtKind::Barrier | StmtKind::Arrive { .. } | StmtKind::BlockVote { .. } => return !self.touches(stmt, function),
                StmtKind::Let { .. } | StmtKind::Declare { .. } | StmtKind::Store { .. } | StmtKind::Fence(_)
                    if !self.touches(stmt, function) => {}
                _ => return false,
            }
        }
        false
    }

    fn touches(&self, stmt: &Stmt, function: &Function) -> bool {
        let mut found = matches!(stmt.kind, StmtKind::Call { .. });
        visit(self.module, stmt, function, &mut |_, _| found = true);
        found
    }

    fn accesses(&mut self, stmt: &Stmt, function: &Function) {
        let mut found = Vec::new();
        visit(self.module, stmt, function, &mut |global, writes| found.push((global, writes)));
        if let StmtKind::Call { function, .. } = stmt.kind {
            self.callee(function, &mut FxHashSet::default(), &mut found);
        }
        for (global, writes) in found {
            self.places.push(self.now);
            match (global, writes) {
                (Some(global), true) => self.written.insert(global),
                (Some(global), false) => self.read.insert(global),
                (None, _) => std::mem::replace(&mut self.unknown, true),
            };
        }
    }

    /// What a call touches, each function on the way looked at once: a recursion that was unrolled calls the same ones over and over.
    fn callee(&self, id: FuncId, seen: &mut FxHashSet<FuncId>, found: &mut Vec<(Option<GlobalId>, bool)>) {
        if !seen.insert(id) {
            return;
        }
        let function = &self.module.functions[id];
        function.body.walk(&mut |stmt| {
            visit(self.module, stmt, function, &mut |global, writes| found.push((global, writes)));
            if let StmtKind::Call { function, .. } = stmt.kind {
                self.callee(function, seen, found);
            }
        });
    }
}

/// Tells of shared and global memory that the statement itself uses: read, written, or, by an atomic, both. `None`: it may be any.
fn visit(module: &Module, stmt: &Stmt, function: &Function, note: &mut impl FnMut(Option<GlobalId>, bool)) {
    let mut note_root = |pointer, writes| match root_of(function, pointer) {
        Some(Root::Global(global)) if matches!(module.tables.globals[global].space, Space::Global | Space::Shared) => {
            note(Some(global), writes);
        }
        Some(_) => {}
        None => note(None, writes),
    };
    stmt.kind.operands(|operand| {
        function.walk_expr(operand, &mut |id| {
            if let Expr::Load { pointer, .. } = function.expr(id) {
                note_root(*pointer, false);
            }
        });
    });
    match &stmt.kind {
        StmtKind::Store { pointer, .. } => note_root(*pointer, true),
        StmtKind::Atomic { pointer, result, .. } => {
            note_root(*pointer, true);
            if result.is_some() {
                note_root(*pointer, false);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    /// How many fences of the kernel remain.
    #[track_caller]
    fn check(body: &str, expected: usize) {
        let text = format!("global a: [f32]\nglobal b: [f32]\nshared tile: [f32; 64]\n\nkernel k() {{\n{body}\n}}\n");
        let mut module = ir::text::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        let Some(kernel) = module.kernels().next() else { panic!("a kernel") };
        super::run(&mut module, kernel);
        let mut fences = 0;
        module.functions[kernel].body.walk(&mut |stmt| fences += usize::from(matches!(stmt.kind, ir::StmtKind::Fence(_))));
        assert_eq!(fences, expected, "{text}");
    }

    #[test]
    fn a_fence_with_nothing_before_or_behind_it() {
        check("  fence device\n  a[0] = a[1]", 0);
        check("  a[0] = a[1]\n  fence system\n  let x = threadIdx.x", 0);
        check("  a[0] = 1.0f32\n  fence device\n  let x = a[1]", 1);
        check("  while {\n    a[0] = a[1]\n    fence device\n  }", 1);
    }

    #[test]
    fn a_barrier_does_what_a_fence_for_the_block_does() {
        check("  tile[0] = 1.0f32\n  fence block\n  let i = threadIdx.x\n  barrier\n  a[0] = tile[i]", 0);
        check("  tile[0] = 1.0f32\n  fence block\n  tile[1] = 2.0f32\n  barrier\n  a[0] = tile[0]", 1);
        check("  tile[0] = 1.0f32\n  fence device\n  barrier\n  a[0] = tile[0]", 1);
    }

    #[test]
    fn only_the_host_reads_it() {
        check("  a[0] = b[0]\n  fence device\n  a[1] = b[1]", 0);
        check("  a[0] = b[0]\n  fence device\n  b[1] = 1.0f32", 1);
    }
}
