//! User-defined conversions: constructors and conversion functions (C++ [over.match.copy], [over.match.conv], [over.match.ref]).
//!
//! All functions that could convert compete like the candidates of a call; if none is best, the conversion is ambiguous, which is an
//! error only for the function that is called with it.

use super::overload::{Choice, Viable};
use super::*;
use crate::lower::Operand;
use ast::Spec;

impl<'a> Sema<'a> {
    /// A value of type `to` by a constructor of it or a conversion function of the operand's class.
    pub(super) fn user_conversion(
        &mut self,
        from: &Operand<'a>,
        to: CType,
        allowed: Allowed,
    ) -> Result<Option<ImplicitConversion>> {
        if self.depth > MAX_DEPTH - 20 {
            return Ok(None);
        }
        self.depth += 1;
        let found = self.find_user_conversion(from, to.unqualified(), allowed);
        self.depth -= 1;
        found
    }

    fn find_user_conversion(&mut self, from: &Operand<'a>, to: CType, allowed: Allowed) -> Result<Option<ImplicitConversion>> {
        let mut viable = Vec::new();
        let target_class = self.types.as_class(to);
        if let Some(class) = target_class {
            if self.complete_members(class).is_err() {
                return Ok(None);
            }
            self.converting_constructors(class, from, &mut viable)?;
        }
        if let Some(class) = self.types.as_class(from.ty) {
            for function in self.conversion_functions(class, to)? {
                let Some(result) = self.signature(function)?.result else { continue };
                let probe = self.probe(result, from.span)?;
                // For a class, only functions that give it or a class derived from it.
                if target_class.is_some() && self.related(probe.ty, to)?.is_none() {
                    continue;
                }
                let Some(then) = self.conversion(&probe, to, Allowed::Standard)? else { continue };
                let explicit = self.function(function).ast.specs().has(Spec::Explicit);
                if explicit && (allowed != Allowed::Explicit || then.rank != ConversionRank::Exact) {
                    continue;
                }
                self.add_conversion_function(function, then, from, &mut viable)?;
            }
        }
        self.choose_conversion(viable, to)
    }

    /// A reference that binds to what a conversion function returns ([over.match.ref]).
    pub(super) fn reference_conversion(
        &mut self,
        from: &Operand<'a>,
        to: CType,
        target: CType,
        rvalue_ref: bool,
        allowed: Allowed,
    ) -> Result<Option<ImplicitConversion>> {
        let Some(class) = self.types.as_class(from.ty) else { return Ok(None) };
        let mut viable = Vec::new();
        for lvalues in [true, false] {
            let takes_rvalues = rvalue_ref || target.is_const && !target.is_volatile;
            if if lvalues { rvalue_ref } else { !takes_rvalues } {
                continue;
            }
            for function in self.conversion_functions(class, target)? {
                let Some(result) = self.signature(function)?.result else { continue };
                if matches!(self.types.kind(result), TypeKind::LvalueRef(_)) != lvalues {
                    continue;
                }
                let probe = self.probe(result, from.span)?;
                if self.related(probe.ty, target)?.is_none()
                    || self.function(function).ast.specs().has(Spec::Explicit) && allowed != Allowed::Explicit
                {
                    continue;
                }
                let Some(then) = self.conversion(&probe, to, Allowed::Standard)? else { continue };
                self.add_conversion_function(function, then, from, &mut viable)?;
            }
            if !viable.is_empty() {
                break;
            }
        }
        self.choose_conversion(viable, to)
    }

    fn add_conversion_function(
        &mut self,
        function: FnId,
        then: ImplicitConversion,
        from: &Operand<'a>,
        viable: &mut Vec<Viable>,
    ) -> Result<()> {
        if let Ok(object) = self.object_conversion(function, Some(from), from.span) {
            let template = self.function(function).template.as_ref().map(|(id, _)| *id);
            viable.push(Viable { function, object, conversions: Vec::new(), second: Some(then), template });
        }
        Ok(())
    }

    /// Constructors without `explicit` that take the operand, with standard conversions alone.
    fn converting_constructors(&mut self, class: ClassId, from: &Operand<'a>, viable: &mut Vec<Viable>) -> Result<()> {
        let own = self.class_type(class);
        for entity in self.constructors(class)? {
            let (function, template) = match entity {
                Entity::Function(function) => (function, None),
                Entity::Template(template) => match self.deduce_candidate(template, &[], std::slice::from_ref(from), from.span) {
                    Ok(function) => (function, Some(template)),
                    Err(_) => continue,
                },
                _ => continue,
            };
            if self.function(function).ast.specs().has(Spec::Explicit) {
                continue;
            }
            let signature = self.signature(function)?;
            let Some(first) = signature.params.first() else {
                if signature.variadic {
                    let ellipsis = self.ellipsis(from);
                    viable.push(Viable { function, object: None, conversions: vec![ellipsis], second: None, template });
                }
                continue;
            };
            let is_copy = self.types.strip_ref(first.ty).same(own);
            if is_copy || self.required_params(function, &signature)? > 1 {
                continue;
            }
            if let Some(found) = self.conversion(from, first.ty, Allowed::Standard)? {
                viable.push(Viable { function, object: None, conversions: vec![found], second: None, template });
            }
        }
        Ok(())
    }

    /// The conversion functions of a class and its bases, but for those of a base that a function to the same type hides.
    /// Templates are deduced for `to` ([temp.deduct.conv]).
    pub(crate) fn conversion_functions(&mut self, class: ClassId, to: CType) -> Result<Vec<FnId>> {
        let mut out = Vec::new();
        self.collect_conversions(class, to, &mut out)?;
        Ok(out)
    }

    fn collect_conversions(&mut self, class: ClassId, to: CType, out: &mut Vec<FnId>) -> Result<()> {
        self.complete_members(class)?;
        let own = self.class(class).members.get(&NameKey::Conversion).cloned().unwrap_or_default();
        let derived = out.len();
        for entity in own {
            let function = match entity {
                Entity::Function(function) => function,
                Entity::Template(template) => match self.deduce_conversion(template, to) {
                    Ok(function) => function,
                    Err(_) => continue,
                },
                _ => continue,
            };
            let Some(result) = self.signature(function)?.result else { continue };
            let mut hidden = false;
            for &known in &out[..derived] {
                hidden |= self.signature(known)?.result == Some(result);
            }
            if !hidden {
                out.push(function);
            }
        }
        let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
        bases.into_iter().try_for_each(|base| self.collect_conversions(base, to, out))
    }

    fn choose_conversion(&mut self, viable: Vec<Viable>, to: CType) -> Result<Option<ImplicitConversion>> {
        if viable.is_empty() {
            return Ok(None);
        }
        let rank = ConversionRank::User;
        let chosen = match self.choose(&viable, 1)? {
            Choice::Best(best) => &viable[best],
            Choice::Ambiguous(a, b) => {
                let kind = ConversionKind::Ambiguous(viable[a].function, viable[b].function);
                return Ok(Some(ImplicitConversion { rank, to, kind, second: rank, shape: Shape::plain(to, to) }));
            }
        };
        Ok(Some(match &chosen.second {
            Some(then) => {
                let (second, shape) = (then.rank, then.shape);
                let kind = ConversionKind::Function(chosen.function, Box::new(then.clone()));
                ImplicitConversion { rank, to, kind, second, shape }
            }
            None => {
                let kind = ConversionKind::Constructor(chosen.function);
                ImplicitConversion { rank, to, kind, second: ConversionRank::Exact, shape: Shape::plain(to, to) }
            }
        }))
    }
}
