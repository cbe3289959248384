//! Types of expressions, and of what statements do with them.

use super::Verifier;
use super::items::{is_pure, is_unsized};
use crate::expr::{Expr, ExprId, UnaryOp};
use crate::infer::infer;
use crate::module::{FuncId, Function, Tables};
use crate::results::result_type;
use crate::stmt::{Case, Stmt, StmtKind};
use crate::types::{Scalar, Space, Type, TypeId};
use rustc_hash::FxHashSet;
use source::Span;

pub(super) fn check(verifier: &mut Verifier, id: FuncId, tables: &mut Tables) {
    let function = &verifier.module.functions[id];
    let mut checker = Checker { tables, function, verifier, done: vec![Mark::New; function.exprs.len()] };
    function.body.walk(&mut |stmt| checker.stmt(stmt));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// Its operands are being checked: to meet it again is a cycle.
    Open,
    Good,
    Bad,
}

struct Checker<'a, 'b> {
    verifier: &'a mut Verifier<'b>,
    tables: &'a mut Tables,
    function: &'b Function,
    done: Vec<Mark>,
}

impl Checker<'_, '_> {
    fn error(&mut self, message: impl Into<String>, span: Span) {
        self.verifier.error(message, span);
    }

    /// Checks an expression with all its operands. False if it must not be looked at further.
    fn expr(&mut self, id: ExprId, outer: Span) -> bool {
        let Some(mark) = self.done.get(id.index()).copied() else {
            self.error("an expression that is not there", outer);
            return false;
        };
        let own = self.function.exprs.span(id);
        let span = if own.is_none() { outer } else { own };
        match mark {
            Mark::Good => return true,
            Mark::Bad => return false,
            Mark::Open => {
                self.error("an expression contains itself", span);
                return false;
            }
            Mark::New => {}
        }
        self.done[id.index()] = Mark::Open;
        let mut good = true;
        let function = self.function;
        function.expr(id).operands(|operand| good &= self.expr(operand, span));
        good = good && self.own_type(id, span);
        self.done[id.index()] = if good { Mark::Good } else { Mark::Bad };
        good
    }

    fn own_type(&mut self, id: ExprId, span: Span) -> bool {
        let expr = self.function.expr(id);
        if let Some(message) = self.missing(expr) {
            self.error(message, span);
            return false;
        }
        match infer(self.tables, self.function, expr) {
            Err(error) => self.error(error.to_string(), span),
            Ok(_) if !self.call_fits(expr) => self.error("a call in an expression that does not fit its function", span),
            Ok(ty) if ty != self.function.ty(id) => self.error("the type of an expression is not what its operands give", span),
            Ok(ty) if !self.is_value(ty) => self.error("a value of a type that has none", span),
            Ok(ty) => {
                let Expr::Unary { op, .. } = expr else { return true };
                let scalar = self.tables.types.as_scalar(ty);
                let fits = scalar.is_some_and(|scalar| match op {
                    UnaryOp::Neg => scalar != Scalar::Bool,
                    UnaryOp::BitNot => scalar.is_int(),
                    UnaryOp::Not => scalar == Scalar::Bool,
                });
                if fits {
                    return true;
                }
                self.error(format!("`{op:?}` of a type that has none"), span);
            }
        }
        false
    }

    fn call_fits(&self, expr: &Expr) -> bool {
        let Expr::Call { function, args, ty } = expr else { return true };
        let Some(callee) = self.verifier.module.functions.get(*function) else { return false };
        let fit = callee.params.iter().map(|param| param.ty).eq(args.iter().map(|arg| self.function.ty(*arg)));
        fit && callee.result == *ty && is_pure(self.verifier.module, *function)
    }

    /// A handle into a table that has no such entry.
    fn missing(&self, expr: &Expr) -> Option<&'static str> {
        let there = match expr {
            Expr::Let(id) => self.function.lets.get(*id).is_some(),
            Expr::LocalAddr(id) => self.function.locals.get(*id).is_some(),
            Expr::GlobalAddr(id) => self.tables.globals.get(*id).is_some(),
            Expr::NamedConst(id) => self.tables.constants.get(*id).is_some(),
            _ => true,
        };
        (!there).then_some("a variable, value or constant that is not there")
    }

    fn is_value(&self, ty: TypeId) -> bool {
        !matches!(self.tables.types.get(ty), Type::Void) && !is_unsized(self.verifier, ty)
    }

    fn scalar(&self, id: ExprId) -> Option<Scalar> {
        self.tables.types.as_scalar(self.function.ty(id))
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let mut good = true;
        stmt.kind.operands(|operand| good &= self.expr(operand, stmt.span));
        if good {
            self.rules(&stmt.kind, stmt.span);
        }
    }

    fn rules(&mut self, kind: &StmtKind, span: Span) {
        match kind {
            StmtKind::Declare { local, init } => {
                let Some(local) = self.function.locals.get(*local) else {
                    return self.error("a variable that is not there", span);
                };
                if !self.is_value(local.ty) {
                    self.error(format!("the variable `{}` has a type without values", local.name), span);
                }
                if init.is_some_and(|init| self.function.ty(init) != local.ty) {
                    self.error(format!("the initial value of `{}` has another type", local.name), span);
                }
            }
            StmtKind::Store { pointer, value, .. } => match self.tables.types.as_pointer(self.function.ty(*pointer)) {
                None => self.error("a store needs a pointer", span),
                Some((_, Space::Constant)) => self.error("a store to constant memory", span),
                Some((pointee, _)) if pointee != self.function.ty(*value) => {
                    self.error("what is stored differs from the pointee", span)
                }
                Some(_) => {}
            },
            StmtKind::If { condition, .. } | StmtKind::Assert { condition, .. } => self.need_bool(*condition, span),
            StmtKind::Loop { condition, until, .. } => {
                condition.iter().chain(until).for_each(|condition| self.need_bool(*condition, span));
            }
            StmtKind::Switch { selector, cases } => self.switch(*selector, cases, span),
            StmtKind::Return(value) => {
                let returned = value.map_or(Type::Void, |value| self.tables.types.get(self.function.ty(value)));
                if returned != self.tables.types.get(self.function.result) {
                    self.error("what is returned differs from the function's result", span);
                }
            }
            StmtKind::WarpBarrier { mask } | StmtKind::Warp { mask, .. }
                if mask.is_some_and(|mask| self.scalar(mask) != Some(Scalar::U32)) =>
            {
                self.error("a mask must be a u32", span);
            }
            StmtKind::TileBarrier { threads } if self.scalar(*threads) != Some(Scalar::U32) => {
                self.error("the size of a tile must be a u32", span);
            }
            StmtKind::Printf { args, .. } => {
                for arg in args {
                    if !matches!(self.tables.types.get(self.function.ty(*arg)), Type::Scalar(_) | Type::Pointer { .. }) {
                        self.error("`printf` of an aggregate", span);
                    }
                }
            }
            _ => {}
        }
        self.result(kind, span);
    }

    fn need_bool(&mut self, condition: ExprId, span: Span) {
        if self.scalar(condition) != Some(Scalar::Bool) {
            self.error("a condition must be a bool", span);
        }
    }

    fn switch(&mut self, selector: ExprId, cases: &[Case], span: Span) {
        let Some(scalar) = self.scalar(selector).filter(|scalar| scalar.is_int()) else {
            return self.error("a selector must be an integer", span);
        };
        let mask = u64::MAX >> (64 - scalar.bits());
        let mut seen = FxHashSet::default();
        for case in cases {
            if case.values.iter().any(|value| !seen.insert(value & mask)) {
                self.error("two cases have one value", case.span);
            }
        }
        if cases.iter().filter(|case| case.is_default).count() > 1 {
            self.error("two cases are the default", span);
        }
    }

    fn result(&mut self, kind: &StmtKind, span: Span) {
        match result_type(self.tables, &self.verifier.module.functions, self.function, kind) {
            Err(error) => self.error(error.to_string(), span),
            Ok(found) => {
                let Some(result) = kind.result() else { return };
                let bound = self.function.lets.get(result).map(|bound| bound.ty);
                if found.is_none_or(|ty| !self.is_value(ty)) {
                    self.error("a value is bound where there is none", span);
                } else if bound != found {
                    self.error("the bound name has another type than the value", span);
                }
            }
        }
    }
}
