//! Launches on the interpreter, the oracle.

use super::{Engine, Failure, Memory, ReadyLaunch};
use crate::pipeline::Compiled;
use runner::Provenance;
use std::time::Duration;

pub struct InterpreterEngine<'a> {
    compiled: &'a Compiled,
    time_limit: Duration,
}

impl<'a> InterpreterEngine<'a> {
    pub fn new(compiled: &'a Compiled, time_limit: Duration) -> Self {
        InterpreterEngine { compiled, time_limit }
    }
}

impl Engine for InterpreterEngine<'_> {
    fn translate(&mut self, _launch: &ReadyLaunch) -> Result<(), Failure> {
        Ok(())
    }

    fn launch(&mut self, _launch: &ReadyLaunch, _memory: &mut Memory) -> Result<(), Failure> {
        let _ = (self.compiled, self.time_limit);
        Err(Failure::LeftOut("not there yet".into()))
    }

    fn provenance(&self) -> Option<&Provenance> {
        None
    }
}
