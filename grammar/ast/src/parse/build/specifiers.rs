//! Puts specifier lists together: `static unsigned const long __shared__` is one type, one set of specifiers.

use crate::parse::Errors;
use crate::*;
use source::{Code, Span};

pub(in crate::parse) enum SpecItem {
    Spec(Spec),
    Cv(Cv),
    Word(Word),
    NoType,
    Type(Box<Type>),
    LaunchBounds(Box<LaunchBounds>),
    Align(Box<Align>),
}

pub(in crate::parse) struct SpecBuilder {
    specs: Specs,
    quals: Quals,
    words: Vec<Word>,
    word_span: Span,
    ty: Option<Box<Type>>,
    no_type: bool,
}

impl SpecBuilder {
    pub(in crate::parse) fn start(item: SpecItem, lo: u32, hi: u32, errs: &mut Errors) -> Box<SpecBuilder> {
        let specs = Specs { span: Span::new(lo, hi), ..Specs::default() };
        let builder =
            SpecBuilder { specs, quals: Quals::NONE, words: Vec::new(), word_span: Span::NONE, ty: None, no_type: false };
        Box::new(builder).and(item, lo, hi, errs)
    }

    pub(in crate::parse) fn and(mut self: Box<Self>, item: SpecItem, lo: u32, hi: u32, errs: &mut Errors) -> Box<SpecBuilder> {
        self.specs.span.hi = hi;
        match item {
            SpecItem::Spec(spec) => self.specs.set.insert(spec),
            SpecItem::Cv(cv) => add_qualifier(&mut self.quals, cv),
            SpecItem::NoType => self.no_type = true,
            SpecItem::LaunchBounds(bounds) => self.specs.launch_bounds = Some(*bounds),
            SpecItem::Align(align) => self.specs.aligns.push(*align),
            SpecItem::Word(word) => {
                self.word_span = if self.words.is_empty() { Span::new(lo, hi) } else { Span::new(self.word_span.lo, hi) };
                self.words.push(word);
            }
            SpecItem::Type(ty) if self.ty.is_none() => self.ty = Some(ty),
            SpecItem::Type(_) => errs.push(Code::E0121, "two types in one declaration", Span::new(lo, hi)),
        }
        self
    }

    /// The specifiers and the type before the declarators.
    pub(in crate::parse) fn finish(self, errs: &mut Errors) -> (Specs, Type) {
        let SpecBuilder { specs, quals, words, word_span, ty, no_type } = self;
        let mut ty = match ty {
            Some(ty) if words.is_empty() => *ty,
            Some(ty) => {
                errs.push(Code::E0121, "two types in one declaration", word_span);
                *ty
            }
            None if !words.is_empty() => Type::new(combine_or_report(&words, word_span, errs), word_span),
            None if no_type => Type::new(TypeKind::None, specs.span),
            None => {
                errs.push(Code::E0121, "a declaration needs a type", specs.span);
                Type::new(TypeKind::Error, specs.span)
            }
        };
        ty.quals = ty.quals.union(quals);
        (specs, ty)
    }
}

fn combine_or_report(words: &[Word], span: Span, errs: &mut Errors) -> TypeKind {
    combine(words).unwrap_or_else(|| {
        errs.push(Code::E0121, "these words make no type", span);
        TypeKind::Error
    })
}

/// C++ [dcl.type.simple]: the table of simple type specifiers.
fn combine(words: &[Word]) -> Option<TypeKind> {
    use Word::*;
    let count = |word: Word| words.iter().filter(|w| **w == word).count();
    let (signed, unsigned, short, long, int) = (count(Signed), count(Unsigned), count(Short), count(Long), count(Int));
    if signed + unsigned > 1 || short > 1 || int > 1 || long > 2 || (short > 0 && long > 0) {
        return None;
    }
    let mut rest = words.iter().copied().filter(|w| !matches!(w, Signed | Unsigned | Short | Long | Int));
    let (base, more) = (rest.next(), rest.next());
    if more.is_some() {
        return None;
    }
    let sized = short + long > 0;
    let builtin = match base {
        None => match (unsigned > 0, short, long) {
            (false, 0, 0) => Builtin::Int,
            (true, 0, 0) => Builtin::UInt,
            (false, 1, _) => Builtin::Short,
            (true, 1, _) => Builtin::UShort,
            (false, _, 1) => Builtin::Long,
            (true, _, 1) => Builtin::ULong,
            (false, ..) => Builtin::LongLong,
            (true, ..) => Builtin::ULongLong,
        },
        Some(_) if int > 0 || short > 0 => return None,
        Some(Char) if long == 0 => match (signed, unsigned) {
            (1, _) => Builtin::SChar,
            (_, 1) => Builtin::UChar,
            _ => Builtin::Char,
        },
        Some(Int128) if !sized => {
            if unsigned > 0 {
                Builtin::UInt128
            } else {
                Builtin::Int128
            }
        }
        Some(_) if signed + unsigned > 0 => return None,
        Some(Double) if long == 1 => Builtin::LongDouble,
        Some(_) if sized => return None,
        Some(Auto) => return Some(TypeKind::Auto),
        Some(word) => plain_word(word)?,
    };
    Some(TypeKind::Builtin(builtin))
}

fn plain_word(word: Word) -> Option<Builtin> {
    Some(match word {
        Word::Void => Builtin::Void,
        Word::Bool => Builtin::Bool,
        Word::Wchar => Builtin::Wchar,
        Word::Char8 => Builtin::Char8,
        Word::Char16 => Builtin::Char16,
        Word::Char32 => Builtin::Char32,
        Word::Float => Builtin::Float,
        Word::Double => Builtin::Double,
        Word::Float128 => Builtin::Float128,
        Word::Char | Word::Short | Word::Int | Word::Long | Word::Signed | Word::Unsigned | Word::Int128 | Word::Auto => {
            return None;
        }
    })
}

pub(super) fn add_qualifier(quals: &mut Quals, cv: Cv) {
    match cv {
        Cv::Const => quals.const_ = true,
        Cv::Volatile => quals.volatile = true,
        Cv::Restrict => quals.restrict = true,
    }
}

pub(in crate::parse) fn quals(list: &[Cv]) -> Quals {
    let mut quals = Quals::NONE;
    list.iter().for_each(|&cv| add_qualifier(&mut quals, cv));
    quals
}

pub(in crate::parse) fn ty(kind: TypeKind, lo: u32, hi: u32) -> Box<Type> {
    Box::new(Type::new(kind, Span::new(lo, hi)))
}

pub(in crate::parse) fn named_type(name: Name, key: TypeNameKey, lo: u32, hi: u32) -> Box<Type> {
    ty(TypeKind::Name(NamedType { name, key }), lo, hi)
}

/// `int` in `int(x)`.
pub(in crate::parse) fn word_type(word: Word, lo: u32, hi: u32, errs: &mut Errors) -> Box<Type> {
    ty(combine_or_report(&[word], Span::new(lo, hi), errs), lo, hi)
}
