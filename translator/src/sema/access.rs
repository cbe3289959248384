//! Who may name a member: access control (C++ [class.access]).
//!
//! ```text
//! class Account { int balance; };
//! __global__ void k(Account* a) { a->balance = 1; }     E0246
//! ```
//!
//! A private member is named by members of its class, a protected one by those of derived classes too; what stands in such a class (a nested
//! class, a lambda) counts as a member ([class.access.nest], [class.local]). Refused is what is certain: a class that has friends is open,
//! and so is a name that a using-declaration brings to another class.

use super::names::{function_key, name_key};
use super::*;
use ast::{Access, ClassKey, Decl, DeclKind};

impl<'a> Sema<'a> {
    /// `key` was looked up in `start` and found in `owner`. May it be named here?
    pub(crate) fn check_access(&mut self, start: ClassId, owner: ClassId, key: NameKey, span: Span) -> Result<()> {
        let access = self.member_access(owner, key);
        if access == Access::Public || self.is_open(owner) || self.is_brought_by_using(start, owner, key) {
            return Ok(());
        }
        let mut around = self.f.ctx.class;
        while let Some(class) = around {
            let may = class == owner || access == Access::Protected && self.base_path(class, owner)?.is_some();
            if may {
                return Ok(());
            }
            around = self.class(class).ctx.class;
        }
        let shown = self.show_class(owner);
        let access = if access == Access::Private { "private" } else { "protected" };
        fail(Code::E0246, format!("a {access} member of `{shown}` is named outside of it"), span)
    }

    /// The access with which all declarations of the name stand in the class.
    fn member_access(&self, class: ClassId, key: NameKey) -> Access {
        let tree = self.class(class).ast;
        let mut access = if tree.key == ClassKey::Class { Access::Private } else { Access::Public };
        let mut found: Option<Access> = None;
        for member in tree.members.iter().flatten() {
            match member.kind {
                DeclKind::Access(next) => access = next,
                _ if !declares(member, key) => {}
                // Which of the overloads is meant is not known here.
                _ if found.is_some_and(|found| found != access) => return Access::Public,
                _ => found = Some(access),
            }
        }
        found.unwrap_or(Access::Public)
    }

    /// Has it friends, or is it one of ours, whose members may be more private than NVIDIA's?
    fn is_open(&self, class: ClassId) -> bool {
        let info = self.class(class);
        let is_friend = |decl: &Decl| matches!(decl.kind, DeclKind::Friend(_) | DeclKind::FriendType(_));
        info.shipped
            || info.ast.members.iter().flatten().any(|member| match &member.kind {
                DeclKind::Template(template) => is_friend(&template.decl),
                _ => is_friend(member),
            })
    }

    fn is_brought_by_using(&self, start: ClassId, owner: ClassId, key: NameKey) -> bool {
        if start == owner {
            return false;
        }
        let info = self.class(start);
        let uses = info.members.get(&key).into_iter().flatten().any(|entity| matches!(entity, Entity::Using(_)));
        uses || info.bases.iter().any(|base| self.is_brought_by_using(base.class, owner, key))
    }
}

fn declares(decl: &Decl, key: NameKey) -> bool {
    let is = |symbol| NameKey::Ident(symbol) == key;
    match &decl.kind {
        DeclKind::Vars(vars) => vars.vars.iter().filter_map(|var| var.name.as_ref()).any(|name| name_key(name) == Some(key)),
        DeclKind::Function(function) => function_key(function) == Some(key),
        DeclKind::Group(decls) => decls.iter().any(|decl| declares(decl, key)),
        DeclKind::Class(class) => class.name.as_ref().is_some_and(|name| name_key(name) == Some(key)),
        DeclKind::Enum(tree) => {
            let own = tree.name.as_ref().is_some_and(|name| name_key(name) == Some(key));
            own || !tree.scoped && tree.items.iter().flatten().any(|item| is(item.name.name))
        }
        DeclKind::Typedef(typedef) => typedef.names.iter().any(|name| is(name.name.name)),
        DeclKind::Alias(alias) => is(alias.name.name),
        DeclKind::Using(name) => name_key(name) == Some(key),
        DeclKind::Template(template) => declares(&template.decl, key),
        _ => false,
    }
}
