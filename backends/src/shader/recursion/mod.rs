//! Functions that call themselves, directly or through others, become one loop with a stack of its own: shaders have none.
//!
//! ```text
//! fn fib(n: i32) -> i32 {              fn fib(n: i32) -> i32 {
//!   if n < 2 { return n }                nStack[0] = n
//!   let a = call fib(n - 1)              loop {
//!   let b = call fib(n - 2)                switch state {
//!   return a + b                             case 0 { if nStack[top] < 2 { result = nStack[top]; break }
//! }                                                   n = nStack[top] - 1; resume[top] = 1; top++; nStack[top] = n; state = 0; continue }
//!                                            case 1 { aStack[top] = result; ... resume[top] = 2; top++; ...; state = 0; continue }
//!                                            case 2 { let b = result; result = aStack[top] + b }
//!                                          }
//!                                          if top == 0 { break }
//!                                          top--; state = resume[top]
//!                                        }
//!                                        return result
//!                                      }
//! ```
//!
//! [`states`] cuts the bodies at their recursive calls into the states of the loop, [`stack`] gives each call its own copy of the variables that
//! outlive a state. A call whose result is returned at once needs no copy: recursion that has no others is a plain loop.
//!
//! **Depth.** CUDA's stack has 1,024 bytes for each thread until `cudaDeviceSetLimit` gives more; here it is a number of calls
//! ([`depth`]). The thread that would need more stops the launch with a failed assertion.
//!
//! *Needs*: free IR of one kernel. *Leaves*: no cycle of calls; callees before callers.

mod stack;
mod states;

use super::rewrite::{Builder, block_has};
use super::uniformity::is_sync;
use super::{Options, Refusal, transplant};
use ir::{Expr, FuncId, Function, FunctionKind, LocalId, Module, StmtKind, TypeId};
use rustc_hash::FxHashMap;
use source::Span;

/// Bytes that the stack may have of a thread's memory: what WGSL promises for a function's variables (section "Limits").
const STACK_BYTES: u64 = 8192;

/// Calls within each other that are possible whatever they need.
const LEAST_DEPTH: u64 = 16;

/// More is asked for with `--recursion-depth`.
const MOST_DEPTH: u64 = 128;

pub(super) fn run(module: &mut Module, kernel: &mut FuncId, options: &Options) -> Result<(), Refusal> {
    let cycles = cycles(module, *kernel);
    for cycle in &cycles {
        make_loops(module, cycle, options)?;
    }
    if !cycles.is_empty() {
        *kernel = transplant::in_order_of_calls(module, *kernel);
    }
    Ok(())
}

/// Sets of functions each of which may come to every other.
fn cycles(module: &Module, kernel: FuncId) -> Vec<Vec<FuncId>> {
    let callees = |id: FuncId| module.functions[id].callees().into_iter().map(|(callee, _)| callee);
    let behind = |id: FuncId| {
        let mut found: Vec<FuncId> = callees(id).collect();
        let mut next = 0;
        while let Some(&other) = found.get(next) {
            next += 1;
            let more: Vec<FuncId> = callees(other).filter(|callee| !found.contains(callee)).collect();
            found.extend(more);
        }
        found
    };
    if !transplant::calls_itself(module, kernel) {
        return Vec::new();
    }
    let mut cycles: Vec<Vec<FuncId>> = Vec::new();
    for id in transplant::reachable(module, kernel) {
        let reached = behind(id);
        if reached.contains(&id) && !cycles.iter().flatten().any(|&known| known == id) {
            let back = |&other: &FuncId| other == id || reached.contains(&other) && behind(other).contains(&id);
            cycles.push(transplant::reachable(module, id).into_iter().filter(back).collect());
        }
    }
    cycles
}

/// A loop for each function of the cycle that others call, in the place of those calls.
fn make_loops(module: &mut Module, cycle: &[FuncId], options: &Options) -> Result<(), Refusal> {
    if let [first, ..] = cycle {
        for id in transplant::reachable(module, *first) {
            check(&module.functions[id], &module.functions[*first])?;
        }
    }
    let mut loops = FxHashMap::default();
    for caller in module.functions.handles().filter(|id| !cycle.contains(id)).collect::<Vec<FuncId>>() {
        for (callee, _) in module.functions[caller].callees() {
            if cycle.contains(&callee) && !loops.contains_key(&callee) {
                let function = looped(module, cycle, callee, options);
                loops.insert(callee, module.functions.add(function, module.functions.span(callee)));
            }
        }
        module.functions[caller].map_callees(|callee| loops.get(&callee).copied());
    }
    Ok(())
}

/// Threads that recurse differently deep never meet at a place in the text, which is what barriers and warp operations are made for.
/// `function` is one that `recursive` comes to.
fn check(function: &Function, recursive: &Function) -> Result<(), Refusal> {
    let mut found = None;
    block_has(&function.body, &mut |stmt| {
        let why = match stmt.kind {
            StmtKind::Warp { .. } | StmtKind::WarpBarrier { .. } => "comes to an operation of warps",
            StmtKind::GridBarrier | StmtKind::Yield => "comes to a barrier",
            _ if is_sync(stmt) => "comes to a barrier",
            _ => return false,
        };
        found = Some((stmt.span, why));
        true
    });
    found.map_or(Ok(()), |(span, why)| Err(Refusal::Recursion { span, name: recursive.name.clone(), why }))
}

/// A function of the cycle as the loop is made of it.
struct Member {
    function: FuncId,
    /// The state in which its body starts.
    start: states::State,
    params: Vec<Param>,
    /// Calls in whose place it may go on with the same variables: no pointer to one of them is left anywhere.
    may_reuse: bool,
}

#[derive(Clone, Copy)]
enum Param {
    /// The same in all calls, so a parameter of the loop.
    Kept,
    Variable(LocalId),
}

/// What the loop itself keeps, once and for all calls.
struct Control {
    /// Where to go on.
    state: LocalId,
    /// The number of calls that wait.
    top: LocalId,
    /// The state in which the call goes on, which is a variable of the call.
    resume: LocalId,
    /// What the last function returned, for each type.
    results: Vec<(TypeId, LocalId)>,
}

/// `start` and what it may come to, without calls to any of `cycle`.
fn looped(module: &mut Module, cycle: &[FuncId], start: FuncId, options: &Options) -> Function {
    let source = &module.functions[start];
    let mut function = Function::new(source.name.clone(), FunctionKind::Device, source.result, source.span);
    function.params = source.params.clone();
    let span = source.span;
    let bodies: Vec<(FuncId, Function)> = cycle.iter().map(|&id| (id, module.functions[id].clone())).collect();
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let states = states::of(&mut builder, &bodies, start, span);
    stack::lay_out(&mut builder, states, options.recursion_depth, span);
    function
}

/// Which parameters does each call within the function pass on as they are?
fn kept_params(id: FuncId, function: &Function) -> Vec<bool> {
    let mut kept = vec![true; function.params.len()];
    function.body.walk(&mut |stmt| {
        if let StmtKind::Call { function: callee, args, .. } = &stmt.kind
            && *callee == id
        {
            for (index, &arg) in args.iter().enumerate() {
                kept[index] &= matches!(function.expr(arg), Expr::Param(own) if *own as usize == index);
            }
        }
    });
    kept
}

/// How many calls may be within each other, with so many bytes for each.
fn depth(bytes: u64, asked: Option<u32>) -> u64 {
    let fits = STACK_BYTES / bytes.max(1);
    asked.map_or(fits.clamp(LEAST_DEPTH, MOST_DEPTH), |asked| u64::from(asked.max(1)))
}

fn stmt(kind: StmtKind, span: Span) -> ir::Stmt {
    ir::Stmt { kind, span }
}
