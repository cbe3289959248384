//! `printf`, `assert` and `__trap()` become records in the log, a buffer that the host reads after the launch
//! ([`output`](crate::output) has its layout).
//!
//! ```text
//! printf("%d %f\n", i, f64(x))      call logRecord2(1, u32(i), bits(x))
//!
//! assert(i < n, ...)                if !(i < n) { call logFailure(2); return }
//!
//!                                   fn logRecord2(site: u32, a: u32, b: u32) {
//!                                     let at = call logClaim(site, 5)
//!                                     if at != 0 { launchLog[at] = a; launchLog[at + 1] = b }
//!                                   }
//!                                   fn logClaim(site: u32, size: u32) -> u32 {
//!                                     if launchLog[USED] + size <= launchLog[CAPACITY] {
//!                                       let at = atomic.add(launchLog[USED], size)
//!                                       if at + size <= launchLog[CAPACITY] { launchLog[at] = site; ...; return at + 3 }
//!                                     }
//!                                     atomic.add(launchLog[LOST], 1)
//!                                     return 0
//!                                   }
//! ```
//!
//! The first test keeps the counter from running on where the log is full: it passes the capacity by no more than the threads in flight
//! claim at once, so it never wraps.
//!
//! A float that `printf` promotes stays a float: the host makes a double of it, which is exact and needs no doubles on the device.
//!
//! **Stopping.** The thread that fails returns from the kernel; what the others do is theirs. CUDA ends the launch with an error and
//! says nothing about memory (guide, "Assertion"), and no thread may wait for another that failed but at a barrier, where a thread that
//! has returned is not missed.
//!
//! *Needs*: everything that traps or asserts in the kernel itself. *Leaves*: neither `Printf` nor `Assert` nor `Trap`.

mod texts;

use self::texts::{Texts, Values};
use super::bind::Interface;
use super::rewrite::Builder;
use super::{Binding, BindingKind, BindingSource, Refusal};
use crate::output::{self, PrintArg, RECORD_WORDS, Site, format::conversions};
use ir::{
    AtomicOp, BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, Geometry, Global, GlobalId, Module, Param, Scalar,
    Scope, Space, Stmt, StmtKind, Tables,
};
use source::Span;
use std::collections::BTreeMap;

pub(super) fn run(module: &mut Module, kernel: FuncId, interface: &mut Interface) -> Result<(), Refusal> {
    let speaks = |kind: &StmtKind| matches!(kind, StmtKind::Printf { .. } | StmtKind::Assert { .. } | StmtKind::Trap);
    let ids: Vec<FuncId> = module.functions.handles().collect();
    let mut used = false;
    for &id in &ids {
        module.functions[id].body.walk(&mut |stmt| used |= speaks(&stmt.kind));
    }
    if !used {
        return Ok(());
    }
    let span = module.functions[kernel].span;
    let log = add_log(&mut module.tables, span);
    let source = BindingSource::Log;
    interface.bindings.push(Binding { binding: 0, global: log, kind: BindingKind::StorageReadWrite, source });
    let mut recorder = Recorder {
        log,
        // Nobody's, so that the functions of two kernels are equal.
        span: Span::NONE,
        functions: module.functions.len(),
        made: Vec::new(),
        records: BTreeMap::new(),
        claim: None,
        failure: None,
        sites: Vec::new(),
    };
    for id in ids {
        let mut values = Values::of(&module.functions[id]);
        let body = std::mem::take(&mut module.functions[id].body);
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let mut body = recorder.block(&mut builder, &mut values, body)?;
        texts::keep_numbers(&mut builder, &mut values, &mut body);
        module.functions[id].body = body;
    }
    for function in recorder.made {
        module.functions.add(function, Span::NONE);
    }
    interface.sites = recorder.sites;
    Ok(())
}

fn add_log(tables: &mut Tables, span: Span) -> GlobalId {
    let word = tables.types.scalar(Scalar::U32);
    let ty = tables.types.array(word, None);
    let log = Global {
        name: "launchLog".into(),
        ty,
        space: Space::Global,
        init: None,
        dynamic: false,
        align: 4,
        per_thread: 0,
        literal: false,
    };
    tables.globals.add(log, span)
}

/// Makes the functions that write records, one for each number of words.
struct Recorder {
    log: GlobalId,
    span: Span,
    /// How many functions the module has without those made here, which come behind them.
    functions: usize,
    made: Vec<Function>,
    records: BTreeMap<usize, FuncId>,
    claim: Option<FuncId>,
    failure: Option<FuncId>,
    sites: Vec<Site>,
}

impl Recorder {
    fn block(&mut self, builder: &mut Builder<'_>, values: &mut Values, block: Block) -> Result<Block, Refusal> {
        let mut out = Vec::new();
        for mut stmt in block.stmts {
            for nested in stmt.kind.blocks_mut() {
                *nested = self.block(builder, values, std::mem::take(nested))?;
            }
            let span = stmt.span;
            match stmt.kind {
                StmtKind::Printf { format, args } => {
                    let call = self.print(builder, values, format, &args, span)?;
                    out.push(call);
                }
                StmtKind::Trap => self.fail(builder, Site::Trap, span, &mut out),
                StmtKind::Assert { condition, assertion } => {
                    let mut failing = Vec::new();
                    self.fail(builder, Site::of_assertion(&assertion), span, &mut failing);
                    if matches!(builder.expr(condition), Expr::Const { bits: 0, .. }) {
                        out.extend(failing);
                    } else {
                        let condition = builder.not(condition, span);
                        let kind = StmtKind::If { condition, accept: Block { stmts: failing }, reject: Block::default() };
                        out.push(Stmt { kind, span });
                    }
                }
                _ => out.push(stmt),
            }
        }
        Ok(Block { stmts: out })
    }

    /// The number of a new site, as an argument.
    fn site(&mut self, builder: &mut Builder<'_>, site: Site, span: Span) -> ExprId {
        self.sites.push(site);
        builder.constant(Scalar::U32, self.sites.len() as i64, span)
    }

    fn print(
        &mut self,
        builder: &mut Builder<'_>,
        values: &mut Values,
        format: String,
        args: &[ExprId],
        span: Span,
    ) -> Result<Stmt, Refusal> {
        let conversions = conversions(format.as_bytes());
        let mut kinds = Vec::new();
        let mut words = Vec::new();
        for (index, &arg) in args.iter().enumerate() {
            let is_pointer = builder.tables.types.as_pointer(builder.ty(arg)).is_some();
            if is_pointer && conversions.get(index) == Some(&b's') {
                let mut texts = Texts { builder, values, found: Vec::new() };
                let number = texts.number(arg).ok_or(Refusal::Printf { span: texts.builder.span(arg) })?;
                kinds.push(PrintArg::Text(texts.found));
                words.push(number);
            } else {
                kinds.push(PrintArg::Scalar(scalar_words(builder, arg, &mut words)?));
            }
        }
        let count = words.len();
        let mut args = vec![self.site(builder, Site::Printf { format, args: kinds }, span)];
        args.append(&mut words);
        let function = self.record(builder.tables, count);
        Ok(Stmt { kind: StmtKind::Call { result: None, function, args }, span })
    }

    fn fail(&mut self, builder: &mut Builder<'_>, site: Site, span: Span, out: &mut Vec<Stmt>) {
        let args = vec![self.site(builder, site, span)];
        let function = self.failure(builder.tables);
        out.push(Stmt { kind: StmtKind::Call { result: None, function, args }, span });
        out.push(Stmt { kind: StmtKind::Return(None), span });
    }

    fn add(&mut self, function: Function) -> FuncId {
        self.made.push(function);
        FuncId::new(self.functions + self.made.len() - 1)
    }

    /// The function that makes room for a record and writes its head; gives the place of the arguments, or 0 if there is no room.
    fn claim(&mut self, tables: &mut Tables) -> FuncId {
        if let Some(function) = self.claim {
            return function;
        }
        let span = self.span;
        let result = tables.types.scalar(Scalar::U32);
        let names = ["site", "size"].map(str::to_owned);
        let mut function = Function { result, ..self.device_function(tables, "logClaim".into(), names.into_iter()) };
        let mut writer = Writer { builder: Builder { tables, function: &mut function }, log: self.log, span };
        let [site, size] = [0, 1].map(|index| writer.builder.add(Expr::Param(index), span));
        let none = writer.builder.constant(Scalar::U32, 0, span);
        let used = writer.atomic(AtomicOp::Load, output::USED, none);
        let at = writer.atomic(AtomicOp::Add, output::USED, size);
        let block = writer.builder.add(Expr::Geometry(Geometry::BlockRank), span);
        let thread = writer.builder.add(Expr::Geometry(Geometry::ThreadRank), span);
        let mut write = Vec::new();
        for (offset, value) in (0..).zip([site, block, thread]) {
            let index = writer.builder.with_constant(BinaryOp::Add, at.value, offset, span);
            write.push(writer.store(index, value));
        }
        let place = writer.builder.with_constant(BinaryOp::Add, at.value, RECORD_WORDS.into(), span);
        write.push(Stmt { kind: StmtKind::Return(Some(place)), span });
        let fits = writer.fits(at.value, size, write);
        let claim = writer.fits(used.value, size, vec![at.stmt, fits]);
        let one = writer.builder.constant(Scalar::U32, 1, span);
        let lost = writer.atomic(AtomicOp::Add, output::LOST, one).without_result();
        let give_up = Stmt { kind: StmtKind::Return(Some(none)), span };
        function.body.stmts = vec![used.stmt, claim, lost, give_up];
        let id = self.add(function);
        self.claim = Some(id);
        id
    }

    /// The function that writes a record with so many words of arguments.
    fn record(&mut self, tables: &mut Tables, words: usize) -> FuncId {
        if let Some(&function) = self.records.get(&words) {
            return function;
        }
        let claim = self.claim(tables);
        let span = self.span;
        let names = std::iter::once("site".to_owned()).chain((0..words).map(word_name));
        let mut function = self.device_function(tables, format!("logRecord{words}"), names);
        let mut writer = Writer { builder: Builder { tables, function: &mut function }, log: self.log, span };
        let site = writer.builder.add(Expr::Param(0), span);
        let size = writer.builder.constant(Scalar::U32, i64::from(RECORD_WORDS) + words as i64, span);
        let call = writer.call(claim, vec![site, size], "at");
        let mut write = Vec::new();
        for offset in 0..words {
            let value = writer.builder.add(Expr::Param(offset as u32 + 1), span);
            let index = writer.builder.with_constant(BinaryOp::Add, call.value, offset as i64, span);
            write.push(writer.store(index, value));
        }
        let condition = writer.builder.with_constant(BinaryOp::Ne, call.value, 0, span);
        let kind = StmtKind::If { condition, accept: Block { stmts: write }, reject: Block::default() };
        function.body.stmts = vec![call.stmt];
        if words > 0 {
            function.body.stmts.push(Stmt { kind, span });
        }
        let id = self.add(function);
        self.records.insert(words, id);
        id
    }

    /// The function that writes a record without arguments and, if it is the first, the failure of the launch.
    fn failure(&mut self, tables: &mut Tables) -> FuncId {
        if let Some(function) = self.failure {
            return function;
        }
        let record = self.record(tables, 0);
        let span = self.span;
        let mut function = self.device_function(tables, "logFailure".into(), std::iter::once("site".to_owned()));
        let mut writer = Writer { builder: Builder { tables, function: &mut function }, log: self.log, span };
        let site = writer.builder.add(Expr::Param(0), span);
        let kind = StmtKind::Call { result: None, function: record, args: vec![site] };
        let call = Stmt { kind, span };
        let first = writer.atomic(AtomicOp::CompareExchange, output::FAILED_SITE, site);
        let mut accept = Vec::new();
        for (word, rank) in [(output::FAILED_BLOCK, Geometry::BlockRank), (output::FAILED_THREAD, Geometry::ThreadRank)] {
            let value = writer.builder.add(Expr::Geometry(rank), span);
            let index = writer.builder.constant(Scalar::U32, word.into(), span);
            accept.push(writer.store(index, value));
        }
        let condition = writer.builder.with_constant(BinaryOp::Eq, first.value, 0, span);
        let kind = StmtKind::If { condition, accept: Block { stmts: accept }, reject: Block::default() };
        function.body.stmts = vec![call, first.stmt, Stmt { kind, span }];
        let id = self.add(function);
        self.failure = Some(id);
        id
    }

    fn device_function(&self, tables: &mut Tables, name: String, params: impl Iterator<Item = String>) -> Function {
        let void = tables.types.void();
        let ty = tables.types.scalar(Scalar::U32);
        let mut function = Function::new(name, FunctionKind::Device, void, self.span);
        let param = |name| Param { name, ty, is_restrict: false, is_const: false, span: self.span };
        function.params = params.map(param).collect();
        function
    }
}

/// `a` to `z`, then `a1`.
fn word_name(index: usize) -> String {
    let letter = char::from(b'a' + (index % 26) as u8);
    if index < 26 { letter.into() } else { format!("{letter}{}", index / 26) }
}

/// Writes the body of a function on the log.
struct Writer<'a> {
    builder: Builder<'a>,
    log: GlobalId,
    span: Span,
}

/// A statement and its result.
struct Bound {
    stmt: Stmt,
    value: ExprId,
}

impl Bound {
    fn without_result(mut self) -> Stmt {
        if let StmtKind::Atomic { result, .. } = &mut self.stmt.kind {
            *result = None;
        }
        self.stmt
    }
}

impl Writer<'_> {
    fn word(&mut self, index: ExprId) -> ExprId {
        let base = self.builder.global(self.log, self.span);
        self.builder.element(base, index, self.span)
    }

    fn store(&mut self, index: ExprId, value: ExprId) -> Stmt {
        let pointer = self.word(index);
        Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span: self.span }
    }

    fn call(&mut self, function: FuncId, args: Vec<ExprId>, name: &str) -> Bound {
        let ty = self.builder.scalar_ty(Scalar::U32);
        let result = self.builder.function.add_let(Some(name.into()), ty, self.span);
        let kind = StmtKind::Call { result: Some(result), function, args };
        Bound { stmt: Stmt { kind, span: self.span }, value: self.builder.add(Expr::Let(result), self.span) }
    }

    /// On a word of the header; a compare-and-exchange compares with 0.
    fn atomic(&mut self, op: AtomicOp, word: u32, value: ExprId) -> Bound {
        let span = self.span;
        let name = match word {
            output::USED if op == AtomicOp::Add => "at",
            output::USED => "used",
            _ => "old",
        };
        let ty = self.builder.scalar_ty(Scalar::U32);
        let result = self.builder.function.add_let(Some(name.into()), ty, span);
        let index = self.builder.constant(Scalar::U32, word.into(), span);
        let pointer = self.word(index);
        let compare = (op == AtomicOp::CompareExchange).then(|| self.builder.constant(Scalar::U32, 0, span));
        let kind = StmtKind::Atomic { result: Some(result), op, pointer, value, compare, scope: Scope::Device };
        Bound { stmt: Stmt { kind, span }, value: self.builder.add(Expr::Let(result), span) }
    }

    /// `if at + size <= launchLog[CAPACITY] { accept }`
    fn fits(&mut self, at: ExprId, size: ExprId, accept: Vec<Stmt>) -> Stmt {
        let end = self.builder.binary(BinaryOp::Add, at, size, self.span);
        let index = self.builder.constant(Scalar::U32, output::CAPACITY.into(), self.span);
        let pointer = self.word(index);
        let capacity = self.builder.load(pointer, self.span);
        let condition = self.builder.binary(BinaryOp::Le, end, capacity, self.span);
        let kind = StmtKind::If { condition, accept: Block { stmts: accept }, reject: Block::default() };
        Stmt { kind, span: self.span }
    }
}

/// Adds the words of an argument, and gives the type that the host reads them as.
fn scalar_words(builder: &mut Builder<'_>, arg: ExprId, words: &mut Vec<ExprId>) -> Result<Scalar, Refusal> {
    let span = builder.span(arg);
    let (arg, scalar) = match builder.expr(arg) {
        Expr::Convert { value, to: Scalar::F64 } if builder.scalar_of(value) == Some(Scalar::F32) => (value, Scalar::F32),
        _ => match builder.scalar_of(arg) {
            Some(scalar) => (arg, scalar),
            None if builder.tables.types.as_pointer(builder.ty(arg)).is_some() => {
                (builder.add(Expr::PointerToInt(arg), span), Scalar::U64)
            }
            None => return Err(Refusal::Internal { span, what: "printf of an aggregate".into() }),
        },
    };
    match scalar {
        Scalar::F32 => words.push(builder.reinterpret(arg, Scalar::U32, span)),
        Scalar::F64 | Scalar::I64 | Scalar::U64 => {
            let halves = match builder.expr(arg) {
                Expr::Const { bits, .. } => {
                    [bits as u32, (bits >> 32) as u32].map(|half| builder.constant(Scalar::U32, half.into(), span))
                }
                _ => {
                    let whole = builder.reinterpret(arg, Scalar::U64, span);
                    let half = builder.constant(Scalar::U32, 32, span);
                    let high = builder.binary(BinaryOp::Shr, whole, half, span);
                    [whole, high].map(|half| builder.convert(half, Scalar::U32, span))
                }
            };
            words.extend(halves);
        }
        Scalar::F16 | Scalar::BF16 => {
            let bits = builder.reinterpret(arg, Scalar::U16, span);
            words.push(builder.convert(bits, Scalar::U32, span));
        }
        _ => words.push(builder.convert(arg, Scalar::U32, span)),
    }
    Ok(scalar)
}
