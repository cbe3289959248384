//! Launches on the interpreter, behind the shader passes: what devices are given, without a device and its driver.

use super::interpreter::{argument, failure};
use super::{Engine, Failure, Memory, ReadyLaunch, Restrictions};
use crate::emit::ALL_FEATURES;
use crate::pipeline::Compiled;
use backends::interpreter::{Launch, LegalError, Options, run_legal};
use backends::launch_plan::launch_needs;
use backends::shader::{self, BindingMode, Features, Program, legalise_kernel};
use runner::Provenance;
use source::{Code, Diagnostic, Span};

/// Legal kernels with all features of targets, or with none.
pub struct LegalEngine<'a> {
    compiled: &'a Compiled,
    options: Options,
    bindings: BindingMode,
    restrictions: Restrictions,
    /// Warps are subgroups of so many lanes.
    subgroups: Option<u32>,
}

impl<'a> LegalEngine<'a> {
    pub fn new(
        compiled: &'a Compiled,
        options: Options,
        bindings: BindingMode,
        restrictions: Restrictions,
        subgroups: Option<u32>,
    ) -> Self {
        LegalEngine { compiled, options, bindings, restrictions, subgroups }
    }

    fn legal(&self, launch: &ReadyLaunch) -> Result<Program, Failure> {
        let needs = launch_needs(&launch.arguments);
        let options = shader::Options {
            features: if self.restrictions.portable { Features::default() } else { ALL_FEATURES },
            shared: self.restrictions.shared(None, launch),
            bindings: self.bindings,
            offset_arguments: needs.offset_arguments,
            aliased: needs.aliased,
            cut_at_fences: true,
            subgroups: self.subgroups,
            ..shader::Options::default()
        };
        legalise_kernel(&self.compiled.module, launch.kernel, &options)
            .map_err(|refusal| Failure::Refused(vec![refusal.diagnostic()]))
    }
}

impl Engine for LegalEngine<'_> {
    fn translate(&mut self, launch: &ReadyLaunch) -> Result<(), Failure> {
        self.legal(launch).map(|_| ())
    }

    fn launch(&mut self, launch: &ReadyLaunch, memory: &mut Memory) -> Result<(), Failure> {
        let program = self.legal(launch)?;
        let heap = (self.bindings == BindingMode::Heap).then(|| memory.place_in_heap(program.entries[0].device_heap));
        let module = &self.compiled.module;
        let params = &module.functions[launch.kernel].params;
        let run = Launch {
            kernel: launch.kernel,
            grid: launch.grid,
            block: launch.block,
            dynamic_shared: launch.shared,
            args: params.iter().zip(&launch.arguments).map(|(param, arg)| argument(module, param.ty, arg)).collect(),
            buffers: std::mem::take(&mut memory.buffers),
            globals: memory.symbols.iter().map(|(name, bytes)| (name.clone(), bytes.clone())).collect(),
            bindings: Vec::new(),
            options: self.options,
        };
        let outcome = run_legal(&program, 0, &run).map_err(|error| match error {
            LegalError::Fault(fault) => failure(&fault),
            LegalError::Plan(error) => Failure::Failed(vec![Diagnostic::error(Code::E0669, error.to_string(), Span::NONE)]),
        })?;
        memory.buffers = outcome.buffers;
        memory.output.extend(outcome.output);
        for (name, bytes) in outcome.globals {
            // Views may have made the variable longer than the source's.
            let length = memory.symbols.get(&name).map_or(bytes.len(), Vec::len).min(bytes.len());
            memory.symbols.insert(name, bytes[..length].to_vec());
        }
        if let Some(starts) = heap {
            memory.lift_from_heap(&starts);
        }
        Ok(())
    }

    fn provenance(&self) -> Option<&Provenance> {
        None
    }
}
