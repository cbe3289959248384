//! The parser's sets of expected terminals in the words of a reader.

use crate::Tok;

/// `"id"`, `"binop"`, ... (as LALRPOP names them) become "`;` or an operator".
pub(super) fn describe(expected: &[String]) -> String {
    let mut words: Vec<&str> = Vec::new();
    let has = |name: &str| expected.iter().any(|e| e.trim_matches('"') == name);
    let mut add = |condition: bool, word: &'static str| {
        if condition {
            words.push(word);
        }
    };
    let statement = has("return");
    let expression = has("int") && !statement;
    let types = has("word") && !expression && !statement;
    add(has(";"), "`;`");
    add(has(")"), "`)`");
    add(has("]"), "`]`");
    add(has("}") && !statement, "`}`");
    add(has(","), "`,`");
    add(has(":") && !has("binop"), "`:`");
    add(has("{") || (has("blockl") && !statement && !expression), "`{`");
    add(has("("), "`(`");
    add(has("while") && !statement, "`while`");
    add(has("else"), "`else`");
    add(statement, "a statement");
    add(expression, "an expression");
    add(types, "a type");
    add(has("id") && !statement && !expression, "a name");
    add(has("str") && !expression && !statement, "a string");
    add(has("binop"), "an operator");
    // An operator or an expression may be `(` too; say only the simpler thing.
    if words.contains(&"an operator") || words.contains(&"an expression") {
        words.retain(|word| *word != "`(`" && *word != "`{`" && *word != "a string");
    }
    match words.as_slice() {
        [] => "something else".to_string(),
        [one] => (*one).to_string(),
        [first @ .., last] => format!("{} or {last}", first[..first.len().min(4)].join(", ")),
    }
}

/// How a message names the token that was found.
pub(super) fn found(tok: Tok) -> String {
    match text(tok) {
        "" => "this".to_string(),
        text => format!("`{text}`"),
    }
}

fn text(tok: Tok) -> &'static str {
    match tok {
        Tok::Id(s)
        | Tok::Type(s)
        | Tok::Tid(s)
        | Tok::Ttype(s)
        | Tok::Qual(s)
        | Tok::Qtmpl(s)
        | Tok::Label(s)
        | Tok::Trait(s) => s.as_str(),
        Tok::Int(s) | Tok::Float(s) | Tok::Char(s) | Tok::Str(s) => s.as_str(),
        Tok::Spec(spec) => spec.as_str(),
        Tok::UnOp(op) => op.as_str(),
        Tok::BinOp(op) => op.as_str(),
        Tok::PostOp(op) => op.as_str(),
        Tok::NamedCast(cast) => cast.as_str(),
        Tok::ClassDef(key) | Tok::ClassRef(key) => key.as_str(),
        Tok::OpName(_) | Tok::ConvOp => "operator",
        Tok::Dtor(_) => "~",
        Tok::Bool(true) => "true",
        Tok::Bool(false) => "false",
        Tok::LParen | Tok::ParamL | Tok::InitL | Tok::CastL | Tok::FoldL => "(",
        Tok::RParen => ")",
        Tok::LBracket | Tok::ArrL | Tok::LambdaL | Tok::BindL => "[",
        Tok::RBracket => "]",
        Tok::BlockL | Tok::BraceL | Tok::LBrace => "{",
        Tok::RBrace => "}",
        Tok::TLt => "<",
        Tok::TGt => ">",
        Tok::LaunchL => "<<<",
        Tok::LaunchR => ">>>",
        Tok::PStar | Tok::Deref => "*",
        Tok::PAmp | Tok::Amp => "&",
        Tok::PAmpAmp => "&&",
        Tok::Pack | Tok::Expand | Tok::Ellipsis => "...",
        Tok::Assign => "=",
        Tok::Colon | Tok::CtorColon | Tok::BitColon => ":",
        Tok::ColCol => "::",
        Tok::Semi => ";",
        Tok::Comma => ",",
        Tok::Question => "?",
        Tok::Dot => ".",
        Tok::Arrow | Tok::Trail => "->",
        Tok::If | Tok::IfElse => "if",
        Tok::Else => "else",
        Tok::While => "while",
        Tok::Do => "do",
        Tok::For | Tok::RangeFor => "for",
        Tok::Switch => "switch",
        Tok::Case => "case",
        Tok::Default | Tok::Defaulted => "default",
        Tok::Break => "break",
        Tok::Continue => "continue",
        Tok::Return => "return",
        Tok::Goto => "goto",
        Tok::Try => "try",
        Tok::Catch => "catch",
        Tok::Asm => "asm",
        Tok::Pragma => "#pragma",
        Tok::This => "this",
        Tok::Nullptr => "nullptr",
        Tok::New(_) => "new",
        Tok::Delete { .. } | Tok::Deleted => "delete",
        Tok::Throw => "throw",
        Tok::Template | Tok::ExternTemplate => "template",
        Tok::Using | Tok::UsingAlias | Tok::UsingNamespace | Tok::UsingEnum => "using",
        Tok::Typename => "typename",
        Tok::StaticAssert => "static_assert",
        Tok::EnumDef(_) | Tok::EnumRef | Tok::EnumOpaque(_) => "enum",
        Tok::Kw(kw) => kw.as_str(),
        _ => "",
    }
}
