//! Name look-up: blocks, template parameters, classes and their bases, namespaces (C++ [basic.lookup]).

use super::names::{last_name, name_key};
use super::*;
use crate::lower::LocalEntity;
use ast::{Id, Name, Segment};

/// Using-declarations name one another this deep.
const MAX_USING_DEPTH: u32 = 100;

/// One step from an object to a member of a base or of an anonymous member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberStep {
    /// Index into `bases`.
    Base(u32),
    /// Index into `fields`.
    Field(u32),
}

/// The class that declares a member, the way to its subobject, and what the name means there.
type Member = (ClassId, Vec<MemberStep>, Vec<Entity>);

/// What a name means at its place.
#[derive(Clone, Debug)]
pub enum Found {
    Nothing,
    Local(LocalEntity),
    Argument(TemplateArg),
    Type(CType),
    /// Declarations of one name in a namespace.
    Entities(Vec<Entity>),
    /// Declarations of one name in a class: the class, the way to the subobject that has them.
    Members {
        class: ClassId,
        steps: Vec<MemberStep>,
        entities: Vec<Entity>,
    },
}

/// What stands before `::`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeRef {
    Namespace(NsId),
    Class(ClassId),
    Enum(EnumId),
}

impl<'a> Sema<'a> {
    pub fn lookup(&mut self, name: &'a Name) -> Result<Found> {
        let Some(key) = name_key(name) else {
            return fail(Code::E0237, "this name has no form that can be looked up", name.span);
        };
        if name.is_qualified() {
            let scope = self.resolve_scope(name)?;
            let found = self.lookup_in_scope(scope, key, name.span)?;
            if let (ScopeRef::Class(start), Found::Members { class: owner, .. }) = (scope, &found) {
                self.check_access(start, *owner, key, name.span)?;
            }
            return Ok(found);
        }
        self.lookup_unqualified(key, name.last().args.is_some())
    }

    pub fn lookup_unqualified(&mut self, key: NameKey, has_args: bool) -> Result<Found> {
        if let NameKey::Ident(symbol) = key {
            if let Some(local) = self.f.find_local(symbol) {
                return Ok(Found::Local(local.clone()));
            }
            if let Some(arg) = self.env_lookup(self.f.ctx.env, symbol) {
                return Ok(Found::Argument(arg.clone()));
            }
        }
        let mut class = self.f.ctx.class;
        while let Some(id) = class {
            let found = self.lookup_in_class(id, key, has_args)?;
            if !matches!(found, Found::Nothing) {
                return Ok(found);
            }
            class = self.class(id).ctx.class;
        }
        let entities = self.lookup_in_namespaces(self.f.ctx.ns, key);
        Ok(if entities.is_empty() { Found::Nothing } else { Found::Entities(entities) })
    }

    /// The namespaces from the inside out; the first that has the name hides the others.
    pub fn lookup_in_namespaces(&mut self, from: NsId, key: NameKey) -> Vec<Entity> {
        let mut at = Some(from);
        while let Some(ns) = at {
            let found = self.lookup_in_namespace(ns, key);
            if !found.is_empty() {
                return found;
            }
            at = self.namespaces[ns.index()].parent;
        }
        Vec::new()
    }

    pub fn lookup_in_namespace(&mut self, ns: NsId, key: NameKey) -> Vec<Entity> {
        let namespace = &self.namespaces[ns.index()];
        if namespace.used.is_empty() {
            match namespace.names.get(&key) {
                None => return Vec::new(),
                Some(entities) if !entities.iter().any(is_using) => return entities.clone(),
                Some(_) => {}
            }
        }
        if let Some(known) = self.looked_up.get(&(ns, key)) {
            return known.to_vec();
        }
        let mut found = Vec::new();
        self.collect_in_namespace(ns, key, &mut found, &mut Vec::new());
        let found = self.expand_usings(found);
        // Inside of another using-declaration, or deep down, one may add nothing that elsewhere does.
        if self.expanding.is_empty() && self.depth <= MAX_USING_DEPTH / 2 {
            self.looked_up.insert((ns, key), found.as_slice().into());
        }
        found
    }

    fn collect_in_namespace(&self, ns: NsId, key: NameKey, out: &mut Vec<Entity>, seen: &mut Vec<NsId>) {
        if seen.contains(&ns) {
            return;
        }
        seen.push(ns);
        let namespace = &self.namespaces[ns.index()];
        for entity in namespace.names.get(&key).into_iter().flatten() {
            if !out.contains(entity) {
                out.push(*entity);
            }
        }
        for &used in &namespace.used {
            self.collect_in_namespace(used, key, out, seen);
        }
    }

    fn expand_usings(&mut self, entities: Vec<Entity>) -> Vec<Entity> {
        if !entities.iter().any(is_using) {
            return entities;
        }
        let mut out = Vec::new();
        for entity in entities {
            match entity {
                Entity::Using(index) => out.extend(self.expand_using(index)),
                other => out.push(other),
            }
        }
        out.dedup();
        out
    }

    pub(super) fn expand_using(&mut self, index: u32) -> Vec<Entity> {
        let (name, ctx) = self.usings[index as usize];
        if self.depth > MAX_USING_DEPTH || self.expanding.contains(&index) {
            return Vec::new();
        }
        self.depth += 1;
        self.expanding.push(index);
        let found = self.in_ctx(ctx, |sema| match inherits_constructors(name) {
            true => match sema.resolve_scope(name)? {
                ScopeRef::Class(class) => Ok(Found::Entities(sema.constructors(class)?)),
                _ => Ok(Found::Nothing),
            },
            false => sema.lookup_using(name),
        });
        self.expanding.pop();
        self.depth -= 1;
        match found {
            Ok(Found::Entities(entities) | Found::Members { entities, .. }) => {
                entities.into_iter().filter(|entity| *entity != Entity::Using(index)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// `using B::f`, and `using Bases::f...` for each of a pack.
    fn lookup_using(&mut self, name: &'a Name) -> Result<Found> {
        let pack = name.segments.first().and_then(|segment| match segment.id {
            Id::Ident(symbol) => Some(symbol),
            _ => None,
        });
        let is_pack = pack.is_some_and(|symbol| matches!(self.env_lookup(self.f.ctx.env, symbol), Some(TemplateArg::Pack(_))));
        let Some(symbol) = pack.filter(|_| is_pack) else { return self.lookup(name) };
        let found = self.expand_packs(&[symbol], name.span, |sema| sema.lookup(name))?;
        let entities = found.into_iter().flat_map(|found| match found {
            Found::Entities(entities) | Found::Members { entities, .. } => entities,
            _ => Vec::new(),
        });
        Ok(Found::Entities(entities.collect()))
    }

    /// Members of a class, then of its bases.
    pub fn lookup_in_class(&mut self, class: ClassId, key: NameKey, has_args: bool) -> Result<Found> {
        self.complete_members(class)?;
        if let (NameKey::Ident(symbol), false) = (key, has_args)
            && self.class(class).ast.name.as_ref().and_then(|name| name.symbol()) == Some(symbol)
        {
            return Ok(Found::Type(self.types.intern(TypeKind::Class(class))));
        }
        let mut steps = Vec::new();
        Ok(match self.member_search(class, key, &mut steps, 0)? {
            Some((owner, entities)) => Found::Members { class: owner, steps, entities },
            None => Found::Nothing,
        })
    }

    /// [namespace.udecl]: `using Base::x` for a data member names that of the base, which lies in the base's subobject.
    fn used_field(&mut self, class: ClassId, index: u32) -> Result<Option<Member>> {
        let (name, ctx) = self.usings[index as usize];
        if inherits_constructors(name) || self.depth > MAX_USING_DEPTH || self.expanding.contains(&index) {
            return Ok(None);
        }
        self.depth += 1;
        self.expanding.push(index);
        let found = self.in_ctx(ctx, |sema| match sema.resolve_scope(name)? {
            ScopeRef::Class(base) => Ok(Some((base, sema.lookup(name)?))),
            _ => Ok(None),
        });
        self.expanding.pop();
        self.depth -= 1;
        let Ok(Some((base, Found::Members { class: owner, steps, entities }))) = found else { return Ok(None) };
        if !matches!(entities.first(), Some(Entity::Field(_))) {
            return Ok(None);
        }
        let Some(mut path) = self.base_path(class, base)? else { return Ok(None) };
        path.extend(steps);
        Ok(Some((owner, path, entities)))
    }

    fn member_search(
        &mut self,
        class: ClassId,
        key: NameKey,
        steps: &mut Vec<MemberStep>,
        depth: u32,
    ) -> Result<Option<(ClassId, Vec<Entity>)>> {
        if depth > 32 {
            return Ok(None);
        }
        self.complete_members(class)?;
        if let Some(entities) = self.class(class).members.get(&key).cloned() {
            if !entities.iter().any(is_using) {
                return Ok(Some((class, entities)));
            }
            if let [Entity::Using(index)] = entities[..]
                && let Some((owner, path, found)) = self.used_field(class, index)?
            {
                steps.extend(path);
                return Ok(Some((owner, found)));
            }
            let expanded = self.expand_usings(entities.clone());
            return Ok(Some((class, self.without_hidden(&entities, expanded)?)));
        }
        for (index, inner) in self.anonymous_members(class) {
            steps.push(MemberStep::Field(index));
            if let Some(found) = self.member_search(inner, key, steps, depth + 1)? {
                return Ok(Some(found));
            }
            steps.pop();
        }
        if matches!(key, NameKey::Constructor | NameKey::Destructor) {
            return Ok(None);
        }
        let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
        let mut first: Option<(ClassId, Vec<Entity>, Vec<MemberStep>)> = None;
        for (index, base) in bases.into_iter().enumerate() {
            let mut way = steps.clone();
            way.push(MemberStep::Base(index as u32));
            let Some((owner, entities)) = self.member_search(base, key, &mut way, depth + 1)? else { continue };
            match &first {
                None => first = Some((owner, entities, way)),
                // The same static member, type or enumerator by two ways is one ([class.member.lookup]/6).
                Some((_, known, _)) if *known == entities && !self.needs_an_object(&entities) => {}
                Some((other, ..)) => {
                    let (a, b) = (self.show_class(*other), self.show_class(owner));
                    let span = self.class(class).ast.span;
                    return fail(Code::E0205, format!("a member of that name is in `{a}` and in `{b}`, both bases"), span);
                }
            }
        }
        Ok(first.map(|(owner, entities, way)| {
            *steps = way;
            (owner, entities)
        }))
    }

    fn needs_an_object(&self, entities: &[Entity]) -> bool {
        entities.iter().any(|entity| match entity {
            Entity::Field(_) => true,
            Entity::Function(function) => self.is_method(*function),
            _ => false,
        })
    }

    /// A member hides one that a using-declaration brings in, if it has the same parameters and qualifiers ([namespace.udecl]/15).
    fn without_hidden(&mut self, own: &[Entity], expanded: Vec<Entity>) -> Result<Vec<Entity>> {
        if expanded.len() == own.len() || !own.iter().any(is_using) {
            return Ok(expanded);
        }
        let mut kept = Vec::new();
        for entity in expanded {
            let mut hidden = false;
            for &other in own {
                hidden |= other != entity
                    && !own.contains(&entity)
                    && match (entity, other) {
                        (Entity::Function(a), Entity::Function(b)) => self.hides(b, a)?,
                        (Entity::Template(a), Entity::Template(b)) => self.hides_template(b, a),
                        _ => false,
                    };
            }
            if !hidden {
                kept.push(entity);
            }
        }
        Ok(kept)
    }

    fn hides(&mut self, a: FnId, b: FnId) -> Result<bool> {
        let quals = |sema: &Self, f| {
            let ty = sema.function(f).ast.ty();
            (ty.quals.const_, ty.quals.volatile, ty.ref_qual)
        };
        let is_static = self.is_static_member(a) || self.is_static_member(b);
        Ok((is_static || quals(self, a) == quals(self, b)) && self.same_parameters(a, b)?)
    }

    fn hides_template(&mut self, a: TemplateId, b: TemplateId) -> bool {
        let (TemplateTree::Function(fa), TemplateTree::Function(fb)) =
            (self.templates[a.index()].tree, self.templates[b.index()].tree)
        else {
            return false;
        };
        let quals = |f: &ast::Function| (f.ty.quals.const_, f.ty.quals.volatile, f.ty.ref_qual);
        let is_static = fa.specs.has(ast::Spec::Static) || fb.specs.has(ast::Spec::Static);
        (is_static || quals(fa) == quals(fb)) && self.are_same_templates(a, b)
    }

    fn anonymous_members(&self, class: ClassId) -> Vec<(u32, ClassId)> {
        let fields = self.class(class).fields.iter().enumerate();
        fields
            .filter(|(_, field)| field.name.is_none())
            .filter_map(|(i, field)| Some((i as u32, self.types.as_class(field.ty)?)))
            .collect()
    }

    pub fn lookup_in_scope(&mut self, scope: ScopeRef, key: NameKey, span: Span) -> Result<Found> {
        match scope {
            ScopeRef::Namespace(ns) => {
                let entities = self.lookup_in_namespace(ns, key);
                Ok(if entities.is_empty() { Found::Nothing } else { Found::Entities(entities) })
            }
            ScopeRef::Class(class) => self.lookup_in_class(class, key, true),
            ScopeRef::Enum(id) => {
                let items = self.enums[id.index()].ast.items.iter().flatten();
                let index = items.enumerate().find(|(_, item)| key == NameKey::Ident(item.name.name)).map(|(index, _)| index);
                match index {
                    Some(index) => Ok(Found::Entities(vec![Entity::Enumerator(id, index as u32)])),
                    None => fail(Code::E0210, format!("`{}` has no such enumerator", self.enums[id.index()].name), span),
                }
            }
        }
    }

    /// The namespace, class or enum that the segments before the last one name.
    pub fn resolve_scope(&mut self, name: &'a Name) -> Result<ScopeRef> {
        self.resolve_segments(name).map_err(|error| match &error {
            Failure::Error(diagnostic) if diagnostic.code == Code::E0201 => {
                library_that_is_missing(name, &last_name(name)).unwrap_or(error)
            }
            _ => error,
        })
    }

    fn resolve_segments(&mut self, name: &'a Name) -> Result<ScopeRef> {
        let scopes = &name.segments[..name.segments.len() - 1];
        let Some((first, rest)) = scopes.split_first() else { return Ok(ScopeRef::Namespace(NsId(0))) };
        let mut scope =
            if name.global { self.scope_segment(ScopeRef::Namespace(NsId(0)), first)? } else { self.first_scope(first)? };
        for segment in rest {
            scope = self.scope_segment(scope, segment)?;
        }
        Ok(scope)
    }

    fn first_scope(&mut self, segment: &'a Segment) -> Result<ScopeRef> {
        if let Id::Decltype(expr) = &segment.id {
            let ty = self.decltype(expr)?;
            return self.scope_of_type(ty, segment.span);
        }
        let Id::Ident(symbol) = segment.id else { return fail(Code::E0202, "a class or namespace is needed here", segment.span) };
        // Only namespaces and types count before `::`.
        let found = self.lookup_unqualified(NameKey::Ident(symbol), segment.args.is_some())?;
        if let Found::Local(LocalEntity::Object(_)) = found {
            let entities = self.lookup_in_namespaces(self.f.ctx.ns, NameKey::Ident(symbol));
            return self.scope_of_found(Found::Entities(entities), segment);
        }
        self.scope_of_found(found, segment)
    }

    fn scope_segment(&mut self, scope: ScopeRef, segment: &'a Segment) -> Result<ScopeRef> {
        let Id::Ident(symbol) = segment.id else { return fail(Code::E0202, "a class or namespace is needed here", segment.span) };
        let found = match scope {
            ScopeRef::Class(class) => self.lookup_in_class(class, NameKey::Ident(symbol), segment.args.is_some())?,
            other => self.lookup_in_scope(other, NameKey::Ident(symbol), segment.span)?,
        };
        self.scope_of_found(found, segment)
    }

    fn scope_of_found(&mut self, found: Found, segment: &'a Segment) -> Result<ScopeRef> {
        if let Found::Entities(entities) = &found
            && let Some(Entity::Namespace(ns)) = entities.iter().find(|entity| matches!(entity, Entity::Namespace(_)))
        {
            return Ok(ScopeRef::Namespace(*ns));
        }
        if let Found::Local(LocalEntity::Namespace(ns)) = found {
            return Ok(ScopeRef::Namespace(ns));
        }
        let ty = self.type_of_found(found, segment)?;
        self.scope_of_type(ty, segment.span)
    }

    fn scope_of_type(&mut self, ty: CType, span: Span) -> Result<ScopeRef> {
        match *self.types.kind(ty) {
            TypeKind::Class(class) => Ok(ScopeRef::Class(class)),
            TypeKind::Enum(id) => Ok(ScopeRef::Enum(id)),
            _ => fail(Code::E0202, format!("`{}` is no class or namespace", self.show(ty)), span),
        }
    }

    /// Functions of a name in the namespaces of the arguments' types (C++ [basic.lookup.argdep]).
    pub fn lookup_by_arguments(&mut self, key: NameKey, args: &[CType]) -> Vec<Entity> {
        let (mut spaces, mut classes) = (Vec::new(), Vec::new());
        for &arg in args {
            self.associated_namespaces(arg, &mut spaces, &mut classes, 0);
        }
        let mut out = Vec::new();
        for class in classes {
            // An incomplete class has no friends yet.
            if self.complete_members(class).is_ok() {
                out.extend(self.class(class).friends.get(&key).into_iter().flatten());
            }
        }
        for ns in spaces {
            for entity in self.lookup_in_namespace(ns, key) {
                if matches!(entity, Entity::Function(_) | Entity::Template(_)) && !out.contains(&entity) {
                    out.push(entity);
                }
            }
        }
        out
    }

    pub(crate) fn has_associated_namespaces(&mut self, ty: CType) -> bool {
        let mut spaces = Vec::new();
        self.associated_namespaces(ty, &mut spaces, &mut Vec::new(), 0);
        !spaces.is_empty()
    }

    fn associated_namespaces(&mut self, ty: CType, out: &mut Vec<NsId>, classes: &mut Vec<ClassId>, depth: u32) {
        if depth > 8 {
            return;
        }
        let mut add = |ns| {
            if !out.contains(&ns) {
                out.push(ns);
            }
        };
        match self.types.kind(ty).clone() {
            TypeKind::Pointer(inner) | TypeKind::LvalueRef(inner) | TypeKind::RvalueRef(inner) | TypeKind::Array(inner, _) => {
                self.associated_namespaces(inner, out, classes, depth + 1);
            }
            TypeKind::Enum(id) => add(self.enums[id.index()].ctx.ns),
            TypeKind::Class(class) => {
                add(self.class(class).ctx.ns);
                if !classes.contains(&class) {
                    classes.push(class);
                }
                let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
                for base in bases {
                    let ty = self.types.intern(TypeKind::Class(base));
                    self.associated_namespaces(ty, out, classes, depth + 1);
                }
                for arg in self.class(class).template.clone().map(|(_, args)| args).into_iter().flatten() {
                    if let TemplateArg::Type(ty) = arg {
                        self.associated_namespaces(ty, out, classes, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// An error for a name that nobody declared, with the nearest name that somebody did.
    pub fn unknown_name(&mut self, name: &'a Name) -> Failure {
        let text = last_name(name);
        if let Some(refusal) = library_that_is_missing(name, &text) {
            return refusal;
        }
        let error = failure(Code::E0201, format!("unknown name `{text}`"), name.span);
        // Comparing with all names takes longer than the rest of a translation.
        let near = if self.f.unseen || self.f.is_candidate { None } else { self.nearest_name(&text) };
        match near {
            Some(near) => error.map(|diagnostic| diagnostic.with_help(format!("did you mean `{near}`?"))),
            None => error,
        }
    }

    fn nearest_name(&self, text: &str) -> Option<String> {
        let mut names: Vec<&'static str> = self.f.local_names().map(Symbol::as_str).collect();
        for namespace in &self.namespaces {
            names.extend(namespace.names.keys().filter_map(|key| match key {
                NameKey::Ident(symbol) => Some(symbol.as_str()),
                _ => None,
            }));
        }
        nearest(text, names.into_iter().chain(crate::headers::functions()))
    }

    /// The member that is spelled most like a text, of a class or of its bases.
    pub fn nearest_member(&self, class: ClassId, text: &str) -> Option<String> {
        let mut names: Vec<&'static str> = Vec::new();
        let mut classes = vec![class];
        while let Some(class) = classes.pop() {
            let info = self.class(class);
            names.extend(info.members.keys().filter_map(|key| match key {
                NameKey::Ident(symbol) => Some(symbol.as_str()),
                _ => None,
            }));
            classes.extend(info.bases.iter().map(|base| base.class));
        }
        nearest(text, names.into_iter())
    }
}

/// The name with the fewest letters to change, if these are at most a third; of several the first in the order of letters.
fn nearest(text: &str, names: impl Iterator<Item = &'static str>) -> Option<String> {
    let limit = (text.len() / 3).max(usize::from(text.len() > 1));
    let letters = letters_of(text);
    let is_like = |name: &&str| {
        let other = letters_of(name);
        // A letter that one of both lacks is a change for each place of it, and most names differ by many.
        let lacking = (letters & !other).count_ones().max((other & !letters).count_ones());
        name.len().abs_diff(text.len()) <= limit && lacking as usize <= limit
    };
    let near = names.filter(is_like);
    let near = near.map(|name| (edit_distance(name, text), name)).filter(|(distance, _)| (1..=limit).contains(distance));
    near.min().map(|(_, name)| name.to_string())
}

/// Names of CUDA's parts that are not translated, and of the host's library.
fn library_that_is_missing(name: &Name, text: &str) -> Option<Failure> {
    let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    let first = name.segments.first().map(|segment| match &segment.id {
        ast::Id::Ident(symbol) => symbol.as_str(),
        _ => "",
    });
    if starts(&[
        "tex1D",
        "tex2D",
        "tex3D",
        "texCubemap",
        "surf1D",
        "surf2D",
        "surf3D",
        "surfCubemap",
        "cudaTextureObject",
        "cudaSurfaceObject",
    ]) || ["texture", "surface", "CUtexObject", "CUsurfObject", "CUtexref", "CUsurfref"].contains(&text)
    {
        return Some(failure(Code::E0242, format!("`{text}` needs textures or surfaces, which are not translated"), name.span));
    }
    if matches!(first, Some("nvcuda" | "wmma")) || starts(&["__wmma", "__mma", "__nvvm"]) {
        return Some(failure(Code::E0243, format!("`{text}` is not among the matrix operations that are translated"), name.span));
    }
    if first == Some("std") && name.segments.len() > 1 {
        let error = failure(Code::E0201, format!("device code has no `std::{text}`"), name.span);
        return Some(error.map(|diagnostic| {
            diagnostic.with_help("containers, strings and streams live on the host; pass plain memory to the kernel")
        }));
    }
    None
}

fn is_using(entity: &Entity) -> bool {
    matches!(entity, Entity::Using(_))
}

/// `using Base::Base;`
pub(super) fn inherits_constructors(name: &Name) -> bool {
    match &name.segments[..] {
        [.., scope, last] => matches!((&scope.id, &last.id), (Id::Ident(a), Id::Ident(b)) if a == b) && last.args.is_none(),
        _ => false,
    }
}

/// The letters of a text, as a set.
fn letters_of(text: &str) -> u64 {
    text.bytes().fold(0, |letters, byte| letters | 1 << (byte & 63))
}

/// Levenshtein distance over bytes.
fn edit_distance(a: &str, b: &str) -> usize {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let cost = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
