//! IR to instructions. Decides where each value lives: see [`code`](super::code).

mod aggregate;
mod expr;
mod stmt;

use super::code::{At, Code, Instr, Layout, Loc, Pc, Reg};
use super::fault::{Fault, FaultKind};
use ir::{Expr, ExprId, Function, Geometry, LocalId, Module, Scalar, StmtKind, Type, TypeId};
use source::Span;
use std::collections::HashMap;

/// Compiles all functions of a module; the index is that of the function.
pub(super) fn compile(module: &Module, global_addresses: &[u64]) -> Result<Vec<Code>, Fault> {
    let mut codes = Vec::new();
    for (id, function) in module.functions.iter() {
        let compiler = Compiler::new(module, global_addresses, function);
        codes.push(compiler.function(module.functions.span(id)).map_err(|broken| broken.fault(function))?);
    }
    Ok(codes)
}

/// IR that the verifier should have refused.
#[derive(Debug)]
pub(super) struct Broken {
    reason: String,
    span: Span,
}

impl Broken {
    fn fault(self, function: &Function) -> Fault {
        let reason = format!("{} in `{}`", self.reason, function.name);
        Fault { kind: FaultKind::BrokenIr { reason }.into(), span: self.span, thread: None }
    }
}

type Result<T, E = Broken> = std::result::Result<T, E>;

/// Where a local lives.
#[derive(Clone, Copy)]
enum Home {
    /// Never declared.
    Nowhere,
    /// Its address is never taken. The flag, if there is one, says whether it has a value.
    Reg {
        reg: Reg,
        flag: Option<Reg>,
    },
    Mem {
        at: At,
        slot: u32,
    },
}

/// What `break` and `continue` leave.
struct Exit {
    is_loop: bool,
    /// Lives that began before.
    live: usize,
    breaks: Vec<Pc>,
    continues: Vec<Pc>,
}

struct Compiler<'a> {
    module: &'a Module,
    globals: &'a [u64],
    function: &'a Function,
    code: Code,
    span: Span,
    constants: HashMap<u64, Reg>,
    geometry: HashMap<Geometry, Reg>,
    homes: Vec<Home>,
    lets: Vec<Option<Loc>>,
    /// Registers for intermediate values; those before `used` are in use by the current statement.
    temps: Vec<Reg>,
    used: usize,
    /// Frame bytes for intermediate values of the current statement begin here.
    scratch: At,
    frame: At,
    /// Variables in memory that live, innermost last.
    live: Vec<u32>,
    exits: Vec<Exit>,
    names: HashMap<String, u32>,
}

impl<'a> Compiler<'a> {
    fn new(module: &'a Module, globals: &'a [u64], function: &'a Function) -> Compiler<'a> {
        Compiler {
            module,
            globals,
            function,
            code: Code::default(),
            span: function.span,
            constants: HashMap::new(),
            geometry: HashMap::new(),
            homes: vec![Home::Nowhere; function.locals.len()],
            lets: vec![None; function.lets.len()],
            temps: Vec::new(),
            used: 0,
            scratch: 0,
            frame: 0,
            live: Vec::new(),
            exits: Vec::new(),
            names: HashMap::new(),
        }
    }

    fn function(mut self, span: Span) -> Result<Code> {
        for param in &self.function.params {
            let loc = self.new_loc(param.ty)?;
            self.code.params.push(loc);
            self.code.param_scalars.push(self.register_scalar(param.ty));
        }
        self.place_locals()?;
        // Scratch space begins behind everything that lasts; `place_lets` runs first so that its size is known.
        self.place_lets()?;
        self.scratch = self.frame;
        let body = &self.function.body;
        self.block(body)?;
        self.span = span;
        let is_void = self.module.tables.types.get(self.function.result) == Type::Void;
        self.emit(if is_void { Instr::Return } else { Instr::MissingReturn });
        self.code.frame_size = self.code.frame_size.max(self.frame);
        Ok(self.code)
    }

    fn fail<T>(&self, reason: impl Into<String>) -> Result<T> {
        Err(Broken { reason: reason.into(), span: self.span })
    }

    fn emit(&mut self, instr: Instr) -> Pc {
        self.code.instrs.push(instr);
        self.code.spans.push(self.span);
        (self.code.instrs.len() - 1) as Pc
    }

    fn here(&self) -> Pc {
        self.code.instrs.len() as Pc
    }

    /// Makes the jumps at `from` go to the next instruction.
    fn land(&mut self, from: &[Pc]) {
        let here = self.here();
        from.iter().for_each(|pc| self.aim(*pc, here));
    }

    fn aim(&mut self, pc: Pc, target: Pc) {
        match &mut self.code.instrs[pc as usize] {
            Instr::Jump { to }
            | Instr::JumpIf { to, .. }
            | Instr::JumpUnless { to, .. }
            | Instr::JumpIfCompare { to, .. }
            | Instr::JumpUnlessCompare { to, .. } => *to = target,
            _ => unreachable!("only jumps are aimed"),
        }
    }

    fn new_reg(&mut self) -> Reg {
        self.code.registers.push(0);
        (self.code.registers.len() - 1) as Reg
    }

    /// A register for the rest of the current statement.
    fn temp(&mut self) -> Reg {
        if self.used == self.temps.len() {
            let reg = self.new_reg();
            self.temps.push(reg);
        }
        self.used += 1;
        self.temps[self.used - 1]
    }

    /// Frame bytes for the rest of the current statement.
    fn scratch(&mut self, ty: TypeId) -> Result<At> {
        let at = align_up(self.scratch, self.module.tables.types.align_of(ty));
        let size = self.size32(ty)?;
        let Some(end) = at.checked_add(size) else { return self.fail("the frame is too large") };
        self.scratch = end;
        self.code.frame_size = self.code.frame_size.max(end);
        Ok(at)
    }

    fn end_statement(&mut self) {
        self.used = 0;
        self.scratch = self.frame;
    }

    fn size32(&self, ty: TypeId) -> Result<u32> {
        match u32::try_from(self.module.tables.types.size_of(ty)) {
            Ok(size) if size < 1 << 30 => Ok(size),
            _ => self.fail("a type is too large"),
        }
    }

    fn new_frame_bytes(&mut self, ty: TypeId) -> Result<At> {
        let at = align_up(self.frame, self.module.tables.types.align_of(ty));
        let size = self.size32(ty)?;
        match at.checked_add(size) {
            Some(end) => self.frame = end,
            None => return self.fail("the frame is too large"),
        }
        Ok(at)
    }

    fn new_loc(&mut self, ty: TypeId) -> Result<Loc> {
        match self.register_scalar(ty) {
            Some(_) => Ok(Loc::Reg(self.new_reg())),
            None => Ok(Loc::Mem { at: self.new_frame_bytes(ty)?, len: self.size32(ty)? }),
        }
    }

    /// The scalar that a register holds for this type; pointers are `u64`. `None` for aggregates.
    fn register_scalar(&self, ty: TypeId) -> Option<Scalar> {
        match self.module.tables.types.get(ty) {
            Type::Scalar(scalar) => Some(scalar),
            Type::Pointer { .. } => Some(Scalar::U64),
            Type::Void | Type::Vector { .. } | Type::Array { .. } | Type::Struct(_) => None,
        }
    }

    fn constant(&mut self, bits: u64) -> Reg {
        if let Some(reg) = self.constants.get(&bits) {
            return *reg;
        }
        let reg = self.new_reg();
        self.code.registers[reg as usize] = bits;
        self.constants.insert(bits, reg);
        reg
    }

    fn name(&mut self, name: &str) -> u32 {
        if let Some(index) = self.names.get(name) {
            return *index;
        }
        let index = self.code.names.len() as u32;
        self.code.names.push(name.to_owned());
        self.names.insert(name.to_owned(), index);
        index
    }

    fn layout(&mut self, ty: TypeId) -> Result<u32> {
        let types = &self.module.tables.types;
        let mut scalars = Some(Vec::new());
        collect_scalars(self.module, ty, 0, &mut scalars);
        let layout = Layout { size: self.size32(ty)?, align: types.align_of(ty) as u32, scalars: scalars.unwrap_or_default() };
        if let Some(index) = self.code.layouts.iter().position(|known| *known == layout) {
            return Ok(index as u32);
        }
        self.code.layouts.push(layout);
        Ok(self.code.layouts.len() as u32 - 1)
    }

    /// A local lives in a register if it is a scalar whose address serves for nothing but loads and stores of it.
    fn place_locals(&mut self) -> Result<()> {
        let addressed = addressed_locals(self.function);
        let mut declares: Vec<(LocalId, bool)> = Vec::new();
        self.function.body.walk(&mut |stmt| {
            if let StmtKind::Declare { local, init } = &stmt.kind {
                let defined = init.is_some_and(|init| !matches!(self.function.expr(init), Expr::Undef(_)));
                declares.push((*local, defined));
            }
        });
        let may_be_unset = |local: LocalId| {
            let stores_undef = |stmt: &StmtKind| match stmt {
                StmtKind::Store { pointer, value, .. } => {
                    matches!(self.function.expr(*pointer), Expr::LocalAddr(id) if *id == local)
                        && matches!(self.function.expr(*value), Expr::Undef(_))
                }
                _ => false,
            };
            let mut found = declares.iter().any(|(id, defined)| *id == local && !defined);
            if !found {
                self.function.body.walk(&mut |stmt| found |= stores_undef(&stmt.kind));
            }
            found
        };
        let flagged: Vec<bool> = self.function.locals.handles().map(may_be_unset).collect();
        for (local, _) in declares {
            if !matches!(self.homes[local.index()], Home::Nowhere) {
                continue;
            }
            let data = &self.function.locals[local];
            self.homes[local.index()] = if self.register_scalar(data.ty).is_some() && !addressed[local.index()] {
                let flag = flagged[local.index()].then(|| self.new_reg());
                Home::Reg { reg: self.new_reg(), flag }
            } else {
                let (at, size, name) = (self.new_frame_bytes(data.ty)?, self.size32(data.ty)?, self.name(&data.name));
                self.code.slots.push((at, size, name));
                Home::Mem { at, slot: self.code.slots.len() as u32 - 1 }
            };
        }
        Ok(())
    }

    fn place_lets(&mut self) -> Result<()> {
        let mut results = Vec::new();
        self.function.body.walk(&mut |stmt| results.extend(stmt.kind.result()));
        for id in results {
            if self.lets[id.index()].is_none() {
                self.lets[id.index()] = Some(self.new_loc(self.function.lets[id].ty)?);
            }
        }
        Ok(())
    }

    /// The variable and offset that an address always has.
    fn static_place(&self, pointer: ExprId) -> Option<(LocalId, u64)> {
        let types = &self.module.tables.types;
        match self.function.expr(pointer) {
            Expr::LocalAddr(local) => Some((*local, 0)),
            Expr::Field { base, index } => {
                let (local, offset) = self.static_place(*base)?;
                let (pointee, _) = types.as_pointer(self.function.ty(*base))?;
                Some((local, offset + part_offset(self.module, pointee, *index)?))
            }
            Expr::Element { base, index } => {
                let (local, offset) = self.static_place(*base)?;
                let Expr::Const { bits, .. } = self.function.expr(*index) else { return None };
                let (pointee, _) = types.as_pointer(self.function.ty(*base))?;
                match types.get(pointee) {
                    Type::Array { element, count: Some(count) } if *bits < count => {
                        Some((local, offset + bits * types.size_of(element)))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn align_up(at: At, align: u64) -> At {
    at.next_multiple_of(align.max(1) as u32)
}

/// Bytes from the start of a vector, struct or array to its part.
fn part_offset(module: &Module, ty: TypeId, index: u32) -> Option<u64> {
    let types = &module.tables.types;
    match types.get(ty) {
        Type::Vector { scalar, .. } => Some(u64::from(index) * scalar.size()),
        Type::Array { element, .. } => Some(u64::from(index) * types.size_of(element)),
        Type::Struct(_) => Some(types.as_struct(ty)?.fields.get(index as usize)?.offset),
        _ => None,
    }
}

/// Offset and size of all scalars in a type; `None` where a union or a great number of them makes that pointless.
fn collect_scalars(module: &Module, ty: TypeId, at: u32, out: &mut Option<Vec<(u32, u32)>>) {
    const MANY: u64 = 4096;
    let types = &module.tables.types;
    let Some(list) = out else { return };
    match types.get(ty) {
        Type::Void => {}
        Type::Scalar(scalar) => list.push((at, scalar.size() as u32)),
        Type::Pointer { .. } => list.push((at, 8)),
        Type::Vector { .. } => list.push((at, types.size_of(ty) as u32)),
        Type::Array { element, count } => match count {
            Some(count) if list.len() as u64 + count <= MANY => {
                let size = types.size_of(element) as u32;
                (0..count as u32).for_each(|index| collect_scalars(module, element, at + index * size, out));
            }
            _ => *out = None,
        },
        Type::Struct(_) => match types.as_struct(ty) {
            Some(definition) if !definition.is_union => {
                for field in &definition.fields {
                    collect_scalars(module, field.ty, at + field.offset as u32, out);
                }
            }
            _ => *out = None,
        },
    }
}

/// For each local: is its address used for more than loading and storing the whole of it?
fn addressed_locals(function: &Function) -> Vec<bool> {
    let mut addressed = vec![false; function.locals.len()];
    let mut roots = Vec::new();
    function.body.walk(&mut |stmt| {
        let stored = match &stmt.kind {
            StmtKind::Store { pointer, .. } if matches!(function.expr(*pointer), Expr::LocalAddr(_)) => Some(*pointer),
            _ => None,
        };
        stmt.kind.operands(|operand| {
            if Some(operand) != stored {
                roots.push(operand);
            }
        });
    });
    let mut work = roots;
    while let Some(id) = work.pop() {
        match function.expr(id) {
            Expr::LocalAddr(local) => addressed[local.index()] = true,
            Expr::Load { pointer, .. } if matches!(function.expr(*pointer), Expr::LocalAddr(_)) => {}
            expr => expr.operands(|operand| work.push(operand)),
        }
    }
    addressed
}
