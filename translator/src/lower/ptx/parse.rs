//! The text of an `asm` statement as PTX statements (PTX ISA, "Syntax"): registers, and instructions with guard and operands.

/// A statement of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `.reg .u32 a, b;`
    Registers {
        ty: String,
        names: Vec<String>,
    },
    Instruction(Instruction),
}

/// `@p add.u32 %0, %1, 5;`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Instruction {
    /// The predicate, and whether it must be false.
    pub guard: Option<(String, bool)>,
    pub opcode: String,
    pub operands: Vec<PtxOperand>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum PtxOperand {
    /// `%0`: an operand of the `asm` statement.
    Argument(usize),
    /// A register of the text, or a special one, which begins with `%`.
    Register(String),
    Integer(i128),
    /// `0f3F800000`
    Float(u32),
    /// `0d3FF0000000000000`
    Double(u64),
    /// `[a + 4]`
    Address {
        base: Box<PtxOperand>,
        offset: i64,
    },
    /// `{a, b}`
    Vector(Vec<PtxOperand>),
    /// `!p`
    Not(String),
    /// `_`
    Sink,
}

/// All statements, or what cannot be read.
pub(super) fn statements(text: &str) -> Result<Vec<Statement>, String> {
    let text = without_comments(text);
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '{' => {
                out.push(Statement::Open);
                1
            }
            '}' => {
                out.push(Statement::Close);
                1
            }
            ';' => 1,
            _ => {
                let end = rest.find(';').unwrap_or(rest.len());
                out.push(statement(rest[..end].trim())?);
                end
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(out)
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('/') {
        let (before, comment) = rest.split_at(at);
        out.push_str(before);
        let end = if comment.starts_with("//") {
            comment.find('\n').unwrap_or(comment.len())
        } else if comment.starts_with("/*") {
            comment.find("*/").map_or(comment.len(), |end| end + 2)
        } else {
            out.push('/');
            1
        };
        rest = &comment[end..];
    }
    out + rest
}

fn statement(text: &str) -> Result<Statement, String> {
    if let Some(declaration) = text.strip_prefix(".reg") {
        let mut words = declaration.trim().splitn(2, char::is_whitespace);
        let ty = words.next().unwrap_or_default().trim_start_matches('.').to_string();
        let names = words.next().unwrap_or_default().split(',').map(register_names).collect::<Result<Vec<_>, _>>()?;
        return Ok(Statement::Registers { ty, names: names.concat() });
    }
    let (guard, text) = match text.strip_prefix('@') {
        Some(guarded) => {
            let (guard, rest) = guarded.split_once(char::is_whitespace).ok_or("a guard without an instruction")?;
            let name = guard.trim_start_matches('!');
            (Some((register(name), guard.starts_with('!'))), rest.trim())
        }
        None => (None, text),
    };
    let (opcode, operands) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_opcode = opcode.chars().all(|c| c.is_ascii_alphanumeric() || "._:".contains(c));
    if !is_opcode || !opcode.starts_with(|c: char| c.is_ascii_lowercase()) || opcode.ends_with(':') {
        return Err(format!("`{text}` is no instruction that this reads"));
    }
    let operands = split(operands).into_iter().map(operand).collect::<Result<Vec<_>, _>>()?;
    Ok(Statement::Instruction(Instruction { guard, opcode: opcode.to_string(), operands }))
}

/// `r<3>` is `r0, r1, r2`.
fn register_names(text: &str) -> Result<Vec<String>, String> {
    let text = register(text.trim());
    let Some((stem, count)) = text.split_once('<') else { return Ok(vec![text]) };
    let count: usize = count.trim_end_matches('>').trim().parse().map_err(|_| format!("`{text}` is no list of registers"))?;
    Ok((0..count.min(1000)).map(|number| format!("{stem}{number}")).collect())
}

/// A name as the text has it: `%%` is how an `asm` with operands writes `%`.
fn register(text: &str) -> String {
    text.replace("%%", "%")
}

/// Splits at commas outside of brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut out) = (0i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() || !out.is_empty() {
        out.push(last);
    }
    out
}

fn operand(text: &str) -> Result<PtxOperand, String> {
    let unknown = || format!("`{text}` is no operand that this reads");
    if let Some(inner) = text.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or_else(unknown)?.trim();
        let (base, offset) = match inner.rfind(['+', '-']).filter(|at| *at > 0) {
            Some(at) => {
                let offset = integer(inner[at + 1..].trim()).ok_or_else(unknown)?;
                (inner[..at].trim(), if inner[at..].starts_with('-') { -offset } else { offset })
            }
            None => (inner, 0),
        };
        let offset = i64::try_from(offset).map_err(|_| unknown())?;
        return Ok(PtxOperand::Address { base: Box::new(operand(base)?), offset });
    }
    if let Some(inner) = text.strip_prefix('{') {
        let inner = inner.strip_suffix('}').ok_or_else(unknown)?;
        return Ok(PtxOperand::Vector(split(inner).into_iter().map(operand).collect::<Result<_, _>>()?));
    }
    if text == "_" {
        return Ok(PtxOperand::Sink);
    }
    if let Some(name) = text.strip_prefix('!') {
        return Ok(PtxOperand::Not(register(name)));
    }
    if let Some(number) = text.strip_prefix('%').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return number.parse().map(PtxOperand::Argument).map_err(|_| unknown());
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic() || "_%$".contains(c)) {
        let is_name = text.chars().all(|c| c.is_ascii_alphanumeric() || "_%$.".contains(c));
        return if is_name { Ok(PtxOperand::Register(register(text))) } else { Err(unknown()) };
    }
    number(text).ok_or_else(unknown)
}

/// PTX ISA, "Constants".
fn number(text: &str) -> Option<PtxOperand> {
    if let Some(bits) = text.strip_prefix("0f").or_else(|| text.strip_prefix("0F")) {
        return u32::from_str_radix(bits, 16).ok().map(PtxOperand::Float);
    }
    if let Some(bits) = text.strip_prefix("0d").or_else(|| text.strip_prefix("0D")) {
        return u64::from_str_radix(bits, 16).ok().map(PtxOperand::Double);
    }
    if text.contains('.') {
        return text.parse().ok().map(|value: f64| PtxOperand::Double(value.to_bits()));
    }
    integer(text).map(PtxOperand::Integer)
}

fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits.trim()),
        None => (1, text),
    };
    let digits = digits.trim_end_matches(['U', 'u']);
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    i128::from_str_radix(digits, radix).ok().map(|value| sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_have_guards_operands_and_registers() {
        let text = "{ .reg .pred p; .reg .u32 t<2>; // a comment\n @!p add.u32 t0, %1, -0x10; ld.global.v2.f32 {%0, _}, [%2+8];\n mov.u32 %3, %%laneid; }";
        let found = statements(text).expect("it can be read");
        let instruction =
            |guard, opcode: &str, operands| Statement::Instruction(Instruction { guard, opcode: opcode.into(), operands });
        let register = |name: &str| PtxOperand::Register(name.into());
        let expected = vec![
            Statement::Open,
            Statement::Registers { ty: "pred".into(), names: vec!["p".into()] },
            Statement::Registers { ty: "u32".into(), names: vec!["t0".into(), "t1".into()] },
            instruction(
                Some(("p".into(), true)),
                "add.u32",
                vec![register("t0"), PtxOperand::Argument(1), PtxOperand::Integer(-16)],
            ),
            instruction(
                None,
                "ld.global.v2.f32",
                vec![
                    PtxOperand::Vector(vec![PtxOperand::Argument(0), PtxOperand::Sink]),
                    PtxOperand::Address { base: Box::new(PtxOperand::Argument(2)), offset: 8 },
                ],
            ),
            instruction(None, "mov.u32", vec![PtxOperand::Argument(3), register("%laneid")]),
            Statement::Close,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_instruction_is_said() {
        for text in ["loop:", "add.u32 %0, %x!, 1;", "@p", "ld.u32 %0, [%1", "0f"] {
            assert!(statements(text).is_err(), "{text}");
        }
    }
}
