//! Structs, constants, variables, functions; and types.

use super::{Parser, Result, Symbol, Token, plain_name};
use crate::module::{Constant, Function, FunctionKind, Global, Param};
use crate::text::spell;
use crate::types::{Field, Scalar, Space, Struct, TypeId};
use source::Span;

impl Parser<'_> {
    /// Structs may name each other, and functions may be called before their text, so names come first and bodies last.
    pub(super) fn module(&mut self) -> Result<()> {
        self.declare_structs()?;
        let mut bodies = Vec::new();
        while *self.peek() != Token::End {
            match self.peek() {
                Token::Word(word) if *word == "struct" || *word == "union" => self.structure()?,
                Token::Word(word) if *word == "const" => self.constant()?,
                Token::Word(word) if *word == "fn" || *word == "kernel" => {
                    let func = self.function_head()?;
                    bodies.push((func, self.pos));
                    self.skip_body()?;
                }
                _ => self.global()?,
            }
        }
        for (func, pos) in bodies {
            self.pos = pos;
            self.function = Some(func);
            let outer = self.values.clone();
            let params = self.module.functions[func].params.len() as u32;
            // The head was read before; its names are read again here.
            let names = self.param_names(pos, params)?;
            self.values.extend(names.into_iter().zip(0..).map(|(name, index)| (name, Symbol::Param(index))));
            self.module.functions[func].body = self.block()?;
            self.values = outer;
        }
        Ok(())
    }

    fn declare_structs(&mut self) -> Result<()> {
        for pos in 0..self.tokens.len() {
            let spot = &self.tokens[pos];
            let is_union = match &spot.token {
                Token::Word(word) if spot.starts_line && *word == "struct" => false,
                Token::Word(word) if spot.starts_line && *word == "union" => true,
                _ => continue,
            };
            self.pos = pos + 1;
            let name = self.name()?;
            let definition = Struct { name: plain_name(&name), fields: Vec::new(), size: 0, align: 1, is_union };
            let ty = self.module.tables.types.add_struct(definition, self.span(pos));
            if self.structs.insert(name, ty).is_some() {
                return self.fail_before("this struct is there twice");
            }
        }
        self.pos = 0;
        Ok(())
    }

    fn structure(&mut self) -> Result<()> {
        self.next();
        let name = self.name()?;
        let ty = self.structs[&name];
        self.expect_word("size")?;
        let size = self.integer()?;
        self.expect_word("align")?;
        let align = self.integer()?;
        self.expect("{")?;
        let mut fields = Vec::new();
        while !self.eat_sign("}") {
            let name = match self.next() {
                Token::Word(word) => word.to_owned(),
                Token::Name(name) => plain_name(&name),
                _ => return self.fail_before("expected a field"),
            };
            self.expect(":")?;
            let ty = self.ty()?;
            self.expect("@")?;
            fields.push(Field { name, ty, offset: self.integer()? });
        }
        let crate::types::Type::Struct(id) = self.module.tables.types.get(ty) else { return Ok(()) };
        let definition = self.module.tables.types.struct_mut(id);
        (definition.fields, definition.size, definition.align) = (fields, size, align);
        Ok(())
    }

    fn constant(&mut self) -> Result<()> {
        let start = self.pos;
        self.next();
        let name = self.name()?;
        self.expect(":")?;
        let scalar = self.scalar_name()?;
        self.expect("=")?;
        let (found, bits) = self.literal()?;
        if found != scalar {
            return self.fail_before("the literal has another type");
        }
        let id = self.module.tables.constants.add(Constant { name: plain_name(&name), scalar, bits }, self.span(start));
        self.values.insert(name, Symbol::Constant(id));
        Ok(())
    }

    fn scalar_name(&mut self) -> Result<Scalar> {
        let word = self.word()?;
        let found = Scalar::ALL.into_iter().find(|scalar| scalar.name() == word);
        found.map_or_else(|| self.fail_before("expected a scalar type"), Ok)
    }

    fn global(&mut self) -> Result<()> {
        let start = self.pos;
        let dynamic = self.is_word("dynamic");
        if dynamic {
            self.next();
        }
        let space = self.space()?;
        let name = self.name()?;
        self.expect(":")?;
        let ty = self.ty()?;
        let per_thread = if self.eat_word("per_thread") { self.integer()? as u32 } else { 0 };
        let align = if self.eat_word("align") { self.integer()? } else { self.module.tables.types.align_of(ty) };
        let literal = self.eat_word("literal");
        let init = if self.eat_sign("=") { Some(self.hex_bytes()?) } else { None };
        self.line_end()?;
        let global = Global { name: plain_name(&name), ty, space, init, dynamic, per_thread, literal, align };
        let id = self.module.tables.globals.add(global, self.span(start));
        self.values.insert(name, Symbol::Global(id));
        Ok(())
    }

    fn hex_bytes(&mut self) -> Result<Vec<u8>> {
        let start = self.tokens[self.pos].end;
        self.expect_word("hex")?;
        while !self.at_line_end() {
            self.next();
        }
        let text = self.text[start..].split(['\n', ';', '/']).next().unwrap_or_default().trim();
        let digit = |c: char| c.to_digit(16).map(|digit| digit as u8);
        let digits: Option<Vec<u8>> = text.chars().map(digit).collect();
        match digits {
            Some(digits) if digits.len() % 2 == 0 => Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()),
            _ => self.fail_before("expected pairs of hexadecimal digits"),
        }
    }

    fn space(&mut self) -> Result<Space> {
        let word = self.word()?;
        spell::find(spell::SPACES, &word).map_or_else(|| self.fail_before("expected an address space or an item"), Ok)
    }

    fn function_head(&mut self) -> Result<crate::module::FuncId> {
        let start = self.pos;
        let kind = if self.word()? == "kernel" { FunctionKind::Kernel } else { FunctionKind::Device };
        let name = self.name()?;
        let void = self.module.tables.types.void();
        let mut function = Function::new(plain_name(&name), kind, void, Span::NONE);
        self.expect("(")?;
        while !self.eat_sign(")") {
            function.params.push(self.param()?.1);
            if !self.is_sign(")") {
                self.expect(",")?;
            }
        }
        if self.eat_sign("->") {
            function.result = self.ty()?;
        }
        if self.eat_word("max_threads") {
            function.max_threads = Some(self.integer()? as u32);
        }
        function.span = self.span(start);
        let span = function.span;
        let id = self.module.functions.add(function, span);
        if self.functions.insert(name, id).is_some() {
            return self.fail("this function is there twice");
        }
        Ok(id)
    }

    /// The shown name of a parameter, and the parameter.
    fn param(&mut self) -> Result<(String, Param)> {
        let start = self.pos;
        let name = self.name()?;
        self.expect(":")?;
        let ty = self.ty()?;
        let is_restrict = self.eat_word("restrict");
        let is_const = self.eat_word("const");
        let param = Param { name: plain_name(&name), ty, is_restrict, is_const, span: self.span(start) };
        Ok((name, param))
    }

    /// Reads the parameters of the head before `body` once more, for their shown names.
    fn param_names(&mut self, body: usize, count: u32) -> Result<Vec<String>> {
        let is_head = |pos: &usize| {
            let spot = &self.tokens[*pos];
            spot.starts_line && matches!(&spot.token, Token::Word(word) if *word == "fn" || *word == "kernel")
        };
        let head = (0..body).rev().find(is_head).unwrap_or(0);
        self.pos = head + 3;
        let mut names = Vec::new();
        for _ in 0..count {
            names.push(self.param()?.0);
            self.eat_sign(",");
        }
        self.pos = body;
        Ok(names)
    }

    fn skip_body(&mut self) -> Result<()> {
        self.expect("{")?;
        let mut open = 1;
        while open > 0 {
            match self.next() {
                Token::Sign("{") => open += 1,
                Token::Sign("}") => open -= 1,
                Token::End => return self.fail("a brace is not closed"),
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn ty(&mut self) -> Result<TypeId> {
        self.nested(Parser::type_inner)
    }

    fn type_inner(&mut self) -> Result<TypeId> {
        if self.eat_sign("*") {
            let space = self.space()?;
            let pointee = self.ty()?;
            return Ok(self.module.tables.types.pointer(pointee, space));
        }
        if self.eat_sign("[") {
            let element = self.ty()?;
            let count = if self.eat_sign(";") { Some(self.integer()?) } else { None };
            self.expect("]")?;
            return Ok(self.module.tables.types.array(element, count));
        }
        match self.next() {
            Token::Word(word) => self.named_type(word),
            Token::Name(name) => self.struct_type(&name),
            _ => self.fail_before("expected a type"),
        }
    }

    fn named_type(&mut self, word: &str) -> Result<TypeId> {
        let types = &mut self.module.tables.types;
        if word == "void" {
            return Ok(types.void());
        }
        if let Some(scalar) = Scalar::ALL.into_iter().find(|scalar| scalar.name() == word) {
            return Ok(types.scalar(scalar));
        }
        if let Some((scalar, count)) = spell::find_vector(word) {
            return Ok(types.vector(scalar, count));
        }
        self.struct_type(word)
    }

    fn struct_type(&mut self, name: &str) -> Result<TypeId> {
        self.structs.get(name).copied().map_or_else(|| self.fail_before("there is no such type"), Ok)
    }
}
