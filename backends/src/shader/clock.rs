//! `clock()` and `clock64()` become a counter of the thread's own, because shaders have no clock that every device gives.
//!
//! ```text
//!                             var clock = 0
//! let a = clock.i32           clock = clock + 32
//!                             let a = i32(clock)
//! ```
//!
//! CUDA promises that the counter of a multiprocessor rises with every cycle (guide, "Time Function"); what a difference means is left to the
//! hardware. Here a reading takes [`TICK`](ir::TICK) cycles and all else takes none: the counter rises from one reading to the next, a loop that
//! waits for cycles to pass ends, and each launch gives the same values. It measures nothing.
//!
//! *Needs*: every reading in the kernel itself. *Leaves*: no `Clock`.

use super::rewrite::{Builder, block_has};
use ir::{BinaryOp, Block, Expr, FuncId, LocalId, Module, Scalar, Stmt, StmtKind, TICK};

pub(super) fn run(module: &mut Module, kernel: FuncId) {
    let mut body = std::mem::take(&mut module.functions[kernel].body);
    let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    if block_has(&body, &mut |stmt| matches!(stmt.kind, StmtKind::Clock { .. })) {
        // 32 bits where nobody asks for more: not every device has 64.
        let is_wide = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Clock { scalar, .. } if scalar.size() == 8);
        let scalar = if block_has(&body, &mut |stmt| is_wide(stmt)) { Scalar::U64 } else { Scalar::U32 };
        let ty = builder.scalar_ty(scalar);
        let span = builder.function.span;
        let clock = builder.function.add_local("clock", ty, span);
        replace(&mut builder, clock, scalar, &mut body);
        let init = Some(builder.constant(scalar, 0, span));
        body.stmts.insert(0, Stmt { kind: StmtKind::Declare { local: clock, init }, span });
    }
    module.functions[kernel].body = body;
}

fn replace(builder: &mut Builder<'_>, clock: LocalId, counter: Scalar, block: &mut Block) {
    let mut out = Vec::new();
    for mut stmt in std::mem::take(&mut block.stmts) {
        stmt.kind.blocks_mut().for_each(|nested| replace(builder, clock, counter, nested));
        match stmt.kind {
            StmtKind::Clock { result, scalar } => {
                let span = stmt.span;
                let now = builder.load_local(clock, span);
                let tick = builder.constant(counter, TICK as i64, span);
                let next = builder.add(Expr::Binary { op: BinaryOp::Add, a: now, b: tick }, span);
                out.push(builder.store_local(clock, next, span));
                let now = builder.load_local(clock, span);
                let value = builder.convert(now, scalar, span);
                out.push(Stmt { kind: StmtKind::Let { result, value }, span });
            }
            _ => out.push(stmt),
        }
    }
    block.stmts = out;
}
