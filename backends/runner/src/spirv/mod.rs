//! The little we read and change in a SPIR-V module before it goes to the driver as it is.
//!
//! Passthrough modules are not looked at by wgpu, and a driver may crash on a bad one. So the shape of the words, the entry
//! point, the workgroup size and workgroup memory are checked here, and pipeline constants are written into the module, because wgpu
//! hands no specialization to the driver. Section numbers are those of the SPIR-V specification, version 1.6.

mod workgroup;

use std::collections::HashMap;

use crate::RunError;
use crate::wgsl::Demands;

const MAGIC: u32 = 0x0723_0203;
const HEADER_WORDS: usize = 5;

const OP_NAME: u16 = 5;
const OP_ENTRY_POINT: u16 = 15;
const OP_EXECUTION_MODE: u16 = 16;
const OP_TYPE_BOOL: u16 = 20;
const OP_TYPE_INT: u16 = 21;
const OP_TYPE_FLOAT: u16 = 22;
const OP_CONSTANT: u16 = 43;
const OP_CONSTANT_COMPOSITE: u16 = 44;
const OP_SPEC_CONSTANT_TRUE: u16 = 48;
const OP_SPEC_CONSTANT_FALSE: u16 = 49;
const OP_SPEC_CONSTANT: u16 = 50;
const OP_SPEC_CONSTANT_COMPOSITE: u16 = 51;
const OP_SPEC_CONSTANT_OP: u16 = 52;
const OP_DECORATE: u16 = 71;
const OP_EXECUTION_MODE_ID: u16 = 331;

const OP_I_MUL: u32 = 132;

const DECORATION_SPEC_ID: u32 = 1;
const DECORATION_BUILT_IN: u32 = 11;
const BUILT_IN_WORKGROUP_SIZE: u32 = 25;
const MODE_LOCAL_SIZE: u32 = 17;
const MODE_LOCAL_SIZE_ID: u32 = 38;
const MODEL_GL_COMPUTE: u32 = 5;

/// An instruction: its opcode, where it starts, and its words after the first.
struct Instruction<'a> {
    opcode: u16,
    at: usize,
    operands: &'a [u32],
}

/// Section 2.3: a header of five words, then instructions that each say how many words they have.
fn instructions(words: &[u32]) -> Result<Vec<Instruction<'_>>, RunError> {
    if words.len() < HEADER_WORDS || words[0] != MAGIC {
        return invalid("it is no SPIR-V module");
    }
    let mut found = Vec::new();
    let mut at = HEADER_WORDS;
    while at < words.len() {
        let count = (words[at] >> 16) as usize;
        if count == 0 || at + count > words.len() {
            return invalid(format!("the instruction at word {at} runs past the end"));
        }
        found.push(Instruction { opcode: words[at] as u16, at, operands: &words[at + 1..at + count] });
        at += count;
    }
    Ok(found)
}

fn invalid<T>(reason: impl Into<String>) -> Result<T, RunError> {
    Err(RunError::InvalidModule { reason: reason.into() })
}

/// Section 2.2.1: a literal string is UTF-8, ends with a zero byte and fills whole words.
fn literal_string(words: &[u32]) -> String {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).take_while(|&byte| byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The module with its specialization constants set. A constant that the module does not have is an error.
pub(crate) fn specialize(words: &[u32], constants: &[(String, f64)]) -> Result<Vec<u32>, RunError> {
    let module = Specialization::read(&instructions(words)?);
    let mut words = words.to_vec();
    for (name, value) in constants {
        let Some(&id) = module.by_name.get(name) else {
            return invalid(format!("it has no constant `{name}`"));
        };
        module.set(&mut words, id, name, *value)?;
    }
    Ok(words)
}

/// What is needed to find specialization constants and to write them.
#[derive(Default)]
struct Specialization {
    /// By `SpecId` in decimal and by `OpName`.
    by_name: HashMap<String, u32>,
    /// Constant id → (opcode, type id, word at which the instruction starts).
    constants: HashMap<u32, (u16, u32, usize)>,
    types: HashMap<u32, ScalarType>,
}

#[derive(Clone, Copy)]
enum ScalarType {
    Bool,
    Int { bits: u32, signed: bool },
    Float { bits: u32 },
}

impl Specialization {
    fn read(instructions: &[Instruction<'_>]) -> Specialization {
        let mut module = Specialization::default();
        let mut ids = HashMap::new();
        let mut names = HashMap::new();
        for instruction in instructions {
            match (instruction.opcode, instruction.operands) {
                (OP_NAME, [id, name @ ..]) => drop(names.insert(*id, literal_string(name))),
                (OP_DECORATE, [id, DECORATION_SPEC_ID, spec_id]) => drop(ids.insert(*id, *spec_id)),
                (OP_TYPE_BOOL, [id]) => drop(module.types.insert(*id, ScalarType::Bool)),
                (OP_TYPE_INT, [id, bits, sign]) => {
                    module.types.insert(*id, ScalarType::Int { bits: *bits, signed: *sign == 1 });
                }
                (OP_TYPE_FLOAT, [id, bits, ..]) => drop(module.types.insert(*id, ScalarType::Float { bits: *bits })),
                (opcode @ (OP_SPEC_CONSTANT_TRUE | OP_SPEC_CONSTANT_FALSE | OP_SPEC_CONSTANT), [ty, id, ..]) => {
                    module.constants.insert(*id, (opcode, *ty, instruction.at));
                }
                _ => {}
            }
        }
        for &constant in module.constants.keys() {
            let spec_id = ids.get(&constant).map(u32::to_string);
            let name = names.remove(&constant);
            for key in [name, spec_id].into_iter().flatten() {
                module.by_name.insert(key, constant);
            }
        }
        module
    }

    fn set(&self, words: &mut [u32], id: u32, name: &str, value: f64) -> Result<(), RunError> {
        let (_, ty, at) = self.constants[&id];
        let out_of_range = || invalid(format!("constant `{name}` cannot be {value}"));
        let literal = at + 3;
        match self.types.get(&ty) {
            Some(ScalarType::Bool) => {
                let opcode = if value != 0.0 { OP_SPEC_CONSTANT_TRUE } else { OP_SPEC_CONSTANT_FALSE };
                words[at] = words[at] & 0xffff_0000 | u32::from(opcode);
            }
            Some(ScalarType::Int { bits: 32, signed: false }) if value == f64::from(value as u32) => {
                words[literal] = value as u32
            }
            Some(ScalarType::Int { bits: 32, signed: true }) if value == f64::from(value as i32) => {
                words[literal] = value as i32 as u32;
            }
            Some(ScalarType::Float { bits: 32 }) => words[literal] = (value as f32).to_bits(),
            Some(ScalarType::Int { bits: 32, .. }) => return out_of_range(),
            _ => return invalid(format!("constant `{name}` has a type that cannot be set")),
        }
        Ok(())
    }
}

/// What a compute entry point of a specialized module asks of the device. An entry point that is not there is an error.
pub(crate) fn demands(words: &[u32], entry: &str) -> Result<Demands, RunError> {
    let instructions = instructions(words)?;
    let function = instructions.iter().find_map(|i| match (i.opcode, i.operands) {
        (OP_ENTRY_POINT, [MODEL_GL_COMPUTE, function, name @ ..]) if literal_string(name) == entry => Some(*function),
        _ => None,
    });
    let Some(function) = function else {
        return invalid(format!("it has no compute entry point `{entry}`"));
    };
    let block = size_of_built_in(&instructions)
        .or_else(|| size_of_mode(&instructions, function))
        .ok_or_else(|| RunError::InvalidModule { reason: format!("entry point `{entry}` has no workgroup size") })?;
    Ok(Demands { block, workgroup_storage: workgroup::workgroup_storage(&instructions, function).unwrap_or(0) })
}

/// Section 3.21: a constant decorated `WorkgroupSize` is stronger than the execution modes.
fn size_of_built_in(instructions: &[Instruction<'_>]) -> Option<[u32; 3]> {
    let id = instructions.iter().find_map(|i| match (i.opcode, i.operands) {
        (OP_DECORATE, [id, DECORATION_BUILT_IN, BUILT_IN_WORKGROUP_SIZE]) => Some(*id),
        _ => None,
    })?;
    instructions.iter().find_map(|i| match (i.opcode, i.operands) {
        (OP_CONSTANT_COMPOSITE | OP_SPEC_CONSTANT_COMPOSITE, [_, found, x, y, z]) if *found == id => {
            constants(instructions, [*x, *y, *z])
        }
        _ => None,
    })
}

fn size_of_mode(instructions: &[Instruction<'_>], function: u32) -> Option<[u32; 3]> {
    instructions.iter().find_map(|i| match (i.opcode, i.operands) {
        (OP_EXECUTION_MODE, [f, MODE_LOCAL_SIZE, x, y, z]) if *f == function => Some([*x, *y, *z]),
        (OP_EXECUTION_MODE_ID, [f, MODE_LOCAL_SIZE_ID, x, y, z]) if *f == function => constants(instructions, [*x, *y, *z]),
        _ => None,
    })
}

/// The values of three 32-bit constants.
fn constants(instructions: &[Instruction<'_>], ids: [u32; 3]) -> Option<[u32; 3]> {
    Some([constant(instructions, ids[0], 4)?, constant(instructions, ids[1], 4)?, constant(instructions, ids[2], 4)?])
}

/// A 32-bit constant, or a product of such: `blockDimX * blockDimY * blockDimZ`.
fn constant(instructions: &[Instruction<'_>], id: u32, depth: u32) -> Option<u32> {
    let depth = depth.checked_sub(1)?;
    instructions.iter().find_map(|i| match (i.opcode, i.operands) {
        (OP_CONSTANT | OP_SPEC_CONSTANT, [_, found, value]) if *found == id => Some(*value),
        (OP_SPEC_CONSTANT_OP, [_, found, OP_I_MUL, a, b]) if *found == id => {
            constant(instructions, *a, depth)?.checked_mul(constant(instructions, *b, depth)?)
        }
        _ => None,
    })
}
