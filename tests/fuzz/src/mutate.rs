//! Mutations on tokens: most results still look like C++, so that they reach the stages behind the parser.

/// xorshift64*: small, and the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn advance(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`, 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { (self.advance() >> 16) as usize % limit }
    }
}

/// Splits into tokens, spaces and newlines; joining them gives the text again.
pub fn tokens(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let class = |byte: u8| {
            if is_word(byte) {
                1
            } else if byte == b' ' {
                2
            } else {
                0
            }
        };
        let first = class(bytes[start]);
        let mut end = start + 1;
        while end < bytes.len() && first != 0 && class(bytes[end]) == first {
            end += 1;
        }
        tokens.push(&text[start..end]);
        start = end;
    }
    tokens
}

/// What stands in real code and in nightmares.
const DICTIONARY: [&str; 96] = [
    "__global__",
    "__device__",
    "__shared__",
    "__constant__",
    "__syncthreads()",
    "template",
    "<typename T>",
    "typename",
    "class",
    "struct",
    "union",
    "enum",
    "namespace",
    "using",
    "operator",
    "auto",
    "decltype",
    "(auto)",
    "constexpr",
    "static_assert",
    "sizeof",
    "alignof",
    "const",
    "volatile",
    "&",
    "&&",
    "*",
    "...",
    "->",
    "::",
    ".",
    ",",
    ";",
    ":",
    "?",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "<<<1, 1>>>",
    ">>",
    "<<",
    "=",
    "==",
    "+=",
    "++",
    "--",
    "-",
    "+",
    "!",
    "~",
    "%",
    "/",
    "|",
    "^",
    "0",
    "1",
    "-1",
    "2147483647",
    "0x80000000u",
    "18446744073709551615ull",
    "1e308",
    "1e-45f",
    "0.0f",
    "'a'",
    "\"s\"",
    "nullptr",
    "this",
    "return",
    "if",
    "else",
    "for",
    "while",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "goto x",
    "int",
    "unsigned",
    "long long",
    "char",
    "bool",
    "void",
    "float",
    "double",
    "float4",
    "threadIdx.x",
    "blockDim.x",
    "\n#define x ",
];

/// Changes a text in one to a few places; `other` is a second seed to take parts from.
pub fn mutate(text: &str, other: &str, random: &mut Random) -> String {
    let donor: Vec<&str> = tokens(other);
    let mut pieces: Vec<String> = tokens(text).into_iter().map(str::to_string).collect();
    // One change keeps most of a file alive; many changes find what a single one cannot.
    let changes = 1 + random.below(3) * random.below(4);
    for _ in 0..changes {
        change(&mut pieces, &donor, random);
    }
    let mut text: String = pieces.concat();
    let mut limit = text.len().min(200_000);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    text.truncate(limit);
    text
}

fn change(pieces: &mut Vec<String>, donor: &[&str], random: &mut Random) {
    let at = random.below(pieces.len() + 1);
    let longest = 1 + random.below(30);
    let length = 1 + random.below(longest);
    let end = (at + length).min(pieces.len());
    match random.below(10) {
        0 => drop(pieces.drain(at..end)),
        1 => {
            let copy = pieces[at..end].to_vec();
            let times = 1 + random.below(3);
            (0..times).for_each(|_| drop(pieces.splice(at..at, copy.iter().cloned())));
        }
        2 => pieces.insert(at, format!(" {} ", DICTIONARY[random.below(DICTIONARY.len())])),
        3 if at < pieces.len() => pieces[at] = DICTIONARY[random.below(DICTIONARY.len())].to_string(),
        4 => {
            let from = random.below(donor.len() + 1);
            let to = (from + 1 + random.below(60)).min(donor.len());
            drop(pieces.splice(at..end, donor[from..to].iter().map(|token| (*token).to_string())));
        }
        5 => {
            // One word of the file in the place of another: names and types meet that never met.
            let words: Vec<usize> = (0..pieces.len()).filter(|&i| is_word(&pieces[i])).collect();
            if let (Some(&to), Some(&from)) = (words.get(random.below(words.len())), words.get(random.below(words.len()))) {
                pieces[to] = pieces[from].clone();
            }
        }
        6 => {
            let from = random.below(pieces.len());
            if at < pieces.len() {
                pieces.swap(at, from);
            }
        }
        7 => {
            // A balanced part is taken out, doubled, or put around itself.
            let Some((open, close)) = balanced(pieces, random) else { return };
            match random.below(3) {
                0 => drop(pieces.drain(open + 1..close)),
                1 => {
                    let copy = pieces[open..=close].to_vec();
                    drop(pieces.splice(open + 1..open + 1, copy));
                }
                _ => {
                    let copy = pieces[open..=close].to_vec();
                    drop(pieces.splice(close + 1..close + 1, copy));
                }
            }
        }
        8 => {
            // A statement of the donor.
            let from = random.below(donor.len() + 1);
            let starts = donor[from..].iter().position(|token| *token == ";").map_or(from, |semicolon| from + semicolon + 1);
            let ends =
                donor[starts..].iter().position(|token| *token == ";").map_or(donor.len(), |semicolon| starts + semicolon + 1);
            let statement: Vec<String> = donor[starts..ends].iter().map(|token| (*token).to_string()).collect();
            let place = pieces[at.min(pieces.len())..].iter().position(|piece| piece == ";").map_or(pieces.len(), |p| at + p + 1);
            drop(pieces.splice(place..place, statement));
        }
        _ => {
            let words: Vec<usize> = (0..pieces.len()).filter(|&i| pieces[i].starts_with(|c: char| c.is_ascii_digit())).collect();
            if let Some(&number) = words.get(random.below(words.len())) {
                const NUMBERS: [&str; 10] =
                    ["0", "1", "-1", "2", "33", "1024", "2147483648", "4294967296", "1.5", "0x7fffffffffffffff"];
                pieces[number] = NUMBERS[random.below(NUMBERS.len())].to_string();
            }
        }
    }
}

fn is_word(piece: &str) -> bool {
    piece.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// The places of an opening bracket and of its closing one.
fn balanced(pieces: &[String], random: &mut Random) -> Option<(usize, usize)> {
    let opens: Vec<usize> = (0..pieces.len()).filter(|&i| matches!(pieces[i].as_str(), "(" | "{" | "[")).collect();
    let open = *opens.get(random.below(opens.len()))?;
    let mut depth = 0;
    for (at, piece) in pieces.iter().enumerate().skip(open) {
        match piece.as_str() {
            "(" | "{" | "[" => depth += 1,
            ")" | "}" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((open, at));
        }
    }
    None
}
