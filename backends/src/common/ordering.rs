//! Which barriers must order buffers, because a thread may see behind them what another thread wrote before them.
//!
//! `__syncthreads()` orders global memory as well as shared memory (CUDA guide, "Synchronization Functions"). WGSL has a barrier for each
//! (Section 17.11, "Synchronization Built-in Functions"); the one for buffers is left out where no access could tell:
//!
//! ```text
//! tile[thread] = data[i]            data is only read, sums only written at the end:
//! barrier                           workgroupBarrier() is enough
//! sums[block] = tile[0]
//! ```
//!
//! A barrier must order a buffer if a store to it may come before and a load or a store behind. Structured control flow makes that a
//! matter of the text: what stands above, what stands below, and both for everything in a loop around the barrier. A read before and a
//! write behind needs no more than that all threads arrive.

use super::effects::{Root, root};
use ir::{Block, Expr, FuncId, Function, GlobalId, Module, Space, Stmt, StmtKind};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

/// The places of barriers and votes that must order buffers, in a kernel whose barriers all stand in its own body. Of barriers that one
/// place has become, by inlining, one that must is enough. `aliased`: two bindings may be one memory.
pub fn ordering_barriers(module: &Module, kernel: FuncId, aliased: bool) -> FxHashSet<Span> {
    let function = &module.functions[kernel];
    let mut order = Order { module, aliased, now: 0, accesses: Vec::new(), barriers: Vec::new(), callees: FxHashMap::default() };
    order.block(function, &function.body);
    let must_order = |barrier: &&Barrier| {
        order
            .accesses
            .iter()
            .any(|access| access.first_write.is_some_and(|write| write < barrier.before) && access.last >= barrier.behind)
    };
    order.barriers.iter().filter(must_order).map(|barrier| barrier.span).collect()
}

/// A buffer; all of them are one where they may be one memory.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Memory {
    Buffer(GlobalId),
    Any,
}

/// When a buffer is used, by positions in the text.
struct Access {
    memory: Memory,
    first_write: Option<usize>,
    last: usize,
}

/// Positions below `before` may come before the barrier, those from `behind` on behind it.
struct Barrier {
    span: Span,
    before: usize,
    behind: usize,
}

struct Order<'a> {
    module: &'a Module,
    aliased: bool,
    /// The position in the text.
    now: usize,
    accesses: Vec<Access>,
    barriers: Vec<Barrier>,
    /// The buffers that functions use, and whether they write them.
    callees: FxHashMap<FuncId, Vec<(GlobalId, bool)>>,
}

impl Order<'_> {
    fn block(&mut self, function: &Function, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.statement(function, stmt));
    }

    fn statement(&mut self, function: &Function, stmt: &Stmt) {
        self.now += 1;
        own_accesses(self.module, function, stmt, &mut |global, writes| self.access(global, writes));
        match &stmt.kind {
            StmtKind::Call { function: callee, .. } => {
                for (global, writes) in self.callee(*callee) {
                    self.access(global, writes);
                }
            }
            StmtKind::Barrier | StmtKind::BlockVote { .. } => {
                self.now += 1;
                self.barriers.push(Barrier { span: stmt.span, before: self.now, behind: self.now });
            }
            _ => {}
        }
        let (start, first_barrier) = (self.now, self.barriers.len());
        stmt.kind.blocks().for_each(|block| self.block(function, block));
        if let StmtKind::Loop { .. } = stmt.kind {
            self.now += 1;
            // Conditions of the loop are evaluated again behind its body.
            own_accesses(self.module, function, stmt, &mut |global, writes| self.access(global, writes));
            self.now += 1;
            for barrier in &mut self.barriers[first_barrier..] {
                (barrier.before, barrier.behind) = (self.now, start);
            }
        }
    }

    fn access(&mut self, global: GlobalId, writes: bool) {
        let memory = if self.aliased { Memory::Any } else { Memory::Buffer(global) };
        let at = self.accesses.iter().position(|access| access.memory == memory).unwrap_or_else(|| {
            self.accesses.push(Access { memory, first_write: None, last: self.now });
            self.accesses.len() - 1
        });
        let access = &mut self.accesses[at];
        access.last = self.now;
        if writes {
            access.first_write.get_or_insert(self.now);
        }
    }

    fn callee(&mut self, id: FuncId) -> Vec<(GlobalId, bool)> {
        if let Some(known) = self.callees.get(&id) {
            return known.clone();
        }
        let function = &self.module.functions[id];
        let mut found: Vec<(GlobalId, bool)> = Vec::new();
        let mut calls = Vec::new();
        function.body.walk(&mut |stmt| {
            own_accesses(self.module, function, stmt, &mut |global, writes| found.push((global, writes)));
            if let StmtKind::Call { function: callee, .. } = stmt.kind {
                calls.push(callee);
            }
        });
        for callee in calls {
            found.extend(self.callee(callee));
        }
        found.sort();
        found.dedup();
        self.callees.insert(id, found.clone());
        found
    }
}

/// Tells of each buffer that the statement itself uses, and whether it writes it.
fn own_accesses(module: &Module, function: &Function, stmt: &Stmt, note: &mut impl FnMut(GlobalId, bool)) {
    let mut note_root = |pointer, writes| {
        if let Some(Root::Global(global)) = root(function, pointer)
            && module.tables.globals[global].space == Space::Global
        {
            note(global, writes);
        }
    };
    stmt.kind.operands(|operand| {
        function.walk_expr(operand, &mut |id| {
            if let Expr::Load { pointer, .. } = function.expr(id) {
                note_root(*pointer, false);
            }
        });
    });
    if let StmtKind::Store { pointer, .. } | StmtKind::Atomic { pointer, .. } = &stmt.kind {
        note_root(*pointer, true);
    }
}

#[cfg(test)]
mod tests {
    /// How many barriers of the kernel must order buffers.
    #[track_caller]
    fn check(body: &str, expected: usize) {
        let text = format!(
            "global a: [f32]\nglobal b: [f32]\nshared tile: [f32; 64]\n\nfn put(x: f32) -> void {{\n  b[0] = x\n}}\n\nkernel k() {{\n{body}\n}}\n"
        );
        let module = ir::text::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        let Some(kernel) = module.kernels().next() else { panic!("a kernel") };
        assert_eq!(super::ordering_barriers(&module, kernel, false).len(), expected, "{text}");
    }

    #[test]
    fn reading_one_buffer_and_writing_another_needs_no_order() {
        check("  tile[threadIdx.x] = a[threadIdx.x]\n  barrier\n  b[threadIdx.x] = tile[3]", 0);
    }

    #[test]
    fn what_is_written_before_and_used_behind_does() {
        check("  a[threadIdx.x] = 1.0\n  barrier\n  b[threadIdx.x] = a[3]", 1);
        check("  a[threadIdx.x] = 1.0\n  barrier\n  a[3] = 2.0", 1);
        check("  b[threadIdx.x] = a[3]\n  barrier\n  a[threadIdx.x] = 1.0\n  barrier", 0);
    }

    #[test]
    fn a_loop_comes_before_and_behind_what_it_holds() {
        check("  for tile[0] < 1.0 {\n    tile[1] = a[0]\n    barrier\n    a[threadIdx.x] = 1.0\n  }", 1);
        check("  for tile[0] < 1.0 {\n    tile[1] = a[0]\n    barrier\n  }\n  a[threadIdx.x] = 1.0", 0);
    }

    #[test]
    fn functions_use_buffers_too() {
        check("  b[1] = 0.0\n  barrier\n  call put(1.0)", 1);
    }
}
