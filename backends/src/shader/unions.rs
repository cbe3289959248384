//! Unions become the bits they are made of, because shader types have no members that share their bytes.
//!
//! ```text
//! union Bits { f: f32; i: i32 }        struct Bits { word: u32 }
//! word.f = x[i]                        cast<*local f32>(&word)[0] = x[i]
//!
//! var v: Bits  (only v.f is used)      var v: f32
//! ```
//!
//! A member of a union lies at the union's own address (C++ standard, [class.union]), so stepping into it is a cast, and a
//! union as a value (copied, passed, returned, inside of a struct) is its words. Words are as wide as the union's alignment allows,
//! at most 32 bits. A local of which one member alone is used is that member.
//!
//! *Needs*: nothing. *Leaves*: no union in the module.

use super::Refusal;
use super::rewrite::{Builder, rebuild_all};
use ir::{Expr, ExprId, Field, FuncId, LocalId, Module, Scalar, Space, StmtKind, StructId, Type, TypeId, Types};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

pub(super) fn run(module: &mut Module) -> Result<(), Refusal> {
    let types = &module.tables.types;
    let ordered: Vec<StructId> =
        types.structs().iter().filter(|(_, definition)| types.shares_bytes(definition)).map(|(id, _)| id).collect();
    let unions: FxHashSet<StructId> = ordered.iter().copied().collect();
    if unions.is_empty() {
        return Ok(());
    }
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for &id in &ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        check_values(&builder, &unions)?;
        for (local, index) in single_members(&builder, &unions) {
            replace_by_member(&mut builder, local, index);
        }
        rebuild_all(&mut builder, &mut |builder, old, expr| {
            let Expr::Field { base, index } = *expr else { return None };
            let (pointee, space) = builder.tables.types.as_pointer(builder.ty(base))?;
            is_union(&builder.tables.types, pointee, &unions).then(|| {
                let (to, span) = (builder.ty(old), builder.span(old));
                let base = moved(builder, base, (pointee, space), index, span);
                builder.add(Expr::PointerCast { base, to }, span)
            })
        });
    }
    for id in ordered {
        become_words(&mut module.tables.types, id);
    }
    Ok(())
}

/// The address of the bytes of a member.
fn moved(builder: &mut Builder<'_>, base: ExprId, (pointee, space): (TypeId, Space), index: u32, span: Span) -> ExprId {
    let offset = builder.tables.types.as_struct(pointee).map_or(0, |definition| definition.fields[index as usize].offset);
    if offset == 0 {
        return base;
    }
    let byte = builder.scalar_ty(Scalar::U8);
    let to = builder.tables.types.pointer(byte, space);
    let base = builder.add(Expr::PointerCast { base, to }, span);
    let index = builder.constant(Scalar::I64, offset as i64, span);
    builder.add(Expr::Offset { base, index }, span)
}

fn is_union(types: &Types, ty: TypeId, unions: &FxHashSet<StructId>) -> bool {
    matches!(types.get(ty), Type::Struct(id) if unions.contains(&id))
}

/// Lowering reads and writes members in memory, so a union value is never put together or taken apart.
fn check_values(builder: &Builder<'_>, unions: &FxHashSet<StructId>) -> Result<(), Refusal> {
    let mut result = Ok(());
    builder.function.walk_all(&mut |id| {
        let whole = match *builder.function.expr(id) {
            Expr::Extract { value, .. } => builder.ty(value),
            Expr::Construct { ty, .. } => ty,
            _ => return,
        };
        if is_union(&builder.tables.types, whole, unions) && result.is_ok() {
            result = Err(Refusal::Access { span: builder.span(id), why: "a member of a union that is not in memory" });
        }
    });
    result
}

/// Locals of union type that are only stepped into, always by one member.
fn single_members(builder: &Builder<'_>, unions: &FxHashSet<StructId>) -> Vec<(LocalId, u32)> {
    let function = &*builder.function;
    let mut members: FxHashMap<LocalId, u32> = FxHashMap::default();
    let mut other_uses: FxHashSet<LocalId> = FxHashSet::default();
    let local_at = |id: ExprId| match *function.expr(id) {
        Expr::LocalAddr(local) => Some(local),
        _ => None,
    };
    function.walk_all(&mut |id| match *function.expr(id) {
        Expr::Field { base, index } => {
            if let Some(local) = local_at(base)
                && *members.entry(local).or_insert(index) != index
            {
                other_uses.insert(local);
            }
        }
        ref other => other.operands(|operand| other_uses.extend(local_at(operand))),
    });
    function.body.walk(&mut |stmt| stmt.kind.operands(|operand| other_uses.extend(local_at(operand))));
    function.body.walk(&mut |stmt| {
        if let StmtKind::Declare { local, init: Some(init) } = stmt.kind
            && !matches!(function.expr(init), Expr::Zero(_) | Expr::Undef(_))
        {
            other_uses.insert(local);
        }
    });
    let is_true_union = |ty: TypeId| builder.tables.types.as_struct(ty).is_some_and(|definition| definition.is_union);
    let is_candidate = |local: LocalId| {
        let ty = function.locals[local].ty;
        is_true_union(ty) && is_union(&builder.tables.types, ty, unions)
    };
    function
        .locals
        .handles()
        .filter(|&local| is_candidate(local) && !other_uses.contains(&local))
        .filter_map(|local| Some((local, *members.get(&local)?)))
        .filter(|&(local, index)| fills(&builder.tables.types, function.locals[local].ty, index))
        .collect()
}

/// A cast of a smaller member's address may reach the rest of the union.
fn fills(types: &Types, union: TypeId, index: u32) -> bool {
    types.as_struct(union).is_some_and(|definition| types.size_of(definition.fields[index as usize].ty) == definition.size)
}

fn replace_by_member(builder: &mut Builder<'_>, local: LocalId, index: u32) {
    let Some(definition) = builder.tables.types.as_struct(builder.function.locals[local].ty) else { return };
    let member = definition.fields[index as usize].ty;
    let replacement = builder.function.locals[local].clone();
    let span = builder.function.locals.span(local);
    let replacement = builder.function.add_local(replacement.name, member, span);
    let mut body = std::mem::take(&mut builder.function.body);
    body.walk_mut(&mut |stmt| {
        if let StmtKind::Declare { local: declared, init } = &mut stmt.kind
            && *declared == local
        {
            *declared = replacement;
            *init = init.map(|init| {
                let zero = if matches!(builder.expr(init), Expr::Zero(_)) { Expr::Zero(member) } else { Expr::Undef(member) };
                builder.add(zero, stmt.span)
            });
        }
    });
    builder.function.body = body;
    rebuild_all(builder, &mut |builder, old, expr| match *expr {
        Expr::Field { base, .. } if matches!(builder.expr(base), Expr::LocalAddr(other) if other == local) => {
            let span = builder.span(old);
            Some(builder.add(Expr::LocalAddr(replacement), span))
        }
        _ => None,
    });
}

/// The definition is changed in place: whatever has a member of this type has words there now.
fn become_words(types: &mut Types, id: StructId) {
    let definition = &types.structs()[id];
    let (size, align) = (definition.size, definition.align);
    let word = [Scalar::U32, Scalar::U16, Scalar::U8]
        .into_iter()
        .find(|word| size.is_multiple_of(word.size()) && align.is_multiple_of(word.size()))
        .unwrap_or(Scalar::U8);
    let element = types.scalar(word);
    let ty = if size == word.size() { element } else { types.array(element, Some(size / word.size())) };
    let definition = types.struct_mut(id);
    definition.fields = vec![Field { name: "word".into(), ty, offset: 0 }];
    definition.is_union = false;
}
