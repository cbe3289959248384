//! All functions of a module: each is printed apart from the others, so that the cores of the machine share them, and joined in the
//! order a reader wants.
//!
//! What a function's text has to do with those in front of it is settled when they are joined: the comments above the first head the
//! file, and a comment behind a statement that two functions come from is shown once.

use super::function;
use super::module::ModuleWriter;
use super::options::EmitError;
use crate::common::ordering::ordering_barriers;
use crate::common::text::TextBuffer;
use crate::shader::Entry;
use ir::FuncId;
use rustc_hash::FxHashSet;
use source::cores;
use std::collections::BTreeSet;

/// File, line and text of a comment.
pub(super) type CommentKey = (u32, usize, String);

/// Expressions that take longer to print than another core takes to join in.
const WORTH_A_THREAD: usize = 1500;

impl ModuleWriter<'_> {
    /// All functions, each printed apart from the others, so that cores share them.
    pub(super) fn functions(&mut self, order: &[FuncId]) -> Result<Joined, EmitError> {
        let program = self.program;
        let entry_of = |id: &FuncId| program.entries.iter().find(|entry| entry.kernel == *id);
        // Device functions are declared before their callers, as a reader expects; WGSL itself does not mind.
        let kernels = program.entries.iter().map(|entry| (entry.kernel, Some(entry)));
        let devices = order.iter().filter(|id| entry_of(id).is_none()).map(|id| (*id, None));
        let jobs: Vec<(FuncId, Option<&Entry>)> = devices.chain(kernels).collect();
        let size = |job: &(FuncId, Option<&Entry>)| program.module.functions[job.0].exprs.len();
        let one = |job: &(FuncId, Option<&Entry>)| self.function(job.0, job.1);
        let is_short = jobs.iter().map(size).sum::<usize>() < WORTH_A_THREAD;
        let printed: Vec<_> = if is_short { jobs.iter().map(one).collect() } else { cores::map(&jobs, size, one) };
        let mut joined = Joined::default();
        for function in printed {
            let function = function?;
            self.helpers.extend(&function.helpers);
            self.constants.extend(&function.constants);
            self.broadcasts_in_use.extend(&function.broadcasts_in_use);
            if self.error.is_none() {
                self.error.clone_from(&function.error);
            }
            joined.add(function);
        }
        Ok(joined)
    }

    /// One function, with what it asks of the module.
    fn function(&self, id: FuncId, entry: Option<&Entry>) -> Result<Self, EmitError> {
        let mut writer = ModuleWriter {
            ordering: FxHashSet::default(),
            text: TextBuffer::default(),
            helpers: BTreeSet::new(),
            constants: BTreeSet::new(),
            broadcasts_in_use: BTreeSet::new(),
            above: Vec::new(),
            behind: Vec::new(),
            error: None,
            ..*self
        };
        match entry {
            None => function::print_device(&mut writer, id)?,
            Some(entry) => {
                writer.ordering = ordering_barriers(&self.program.module, id, self.options.aliased);
                function::print_kernel(&mut writer, entry)?;
            }
        }
        Ok(writer)
    }
}

/// The functions' texts, one behind the other.
#[derive(Default)]
pub(super) struct Joined {
    pub text: TextBuffer,
    /// Comments above the first function head the file.
    pub header: Vec<String>,
    /// Those behind statements that are in the text.
    pub comments: FxHashSet<CommentKey>,
}

impl Joined {
    fn add(&mut self, function: ModuleWriter<'_>) {
        if self.header.is_empty() {
            self.header = function.above;
        } else {
            function.above.iter().for_each(|line| self.text.line(line));
        }
        let text = function.text.finish();
        let mut from = 0;
        for (place, comment) in function.behind {
            if !self.comments.insert(comment) {
                self.text.push(&text[from..place.start]);
                from = place.end;
            }
        }
        self.text.push(&text[from..]);
    }
}
