//! Launches on the interpreter, the oracle.

use super::{Engine, Failure, Memory, ReadyLaunch};
use crate::pipeline::Compiled;
use backends::interpreter::{self, ArgValue, Fault, FaultKind, Launch, Options};
use backends::launch_plan::LaunchArgument;
use harness::Target;
use ir::{Module, Type, TypeId};
use runner::Provenance;
use std::collections::{BTreeMap, BTreeSet};

pub struct InterpreterEngine<'a> {
    compiled: &'a Compiled,
    options: Options,
    /// Of all launches, as [`Outcome::torn`](interpreter::Outcome::torn) has it.
    pub torn: BTreeMap<usize, BTreeSet<usize>>,
}

impl<'a> InterpreterEngine<'a> {
    pub fn new(compiled: &'a Compiled, options: Options) -> Self {
        InterpreterEngine { compiled, options, torn: BTreeMap::new() }
    }
}

impl Engine for InterpreterEngine<'_> {
    fn translate(&mut self, _launch: &ReadyLaunch) -> Result<(), Failure> {
        Ok(())
    }

    fn launch(&mut self, launch: &ReadyLaunch, memory: &mut Memory) -> Result<(), Failure> {
        memory.place_pointers(|target| interpreter::buffer_address(target.buffer, target.offset));
        let module = &self.compiled.module;
        let params = &module.functions[launch.kernel].params;
        let args = params.iter().zip(&launch.arguments).map(|(param, arg)| argument(module, param.ty, arg)).collect();
        let run = Launch {
            kernel: launch.kernel,
            grid: launch.grid,
            block: launch.block,
            dynamic_shared: launch.shared,
            args,
            buffers: std::mem::take(&mut memory.buffers),
            globals: memory.symbols.iter().map(|(name, bytes)| (name.clone(), bytes.clone())).collect(),
            bindings: Vec::new(),
            options: self.options,
        };
        let outcome = interpreter::run(module, &run).map_err(|fault| failure(&fault))?;
        for (buffer, bytes) in outcome.torn {
            self.torn.entry(buffer).or_default().extend(bytes);
        }
        memory.buffers = outcome.buffers;
        memory.symbols.extend(outcome.globals);
        let (first, count) = (interpreter::buffer_address(0, 0), memory.buffers.len());
        memory.lift_pointers(|address| {
            let distance = address.checked_sub(first)?;
            let target = Target { buffer: (distance >> 32) as usize, offset: distance & 0xffff_ffff };
            (target.buffer < count).then_some(target)
        });
        memory.output.extend(outcome.output);
        Ok(())
    }

    fn provenance(&self) -> Option<&Provenance> {
        None
    }
}

/// A launch that is too large for the interpreter is no fault of the kernel, and no proof for it either.
pub(super) fn failure(fault: &Fault) -> Failure {
    match *fault.kind {
        FaultKind::TimeLimit { .. } => Failure::LeftOut(format!("{} {}", fault.kind.code(), fault.kind)),
        _ => Failure::Failed(vec![fault.diagnostic()]),
    }
}

pub(super) fn argument(module: &Module, ty: TypeId, value: &LaunchArgument) -> ArgValue {
    match value {
        LaunchArgument::Pointer { buffer, offset } => ArgValue::Pointer { buffer: *buffer, offset: *offset },
        LaunchArgument::Null => ArgValue::Null,
        LaunchArgument::Bytes(bytes) if matches!(module.tables.types.get(ty), Type::Scalar(_)) => {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            ArgValue::Scalar(u64::from_le_bytes(word))
        }
        LaunchArgument::Bytes(bytes) => ArgValue::Bytes(bytes.clone()),
        LaunchArgument::Struct { bytes, pointers } => {
            let mut bytes = bytes.clone();
            for pointer in pointers {
                let (at, address) = (pointer.at as usize, interpreter::buffer_address(pointer.buffer, pointer.offset));
                bytes[at..at + 8].copy_from_slice(&address.to_le_bytes());
            }
            ArgValue::Bytes(bytes)
        }
    }
}
