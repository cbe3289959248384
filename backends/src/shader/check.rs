//! Says whether a program is in legal form, so that what the passes missed is refused and never emitted.
//!
//! *Needs*: nothing in the functions' arenas but what their bodies use.

use super::address::root_of;
use super::warps::is_native;
use super::{Features, Refusal};
use ir::{Expr, ExprId, Function, Module, Scalar, StmtKind, Type, TypeId, Types};

pub(super) fn run(module: &Module, features: Features, subgroups: bool) -> Result<(), Refusal> {
    let types = &module.tables.types;
    let is_nothing = |ty| matches!(types.get(ty), Type::Array { count: Some(0), .. });
    let nothing = module.tables.globals.iter().any(|(_, global)| is_nothing(global.ty));
    let too_large = module.tables.globals.iter().any(|(_, global)| is_too_large(types, global.ty));
    for (_, function) in module.functions.iter() {
        if nothing {
            return Err(Refusal::Access { span: function.span, why: "a variable is an array of no elements" });
        }
        if too_large || function.locals.iter().any(|(_, local)| is_too_large(types, local.ty)) {
            return Err(Refusal::Access { span: function.span, why: "a variable has more than a gigabyte" });
        }
        if function.is_settled {
            continue;
        }
        let mut checker = Checker { types: &module.tables.types, function, features, subgroups, result: Ok(()) };
        checker.run();
        checker.result?;
    }
    Ok(())
}

/// What naga takes as a type at most.
const MAX_BYTES: u64 = 1 << 30;

fn is_too_large(types: &Types, ty: TypeId) -> bool {
    !matches!(types.get(ty), Type::Array { count: None, .. }) && types.size_of(ty) > MAX_BYTES
}

struct Checker<'a> {
    types: &'a Types,
    function: &'a Function,
    features: Features,
    /// Operations of subgroups are meant to be here.
    subgroups: bool,
    result: Result<(), Refusal>,
}

impl Checker<'_> {
    fn run(&mut self) {
        let function = self.function;
        function.exprs.handles().for_each(|id| self.expr(id));
        if self.result.is_err() {
            // The first in the order of the text is the one to tell of.
            self.result = Ok(());
            function.walk_all(&mut |id| self.expr(id));
        }
        function.body.walk(&mut |stmt| {
            let refusal = match &stmt.kind {
                StmtKind::Warp { .. } if is_native(stmt) && self.subgroups => return,
                StmtKind::Warp { .. } | StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. } => {
                    Refusal::WarpOperation { span: stmt.span }
                }
                StmtKind::GridBarrier => Refusal::Internal { span: stmt.span, what: "a barrier of the grid".into() },
                StmtKind::Arrive { .. } | StmtKind::Yield => {
                    Refusal::Internal { span: stmt.span, what: "a barrier object".into() }
                }
                StmtKind::Printf { .. } | StmtKind::Trap | StmtKind::Assert { .. } | StmtKind::Clock { .. } => {
                    Refusal::Internal { span: stmt.span, what: "printf, assert, trap or clock".into() }
                }
                StmtKind::Declare { local, .. } => {
                    return self.value_type(function.locals[*local].ty, stmt.span);
                }
                StmtKind::Switch { cases, .. } if cases.iter().any(|case| case.falls_through) => {
                    Refusal::Internal { span: stmt.span, what: "a case that falls through".into() }
                }
                _ => return,
            };
            self.refuse(refusal);
        });
    }

    fn refuse(&mut self, refusal: Refusal) {
        if self.result.is_ok() {
            self.result = Err(refusal);
        }
    }

    fn expr(&mut self, id: ExprId) {
        let span = self.function.exprs.span(id);
        if self.types.as_pointer(self.function.ty(id)).is_some() {
            if root_of(self.function, id).is_none() {
                self.refuse(Refusal::PointerInMemory { span });
            }
            let is_arithmetic = match self.function.expr(id) {
                Expr::Offset { .. } | Expr::Select { .. } => true,
                // A wide view of the buffer.
                Expr::PointerCast { base, .. } => !matches!(self.function.expr(*base), Expr::GlobalAddr(_)),
                _ => false,
            };
            if is_arithmetic {
                self.refuse(Refusal::Internal { span, what: "pointer arithmetic".into() });
            }
            return;
        }
        match self.function.expr(id) {
            Expr::PointerDiff { .. } | Expr::PointerToInt(_) => self.refuse(Refusal::PointerBits { span }),
            _ => self.value_type(self.function.ty(id), span),
        }
    }

    fn value_type(&mut self, ty: TypeId, span: source::Span) {
        let what = match self.types.get(ty) {
            Type::Scalar(scalar) | Type::Vector { scalar, .. } => self.scalar_name(scalar),
            Type::Array { element, .. } => return self.value_type(element, span),
            Type::Struct(definition) => {
                let definition = &self.types.structs()[definition];
                for field in &definition.fields {
                    self.value_type(field.ty, span);
                }
                None
            }
            Type::Pointer { .. } => return self.refuse(Refusal::PointerInMemory { span }),
            Type::Void => None,
        };
        if let Some(what) = what {
            self.refuse(Refusal::ValueType { span, what });
        }
    }

    fn scalar_name(&self, scalar: Scalar) -> Option<&'static str> {
        let there = match scalar {
            Scalar::Bool | Scalar::I32 | Scalar::U32 | Scalar::F32 => true,
            Scalar::I64 | Scalar::U64 => self.features.int64,
            Scalar::F64 => self.features.float64,
            Scalar::F16 => self.features.float16,
            Scalar::I8 | Scalar::I16 | Scalar::U8 | Scalar::U16 | Scalar::BF16 => false,
        };
        (!there).then(|| match scalar {
            Scalar::I64 | Scalar::U64 => "64-bit integer",
            Scalar::F64 => "double",
            Scalar::F16 => "half",
            Scalar::BF16 => "bfloat16",
            other => other.name(),
        })
    }
}
