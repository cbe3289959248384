//! How much workgroup memory an entry point of a SPIR-V module uses.
//!
//! A module may hold several kernels, so only variables that are named in functions reachable from the entry point count.
//! A size that is not a plain constant is not known, and then nothing is checked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Instruction, OP_CONSTANT, OP_SPEC_CONSTANT, OP_TYPE_BOOL, OP_TYPE_FLOAT, OP_TYPE_INT};

const OP_TYPE_VECTOR: u16 = 23;
const OP_TYPE_MATRIX: u16 = 24;
const OP_TYPE_ARRAY: u16 = 28;
const OP_TYPE_STRUCT: u16 = 30;
const OP_TYPE_POINTER: u16 = 32;
const OP_FUNCTION: u16 = 54;
const OP_FUNCTION_CALL: u16 = 57;
const OP_VARIABLE: u16 = 59;
const CLASS_WORKGROUP: u32 = 4;
/// Types nest as deep as the source wrote them; deeper is not checked.
const DEEPEST_TYPE: u32 = 64;

/// The defining instruction of each type and constant, by id.
struct Definitions<'a>(BTreeMap<u32, (u16, &'a [u32])>);

/// Bytes used by the entry point whose function is `entry`; `None` where they are not known.
pub(super) fn workgroup_storage(instructions: &[Instruction<'_>], entry: u32) -> Option<u64> {
    let definitions = Definitions::read(instructions);
    let used = used_ids(instructions, entry);
    let mut total = 0u64;
    for instruction in instructions {
        if let (OP_VARIABLE, [pointer, id, CLASS_WORKGROUP, ..]) = (instruction.opcode, instruction.operands)
            && used.contains(id)
        {
            let Some((OP_TYPE_POINTER, [_, _, pointee])) = definitions.get(*pointer) else { return None };
            total = total.checked_add(definitions.layout(*pointee, DEEPEST_TYPE)?.0)?;
        }
    }
    Some(total)
}

/// Every operand in the functions that can be reached. (A literal may look like an id: that counts too much, never too little.)
fn used_ids(instructions: &[Instruction<'_>], entry: u32) -> BTreeSet<u32> {
    let mut bodies: BTreeMap<u32, Vec<&Instruction<'_>>> = BTreeMap::new();
    let mut current = None;
    for instruction in instructions {
        if let (OP_FUNCTION, [_, id, ..]) = (instruction.opcode, instruction.operands) {
            current = Some(*id);
        }
        if let Some(function) = current {
            bodies.entry(function).or_default().push(instruction);
        }
    }
    let mut used = BTreeSet::new();
    let mut seen = BTreeSet::from([entry]);
    let mut pending = vec![entry];
    while let Some(function) = pending.pop() {
        for instruction in bodies.get(&function).into_iter().flatten() {
            used.extend(instruction.operands);
            if let (OP_FUNCTION_CALL, [_, _, callee, ..]) = (instruction.opcode, instruction.operands)
                && seen.insert(*callee)
            {
                pending.push(*callee);
            }
        }
    }
    used
}

impl<'a> Definitions<'a> {
    fn read(instructions: &[Instruction<'a>]) -> Definitions<'a> {
        let mut found = BTreeMap::new();
        for instruction in instructions {
            let id = match (instruction.opcode, instruction.operands) {
                (OP_CONSTANT | OP_SPEC_CONSTANT, [_, id, ..]) => *id,
                (OP_TYPE_BOOL..=OP_TYPE_POINTER, [id, ..]) => *id,
                _ => continue,
            };
            found.insert(id, (instruction.opcode, instruction.operands));
        }
        Definitions(found)
    }

    fn get(&self, id: u32) -> Option<(u16, &'a [u32])> {
        self.0.get(&id).copied()
    }

    /// Size and alignment. Workgroup memory has no explicit layout; every scalar lies at a multiple of its own size.
    fn layout(&self, id: u32, depth: u32) -> Option<(u64, u64)> {
        let depth = depth.checked_sub(1)?;
        match self.get(id)? {
            (OP_TYPE_BOOL, _) => Some((4, 4)),
            (OP_TYPE_INT | OP_TYPE_FLOAT, [_, bits, ..]) => Some((u64::from(bits / 8), u64::from(bits / 8).max(1))),
            (OP_TYPE_VECTOR | OP_TYPE_MATRIX, [_, element, count]) => {
                let (size, align) = self.layout(*element, depth)?;
                Some((size.checked_mul(u64::from(*count))?, align))
            }
            (OP_TYPE_ARRAY, [_, element, length]) => {
                let (size, align) = self.layout(*element, depth)?;
                let Some((OP_CONSTANT | OP_SPEC_CONSTANT, [_, _, count])) = self.get(*length) else { return None };
                Some((size.checked_next_multiple_of(align)?.checked_mul(u64::from(*count))?, align))
            }
            (OP_TYPE_STRUCT, [_, members @ ..]) => self.struct_layout(members, depth),
            _ => None,
        }
    }

    fn struct_layout(&self, members: &[u32], depth: u32) -> Option<(u64, u64)> {
        let (mut end, mut alignment) = (0u64, 1);
        for &member in members {
            let (size, align) = self.layout(member, depth)?;
            end = end.checked_next_multiple_of(align)?.checked_add(size)?;
            alignment = alignment.max(align);
        }
        Some((end.checked_next_multiple_of(alignment)?, alignment))
    }
}

#[cfg(test)]
mod tests {
    use super::super::instructions;
    use super::*;

    fn op(words: &mut Vec<u32>, opcode: u16, operands: &[u32]) {
        words.push(((operands.len() as u32 + 1) << 16) | u32::from(opcode));
        words.extend_from_slice(operands);
    }

    /// Function 20 calls 21, which names the variable of 3 structs { u64, u32 }; function 22 names another of 4 bytes.
    #[test]
    fn variables_of_other_kernels_do_not_count() {
        let mut words = vec![0x0723_0203, 0x0001_0300, 0, 40, 0];
        op(&mut words, OP_TYPE_INT, &[1, 32, 0]);
        op(&mut words, OP_TYPE_INT, &[2, 64, 0]);
        op(&mut words, OP_CONSTANT, &[1, 3, 3]);
        op(&mut words, OP_TYPE_STRUCT, &[4, 2, 1]);
        op(&mut words, OP_TYPE_ARRAY, &[5, 4, 3]);
        op(&mut words, OP_TYPE_POINTER, &[6, CLASS_WORKGROUP, 5]);
        op(&mut words, OP_TYPE_POINTER, &[7, CLASS_WORKGROUP, 1]);
        op(&mut words, OP_VARIABLE, &[6, 10, CLASS_WORKGROUP]);
        op(&mut words, OP_VARIABLE, &[7, 11, CLASS_WORKGROUP]);
        op(&mut words, OP_FUNCTION, &[0, 20, 0, 0]);
        op(&mut words, OP_FUNCTION_CALL, &[0, 30, 21]);
        op(&mut words, OP_FUNCTION, &[0, 21, 0, 0]);
        op(&mut words, OP_FUNCTION_CALL, &[0, 31, 20]);
        op(&mut words, 61, &[0, 32, 10]);
        op(&mut words, OP_FUNCTION, &[0, 22, 0, 0]);
        op(&mut words, 61, &[0, 33, 11]);
        let instructions = instructions(&words).expect("whole instructions");
        assert_eq!(workgroup_storage(&instructions, 20), Some(48));
        assert_eq!(workgroup_storage(&instructions, 22), Some(4));
    }
}
