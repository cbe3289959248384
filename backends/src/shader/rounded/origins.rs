//! Where values come from: names, cells of memory, parameters, calls; and which expressions look alike.

use super::super::address::{Root, root_of};
use super::Helpers;
use super::terms::Found;
use ir::{BinaryOp, Expr, ExprId, FuncId, Function, LetId, LocalId, Module, Scalar, StmtKind, UnaryOp};
use rustc_hash::FxHashMap;

/// A memory cell within a function, by its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Cell {
    /// A local variable, or what these steps lead to, the last one first: a field by its number, `None` for any element of an array.
    Local(LocalId, Vec<Option<u32>>),
    /// By what the address looks like, with the first of its kind for each operand.
    Address(Expr),
}

/// The number of a cell in [`Origins::cells`].
pub(super) type Place = usize;

/// What is known of a cell.
pub(super) struct Contents {
    pub(super) function: FuncId,
    pub(super) stored: Vec<ExprId>,
    /// What was stored to parts of it.
    pub(super) parts: Vec<ExprId>,
    /// Cells that are this one: a variable, and the parameter that it is passed as.
    pub(super) same: Vec<Place>,
}

/// Where the values of names, cells, parameters and calls come from.
pub(super) struct Origins<'a> {
    pub(super) module: &'a Module,
    pub(super) lets: FxHashMap<(FuncId, LetId), ExprId>,
    /// Lets that hold what a call returns.
    pub(super) results: FxHashMap<(FuncId, LetId), FuncId>,
    places: FxHashMap<(FuncId, Cell), Place>,
    pub(super) cells: Vec<Contents>,
    pub(super) helpers: &'a Helpers,
    pub(super) arguments: FxHashMap<(FuncId, u32), Vec<(FuncId, ExprId)>>,
    pub(super) returns: FxHashMap<FuncId, Vec<ExprId>>,
    /// Additions and subtractions, in the order of the text.
    pub(super) sums: Vec<(FuncId, ExprId)>,
    /// The first expression of a look, which is the expression with the first of its kind for each operand.
    looks: FxHashMap<(FuncId, Expr), ExprId>,
    /// Room for searches.
    pub(super) spare: Vec<Found>,
    /// How many expressions the functions before have.
    pub(super) starts: Vec<usize>,
    /// By function and expression: the first one that looks like it, once that was asked.
    firsts: Vec<Vec<Option<ExprId>>>,
    /// The same for the cell that it is the address of.
    known_cells: Vec<Vec<Option<Place>>>,
}

impl<'a> Origins<'a> {
    pub(super) fn of(module: &'a Module, helpers: &'a Helpers) -> Origins<'a> {
        let mut origins = Origins {
            module,
            lets: FxHashMap::default(),
            results: FxHashMap::default(),
            places: FxHashMap::default(),
            cells: Vec::new(),
            helpers,
            arguments: FxHashMap::default(),
            returns: FxHashMap::default(),
            sums: Vec::new(),
            looks: FxHashMap::default(),
            spare: Vec::new(),
            starts: Vec::new(),
            firsts: Vec::new(),
            known_cells: Vec::new(),
        };
        // Without a minus nothing is taken away.
        let takes_away = |(_, function): (FuncId, &Function)| {
            function.exprs.handles().any(|id| is_minus(function, id) && is_float(module, function, id))
        };
        if module.functions.iter().any(takes_away) {
            let sizes = || module.functions.iter().map(|(_, function)| function.exprs.len());
            origins.starts = sizes().scan(0, |count, size| Some(std::mem::replace(count, *count + size))).collect();
            origins.firsts = sizes().map(|size| vec![None; size]).collect();
            origins.known_cells = sizes().map(|size| vec![None; size]).collect();
            for id in module.functions.handles().filter(|id| !is_helper(helpers, *id)) {
                origins.add(id);
            }
        }
        origins
    }

    pub(super) fn is_helper(&self, id: FuncId) -> bool {
        is_helper(self.helpers, id)
    }

    fn add(&mut self, id: FuncId) {
        let function = &self.module.functions[id];
        let mut seen = vec![false; function.exprs.len()];
        function.body.walk(&mut |stmt| {
            stmt.kind.operands(|root| {
                function.walk_expr(root, &mut |expr| {
                    if !std::mem::replace(&mut seen[expr.index()], true) {
                        self.add_expr(id, function, expr);
                    }
                });
            });
            match &stmt.kind {
                StmtKind::Let { result, value } => {
                    self.lets.insert((id, *result), *value);
                }
                StmtKind::Declare { local, init: Some(value) } => {
                    let place = self.place(id, Cell::Local(*local, Vec::new()));
                    self.cells[place].stored.push(*value);
                }
                StmtKind::Store { pointer, value, .. } => {
                    let place = self.cell(id, *pointer);
                    self.cells[place].stored.push(*value);
                    let mut at = *pointer;
                    while let Expr::Field { base, .. } | Expr::Element { base, .. } = *function.expr(at) {
                        let whole = self.cell(id, base);
                        self.cells[whole].parts.push(*value);
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
                let inside = self.place(callee, Cell::Address(Expr::Param(index)));
                let outside = self.cell(id, arg);
                self.cells[inside].same.push(outside);
                self.cells[outside].same.push(inside);
            }
        }
    }

    fn place(&mut self, function: FuncId, cell: Cell) -> Place {
        *self.places.entry((function, cell)).or_insert_with(|| {
            self.cells.push(Contents { function, stored: Vec::new(), parts: Vec::new(), same: Vec::new() });
            self.cells.len() - 1
        })
    }

    /// The cell at an address. The elements of a local array are one.
    pub(super) fn cell(&mut self, id: FuncId, pointer: ExprId) -> Place {
        if let Some(known) = self.known_cells[id.index()][pointer.index()] {
            return known;
        }
        let function = &self.module.functions[id];
        let cell = match root_of(function, pointer) {
            Some(Root::Local(local)) => Cell::Local(local, steps_to(function, pointer)),
            _ => Cell::Address(self.look(id, pointer)),
        };
        let place = self.place(id, cell);
        self.known_cells[id.index()][pointer.index()] = Some(place);
        place
    }

    /// The same for expressions that look alike.
    fn look(&mut self, id: FuncId, expr: ExprId) -> Expr {
        let mut look = self.module.functions[id].expr(expr).clone();
        look.operands_mut(|operand| *operand = self.first(id, *operand));
        look
    }

    /// The first expression that looks like this one.
    pub(super) fn first(&mut self, id: FuncId, expr: ExprId) -> ExprId {
        if let Some(known) = self.firsts[id.index()][expr.index()] {
            return known;
        }
        let look = self.look(id, expr);
        let first = self.first_of_look(id, look, expr);
        self.firsts[id.index()][expr.index()] = Some(first);
        first
    }

    /// The first expression of this look, which is `expr` if there was none.
    pub(super) fn first_of_look(&mut self, id: FuncId, look: Expr, expr: ExprId) -> ExprId {
        *self.looks.entry((id, look)).or_insert(expr)
    }

    pub(super) fn returned(&self, callee: FuncId) -> Vec<(FuncId, ExprId)> {
        self.returns.get(&callee).into_iter().flatten().map(|value| (callee, *value)).collect()
    }
}

fn is_helper(helpers: &Helpers, id: FuncId) -> bool {
    helpers.values().any(|helper| *helper == id)
}

/// The way from a local variable to a part of it, backwards.
fn steps_to(function: &Function, mut at: ExprId) -> Vec<Option<u32>> {
    let mut steps = Vec::new();
    loop {
        match function.expr(at) {
            Expr::Field { base, index } => {
                steps.push(Some(*index));
                at = *base;
            }
            Expr::Element { base, .. } => {
                steps.push(None);
                at = *base;
            }
            _ => return steps,
        }
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
