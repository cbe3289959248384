//! Which round of each loop a thread is in, because lanes at one place in different rounds are not together: they meet again at the
//! loop's head at the earliest. Counted only where a kernel asks for `__activemask`.

use super::code::{Code, Instr, Pc};

/// The place of a thread in the program's order: for each call from the kernel on the loops around it, outer first, each with its
/// round, and the instruction.
pub(super) type Path = Vec<(Pc, u32)>;

/// Rounds of loops that the calls in progress are in, by the call's depth and the loop's first instruction.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    counts: Vec<(usize, Pc, u32)>,
}

impl Rounds {
    pub(super) fn clear(&mut self) {
        self.counts.clear();
    }

    /// Control goes back to the head of a loop: loops inside of it start anew.
    pub(super) fn next(&mut self, code: &Code, depth: usize, head: Pc) {
        let end = code.loops.iter().find(|(start, _)| *start == head).map_or(head, |(_, end)| *end);
        self.counts.retain(|(other, start, _)| *other < depth || *other == depth && (*start <= head || *start > end));
        match self.counts.iter_mut().find(|(other, start, _)| (*other, *start) == (depth, head)) {
            Some((_, _, count)) => *count += 1,
            None => self.counts.push((depth, head, 1)),
        }
    }

    /// A call returns.
    pub(super) fn leave(&mut self, depth: usize) {
        self.counts.retain(|(other, _, _)| *other < depth);
    }

    /// Adds the place `pc` of the call at `depth`.
    pub(super) fn add_to(&self, path: &mut Path, code: &Code, depth: usize, pc: Pc) {
        for (head, _) in code.loops.iter().filter(|(head, end)| (*head..=*end).contains(&pc)) {
            let count = self.counts.iter().find(|(other, start, _)| (*other, *start) == (depth, *head));
            path.push((*head, count.map_or(0, |(_, _, count)| *count)));
        }
        path.push((pc, 0));
    }
}

/// First and last instruction of each loop, outer before inner: a loop ends with a jump back.
pub(super) fn loops(instrs: &[Instr]) -> Vec<(Pc, Pc)> {
    let mut found: Vec<(Pc, Pc)> = Vec::new();
    for (pc, instr) in (0..).zip(instrs) {
        let (Instr::Jump { to }
        | Instr::JumpIf { to, .. }
        | Instr::JumpUnless { to, .. }
        | Instr::JumpIfCompare { to, .. }
        | Instr::JumpUnlessCompare { to, .. }) = *instr
        else {
            continue;
        };
        if to > pc {
            continue;
        }
        match found.iter_mut().find(|(head, _)| *head == to) {
            Some((_, end)) => *end = pc,
            None => found.push((to, pc)),
        }
    }
    found.sort_unstable();
    found
}
