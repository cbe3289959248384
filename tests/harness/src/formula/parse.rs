//! Recursive descent over the tokens of a formula; names become slots as they are met.

use super::lex::{Token, lex};
use super::{Binary, Env, Expr, ExprKind, FormulaError, Reduction, Stmt, Unary, functions};
use crate::scalar::Value;

/// Nesting beyond this is refused, so that neither the parser nor the evaluator runs out of stack.
const MAX_DEPTH: usize = 100;

type Result<T> = std::result::Result<T, FormulaError>;

/// The expression, and how many locals it needs.
pub fn parse(text: &str, parameters: &[&str], env: &Env) -> Result<(Expr, usize)> {
    let mut parser = Parser {
        tokens: lex(text)?,
        next: 0,
        depth: 0,
        scope: parameters.iter().enumerate().map(|(slot, name)| (name.to_string(), slot)).collect(),
        locals: parameters.len(),
        loops: 0,
        env,
    };
    let body = parser.expression()?;
    match parser.peek() {
        Token::End => Ok((body, parser.locals)),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'a> {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    /// Names in scope, innermost last.
    scope: Vec<(String, usize)>,
    locals: usize,
    loops: usize,
    env: &'a Env<'a>,
}

/// Binary operators with their precedence, as in C.
const OPERATORS: [(&str, u8, Binary); 16] = [
    ("|", 3, Binary::Or),
    ("^", 4, Binary::Xor),
    ("&", 5, Binary::And),
    ("==", 6, Binary::Equal),
    ("!=", 6, Binary::NotEqual),
    ("<", 7, Binary::Less),
    ("<=", 7, Binary::LessEqual),
    (">", 7, Binary::Greater),
    (">=", 7, Binary::GreaterEqual),
    ("<<", 8, Binary::ShiftLeft),
    (">>", 8, Binary::ShiftRight),
    ("+", 9, Binary::Add),
    ("-", 9, Binary::Subtract),
    ("*", 10, Binary::Multiply),
    ("/", 10, Binary::Divide),
    ("%", 10, Binary::Remainder),
];

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn at(&self) -> usize {
        self.tokens[self.next].0
    }

    fn bump(&mut self) -> Token {
        let token = self.tokens[self.next].1.clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn unexpected(&self, wanted: &str) -> FormulaError {
        FormulaError::new(self.at(), format!("expected {wanted}"))
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(s) if *s == symbol);
        if found {
            self.bump();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(name) if name == word);
        if found {
            self.bump();
        }
        found
    }

    fn name(&mut self) -> Result<String> {
        match self.peek().clone() {
            Token::Name(name) => {
                self.bump();
                Ok(name)
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    /// A new local that is visible until the scope is cut back.
    fn declare(&mut self, name: String) -> usize {
        let slot = self.locals;
        self.locals += 1;
        self.scope.push((name, slot));
        slot
    }

    fn expression(&mut self) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::new(self.at(), "the formula is nested too deeply"));
        }
        let condition = self.binary(1)?;
        let result = if self.eat("?") {
            let chosen = self.expression()?;
            self.expect(":")?;
            let other = self.expression()?;
            Expr { at: condition.at, kind: ExprKind::Select(Box::new([condition, chosen, other])) }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(result)
    }

    /// Operators that bind at least as tightly as `lowest`: `||` is 1, `&&` is 2, the rest is in the table.
    fn binary(&mut self, lowest: u8) -> Result<Expr> {
        let mut left = self.unary()?;
        // Each operator makes the tree one deeper on the left; the evaluator recurses along it.
        for _ in 0..MAX_DEPTH * 10 {
            let Token::Symbol(symbol) = *self.peek() else { return Ok(left) };
            let row = OPERATORS.iter().find(|row| row.0 == symbol);
            let precedence = match symbol {
                "||" => 1,
                "&&" => 2,
                _ => row.map_or(0, |row| row.1),
            };
            if precedence < lowest || precedence == 0 {
                return Ok(left);
            }
            let at = self.at() as u32;
            self.bump();
            let both = Box::new([left, self.binary(precedence + 1)?]);
            let kind = match (symbol, row) {
                ("||", _) => ExprKind::Or(both),
                (_, Some(row)) => ExprKind::Binary(row.2, both),
                _ => ExprKind::And(both),
            };
            left = Expr { at, kind };
        }
        Err(FormulaError::new(self.at(), "the formula is too long"))
    }

    fn unary(&mut self) -> Result<Expr> {
        let at = self.at() as u32;
        let operator = match self.peek() {
            Token::Symbol("-") => Unary::Negate,
            Token::Symbol("!") => Unary::Not,
            Token::Symbol("~") => Unary::Complement,
            _ => return self.primary(),
        };
        self.bump();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::new(self.at(), "the formula is nested too deeply"));
        }
        let operand = self.unary()?;
        self.depth -= 1;
        Ok(Expr { at, kind: ExprKind::Unary(operator, Box::new(operand)) })
    }

    fn primary(&mut self) -> Result<Expr> {
        let at = self.at();
        let kind = match self.peek().clone() {
            Token::Number(value) => {
                self.bump();
                ExprKind::Const(value)
            }
            Token::Symbol("(") => {
                self.bump();
                let inner = self.expression()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Symbol("{") => self.block()?,
            Token::Name(name) => {
                self.bump();
                self.named(at, &name)?
            }
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Expr { at: at as u32, kind })
    }

    fn named(&mut self, at: usize, name: &str) -> Result<ExprKind> {
        if matches!(self.peek(), Token::Symbol("(")) {
            return self.call(at, name);
        }
        if let Some(slot) = self.local(name) {
            return Ok(ExprKind::Local(slot));
        }
        if let Some((_, value)) = self.env.numbers.iter().find(|(known, _)| *known == name) {
            return Ok(ExprKind::Const(*value));
        }
        if let Some(memory) = self.env.memory.iter().position(|memory| memory.name == name) {
            let field = self.field(memory)?;
            self.expect("[")?;
            let index = Box::new(self.expression()?);
            self.expect("]")?;
            return Ok(ExprKind::Load { memory, field, index });
        }
        match name {
            "pi" => Ok(ExprKind::Const(Value::Float(std::f64::consts::PI))),
            _ => Err(self.unknown(at, name)),
        }
    }

    fn unknown(&self, at: usize, name: &str) -> FormulaError {
        let known = self.scope.iter().map(|(n, _)| n.as_str());
        let known: Vec<&str> =
            known.chain(self.env.numbers.iter().map(|n| n.0)).chain(self.env.memory.iter().map(|m| m.name)).collect();
        FormulaError::new(at, format!("nothing is named `{name}`; known are {}", known.join(", ")))
    }

    fn local(&self, name: &str) -> Option<usize> {
        self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, slot)| *slot)
    }

    /// `.field` where the buffer holds structures, nothing where it is plain.
    fn field(&mut self, memory: usize) -> Result<usize> {
        let at = self.at();
        let name = if self.eat(".") { self.name()? } else { String::new() };
        let fields = &self.env.memory[memory].layout.fields;
        fields.iter().position(|field| field.name == name).ok_or_else(|| {
            let known: Vec<_> = fields.iter().map(|field| format!(".{}", field.name)).collect();
            let known = if known == ["."] { "it has none".to_string() } else { format!("it has {}", known.join(", ")) };
            FormulaError::new(at, format!("no such field in this buffer; {known}"))
        })
    }

    fn call(&mut self, at: usize, name: &str) -> Result<ExprKind> {
        let reduction = match name {
            "sum" => Some(Reduction::Sum),
            "product" => Some(Reduction::Product),
            "least" => Some(Reduction::Least),
            "most" => Some(Reduction::Most),
            "count" => Some(Reduction::Count),
            _ => None,
        };
        self.expect("(")?;
        if let Some(kind) = reduction {
            return self.reduce(kind);
        }
        if name == "sorted" {
            return self.sorted();
        }
        let function = functions::find(name).ok_or_else(|| {
            let known: Vec<_> = functions::names().collect();
            FormulaError::new(
                at,
                format!(
                    "there is no function `{name}`; known are sum, product, least, most, count, sorted, {}",
                    known.join(", ")
                ),
            )
        })?;
        let mut args = Vec::new();
        while !self.eat(")") {
            if !args.is_empty() {
                self.expect(",")?;
            }
            args.push(self.expression()?);
        }
        if args.len() != function.arity {
            return Err(FormulaError::new(at, format!("`{name}` takes {} arguments", function.arity)));
        }
        Ok(ExprKind::Call(function, args))
    }

    /// `sum(k, LO, HI, e)` after the bracket.
    fn reduce(&mut self, kind: Reduction) -> Result<ExprKind> {
        let name = self.name()?;
        self.expect(",")?;
        let low = self.expression()?;
        self.expect(",")?;
        let high = self.expression()?;
        self.expect(",")?;
        let outside = self.scope.len();
        let local = self.declare(name);
        let body = Box::new(self.expression()?);
        self.scope.truncate(outside);
        self.expect(")")?;
        Ok(ExprKind::Reduce { kind, local, bounds: Box::new([low, high]), body })
    }

    /// `sorted(x, k)` after the bracket.
    fn sorted(&mut self) -> Result<ExprKind> {
        let at = self.at();
        let name = self.name()?;
        let memory = self.env.memory.iter().position(|memory| memory.name == name).ok_or_else(|| self.unknown(at, &name))?;
        let field = self.field(memory)?;
        self.expect(",")?;
        let index = Box::new(self.expression()?);
        self.expect(")")?;
        Ok(ExprKind::Sorted { memory, field, index })
    }

    /// Statements and a value in braces.
    fn block(&mut self) -> Result<ExprKind> {
        self.expect("{")?;
        let outside = self.scope.len();
        let mut body = Vec::new();
        while let Some(statement) = self.opt_statement()? {
            body.push(statement);
        }
        let value = self.expression()?;
        self.expect("}")?;
        self.scope.truncate(outside);
        Ok(ExprKind::Block(body, Box::new(value)))
    }

    /// Statements in braces, without a value.
    fn body(&mut self) -> Result<Vec<Stmt>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::new(self.at(), "the formula is nested too deeply"));
        }
        self.expect("{")?;
        let outside = self.scope.len();
        let mut body = Vec::new();
        while !self.eat("}") {
            let statement = self.opt_statement()?.ok_or_else(|| self.unexpected("a statement or `}`"))?;
            body.push(statement);
        }
        self.scope.truncate(outside);
        self.depth -= 1;
        Ok(body)
    }

    /// A statement, if one starts here; a value at the end of a block is none.
    fn opt_statement(&mut self) -> Result<Option<Stmt>> {
        if self.eat_word("let") {
            let name = self.name()?;
            self.expect("=")?;
            let value = self.expression()?;
            self.expect(";")?;
            return Ok(Some(Stmt::Set(self.declare(name), value)));
        }
        if self.eat_word("if") {
            return self.conditional().map(Some);
        }
        if self.eat_word("while") {
            let condition = self.expression()?;
            return Ok(Some(Stmt::While(condition, self.looped()?)));
        }
        if self.eat_word("for") {
            return self.counted().map(Some);
        }
        if self.eat_word("break") {
            self.expect(";")?;
            let inside = self.loops > 0;
            return if inside { Ok(Some(Stmt::Break)) } else { Err(self.unexpected("a loop around `break`")) };
        }
        let assigned = matches!(self.tokens.get(self.next + 1), Some((_, Token::Symbol("="))));
        if assigned {
            let at = self.at();
            let name = self.name()?;
            let slot = self.local(&name).ok_or_else(|| self.unknown(at, &name))?;
            self.expect("=")?;
            let value = self.expression()?;
            self.expect(";")?;
            return Ok(Some(Stmt::Set(slot, value)));
        }
        Ok(None)
    }

    fn conditional(&mut self) -> Result<Stmt> {
        let condition = self.expression()?;
        let then = self.body()?;
        let other = if !self.eat_word("else") {
            Vec::new()
        } else if self.eat_word("if") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(FormulaError::new(self.at(), "the formula is nested too deeply"));
            }
            let nested = vec![self.conditional()?];
            self.depth -= 1;
            nested
        } else {
            self.body()?
        };
        Ok(Stmt::If(condition, then, other))
    }

    fn looped(&mut self) -> Result<Vec<Stmt>> {
        self.loops += 1;
        let body = self.body()?;
        self.loops -= 1;
        Ok(body)
    }

    /// `k in LO..HI { ... }` after `for`.
    fn counted(&mut self) -> Result<Stmt> {
        let name = self.name()?;
        if !self.eat_word("in") {
            return Err(self.unexpected("`in`"));
        }
        let low = self.expression()?;
        self.expect("..")?;
        let high = self.expression()?;
        let outside = self.scope.len();
        let slot = self.declare(name);
        let body = self.looped()?;
        self.scope.truncate(outside);
        Ok(Stmt::For(slot, [low, high], body))
    }
}
