//! A translation unit: its items, which of them the device reaches, and what emitters need to keep the text legible.

use ast::{Decl, Expr, Ident, LaunchSite, Symbol};
use source::{Diagnostic, FileId, Span};
use std::sync::Arc;

/// A translation unit. Items stand in the order of the text after preprocessing; of shipped headers only those that the device
/// reaches are there.
#[derive(Debug, Default)]
pub struct Unit {
    pub items: Vec<Item>,
    /// Launches in code that was not parsed (host code), in source order.
    pub launches: Vec<LaunchSite>,
    /// Items with host functions that were read for what they launch, in source order. Their text may have errors.
    pub hosts: Vec<usize>,
    /// Comments of the main file and of user headers, in source order, with their `//` or `/* */`.
    pub comments: Vec<(Span, Arc<str>)>,
    pub macros: Vec<MacroConstant>,
    pub main_file: Option<FileId>,
    /// The main file and the user's headers, in the order of their first lines.
    pub user_files: Vec<FileId>,
}

/// A declaration at namespace scope.
#[derive(Debug)]
pub struct Item {
    pub kind: ItemKind,
    pub flags: ItemFlags,
    /// Namespaces around it, outermost first.
    pub scope: Vec<Scope>,
    /// The names it declares, without their scopes. Several for `int a, b;` and enumerators.
    pub names: Vec<Symbol>,
    pub span: Span,
    pub origin: Origin,
    /// `Some` if the device reaches it.
    pub decl: Option<Arc<Decl>>,
    /// Syntax errors of an item that no device qualifier marks. They count only if the item is really used.
    pub errors: Vec<Diagnostic>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// `None`: an unnamed namespace.
    pub name: Option<Ident>,
    pub inline: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Function,
    Prototype,
    Class,
    Enum,
    /// `typedef`, `using A = T`
    Alias,
    Variable,
    /// `using n::f`, `using namespace n`, namespace aliases
    Using,
    StaticAssert,
    /// `template struct S<int>;`
    Instantiation,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ItemFlags {
    pub template: bool,
    /// `template <> ...` or template arguments behind the declared name.
    pub specialisation: bool,
    pub global: bool,
    /// Has `__device__`, `__constant__`, `__managed__` or `__shared__` in its head.
    pub device: bool,
    pub host: bool,
}

/// Whose text an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Main,
    /// Found beside the main file or under `-I`.
    UserHeader,
    /// Shipped with the program.
    Builtin,
}

/// `#define TILE 16`: an object-like macro whose body is one literal, so that emitters can keep its name.
#[derive(Debug)]
pub struct MacroConstant {
    pub name: Symbol,
    pub value: Expr,
    pub definition: Span,
    /// The literal's spans where the macro was used; equal to the span of the literal in the tree.
    pub uses: Vec<Span>,
}

impl Unit {
    /// What the device reaches, in source order.
    pub fn reached(&self) -> impl Iterator<Item = (&Item, &Arc<Decl>)> {
        self.items.iter().filter_map(|item| Some((item, item.decl.as_ref()?)))
    }
}
