//! Statements.

use super::{Parser, Result, Symbol, Token, plain_name};
use crate::expr::{ExprId, LetId};
use crate::results::result_type;
use crate::stmt::{Assertion, Block, Case, LoopForm, Scope, Stmt, StmtKind};
use crate::text::spell;
use crate::types::{Scalar, Type, TypeId};
use source::Span;

impl Parser<'_> {
    pub(super) fn block(&mut self) -> Result<Block> {
        self.expect("{")?;
        let mut block = Block::default();
        while !self.eat_sign("}") {
            block.stmts.push(self.nested(Parser::stmt)?);
            if !self.is_sign("}") {
                self.line_end()?;
            }
        }
        Ok(block)
    }

    fn stmt(&mut self) -> Result<Stmt> {
        let start = self.pos;
        let word = match self.peek() {
            Token::Word(word) => *word,
            _ => "",
        };
        let mut head = None;
        let kind = match word {
            "let" => self.let_stmt()?,
            "var" => self.declare()?,
            "if" => self.if_stmt(&mut head)?,
            "for" | "while" | "do" => self.loop_stmt(&mut head)?,
            "switch" => self.switch(&mut head)?,
            _ if self.is_sign("{") => StmtKind::Scope(self.block()?),
            "return" => {
                self.next();
                StmtKind::Return(if self.at_line_end() || self.is_sign("}") { None } else { Some(self.value()?) })
            }
            "call" | "atomic" => self.effect(None)?,
            "volatile" => {
                self.next();
                self.store(true)?
            }
            "break" | "continue" | "barrier" | "arrive" | "grid_barrier" | "warp_barrier" | "tile_barrier" | "yield"
            | "fence" | "trap" | "assert" | "printf" => {
                self.next();
                self.simple(word)?
            }
            _ => self.store(false)?,
        };
        let span = head.unwrap_or_else(|| self.span(start));
        Ok(Stmt { kind, span })
    }

    /// Statements that a word alone announces; `printf` is the last of them.
    fn simple(&mut self, word: &str) -> Result<StmtKind> {
        match word {
            "break" => Ok(StmtKind::Break),
            "continue" => Ok(StmtKind::Continue),
            "barrier" => Ok(StmtKind::Barrier),
            "arrive" => Ok(StmtKind::Arrive { object: self.single()? }),
            "grid_barrier" => Ok(StmtKind::GridBarrier),
            "yield" => Ok(StmtKind::Yield),
            "tile_barrier" => Ok(StmtKind::TileBarrier { threads: self.single()? }),
            "warp_barrier" => Ok(StmtKind::WarpBarrier { mask: self.mask()? }),
            "fence" => {
                let scope = self.word()?;
                spell::find(spell::SCOPES, &scope)
                    .map_or_else(|| self.fail_before("expected a scope"), |scope| Ok(StmtKind::Fence(scope)))
            }
            "trap" => Ok(StmtKind::Trap),
            "assert" => {
                self.expect("(")?;
                let condition = self.value()?;
                self.expect(",")?;
                let expression = self.string()?;
                self.expect(",")?;
                let file = self.string()?;
                self.expect(",")?;
                let line = self.integer()? as u32;
                self.expect(",")?;
                let function = self.string()?;
                self.expect(")")?;
                let assertion = Box::new(Assertion { expression, file, line, function });
                Ok(StmtKind::Assert { condition, assertion })
            }
            _ => {
                self.expect("(")?;
                let format = self.string()?;
                let mut args = Vec::new();
                while !self.eat_sign(")") {
                    self.expect(",")?;
                    args.push(self.value()?);
                }
                Ok(StmtKind::Printf { format, args })
            }
        }
    }

    fn store(&mut self, volatile: bool) -> Result<StmtKind> {
        let pointer = self.place()?;
        self.expect("=")?;
        Ok(StmtKind::Store { pointer, value: self.value()?, volatile })
    }

    fn let_stmt(&mut self) -> Result<StmtKind> {
        self.next();
        let start = self.pos;
        let name = self.name()?;
        self.expect("=")?;
        let effects = ["call", "atomic", "vote", "broadcast", "warp", "clock"];
        // The type is known behind the operands; until then the value is `void`.
        let void = self.module.tables.types.void();
        let func = self.func();
        let span = self.span(start);
        let source_name = (!name.starts_with('%')).then(|| plain_name(&name));
        let kind = if effects.iter().any(|word| self.is_word(word)) {
            let result = self.module.functions[func].add_let(source_name, void, span);
            self.effect(Some(result))?
        } else {
            let value = self.value()?;
            let result = self.module.functions[func].add_let(source_name, void, span);
            StmtKind::Let { result, value }
        };
        let Some(result) = kind.result() else { return self.fail_before("this binds nothing") };
        let ty = self.result_type(&kind, start)?;
        self.module.functions[func].lets[result].ty = ty;
        self.values.insert(name, Symbol::Let(result));
        Ok(kind)
    }

    fn result_type(&mut self, kind: &StmtKind, start: usize) -> Result<TypeId> {
        let (func, module) = (self.func(), &mut self.module);
        let found = result_type(&mut module.tables, &module.functions, &module.functions[func], kind);
        match found {
            Ok(Some(ty)) if self.module.tables.types.get(ty) != Type::Void => Ok(ty),
            Ok(_) => Err(super::ParseError::at(self.text, self.tokens[start].start, "this has no value")),
            Err(error) => Err(super::ParseError::at(self.text, self.tokens[start].start, error.to_string())),
        }
    }

    /// Statements that may bind a result.
    fn effect(&mut self, result: Option<LetId>) -> Result<StmtKind> {
        let word = self.word()?;
        let bound = |parser: &Self| result.map_or_else(|| parser.fail("the result must be bound by `let`"), Ok);
        match word.as_str() {
            "call" => {
                let name = self.name()?;
                let Some(function) = self.functions.get(&name).copied() else {
                    return self.fail_before("there is no such function");
                };
                Ok(StmtKind::Call { result, function, args: self.values_in_parens()? })
            }
            "atomic" => self.atomic(result),
            "vote" => {
                self.expect(".")?;
                let op = self.word()?;
                let Some(op) = spell::find(spell::VOTES, &op) else { return self.fail_before("there is no such vote") };
                let value = self.single()?;
                Ok(StmtKind::BlockVote { result: bound(self)?, op, value })
            }
            "broadcast" => {
                let value = self.single()?;
                Ok(StmtKind::BlockBroadcast { result: bound(self)?, value })
            }
            "warp" => {
                self.expect(".")?;
                let op = self.word()?;
                let Some(op) = spell::find(spell::WARP_OPS, &op) else {
                    return self.fail_before("there is no such warp operation");
                };
                let mask = self.mask()?;
                let args = self.values_in_parens()?;
                Ok(StmtKind::Warp { result: bound(self)?, op, mask, args })
            }
            "clock" => {
                self.expect(".")?;
                let name = self.word()?;
                let Some(scalar) = Scalar::ALL.into_iter().find(|scalar| scalar.name() == name) else {
                    return self.fail_before("there is no such type");
                };
                Ok(StmtKind::Clock { result: bound(self)?, scalar })
            }
            _ => self.fail_before("expected a statement"),
        }
    }

    fn single(&mut self) -> Result<ExprId> {
        match self.values_in_parens()?.as_slice() {
            &[value] => Ok(value),
            _ => self.fail_before("expected one operand"),
        }
    }

    fn atomic(&mut self, result: Option<LetId>) -> Result<StmtKind> {
        self.expect(".")?;
        let op = self.word()?;
        self.expect(".")?;
        let scope = self.word()?;
        let (Some(op), Some(scope)) = (spell::find(spell::ATOMICS, &op), spell::find::<Scope>(spell::SCOPES, &scope)) else {
            return self.fail_before("there is no such atomic");
        };
        let (pointer, compare, value) = match *self.values_in_parens()?.as_slice() {
            [pointer, value] => (pointer, None, value),
            [pointer, compare, value] => (pointer, Some(compare), value),
            _ => return self.fail_before("an atomic takes a pointer and a value"),
        };
        Ok(StmtKind::Atomic { result, op, pointer, value, compare, scope })
    }

    fn mask(&mut self) -> Result<Option<ExprId>> {
        if self.at_line_end() || !self.eat_sign("[") {
            return Ok(None);
        }
        let mask = self.value()?;
        self.expect("]")?;
        Ok(Some(mask))
    }

    fn declare(&mut self) -> Result<StmtKind> {
        self.next();
        let start = self.pos;
        let name = self.name()?;
        self.expect(":")?;
        let ty = self.ty()?;
        let init = if !self.at_line_end() && self.eat_sign("=") { Some(self.value()?) } else { None };
        let func = self.func();
        let span = self.span(start);
        let local = self.module.functions[func].add_local(plain_name(&name), ty, span);
        self.values.insert(name, Symbol::Local(local));
        Ok(StmtKind::Declare { local, init })
    }

    /// `head` gets the span of the condition's line: a statement with blocks is pointed at by its head.
    fn if_stmt(&mut self, head: &mut Option<Span>) -> Result<StmtKind> {
        let start = self.pos;
        self.next();
        let condition = self.value()?;
        *head = Some(self.span(start));
        let accept = self.block()?;
        let mut reject = Block::default();
        if self.eat_word("else") {
            if self.is_word("if") {
                reject.stmts.push(self.nested(Parser::stmt)?);
            } else {
                reject = self.block()?;
            }
        }
        Ok(StmtKind::If { condition, accept, reject })
    }

    fn loop_stmt(&mut self, head: &mut Option<Span>) -> Result<StmtKind> {
        let start = self.pos;
        let form = match self.word()?.as_str() {
            "for" => LoopForm::For,
            "while" => LoopForm::While,
            _ => LoopForm::DoWhile,
        };
        let condition = if self.is_sign("{") || self.is_word("unroll") { None } else { Some(self.value()?) };
        let unroll = if self.eat_word("unroll") { Some(self.integer()? as u32) } else { None };
        *head = Some(self.span(start));
        let body = self.block()?;
        let update = if self.eat_word("update") { self.block()? } else { Block::default() };
        let until = if self.eat_word("until") { Some(self.value()?) } else { None };
        Ok(StmtKind::Loop { form, condition, body, update, until, unroll })
    }

    fn switch(&mut self, head: &mut Option<Span>) -> Result<StmtKind> {
        let start = self.pos;
        self.next();
        let selector = self.value()?;
        *head = Some(self.span(start));
        self.expect("{")?;
        let mut cases = Vec::new();
        while !self.eat_sign("}") {
            cases.push(self.case()?);
        }
        Ok(StmtKind::Switch { selector, cases })
    }

    fn case(&mut self) -> Result<Case> {
        let start = self.pos;
        self.expect_word("case")?;
        let mut case =
            Case { values: Vec::new(), is_default: false, body: Block::default(), falls_through: false, span: Span::NONE };
        while !self.is_sign("{") {
            if self.eat_word("default") {
                case.is_default = true;
            } else {
                case.values.push(self.literal()?.1);
            }
            self.eat_sign(",");
        }
        case.span = self.span(start);
        case.body = self.block()?;
        case.falls_through = self.eat_word("fallthrough");
        Ok(case)
    }
}
