//! Launches on the interpreter, behind the shader passes: what devices are given, without a device and its driver.

use super::interpreter::{argument, failure};
use super::{Engine, Failure, Memory, ReadyLaunch, Restrictions};
use crate::emit::ALL_FEATURES;
use crate::pipeline::Compiled;
use backends::interpreter::{Launch, LegalError, Options, run_legal};
use backends::launch_plan::{heap_layout, heap_windows, launch_needs};
use backends::shader::{self, BindingMode, Features, Program, Windows, legalise_kernel};
use runner::Provenance;
use source::{Code, Diagnostic, Span};

/// Legal kernels with all features of targets, or with none.
pub struct LegalEngine<'a> {
    compiled: &'a Compiled,
    options: Options,
    bindings: BindingMode,
    /// The most bytes of the heap to bind at once.
    window: Option<u64>,
    restrictions: Restrictions,
    /// Warps are subgroups of so many lanes.
    subgroups: Option<u32>,
}

impl<'a> LegalEngine<'a> {
    pub fn new(
        compiled: &'a Compiled,
        options: Options,
        (bindings, window): (BindingMode, Option<u64>),
        restrictions: Restrictions,
        subgroups: Option<u32>,
    ) -> Self {
        LegalEngine { compiled, options, bindings, window, restrictions, subgroups }
    }

    /// The kernel, and where the heap holds which buffer.
    fn placed(&self, launch: &ReadyLaunch, memory: &Memory) -> Result<(Program, Vec<u64>), Failure> {
        let sizes: Vec<u64> = memory.buffers.iter().map(|buffer| buffer.len() as u64).collect();
        let mut program = self.legal(launch, Windows::default())?;
        let device_heap = program.entries[0].device_heap;
        let mut windows = Windows::default();
        if let (BindingMode::Heap, Some(limit)) = (self.bindings, self.window) {
            windows = heap_windows(device_heap, &sizes, limit).ok_or_else(|| no_room(limit))?;
            if windows != Windows::default() {
                program = self.legal(launch, windows)?;
            }
        }
        let starts = heap_layout(device_heap, &sizes, windows).unwrap_or_default();
        Ok((program, starts))
    }

    fn legal(&self, launch: &ReadyLaunch, windows: Windows) -> Result<Program, Failure> {
        let needs = launch_needs(&launch.arguments);
        let options = shader::Options {
            features: if self.restrictions.portable { Features::default() } else { ALL_FEATURES },
            shared: self.restrictions.shared(None, launch),
            bindings: self.bindings,
            windows,
            offset_arguments: needs.offset_arguments,
            aliased: needs.aliased,
            cut_at_fences: true,
            subgroups: self.subgroups,
            recursion_depth: self.restrictions.recursion_depth,
            ..shader::Options::default()
        };
        legalise_kernel(&self.compiled.module, launch.kernel, &options)
            .map_err(|refusal| Failure::Refused(vec![refusal.diagnostic()]))
    }
}

impl Engine for LegalEngine<'_> {
    fn translate(&mut self, launch: &ReadyLaunch) -> Result<(), Failure> {
        self.legal(launch, Windows::default()).map(|_| ())
    }

    fn launch(&mut self, launch: &ReadyLaunch, memory: &mut Memory) -> Result<(), Failure> {
        let (program, starts) = self.placed(launch, memory)?;
        if self.bindings == BindingMode::Heap {
            memory.place_in_heap(&starts);
        }
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
        if self.bindings == BindingMode::Heap {
            memory.lift_from_heap(&starts);
        }
        Ok(())
    }

    fn provenance(&self) -> Option<&Provenance> {
        None
    }
}

fn no_room(limit: u64) -> Failure {
    Failure::LeftOut(format!("a buffer is larger than a window of {limit} bytes"))
}
