//! Expressions: a precedence climb over places and values.

use super::{Parser, Result, Symbol, Token, plain_name};
use crate::expr::{Expr, ExprId, LogicalOp, UnaryOp};
use crate::float16::{bf16_from_f64, f16_from_f64};
use crate::text::spell;
use crate::types::{Scalar, Type, TypeId};

/// A place stands for its address until a value is wanted.
#[derive(Clone, Copy)]
enum Operand {
    Place(ExprId),
    Value(ExprId),
}

impl Parser<'_> {
    pub(super) fn value(&mut self) -> Result<ExprId> {
        let start = self.pos;
        let operand = self.operand(0)?;
        self.load(operand, start)
    }

    /// The address of a place.
    pub(super) fn place(&mut self) -> Result<ExprId> {
        match self.operand(spell::UNARY)? {
            Operand::Place(pointer) => Ok(pointer),
            Operand::Value(_) => self.fail_before("expected a place, something that can be assigned"),
        }
    }

    pub(super) fn values_in_parens(&mut self) -> Result<Vec<ExprId>> {
        self.expect("(")?;
        let mut values = Vec::new();
        while !self.eat_sign(")") {
            values.push(self.value()?);
            if !self.is_sign(")") {
                self.expect(",")?;
            }
        }
        Ok(values)
    }

    fn load(&mut self, operand: Operand, start: usize) -> Result<ExprId> {
        match operand {
            Operand::Place(pointer) => self.add(Expr::Load { pointer, volatile: false }, start),
            Operand::Value(value) => Ok(value),
        }
    }

    fn operand(&mut self, strength: u8) -> Result<Operand> {
        self.nested(|parser| parser.climb(strength))
    }

    /// Reads operators that bind at least as strongly as `strength`.
    fn climb(&mut self, strength: u8) -> Result<Operand> {
        let start = self.pos;
        let mut left = self.prefix()?;
        while !self.at_line_end() {
            let Token::Sign(sign) = *self.peek() else { break };
            let expr = if let Some(&(op, _, own)) = spell::BINARY.iter().find(|row| row.1 == sign && row.2 >= strength) {
                let (a, b) = self.both(left, start, own)?;
                Expr::Binary { op, a, b }
            } else if sign == "&&" && spell::LOGICAL_AND >= strength {
                let (a, b) = self.both(left, start, spell::LOGICAL_AND)?;
                Expr::Logical { op: LogicalOp::And, a, b }
            } else if sign == "||" && spell::LOGICAL_OR >= strength {
                let (a, b) = self.both(left, start, spell::LOGICAL_OR)?;
                Expr::Logical { op: LogicalOp::Or, a, b }
            } else if sign == "?" && spell::SELECT >= strength {
                let condition = self.load(left, start)?;
                self.next();
                let accept = self.value()?;
                self.expect(":")?;
                Expr::Select { condition, accept, reject: self.value()? }
            } else {
                break;
            };
            left = Operand::Value(self.add(expr, start)?);
        }
        Ok(left)
    }

    fn both(&mut self, left: Operand, start: usize, own: u8) -> Result<(ExprId, ExprId)> {
        let a = self.load(left, start)?;
        self.next();
        let right = self.pos;
        let b = self.operand(own + 1)?;
        Ok((a, self.load(b, right)?))
    }

    fn prefix(&mut self) -> Result<Operand> {
        let start = self.pos;
        let op = match self.peek() {
            Token::Sign("-") if matches!(self.tokens[self.pos + 1].token, Token::Number(..)) => return self.postfix(),
            Token::Sign("-") => UnaryOp::Neg,
            Token::Sign("~") => UnaryOp::BitNot,
            Token::Sign("!") => UnaryOp::Not,
            Token::Sign("&") => {
                self.next();
                return self.place().map(Operand::Value);
            }
            _ => return self.postfix(),
        };
        self.next();
        let operand = self.operand(spell::UNARY)?;
        let value = self.load(operand, start)?;
        self.add(Expr::Unary { op, value }, start).map(Operand::Value)
    }

    fn postfix(&mut self) -> Result<Operand> {
        let start = self.pos;
        let mut operand = self.primary()?;
        while !self.at_line_end() {
            operand = if self.eat_sign(".*") {
                Operand::Place(self.load(operand, start)?)
            } else if self.eat_sign("->") {
                let base = self.load(operand, start)?;
                self.field(base, start)?
            } else if self.eat_sign(".") {
                match operand {
                    Operand::Place(base) => self.field(base, start)?,
                    Operand::Value(value) => {
                        let index = self.part(self.ty_of(value))?;
                        Operand::Value(self.add(Expr::Extract { value, index }, start)?)
                    }
                }
            } else if self.eat_sign("[") {
                self.index(operand, start)?
            } else {
                break;
            };
        }
        Ok(operand)
    }

    fn field(&mut self, base: ExprId, start: usize) -> Result<Operand> {
        let Some((pointee, _)) = self.module.tables.types.as_pointer(self.ty_of(base)) else {
            return self.fail("expected a pointer before this");
        };
        let index = self.part(pointee)?;
        self.add(Expr::Field { base, index }, start).map(Operand::Place)
    }

    fn index(&mut self, operand: Operand, start: usize) -> Result<Operand> {
        let array = match operand {
            Operand::Place(base) => {
                let pointee = self.module.tables.types.as_pointer(self.ty_of(base)).map(|(pointee, _)| pointee);
                pointee.is_some_and(|ty| matches!(self.module.tables.types.get(ty), Type::Array { .. })).then_some(base)
            }
            Operand::Value(_) => None,
        };
        let base = array.map_or_else(|| self.load(operand, start), Ok)?;
        let index = self.value()?;
        self.expect("]")?;
        let expr = if array.is_some() { Expr::Element { base, index } } else { Expr::Offset { base, index } };
        self.add(expr, start).map(Operand::Place)
    }

    /// A part of a struct or vector by name, or of anything by `#number`.
    fn part(&mut self, ty: TypeId) -> Result<u32> {
        if self.eat_sign("#") {
            return Ok(self.integer()? as u32);
        }
        let name = match self.next() {
            Token::Word(word) => word.to_owned(),
            Token::Name(name) => plain_name(&name),
            _ => return self.fail_before("expected a field"),
        };
        let index = match self.module.tables.types.get(ty) {
            Type::Vector { .. } => ["x", "y", "z", "w"].iter().position(|part| *part == name),
            Type::Struct(id) => self.module.tables.types.structs()[id].fields.iter().position(|field| field.name == name),
            _ => None,
        };
        index.map_or_else(|| self.fail_before("there is no such field"), |index| Ok(index as u32))
    }

    fn primary(&mut self) -> Result<Operand> {
        let start = self.pos;
        match self.peek().clone() {
            Token::Number(..) | Token::Sign("-") => {
                let (scalar, bits) = self.literal()?;
                self.add(Expr::Const { scalar, bits }, start).map(Operand::Value)
            }
            Token::Sign("(") => {
                self.next();
                let value = self.value()?;
                self.expect(")")?;
                Ok(Operand::Value(value))
            }
            Token::Sign("[") => self.construct(start),
            Token::Word(word) if spell::is_reserved(word) => self.keyword(word, start).map(Operand::Value),
            Token::Word(_) | Token::Name(_) if self.is_construct() => self.construct(start),
            Token::Word(_) | Token::Name(_) => self.symbol(start),
            _ => self.fail("expected an expression"),
        }
    }

    /// A name with a parenthesis on the same line.
    fn is_construct(&self) -> bool {
        let next = &self.tokens[self.pos + 1];
        !next.starts_line && next.token == Token::Sign("(")
    }

    fn construct(&mut self, start: usize) -> Result<Operand> {
        let ty = self.ty()?;
        let parts = self.values_in_parens()?;
        self.add(Expr::Construct { ty, parts }, start).map(Operand::Value)
    }

    fn symbol(&mut self, start: usize) -> Result<Operand> {
        let name = self.name()?;
        let Some(symbol) = self.values.get(&name).copied() else {
            return self.fail_before(format!("there is no `{name}`"));
        };
        match symbol {
            Symbol::Constant(id) => self.add(Expr::NamedConst(id), start).map(Operand::Value),
            Symbol::Param(index) => self.add(Expr::Param(index), start).map(Operand::Value),
            Symbol::Let(id) => self.add(Expr::Let(id), start).map(Operand::Value),
            Symbol::Global(id) => self.add(Expr::GlobalAddr(id), start).map(Operand::Place),
            Symbol::Local(id) => self.add(Expr::LocalAddr(id), start).map(Operand::Place),
        }
    }

    fn keyword(&mut self, word: &str, start: usize) -> Result<ExprId> {
        if spell::find_vector(word).is_some() {
            return match self.construct(start)? {
                Operand::Value(value) | Operand::Place(value) => Ok(value),
            };
        }
        self.next();
        let expr = if let Some(to) = Scalar::ALL.into_iter().find(|scalar| scalar.name() == word) {
            Expr::Convert { value: self.value_in_parens()?, to }
        } else if let Some(function) = spell::find(spell::MATH, word) {
            Expr::Math { function, args: self.values_in_parens()? }
        } else {
            self.special(word)?
        };
        self.add(expr, start)
    }

    fn special(&mut self, word: &str) -> Result<Expr> {
        match word {
            "true" | "false" => Ok(Expr::Const { scalar: Scalar::Bool, bits: u64::from(word == "true") }),
            "zero" => Ok(Expr::Zero(self.type_argument()?)),
            "undef" => Ok(Expr::Undef(self.type_argument()?)),
            "cast" => Ok(Expr::PointerCast { to: self.type_argument()?, base: self.value_in_parens()? }),
            "bitcast" => Ok(Expr::Bitcast { to: self.type_argument()?, value: self.value_in_parens()? }),
            "pointer" => Ok(Expr::IntToPointer { to: self.type_argument()?, value: self.value_in_parens()? }),
            "address" => Ok(Expr::PointerToInt(self.value_in_parens()?)),
            "diff" => match self.values_in_parens()?.as_slice() {
                &[a, b] => Ok(Expr::PointerDiff { a, b }),
                _ => self.fail_before("`diff` takes two pointers"),
            },
            "volatile" => {
                self.expect("(")?;
                let pointer = self.place()?;
                self.expect(")")?;
                Ok(Expr::Load { pointer, volatile: true })
            }
            "bits" => self.bits(),
            "pure" => self.pure_call(),
            _ => self.geometry(word),
        }
    }

    fn pure_call(&mut self) -> Result<Expr> {
        let name = self.name()?;
        let Some(function) = self.functions.get(&name).copied() else {
            return self.fail_before("there is no such function");
        };
        let ty = self.module.functions[function].result;
        Ok(Expr::Call { function, args: self.values_in_parens()?, ty })
    }

    fn geometry(&mut self, word: &str) -> Result<Expr> {
        let found = match spell::find(spell::GEOMETRY, word) {
            Some(geometry) => Some(geometry),
            None if self.eat_sign(".") => {
                let axis = self.word()?;
                spell::find(spell::GEOMETRY, &format!("{word}.{axis}"))
            }
            None => None,
        };
        found
            .map_or_else(|| self.fail_before(format!("`{word}` does not begin an expression")), |found| Ok(Expr::Geometry(found)))
    }

    fn bits(&mut self) -> Result<Expr> {
        let ty = self.type_argument()?;
        let Some(scalar) = self.module.tables.types.as_scalar(ty) else { return self.fail_before("expected a scalar type") };
        self.expect("(")?;
        let bits = self.integer()?;
        self.expect(")")?;
        Ok(Expr::Const { scalar, bits })
    }

    fn type_argument(&mut self) -> Result<TypeId> {
        self.expect("<")?;
        let ty = self.ty()?;
        self.expect(">")?;
        Ok(ty)
    }

    fn value_in_parens(&mut self) -> Result<ExprId> {
        self.expect("(")?;
        let value = self.value()?;
        self.expect(")")?;
        Ok(value)
    }

    /// A scalar literal: its type and its bits.
    pub(super) fn literal(&mut self) -> Result<(Scalar, u64)> {
        let negative = self.eat_sign("-");
        match self.next() {
            Token::Word(word) if word == "true" || word == "false" => Ok((Scalar::Bool, u64::from(word == "true"))),
            Token::Word("bits") => match self.bits()? {
                Expr::Const { scalar, bits } => Ok((scalar, bits)),
                _ => self.fail_before("expected a literal"),
            },
            Token::Number(digits, suffix) => self.number(negative, digits, suffix),
            _ => self.fail_before("expected a literal"),
        }
    }

    fn number(&self, negative: bool, digits: &str, suffix: &str) -> Result<(Scalar, u64)> {
        let scalar = match suffix {
            "" if digits.contains(['.', 'e']) => Some(Scalar::F32),
            "" => Some(Scalar::I32),
            _ => Scalar::ALL.into_iter().find(|scalar| scalar.name() == suffix && *scalar != Scalar::Bool),
        };
        let Some(scalar) = scalar else { return self.fail_before("no such suffix") };
        let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
        let bits = match scalar {
            Scalar::F32 => signed.parse::<f32>().ok().map(|value| u64::from(value.to_bits())),
            Scalar::F64 => signed.parse::<f64>().ok().map(f64::to_bits),
            Scalar::F16 => signed.parse().ok().map(|value| u64::from(f16_from_f64(value))),
            Scalar::BF16 => signed.parse().ok().map(|value| u64::from(bf16_from_f64(value))),
            _ => {
                let mask = u64::MAX >> (64 - scalar.bits());
                let fits = |value: &i128| *value <= i128::from(mask) && *value >= -(i128::from(mask) / 2 + 1);
                signed.parse::<i128>().ok().filter(fits).map(|value| value as u64 & mask)
            }
        };
        bits.map_or_else(|| self.fail_before("the number does not fit its type"), |bits| Ok((scalar, bits)))
    }
}
