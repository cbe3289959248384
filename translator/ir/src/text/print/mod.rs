//! Module to text. Works on broken modules too, so that what the verifier refuses can be looked at.

mod expr;
mod stmt;

use super::names::{FunctionNames, ModuleNames, quote};
use super::spell;
use crate::expr::ExprId;
use crate::module::{FuncId, Function, FunctionKind, Global, Module};
use crate::types::{Struct, Type, TypeId, Types};
use std::fmt::Write;

/// The whole module as text.
pub fn print(module: &Module) -> String {
    let names = ModuleNames::new(module);
    let mut items = Vec::new();
    let types = &module.tables.types;
    for (id, definition) in types.structs().iter() {
        items.push(print_struct(types, &names, &names.structs[id.index()], definition));
    }
    let constants = module.tables.constants.iter().map(|(id, constant)| {
        let value = expr::literal(constant.scalar, constant.bits);
        format!("const {}: {} = {value}\n", names.constants[id.index()], constant.scalar.name())
    });
    let globals =
        module.tables.globals.iter().map(|(id, global)| print_global(types, &names, &names.globals[id.index()], global));
    let lines: String = constants.chain(globals).collect();
    if !lines.is_empty() {
        items.push(lines);
    }
    items.extend(
        module
            .functions
            .iter()
            .map(|(id, function)| Printer::new(module, &names, function).function(&names.functions[id.index()])),
    );
    items.join("\n")
}

/// One function as text, with the names it has in the whole module.
pub fn print_function(module: &Module, id: FuncId) -> String {
    let names = ModuleNames::new(module);
    Printer::new(module, &names, &module.functions[id]).function(&names.functions[id.index()])
}

/// One expression of a function as text.
pub fn print_expr(module: &Module, function: FuncId, id: ExprId) -> String {
    let names = ModuleNames::new(module);
    Printer::new(module, &names, &module.functions[function]).value(id, 0)
}

fn print_struct(types: &Types, names: &ModuleNames, name: &str, definition: &Struct) -> String {
    let word = if definition.is_union { "union" } else { "struct" };
    let mut text = format!("{word} {name} size {} align {} {{\n", definition.size, definition.align);
    for field in &definition.fields {
        let _ = writeln!(text, "  {}: {} @{}", quote(&field.name), print_type(types, names, field.ty), field.offset);
    }
    text + "}\n"
}

fn print_global(types: &Types, names: &ModuleNames, name: &str, global: &Global) -> String {
    let dynamic = if global.dynamic { "dynamic " } else { "" };
    let mut text = format!("{dynamic}{} {name}: {}", global.space.name(), print_type(types, names, global.ty));
    if global.per_thread != 0 {
        let _ = write!(text, " per_thread {}", global.per_thread);
    }
    if global.align != types.align_of(global.ty) {
        let _ = write!(text, " align {}", global.align);
    }
    if global.literal {
        text += " literal";
    }
    if let Some(init) = &global.init {
        text += " = hex ";
        text.extend(init.iter().map(|byte| format!("{byte:02x}")));
    }
    text + "\n"
}

fn print_type(types: &Types, names: &ModuleNames, id: TypeId) -> String {
    match types.get(id) {
        Type::Void => "void".into(),
        Type::Scalar(scalar) => scalar.name().into(),
        Type::Vector { scalar, count } => format!("{}x{count}", scalar.name()),
        Type::Array { element, count: Some(count) } => format!("[{}; {count}]", print_type(types, names, element)),
        Type::Array { element, count: None } => format!("[{}]", print_type(types, names, element)),
        Type::Struct(id) => names.structs[id.index()].clone(),
        Type::Pointer { pointee, space } => format!("*{} {}", space.name(), print_type(types, names, pointee)),
    }
}

/// Prints one function.
struct Printer<'a> {
    module: &'a Module,
    names: &'a ModuleNames,
    function: &'a Function,
    own: FunctionNames,
    out: String,
    depth: usize,
}

impl<'a> Printer<'a> {
    fn new(module: &'a Module, names: &'a ModuleNames, function: &'a Function) -> Printer<'a> {
        Printer { module, names, function, own: FunctionNames::new(names, function), out: String::new(), depth: 0 }
    }

    fn function(mut self, name: &str) -> String {
        let function = self.function;
        let word = match function.kind {
            FunctionKind::Kernel => "kernel",
            FunctionKind::Device => "fn",
        };
        let params: Vec<String> = function
            .params
            .iter()
            .zip(&self.own.params)
            .map(|(param, name)| {
                let restrict = if param.is_restrict { " restrict" } else { "" };
                let constant = if param.is_const { " const" } else { "" };
                format!("{name}: {}{restrict}{constant}", self.ty(param.ty))
            })
            .collect();
        let mut head = format!("{word} {name}({})", params.join(", "));
        if self.module.tables.types.get(function.result) != Type::Void {
            let _ = write!(head, " -> {}", self.ty(function.result));
        }
        if let Some(threads) = function.max_threads {
            let _ = write!(head, " max_threads {threads}");
        }
        self.line(&format!("{head} {{"));
        self.block(&function.body);
        self.line("}");
        self.out
    }

    fn ty(&self, id: TypeId) -> String {
        print_type(&self.module.tables.types, self.names, id)
    }

    fn line(&mut self, text: &str) {
        self.out.extend(std::iter::repeat_n("  ", self.depth));
        self.out += text;
        self.out.push('\n');
    }
}
