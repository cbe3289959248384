//! Operators of classes and enums: members, free functions and the language's own operators compete in one resolution
//! (C++ [over.match.oper]).

use super::*;
use ast::{BinaryOp as Op, OperatorName, Spec};
use source::Code;

impl<'a> Sema<'a> {
    /// Calls an overloaded operator that must exist.
    pub(super) fn call_operator(&mut self, name: OperatorName, operands: Vec<Operand<'a>>, span: Span) -> Result<Operand<'a>> {
        let types: Vec<CType> = operands.iter().map(|operand| operand.ty).collect();
        match self.try_operator(name, operands, span)? {
            Some(result) => Ok(result),
            None => {
                let shown: Vec<String> = types.iter().map(|&ty| self.show(ty)).collect();
                let text = crate::sema::operator_text(name);
                fail(Code::E0206, format!("operator `{text}` does not apply to `{}`", shown.join("` and `")), span)
            }
        }
    }

    pub(super) fn operator_candidates(&mut self, name: OperatorName, operands: &[Operand<'a>]) -> Result<Candidates> {
        let key = NameKey::Operator(name);
        let mut entities = Vec::new();
        if let Some(class) = self.types.as_class(operands[0].ty)
            && let Found::Members { entities: found, .. } = self.lookup_in_class(class, key, false)?
        {
            entities.extend(found);
        }
        let member_only = matches!(name, OperatorName::Call | OperatorName::Index | OperatorName::Arrow | OperatorName::Assign);
        if !member_only {
            let types: Vec<CType> = operands.iter().map(|operand| operand.ty).collect();
            let mut free = self.lookup_in_namespaces(self.f.ctx.ns, key);
            free.extend(self.lookup_by_arguments(key, &types));
            let enums = !types.iter().any(|&ty| self.types.as_class(ty).is_some());
            for entity in free {
                if entities.contains(&entity) || enums && self.takes_no_enum(entity, &types)? {
                    continue;
                }
                entities.push(entity);
            }
        }
        Ok(Candidates { entities, args: None, name: format!("operator{}", crate::sema::operator_text(name)) })
    }

    /// Without a class among the operands only functions with a parameter of their enum count ([over.match.oper]/3.2).
    fn takes_no_enum(&mut self, entity: Entity, types: &[CType]) -> Result<bool> {
        let Entity::Function(function) = entity else { return Ok(false) };
        let signature = self.signature(function)?;
        Ok(!signature.params.iter().any(|param| {
            let ty = self.types.strip_ref(param.ty);
            self.is_enum(ty) && types.iter().any(|own| own.same(ty))
        }))
    }

    /// `None`: the operator of the language is the best, or there is no other.
    pub(super) fn try_operator(
        &mut self,
        name: OperatorName,
        operands: Vec<Operand<'a>>,
        span: Span,
    ) -> Result<Option<Operand<'a>>> {
        let candidates = self.operator_candidates(name, &operands)?;
        if candidates.entities.is_empty() {
            return Ok(None);
        }
        let (mut viable, mut reasons) = (Vec::new(), Vec::new());
        for &entity in &candidates.entities {
            let member = match entity {
                Entity::Function(function) => self.is_method(function),
                Entity::Template(id) => self.templates[id.index()].ctx.class.is_some() && !self.is_friend_template(id),
                _ => false,
            };
            let checked = match member {
                true => self.check_candidate(entity, None, Some(&operands[0]), &operands[1..], span),
                false => self.check_candidate(entity, None, None, &operands, span),
            };
            match checked {
                Ok(mut found) => {
                    // The object is compared like the first argument of the others.
                    let object = found.object.take();
                    found.conversions.splice(0..0, object);
                    viable.push(found);
                }
                Err(Failure::Poisoned) => return Err(Failure::Poisoned),
                Err(error) => reasons.push((entity, error)),
            }
        }
        if viable.is_empty() {
            return match name {
                OperatorName::Call => {
                    let shown: Vec<String> = operands[1..].iter().map(|arg| self.show(arg.ty)).collect();
                    let message = format!("no `operator()` of `{}` takes ({})", self.show(operands[0].ty), shown.join(", "));
                    Err(self.with_reasons(failure(Code::E0204, message, span), reasons))
                }
                _ => Ok(None),
            };
        }
        viable.extend(self.builtin_candidate(name, &operands)?);
        let chosen = match self.choose(&viable, operands.len())? {
            Choice::Best(best) => viable.swap_remove(best),
            Choice::Ambiguous(a, b) => {
                return Err(self.ambiguous(viable[a].function, viable[b].function, &candidates.name, span));
            }
        };
        if chosen.function == BUILTIN {
            return Ok(None);
        }
        let is_method = self.is_method(chosen.function);
        let (object, args, conversions) = match is_method {
            true => (Some(&operands[0]), &operands[1..], chosen.conversions[1..].to_vec()),
            false => (None, &operands[..], chosen.conversions),
        };
        self.call_resolved(Resolved { function: chosen.function, conversions, is_method, is_static: false }, object, args, span)
            .map(Some)
    }

    /// The operator of the language on these operands, as a candidate ([over.built]): arithmetic operands are promoted, classes take
    /// their one conversion to a scalar.
    fn builtin_candidate(&mut self, name: OperatorName, operands: &[Operand<'a>]) -> Result<Option<Viable>> {
        let logical = matches!(name, OperatorName::Not | OperatorName::Binary(Op::And | Op::Or));
        let mut conversions = Vec::new();
        if logical {
            for operand in operands {
                match self.explicit_conversion(operand, CType::BOOL)? {
                    Some(conversion) => conversions.push(conversion),
                    None => return Ok(None),
                }
            }
        } else {
            let Some((params, _)) = self.builtin_choice(name, operands)? else { return Ok(None) };
            for (operand, to) in operands.iter().zip(params) {
                match self.builtin_conversion(operand, to)? {
                    Some(conversion) => conversions.push(conversion),
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(Viable { function: BUILTIN, conversions, object: None, template: None, second: None }))
    }

    /// The parameter types of the one built-in operator that fits best.
    fn builtin_params(&mut self, name: OperatorName, types: &[CType], operands: &[Operand<'a>]) -> Result<Option<Vec<CType>>> {
        let op = match name {
            OperatorName::Binary(op) => op,
            OperatorName::CompoundAssign(op)
                if operands[0].is_lvalue() && !operands[0].ty.is_const && self.types.as_class(operands[0].ty).is_none() =>
            {
                op
            }
            OperatorName::BitNot => Op::BitXor,
            OperatorName::Index => Op::Add,
            _ => return Ok(None),
        };
        let integers = matches!(op, Op::Rem | Op::Shl | Op::Shr | Op::BitAnd | Op::BitOr | Op::BitXor);
        let comparison =
            operators::ir_op(op).is_comparison() && matches!(op, Op::Eq | Op::Ne | Op::Lt | Op::Gt | Op::Le | Op::Ge);
        match *types {
            [a] => match op {
                Op::Mul | Op::Add if self.types.is_pointer(a) => Ok(Some(vec![a])),
                Op::Add | Op::Sub | Op::BitXor if self.promotes(a, integers) => Ok(Some(vec![self.promoted_type(a)?])),
                _ => Ok(None),
            },
            [a, b] if name == OperatorName::Index => match (self.types.is_pointer(a), self.types.is_pointer(b)) {
                (true, false) if self.promotes(b, true) => Ok(Some(vec![a, CType::LONG])),
                (false, true) if self.promotes(a, true) => Ok(Some(vec![CType::LONG, b])),
                _ => Ok(None),
            },
            [a, b] => {
                let (pa, pb) = (self.types.is_pointer(a), self.types.is_pointer(b));
                if comparison && a == b && (self.is_enum(a) || pa) || op == Op::Sub && pa && a == b {
                    return Ok(Some(vec![a, b]));
                }
                match (pa, pb) {
                    (true, false) if comparison => Ok(Some(vec![a, a])),
                    (false, true) if comparison => Ok(Some(vec![b, b])),
                    (true, false) if matches!(op, Op::Add | Op::Sub) && self.promotes(b, true) => Ok(Some(vec![a, CType::LONG])),
                    (false, true) if op == Op::Add && self.promotes(a, true) => Ok(Some(vec![CType::LONG, b])),
                    (false, false) if self.promotes(a, integers) && self.promotes(b, integers) => {
                        let left = match name {
                            OperatorName::CompoundAssign(_) => a,
                            _ => self.promoted_type(a)?,
                        };
                        Ok(Some(vec![left, self.promoted_type(b)?]))
                    }
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    fn promotes(&self, ty: CType, integers: bool) -> bool {
        self.types.is_integral(ty) || self.is_enum(ty) && !self.is_scoped_enum(ty) || !integers && self.types.is_floating(ty)
    }

    /// Parameter types of the built-in operator, and the conversion function of each operand that is a class. Of several conversions
    /// those count for which there is an operator; more than one is left as the first, for the ambiguity is found with the conversion.
    #[allow(clippy::type_complexity)]
    pub(super) fn builtin_choice(
        &mut self,
        name: OperatorName,
        operands: &[Operand<'a>],
    ) -> Result<Option<(Vec<CType>, Vec<Option<FnId>>)>> {
        let mut alternatives = Vec::new();
        for operand in operands {
            alternatives.push(match self.types.as_class(operand.ty) {
                Some(_) => self.scalar_conversions(operand)?.into_iter().map(|(f, ty)| (Some(f), ty)).collect(),
                None => vec![(None, self.decay(operand.ty).unqualified())],
            });
        }
        let mut found: Option<(Vec<CType>, Vec<Option<FnId>>)> = None;
        let first = alternatives.first().cloned().unwrap_or_default();
        let rest = alternatives.get(1).cloned();
        for a in &first {
            let pairs: Vec<Vec<(Option<FnId>, CType)>> = match &rest {
                Some(rest) => rest.iter().map(|b| vec![*a, *b]).collect(),
                None => vec![vec![*a]],
            };
            for pair in pairs {
                let types: Vec<CType> = pair.iter().map(|(_, ty)| *ty).collect();
                let Some(params) = self.builtin_params(name, &types, operands)? else { continue };
                let functions: Vec<Option<FnId>> = pair.iter().map(|(f, _)| *f).collect();
                if let Some((_, known)) = &found {
                    let other = known.iter().zip(&functions).find(|(a, b)| a != b);
                    if let Some((Some(a), Some(b))) = other {
                        return Err(self.ambiguous(*a, *b, "conversion", operands[0].span));
                    }
                }
                found = Some((params, functions));
            }
        }
        Ok(found)
    }

    fn builtin_conversion(&mut self, operand: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        if self.types.as_class(operand.ty).is_none() {
            return self.implicit_conversion(operand, to);
        }
        let conversions = self.scalar_conversions(operand)?;
        let mut found = None;
        for (function, _) in conversions {
            let Some(result) = self.signature(function)?.result else { continue };
            let probe = self.probe(result, operand.span)?;
            let Some(then) = self.conversion(&probe, to, Allowed::Standard)? else { continue };
            let (second, shape) = (then.rank, then.shape);
            let kind = ConversionKind::Function(function, Box::new(then));
            found.get_or_insert(ImplicitConversion { rank: ConversionRank::User, to, kind, second, shape });
        }
        Ok(found)
    }

    /// The conversions of a class to scalars: overloads for const and other objects count as one.
    fn scalar_conversions(&mut self, operand: &Operand<'a>) -> Result<Vec<(FnId, CType)>> {
        let Some(class) = self.types.as_class(operand.ty) else { return Ok(Vec::new()) };
        let mut found: Vec<(FnId, CType, ImplicitConversion)> = Vec::new();
        for function in self.conversion_functions(class, CType::VOID)? {
            if self.function(function).ast.specs().has(Spec::Explicit) {
                continue;
            }
            let Some(result) = self.signature(function)?.result else { continue };
            let target = self.types.strip_ref(result).unqualified();
            if !(self.types.is_arithmetic(target) || self.types.is_pointer(target) || self.is_enum(target)) {
                continue;
            }
            let Ok(Some(object)) = self.object_conversion(function, Some(operand), operand.span) else { continue };
            match found.iter().position(|(_, ty, _)| *ty == target) {
                None => found.push((function, target, object)),
                Some(at) => {
                    if self.compare_conversions(&object, &found[at].2)? == std::cmp::Ordering::Less {
                        found[at] = (function, target, object);
                    }
                }
            }
        }
        Ok(found.into_iter().map(|(function, ty, _)| (function, ty)).collect())
    }

    /// Both operands as the built-in operator takes them.
    pub(super) fn builtin_operands(&mut self, op: Op, a: &Operand<'a>, b: &Operand<'a>) -> Result<(Operand<'a>, Operand<'a>)> {
        if self.types.as_class(a.ty).is_none() && self.types.as_class(b.ty).is_none() {
            return Ok((a.clone(), b.clone()));
        }
        let operands = [a.clone(), b.clone()];
        let Some((_, functions)) = self.builtin_choice(OperatorName::Binary(op), &operands)? else {
            return Ok((a.clone(), b.clone()));
        };
        let mut converted = Vec::new();
        for (operand, function) in operands.into_iter().zip(functions) {
            let mark = self.mark();
            converted.push(match function {
                Some(function) => self.call_method(function, &operand, Vec::new(), operand.span)?,
                None => operand,
            });
            if let [first, _] = &mut converted[..] {
                *first = self.hold(first.clone(), mark)?;
            }
        }
        match <[Operand<'a>; 2]>::try_from(converted) {
            Ok([a, b]) => Ok((a, b)),
            Err(_) => Err(Failure::Poisoned),
        }
    }

    /// A class as its scalar, for an operator of the language.
    pub(super) fn builtin_operand(&mut self, operand: &Operand<'a>) -> Result<Operand<'a>> {
        match self.scalar_conversions(operand)?[..] {
            [] => Ok(operand.clone()),
            [(only, _)] => self.call_method(only, operand, Vec::new(), operand.span),
            [(a, _), (b, _), ..] => {
                let name = self.show(operand.ty);
                Err(self.ambiguous(a, b, &name, operand.span))
            }
        }
    }
}
