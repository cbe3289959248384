//! The way from a file to the IR, as every command, test and bench takes it.

use crate::args::SourceArgs;
use crate::gate::refuse_broken;
use grammar::{ItemKind, Unit};
use ir::{FuncId, Module};
use source::{Code, Diagnostic, FileId, SourceMap, Span};
use std::borrow::Cow;
use std::path::Path;
use translator::{KernelResult, KernelStatus, TranslateOptions};

/// How a translation unit is to be read.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub grammar: grammar::Options,
    /// Kernels as launches name them, besides those that the file launches or instantiates.
    pub kernels: Vec<String>,
    pub fmad: bool,
}

impl Request {
    pub fn new(args: &SourceArgs) -> Request {
        let grammar = grammar::Options {
            include_dirs: args.include.clone(),
            defines: args.define.iter().map(|text| split_define(text)).collect(),
            undefines: args.undefine.clone(),
            strict_includes: args.strict_includes,
            std: args.std.year(),
            ..grammar::Options::default()
        };
        Request { grammar, kernels: Vec::new(), fmad: args.fmad.unwrap_or(false) }
    }

    /// The same with what a sample's header asks for.
    pub fn with_sample(mut self, options: &harness::Options, folder: &Path) -> Request {
        self.grammar.defines.extend(options.define.iter().map(|text| split_define(text)));
        self.grammar.include_dirs.extend(options.include.iter().map(|dir| folder.join(dir)));
        self.fmad = options.fmad.unwrap_or(self.fmad);
        self
    }
}

fn split_define(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_string(), Some(value.to_string())),
        None => (text.to_string(), None),
    }
}

/// How far a kernel came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Preprocessed,
    Parsed,
    Typed,
    Lowered,
    Wgsl,
    Spirv,
}

impl Stage {
    pub fn name(self) -> &'static str {
        match self {
            Stage::Preprocessed => "preprocessed",
            Stage::Parsed => "parsed",
            Stage::Typed => "typed",
            Stage::Lowered => "lowered",
            Stage::Wgsl => "wgsl",
            Stage::Spirv => "spirv",
        }
    }
}

/// A kernel of the file.
#[derive(Clone, Debug)]
pub struct KernelReport {
    /// As a launch names it; a template without arguments where nobody instantiates it.
    pub name: String,
    /// Other spellings that were asked for: `k<N>` where `N` is a constant.
    pub requests: Vec<String>,
    pub state: KernelState,
    pub stage: Stage,
    /// What is wrong with it or with what it reaches.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelState {
    Lowered(FuncId),
    Refused,
    /// A template that nobody instantiates.
    NotInstantiated,
}

/// A translation unit as IR.
pub struct Compiled {
    pub map: SourceMap,
    pub main_file: Option<FileId>,
    pub module: Module,
    pub kernels: Vec<KernelReport>,
    /// All that was said about the unit, in order, that about kernels included.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// A kernel by the name a launch gives it; spaces do not count. `k<N>` inside of a template is the name of several instances, and so of none.
    pub fn kernel(&self, name: &str) -> Option<&KernelReport> {
        let wanted = squeezed(name);
        let is_wanted = |spelling: &String| squeezed(spelling) == wanted;
        let by_name = self.kernels.iter().find(|kernel| is_wanted(&kernel.name));
        by_name.or_else(|| {
            let mut requested = self.kernels.iter().filter(|kernel| kernel.requests.iter().any(is_wanted));
            requested.next().filter(|_| requested.next().is_none())
        })
    }

    /// What a `__constant__` or `__device__` variable holds when the program starts.
    pub fn initial_bytes(&self, name: &str) -> Vec<u8> {
        let tables = &self.module.tables;
        let Some((_, global)) = tables.globals.iter().find(|(_, global)| global.name == name) else { return Vec::new() };
        let size = tables.types.size_of(global.ty) as usize;
        global.init.clone().unwrap_or_else(|| vec![0; size])
    }
}

/// The text with a launch behind it for each request whose template arguments name something of the file: `apply<Chain<Add<3>>, int>`.
/// The front end then reads what they name, and what a type is made of is the grammar's matter.
fn with_launches<'t>(text: &'t str, requests: &[String]) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    for (number, request) in requests.iter().enumerate().filter(|(_, request)| names_something(request)) {
        text.to_mut().push_str(&format!("\nvoid translate_request_{number}() {{ {request}<<<1, 1>>>(); }}\n"));
    }
    text
}

/// Does a template argument of the request have a name in it, and is the request nothing but names, numbers and brackets that match?
fn names_something(request: &str) -> bool {
    const BUILTIN: [&str; 14] = [
        "bool", "char", "short", "int", "long", "float", "double", "void", "unsigned", "signed", "const", "volatile", "true",
        "false",
    ];
    let Some((_, arguments)) = request.trim().split_once('<') else { return false };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_name = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || c == '_') && !BUILTIN.contains(&word);
    let mut depth = 1i32;
    for c in arguments.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ if is_word(c) || " ,:*&-.".contains(c) => {}
            _ => return false,
        }
    }
    depth == 0 && request.trim().ends_with('>') && arguments.split(|c| !is_word(c)).any(is_name)
}

/// A kernel's name without spaces, so that `k<float, 4>` and `k<float,4>` are one.
pub fn squeezed(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of a source file, or why it cannot be had.
pub fn read_source(path: &Path, map: &mut SourceMap) -> Result<String, Diagnostic> {
    let bytes = std::fs::read(path)
        .map_err(|error| Diagnostic::error(Code::E0660, format!("cannot read {}: {error}", path.display()), Span::NONE))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        // The text before the bad byte, so that the place can be shown.
        let valid = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        let file = map.add_file(path.to_string_lossy(), valid);
        let span = file.map_or(Span::NONE, |file| {
            let end = map.file_span(file).hi;
            Span::new(end, end)
        });
        Diagnostic::error(Code::E0661, "the file is not UTF-8 from here on", span)
    })
}

/// Reads and lowers a file.
pub fn compile_file(path: &Path, request: &Request) -> Compiled {
    let mut map = SourceMap::new();
    match read_source(path, &mut map) {
        Ok(text) => compile(&path.to_string_lossy(), &text, request, map),
        Err(diagnostic) => {
            Compiled { map, main_file: None, module: Module::default(), kernels: Vec::new(), diagnostics: vec![diagnostic] }
        }
    }
}

/// Reads and lowers a text. `map` may hold files already.
pub fn compile(path: &str, text: &str, request: &Request, mut map: SourceMap) -> Compiled {
    let text = with_launches(text, &request.kernels);
    let (unit, mut diagnostics) = grammar::parse(path, &text, &request.grammar, &translator::ShippedHeaders, &mut map);
    let main_file = unit.main_file;
    if diagnostics.iter().any(Diagnostic::is_error) {
        let kernels = unparsed_kernels(&unit, &diagnostics);
        return Compiled { map, main_file, module: Module::default(), kernels, diagnostics };
    }
    let options = TranslateOptions { kernels: request.kernels.clone(), fmad: request.fmad };
    let translation = translator::translate(&unit, &map, &options);
    diagnostics.extend(translation.diagnostics);
    // A name that means nothing is the caller's to report, who knows where it was written.
    let found = translation.kernels.into_iter().filter(|kernel| !kernel.diagnostics.iter().any(|d| d.code == Code::E0235));
    let mut kernels: Vec<KernelReport> = found.map(report).collect();
    refuse_broken(&translation.module, &mut kernels);
    diagnostics.extend(kernels.iter().flat_map(|kernel| kernel.diagnostics.clone()));
    Compiled { map, main_file, module: translation.module, kernels, diagnostics }
}

/// The kernels of a unit with syntax errors: none is looked at further.
fn unparsed_kernels(unit: &Unit, diagnostics: &[Diagnostic]) -> Vec<KernelReport> {
    let kernels = unit.items.iter().filter(|item| item.flags.global && item.kind == ItemKind::Function);
    kernels
        .map(|item| KernelReport {
            name: item.names.first().map_or_else(|| "?".to_string(), |name| name.to_string()),
            requests: Vec::new(),
            state: KernelState::Refused,
            stage: Stage::Preprocessed,
            diagnostics: diagnostics.to_vec(),
        })
        .collect()
}

fn report(kernel: KernelResult) -> KernelReport {
    let (state, stage) = match (kernel.status, kernel.func) {
        (KernelStatus::Lowered, Some(id)) => (KernelState::Lowered(id), Stage::Lowered),
        (KernelStatus::NotInstantiated, _) => (KernelState::NotInstantiated, Stage::Parsed),
        _ => (KernelState::Refused, stage_before(&kernel.diagnostics)),
    };
    KernelReport { name: kernel.name, requests: kernel.requests, state, stage, diagnostics: kernel.diagnostics }
}

/// What a refused kernel had passed: E02 speaks of types, E03 of lowering.
fn stage_before(diagnostics: &[Diagnostic]) -> Stage {
    let lowering =
        diagnostics.iter().find(|diagnostic| diagnostic.is_error()).is_some_and(|d| d.code.as_str().starts_with("E03"));
    if lowering { Stage::Typed } else { Stage::Parsed }
}
