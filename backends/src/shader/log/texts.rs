//! The texts that `%s` may print: string literals, choices between them, and variables that point to one of them.
//!
//! ```text
//! const char* name = "even";             let nameText = 0
//! if (odd) name = "odd";          =>     if odd { nameText = 1 }
//! printf("%s", name);                    call logRecord1(1, nameText)      // 0: even, 1: odd
//! ```

use crate::shader::rewrite::Builder;
use ir::{BinaryOp, Block, Expr, ExprId, Function, GlobalId, LetId, LocalId, Scalar, Space, Stmt, StmtKind};
use rustc_hash::FxHashMap;
use source::Span;

/// What a function's names stand for.
pub(super) struct Values {
    pub(super) lets: FxHashMap<LetId, ExprId>,
    /// What variables are given, by declarations and stores.
    given: FxHashMap<LocalId, Vec<ExprId>>,
    /// Variables that point to texts, with the number of the text that each holds.
    texts: Vec<TextVariable>,
}

/// `const char* name = "even"; if (odd) name = "odd";`
pub(super) struct TextVariable {
    pointer: LocalId,
    number: LocalId,
    texts: Vec<String>,
}

impl Values {
    pub(super) fn of(function: &Function) -> Values {
        let mut values = Values { lets: FxHashMap::default(), given: FxHashMap::default(), texts: Vec::new() };
        function.body.walk(&mut |stmt| match stmt.kind {
            StmtKind::Let { result, value } => {
                values.lets.insert(result, value);
            }
            StmtKind::Declare { local, init: Some(value) } => values.given.entry(local).or_default().push(value),
            StmtKind::Store { pointer, value, .. } => {
                if let Expr::LocalAddr(local) = *function.expr(pointer) {
                    values.given.entry(local).or_default().push(value);
                }
            }
            _ => {}
        });
        values
    }
}

/// Keeps the numbers of text variables beside the variables, which go where nothing else looks at them.
pub(super) fn keep_numbers(builder: &mut Builder<'_>, values: &mut Values, body: &mut Block) {
    for variable in std::mem::take(&mut values.texts) {
        let mut others = 0;
        body.walk(&mut |stmt| {
            stmt.kind.operands(|operand| {
                builder.function.walk_expr(operand, &mut |id| {
                    others += usize::from(*builder.function.expr(id) == Expr::LocalAddr(variable.pointer));
                });
            });
            others -= usize::from(is_store(builder, stmt, variable.pointer));
        });
        block(builder, values, &variable, others == 0, body);
    }
}

fn is_store(builder: &Builder<'_>, stmt: &Stmt, local: LocalId) -> bool {
    matches!(stmt.kind, StmtKind::Store { pointer, .. } if builder.expr(pointer) == Expr::LocalAddr(local))
}

fn block(builder: &mut Builder<'_>, values: &mut Values, variable: &TextVariable, alone: bool, block_: &mut Block) {
    let mut out = Vec::new();
    for mut stmt in std::mem::take(&mut block_.stmts) {
        let span = stmt.span;
        stmt.kind.blocks_mut().for_each(|nested| block(builder, values, variable, alone, nested));
        let mut number = |builder: &mut Builder<'_>, value| {
            let mut texts = Texts { builder, values, found: variable.texts.clone() };
            texts.number(value)
        };
        let beside = match stmt.kind {
            StmtKind::Declare { local, init } if local == variable.pointer => {
                let init = init.and_then(|value| number(builder, value));
                let init = init.unwrap_or_else(|| builder.constant(Scalar::U32, 0, span));
                Some(Stmt { kind: StmtKind::Declare { local: variable.number, init: Some(init) }, span })
            }
            StmtKind::Store { value, .. } if is_store(builder, &stmt, variable.pointer) => {
                number(builder, value).map(|value| builder.store_local(variable.number, value, span))
            }
            _ => None,
        };
        if beside.is_none() || !alone {
            out.push(stmt);
        }
        out.extend(beside);
    }
    block_.stmts = out;
}

/// The texts that a `%s` may print: string literals, and choices between them.
pub(super) struct Texts<'a, 'b> {
    pub(super) builder: &'a mut Builder<'b>,
    pub(super) values: &'a mut Values,
    pub(super) found: Vec<String>,
}

impl Texts<'_, '_> {
    /// The number of the text that the pointer points to, as a word.
    pub(super) fn number(&mut self, pointer: ExprId) -> Option<ExprId> {
        let span = self.builder.span(pointer);
        match self.builder.expr(pointer) {
            Expr::Select { condition, accept, reject } => {
                let (accept, reject) = (self.number(accept)?, self.number(reject)?);
                Some(self.builder.add(Expr::Select { condition, accept, reject }, span))
            }
            Expr::Let(result) => self.number(*self.values.lets.get(&result)?),
            Expr::Load { pointer, .. } => {
                let Expr::LocalAddr(local) = self.builder.expr(pointer) else { return None };
                self.variable(local, span)
            }
            _ => {
                let (global, offset) = self.place(pointer)?;
                let bytes = self.builder.tables.globals[global].init.as_ref()?.get(offset..)?;
                let end = bytes.iter().position(|&byte| byte == 0)?;
                let text = std::str::from_utf8(&bytes[..end]).ok()?.to_owned();
                let known = self.found.iter().position(|known| *known == text);
                let number = known.unwrap_or_else(|| {
                    self.found.push(text);
                    self.found.len() - 1
                });
                Some(self.builder.constant(Scalar::U32, number as i64, span))
            }
        }
    }

    /// The number that a variable holds, counted on from the texts that were found before.
    fn variable(&mut self, pointer: LocalId, span: Span) -> Option<ExprId> {
        let known = self.values.texts.iter().position(|variable| variable.pointer == pointer);
        let index = match known {
            Some(index) => index,
            None => {
                let given = self.values.given.get(&pointer)?.clone();
                let mut texts = Texts { builder: self.builder, values: self.values, found: Vec::new() };
                // What a variable is given by way of itself or another one is too much to ask.
                let plain = |texts: &mut Texts<'_, '_>, value| {
                    texts.place(value).is_some() || matches!(texts.builder.expr(value), Expr::Select { .. })
                };
                for value in given {
                    if !plain(&mut texts, value) {
                        return None;
                    }
                    texts.number(value)?;
                }
                let texts = texts.found;
                let ty = self.builder.scalar_ty(Scalar::U32);
                let name = format!("{}Text", self.builder.function.locals[pointer].name);
                let number = self.builder.function.add_local(name, ty, span);
                self.values.texts.push(TextVariable { pointer, number, texts });
                self.values.texts.len() - 1
            }
        };
        let first = self.found.len() as i64;
        self.found.extend(self.values.texts[index].texts.iter().cloned());
        let number = self.builder.load_local(self.values.texts[index].number, span);
        Some(self.builder.with_constant(BinaryOp::Add, number, first, span))
    }

    /// The constant that holds the characters, and how far in they start.
    fn place(&self, pointer: ExprId) -> Option<(GlobalId, usize)> {
        match self.builder.expr(pointer) {
            Expr::GlobalAddr(global) if self.builder.tables.globals[global].space == Space::Constant => Some((global, 0)),
            Expr::PointerCast { base, .. } => self.place(base),
            Expr::Element { base, index } | Expr::Offset { base, index } => {
                let (global, offset) = self.place(base)?;
                let index = usize::try_from(self.builder.const_value(index)?).ok()?;
                let (element, _) = self.builder.tables.types.as_pointer(self.builder.ty(pointer))?;
                Some((global, offset + index * self.builder.tables.types.size_of(element) as usize))
            }
            Expr::Let(result) => self.place(*self.values.lets.get(&result)?),
            _ => None,
        }
    }
}
