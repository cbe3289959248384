//! Where values come from: names, cells of memory, parameters, calls; and which expressions look alike.

use super::super::address::{Root, root_of};
use super::Helpers;
use ir::{BinaryOp, Expr, ExprId, FuncId, Function, LetId, Module, Scalar, StmtKind, UnaryOp};
use rustc_hash::{FxHashMap, FxHashSet};

/// A memory cell by the look of its address, within a function.
pub(super) type Place = (FuncId, String);

/// Where the values of names, cells, parameters and calls come from.
pub(super) struct Origins<'a> {
    pub(super) module: &'a Module,
    pub(super) lets: FxHashMap<(FuncId, LetId), ExprId>,
    /// Lets that hold what a call returns.
    pub(super) results: FxHashMap<(FuncId, LetId), FuncId>,
    pub(super) stores: FxHashMap<Place, Vec<ExprId>>,
    /// What was stored to parts of a cell.
    pub(super) parts: FxHashMap<Place, Vec<ExprId>>,
    pub(super) helpers: &'a Helpers,
    /// Cells that are one: a variable, and the parameter that it is passed as.
    pub(super) same: FxHashMap<Place, Vec<Place>>,
    pub(super) arguments: FxHashMap<(FuncId, u32), Vec<(FuncId, ExprId)>>,
    pub(super) returns: FxHashMap<FuncId, Vec<ExprId>>,
    /// Additions and subtractions, in the order of the text.
    pub(super) sums: Vec<(FuncId, ExprId)>,
    /// The first expression of a look.
    pub(super) looks: FxHashMap<Place, ExprId>,
    /// What was asked for before: the same expressions are met from many sums.
    pub(super) known: FxHashMap<(FuncId, ExprId), String>,
    pub(super) firsts: FxHashMap<(FuncId, ExprId), ExprId>,
}

impl<'a> Origins<'a> {
    pub(super) fn of(module: &'a Module, helpers: &'a Helpers) -> Origins<'a> {
        let mut origins = Origins {
            module,
            lets: FxHashMap::default(),
            results: FxHashMap::default(),
            stores: FxHashMap::default(),
            parts: FxHashMap::default(),
            helpers,
            same: FxHashMap::default(),
            arguments: FxHashMap::default(),
            returns: FxHashMap::default(),
            sums: Vec::new(),
            looks: FxHashMap::default(),
            known: FxHashMap::default(),
            firsts: FxHashMap::default(),
        };
        // Without a minus nothing is taken away.
        let takes_away = |(_, function): (FuncId, &Function)| {
            function.exprs.handles().any(|id| is_float(module, function, id) && is_minus(function, id))
        };
        if module.functions.iter().any(takes_away) {
            module
                .functions
                .handles()
                .filter(|id| !origins.is_helper(*id))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|id| origins.add(id));
        }
        origins
    }

    pub(super) fn is_helper(&self, id: FuncId) -> bool {
        self.helpers.values().any(|helper| *helper == id)
    }

    fn add(&mut self, id: FuncId) {
        let function = &self.module.functions[id];
        let mut seen = FxHashSet::default();
        function.body.walk(&mut |stmt| {
            stmt.kind.operands(|root| {
                function.walk_expr(root, &mut |expr| {
                    if seen.insert(expr) {
                        self.add_expr(id, function, expr);
                    }
                });
            });
            match &stmt.kind {
                StmtKind::Let { result, value } => {
                    self.lets.insert((id, *result), *value);
                }
                StmtKind::Declare { local, init: Some(value) } => {
                    let place = (id, format!("{:?}", Expr::LocalAddr(*local)));
                    self.stores.entry(place).or_default().push(*value);
                }
                StmtKind::Store { pointer, value, .. } => {
                    let place = self.cell(id, *pointer);
                    self.stores.entry(place).or_default().push(*value);
                    let mut at = *pointer;
                    while let Expr::Field { base, .. } | Expr::Element { base, .. } = *function.expr(at) {
                        let whole = self.cell(id, base);
                        self.parts.entry(whole).or_default().push(*value);
                        at = base;
                    }
                }
                StmtKind::Call { result, function: callee, args } => {
                    if let Some(result) = result {
                        self.results.insert((id, *result), *callee);
                    }
                    self.add_call(id, *callee, args);
                }
                StmtKind::Return(Some(value)) => self.returns.entry(id).or_default().push(*value),
                _ => {}
            }
        });
    }

    fn add_expr(&mut self, id: FuncId, function: &Function, expr: ExprId) {
        match function.expr(expr) {
            Expr::Binary { op: BinaryOp::Add | BinaryOp::Sub, .. } if is_float(self.module, function, expr) => {
                self.sums.push((id, expr))
            }
            Expr::Call { function: callee, args, .. } => self.add_call(id, *callee, args),
            _ => {}
        }
    }

    fn add_call(&mut self, id: FuncId, callee: FuncId, args: &[ExprId]) {
        for (index, &arg) in args.iter().enumerate() {
            let index = index as u32;
            self.arguments.entry((callee, index)).or_default().push((id, arg));
            if self.module.tables.types.as_pointer(self.module.functions[id].ty(arg)).is_some() {
                let inside: Place = (callee, format!("{:?}", Expr::Param(index)));
                let outside: Place = self.cell(id, arg);
                self.same.entry(inside.clone()).or_default().push(outside.clone());
                self.same.entry(outside).or_default().push(inside);
            }
        }
    }

    /// The cell at an address. The elements of a local array are one.
    pub(super) fn cell(&mut self, id: FuncId, pointer: ExprId) -> Place {
        let function = &self.module.functions[id];
        if !matches!(root_of(function, pointer), Some(Root::Local(_))) {
            return (id, self.look(id, pointer));
        }
        let mut path = String::new();
        let mut at = pointer;
        loop {
            match function.expr(at) {
                Expr::Field { base, index } => {
                    path.push_str(&format!(".{index}"));
                    at = *base;
                }
                Expr::Element { base, .. } => {
                    path.push_str("[]");
                    at = *base;
                }
                root => return (id, format!("{root:?}{path}")),
            }
        }
    }

    /// The expression as text, the same for expressions that look alike.
    pub(super) fn look(&mut self, id: FuncId, expr: ExprId) -> String {
        if let Some(known) = self.known.get(&(id, expr)) {
            return known.clone();
        }
        let mut copy = self.module.functions[id].expr(expr).clone();
        copy.operands_mut(|operand| *operand = self.first(id, *operand));
        let look = format!("{copy:?}");
        self.known.insert((id, expr), look.clone());
        look
    }

    /// The first expression that looks like this one.
    pub(super) fn first(&mut self, id: FuncId, expr: ExprId) -> ExprId {
        if let Some(&known) = self.firsts.get(&(id, expr)) {
            return known;
        }
        let look = self.look(id, expr);
        let first = *self.looks.entry((id, look)).or_insert(expr);
        self.firsts.insert((id, expr), first);
        first
    }

    pub(super) fn returned(&self, callee: FuncId) -> Vec<(FuncId, ExprId)> {
        self.returns.get(&callee).into_iter().flatten().map(|value| (callee, *value)).collect()
    }
}

pub(super) fn is_float(module: &Module, function: &Function, id: ExprId) -> bool {
    module.tables.types.as_scalar(function.ty(id)).is_some_and(Scalar::is_float)
}

fn is_minus(function: &Function, id: ExprId) -> bool {
    match function.expr(id) {
        Expr::Binary { op: BinaryOp::Sub, .. } | Expr::Unary { op: UnaryOp::Neg, .. } => true,
        Expr::Const { scalar, bits } => bits >> (scalar.bits() - 1) & 1 == 1,
        _ => false,
    }
}
