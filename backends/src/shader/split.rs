//! Takes structs and arrays that hold pointers apart, so that each pointer is a variable of its own.
//!
//! ```text
//! var v: View = View(a, n)        var v_data: *f32 = a
//! x = v.data[i]                   var v_n: i32 = n
//!                                 x = v_data[i]
//! ```
//!
//! What is indexed by a value that is not known, or whose address is taken, stays whole: its pointers are stored and loaded one by
//! one, as two words each (`pointers`).
//!
//! *Needs*: functions that take such values are inlined. *Leaves*: no `Let` whose type has a pointer inside of
//! something else, and no copies of such values.

use super::rewrite::{Builder, block_has, rebuild};
use ir::{Block, Expr, ExprId, FuncId, LetId, LocalId, Module, Stmt, StmtKind, Type, TypeId, parts_of};
use rustc_hash::FxHashMap;
use source::Span;

pub(super) fn run(module: &mut Module) {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        // Each round takes one layer off.
        while split_layer(&mut builder) {}
    }
}

/// Longer arrays of pointers stay whole, and are refused.
const MOST_PARTS: usize = 64;

fn split_layer(builder: &mut Builder<'_>) -> bool {
    let mut body = std::mem::take(&mut builder.function.body);
    let mut splitter = Splitter { builder, locals: FxHashMap::default(), lets: FxHashMap::default() };
    splitter.find(&mut body);
    let found = !splitter.locals.is_empty() || !splitter.lets.is_empty() || splitter.stores_pointers(&body);
    if found {
        splitter.block(&mut body);
    }
    builder.function.body = body;
    found
}

struct Splitter<'a, 'b> {
    builder: &'a mut Builder<'b>,
    locals: FxHashMap<LocalId, Vec<LocalId>>,
    lets: FxHashMap<LetId, Vec<LetId>>,
}

impl Splitter<'_, '_> {
    /// Is it a struct or array that is to be taken apart?
    fn has_parts(&self, ty: TypeId) -> bool {
        let types = &self.builder.tables.types;
        let takes_apart = match types.get(ty) {
            Type::Struct(_) => true,
            Type::Array { count: Some(count), .. } => count as usize <= MOST_PARTS,
            _ => false,
        };
        takes_apart && types.has_pointer(ty)
    }

    fn parts(&mut self, ty: TypeId) -> Option<Vec<(String, TypeId)>> {
        if !self.has_parts(ty) {
            return None;
        }
        let types = &mut self.builder.tables.types;
        let names: Vec<String> = match types.get(ty) {
            Type::Struct(definition) => types.structs()[definition].fields.iter().map(|field| field.name.clone()).collect(),
            Type::Array { count: Some(count), .. } => (0..count).map(|index| index.to_string()).collect(),
            _ => return None,
        };
        Some(names.into_iter().zip(parts_of(types, ty).ok()?).collect())
    }

    fn find(&mut self, body: &mut Block) {
        let mut declared = vec![false; self.builder.function.locals.len()];
        let mut lets: Vec<LetId> = Vec::new();
        body.walk(&mut |stmt| match stmt.kind {
            StmtKind::Declare { local, .. } => declared[local.index()] = true,
            StmtKind::Let { result, .. } => lets.push(result),
            _ => {}
        });
        let handles = self.builder.function.locals.handles().filter(|local| declared[local.index()]);
        let mut locals: Vec<LocalId> = handles.filter(|&local| self.has_parts(self.builder.function.locals[local].ty)).collect();
        if !locals.is_empty() {
            body.walk_mut(&mut |stmt| {
                stmt.kind.operands_mut(|operand| *operand = rebuild(self.builder, *operand, &mut moved_element))
            });
            let stepped = self.stepped(body);
            locals.retain(|local| stepped[local.index()]);
        }
        for local in locals {
            let data = self.builder.function.locals[local].clone();
            let Some(parts) = self.parts(data.ty) else { continue };
            let span = self.builder.function.locals.span(local);
            let parts = parts
                .into_iter()
                .map(|(name, ty)| self.builder.function.add_local(format!("{}_{name}", data.name), ty, span))
                .collect();
            self.locals.insert(local, parts);
        }
        for id in lets {
            let ty = self.builder.function.lets[id].ty;
            let Some(parts) = self.parts(ty) else { continue };
            let span = self.builder.function.lets.span(id);
            let base = self.builder.function.lets[id].name.clone().unwrap_or_else(|| "value".into());
            let parts = parts
                .into_iter()
                .map(|(name, ty)| self.builder.function.add_let(Some(format!("{base}_{name}")), ty, span))
                .collect();
            self.lets.insert(id, parts);
        }
    }

    /// Which locals are only stepped into at known places, loaded and stored? An element's address that goes elsewhere may be moved on
    /// to its neighbours, so that their array must stay whole; and a field's may become the address of what it is a field of, if there
    /// is a cast from pointers to its type: from a base to a class, from the first member to the struct.
    fn stepped(&self, body: &Block) -> Vec<bool> {
        let function = &*self.builder.function;
        let types = &self.builder.tables.types;
        let pointee = |id: ExprId| types.as_pointer(function.ty(id)).map(|(pointee, _)| pointee);
        let is_cast_from = |expr: &Expr| match *expr {
            Expr::PointerCast { base, .. } | Expr::PointerToInt(base) => pointee(base),
            _ => None,
        };
        let recast: Vec<Option<TypeId>> =
            function.exprs.iter().map(|(_, data)| is_cast_from(&data.expr)).filter(Option::is_some).collect();
        let mut stepped = vec![true; function.locals.len()];
        let mut spoil = |mut id: ExprId| {
            loop {
                id = match function.expr(id) {
                    Expr::Element { base, .. } => *base,
                    Expr::Field { base, .. } if recast.contains(&pointee(id)) => *base,
                    _ => break,
                };
            }
            if let Expr::LocalAddr(local) = function.expr(id) {
                stepped[local.index()] = false;
            }
        };
        let mut roots = Vec::new();
        body.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Store { pointer, value, .. } => {
                spoil(*value);
                roots.extend([*pointer, *value]);
            }
            kind => kind.operands(|operand| {
                spoil(operand);
                roots.push(operand);
            }),
        });
        for root in roots {
            function.walk_expr(root, &mut |id| match function.expr(id) {
                Expr::Field { .. } | Expr::Load { .. } => {}
                Expr::Element { base, index } => {
                    if self.builder.const_value(*index).is_none() {
                        spoil(*base);
                    }
                }
                other => other.operands(&mut spoil),
            });
        }
        stepped
    }

    fn block(&mut self, block: &mut Block) {
        let mut out = Vec::new();
        for mut stmt in std::mem::take(&mut block.stmts) {
            stmt.kind.operands_mut(|operand| *operand = self.value(*operand));
            for nested in stmt.kind.blocks_mut() {
                self.block(nested);
            }
            self.stmt(stmt, &mut out);
        }
        block.stmts = out;
    }

    fn stmt(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Let { result, value } if self.lets.contains_key(&result) => {
                for (index, part) in self.lets[&result].clone().into_iter().enumerate() {
                    let value = self.part(value, index as u32, span);
                    out.push(Stmt { kind: StmtKind::Let { result: part, value }, span });
                }
            }
            StmtKind::Declare { local, init } if self.locals.contains_key(&local) => {
                for (index, part) in self.locals[&local].clone().into_iter().enumerate() {
                    let init = init.map(|init| self.part(init, index as u32, span));
                    out.push(Stmt { kind: StmtKind::Declare { local: part, init }, span });
                }
            }
            StmtKind::Store { pointer, value, .. } if self.split_local(pointer).is_some() => {
                let parts = self.split_local(pointer).unwrap_or_default();
                // All parts are read before the first is written: `a = swapped(a)`.
                let values: Vec<ExprId> = (0..parts.len()).map(|index| self.part(value, index as u32, span)).collect();
                let mut bound = Vec::new();
                for (part, value) in parts.into_iter().zip(values) {
                    let ty = self.builder.ty(value);
                    let result = self.builder.function.add_let(None, ty, span);
                    out.push(Stmt { kind: StmtKind::Let { result, value }, span });
                    bound.push((part, result));
                }
                for (part, result) in bound {
                    let value = self.builder.add(Expr::Let(result), span);
                    out.push(self.builder.store_local(part, value, span));
                }
            }
            // Its address is taken, so it stays whole; its pointers are stored one by one.
            StmtKind::Declare { local, init: Some(value) } if self.is_made_of_pointers(value) => {
                out.push(Stmt { kind: StmtKind::Declare { local, init: None }, span });
                let pointer = self.builder.add(Expr::LocalAddr(local), span);
                out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
            }
            StmtKind::Store { pointer, value, .. } if self.is_made_of_pointers(value) => {
                let is_struct = matches!(self.builder.kind(self.builder.ty(value)), Type::Struct(_));
                let parts = self.parts(self.builder.ty(value)).unwrap_or_default();
                let mut bound = Vec::new();
                for index in 0..parts.len() as u32 {
                    let value = self.part(value, index, span);
                    let result = self.builder.function.add_let(None, self.builder.function.ty(value), span);
                    out.push(Stmt { kind: StmtKind::Let { result, value }, span });
                    bound.push(result);
                }
                for (index, result) in bound.into_iter().enumerate() {
                    let pointer = self.part_address(pointer, index as u32, is_struct, span);
                    let value = self.builder.add(Expr::Let(result), span);
                    out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
                }
            }
            kind => out.push(Stmt { kind, span }),
        }
    }

    fn stores_pointers(&self, body: &Block) -> bool {
        block_has(body, &mut |stmt| match stmt.kind {
            StmtKind::Store { value, .. } | StmtKind::Declare { init: Some(value), .. } => self.is_made_of_pointers(value),
            _ => false,
        })
    }

    /// A struct or array with pointers in it; zeros need no types.
    fn is_made_of_pointers(&self, value: ExprId) -> bool {
        let ty = self.builder.ty(value);
        self.has_parts(ty) && !matches!(self.builder.expr(value), Expr::Zero(_) | Expr::Undef(_))
    }

    fn part_address(&mut self, base: ExprId, index: u32, is_struct: bool, span: Span) -> ExprId {
        if is_struct {
            return self.builder.field(base, index, span);
        }
        let index = self.builder.constant(ir::Scalar::I32, i64::from(index), span);
        self.builder.element(base, index, span)
    }

    fn split_local(&self, pointer: ExprId) -> Option<Vec<LocalId>> {
        match self.builder.expr(pointer) {
            Expr::LocalAddr(local) => self.locals.get(&local).cloned(),
            _ => None,
        }
    }

    fn value(&mut self, root: ExprId) -> ExprId {
        let (locals, lets) = (&self.locals, &self.lets);
        rebuild(self.builder, root, &mut |builder, old, expr| {
            let span = builder.span(old);
            match expr {
                Expr::Field { base, index } => match builder.expr(*base) {
                    Expr::LocalAddr(local) => {
                        locals.get(&local).map(|parts| builder.add(Expr::LocalAddr(parts[*index as usize]), span))
                    }
                    _ => None,
                },
                Expr::Element { base, index } => match builder.expr(*base) {
                    Expr::LocalAddr(local) => {
                        let parts = locals.get(&local)?;
                        let part = parts.get(usize::try_from(builder.const_value(*index)?).ok()?)?;
                        Some(builder.add(Expr::LocalAddr(*part), span))
                    }
                    _ => None,
                },
                Expr::Load { pointer, .. } => match builder.expr(*pointer) {
                    Expr::LocalAddr(local) => {
                        let parts = locals.get(&local)?.clone();
                        let ty = builder.function.locals[local].ty;
                        let parts = parts.into_iter().map(|part| builder.load_local(part, span)).collect();
                        Some(builder.add(Expr::Construct { ty, parts }, span))
                    }
                    _ => None,
                },
                Expr::Let(id) => {
                    let parts = lets.get(id)?.clone();
                    let ty = builder.function.lets[*id].ty;
                    let parts = parts.into_iter().map(|part| builder.add(Expr::Let(part), span)).collect();
                    Some(builder.add(Expr::Construct { ty, parts }, span))
                }
                Expr::Extract { value, index } => match builder.expr(*value) {
                    Expr::Construct { parts, .. } => Some(parts[*index as usize]),
                    Expr::Load { pointer, volatile } if builder.tables.types.has_pointer(builder.ty(*value)) => {
                        let pointer = match builder.kind(builder.ty(*value)) {
                            Type::Struct(_) => builder.field(pointer, *index, span),
                            _ => {
                                let index = builder.constant(ir::Scalar::I32, i64::from(*index), span);
                                builder.element(pointer, index, span)
                            }
                        };
                        Some(builder.add(Expr::Load { pointer, volatile }, span))
                    }
                    _ => None,
                },
                _ => None,
            }
        })
    }

    /// Part `index` of a value, without making the whole of it.
    fn part(&mut self, value: ExprId, index: u32, span: Span) -> ExprId {
        let ty = self.builder.ty(value);
        let part_ty = self.parts(ty).map(|parts| parts[index as usize].1);
        match (self.builder.expr(value), part_ty) {
            (Expr::Construct { parts, .. }, _) => parts[index as usize],
            (Expr::Zero(_), Some(ty)) => self.builder.add(Expr::Zero(ty), span),
            (Expr::Undef(_), Some(ty)) => self.builder.add(Expr::Undef(ty), span),
            (Expr::Load { pointer, volatile }, Some(_)) => {
                let is_struct = matches!(self.builder.kind(ty), Type::Struct(_));
                let pointer = self.part_address(pointer, index, is_struct, span);
                self.builder.add(Expr::Load { pointer, volatile }, span)
            }
            (Expr::Select { condition, accept, reject }, _) => {
                let accept = self.part(accept, index, span);
                let reject = self.part(reject, index, span);
                self.builder.add(Expr::Select { condition, accept, reject }, span)
            }
            _ => self.builder.add(Expr::Extract { value, index }, span),
        }
    }
}

/// `&a[1] + 2` is `&a[3]`.
fn moved_element(builder: &mut Builder<'_>, old: ExprId, expr: &Expr) -> Option<ExprId> {
    let Expr::Offset { base, index } = *expr else { return None };
    let Expr::Element { base, index: from } = builder.expr(base) else { return None };
    let to = builder.const_value(from)?.checked_add(builder.const_value(index)?).filter(|to| *to >= 0)?;
    let span = builder.span(old);
    let to = builder.constant(ir::Scalar::I64, to, span);
    Some(builder.element(base, to, span))
}
