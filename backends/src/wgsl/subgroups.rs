//! Operations of subgroups (WGSL, "Subgroup Built-in Functions"): what the shader passes leave of warp operations where warps are subgroups.

use super::function::FunctionWriter;
use ir::{ExprId, LetId, WarpOp};
use source::Span;

/// What a shader that has them must ask for (WGSL, "Enable Extensions").
pub const ENABLE: &str = "enable subgroups;";

impl FunctionWriter<'_, '_> {
    pub(super) fn subgroup_operation(&mut self, result: LetId, op: WarpOp, args: &[ExprId], span: Span) {
        let Some(function) = built_in(op) else { return self.module.fail("a warp operation", span) };
        let value = self.typed(args[0]);
        let call = match op {
            WarpOp::Shuffle => {
                let lane = self.plain(args[1]);
                format!("{function}({value}, {lane})")
            }
            // 128 lanes at most; these have 32.
            WarpOp::Ballot => format!("{function}({value}).x"),
            _ => format!("{function}({value})"),
        };
        let name = self.name_let(result, "result");
        self.text().line(format!("let {name} = {call};"));
    }
}

fn built_in(op: WarpOp) -> Option<&'static str> {
    Some(match op {
        WarpOp::Shuffle => "subgroupShuffle",
        WarpOp::Ballot => "subgroupBallot",
        WarpOp::ReduceAdd => "subgroupAdd",
        WarpOp::ReduceMin => "subgroupMin",
        WarpOp::ReduceMax => "subgroupMax",
        WarpOp::ReduceAnd => "subgroupAnd",
        WarpOp::ReduceOr => "subgroupOr",
        WarpOp::ReduceXor => "subgroupXor",
        _ => return None,
    })
}
