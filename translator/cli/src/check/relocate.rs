//! Launch files hold the host's addresses, in structures by value and in memory. Here they become targets, which every engine places anew.
//!
//! The types of the kernel's parameters say where pointers stand, and what they point to says where more of them stand; the launch
//! file says which allocation each address lies in:
//!
//! ```text
//! struct Node { float value; Node* next; };     b0 at 0x7000: 1.0 0x7010, 2.0 0
//! __global__ void sum(List list)                list.first = 0x7000
//! =>  list.first = b0 + 0;  b0 has pointers at 8 and 24, to b0 + 16 and null
//! ```
//!
//! An address that lies in no captured allocation is refused: nobody knows what it means.

use super::launches::launched_kernel;
use crate::abi::{self, pointers_within, symbol_pointers};
use crate::pipeline::Compiled;
use harness::{ArgValue, Case, Check, Target};
use ir::{TypeId, Types};
use source::{Code, Diagnostic};
use std::collections::BTreeSet;

/// The case with targets in place of addresses. Structures by value whose addresses are unknown stay bytes, and do not fit the kernel.
pub fn with_targets(mut case: Case, compiled: &Compiled) -> Result<Case, Vec<Diagnostic>> {
    let types = &compiled.module.tables.types;
    for at in 0..case.launches.len() {
        // Who makes the launch ready says that there is no such kernel.
        let Ok(kernel) = launched_kernel(&case.launches[at], compiled) else { continue };
        let kernel = &compiled.module.functions[kernel];
        let mut walk = Walk::new(types, &case);
        let symbols = symbol_pointers(&compiled.module);
        for (name, slots) in &symbols {
            let Some(symbol) = case.symbols.iter().find(|symbol| symbol.name == *name) else { continue };
            for &(slot, pointee) in slots {
                if let Ok(Some(found)) = target(&walk.places, word(&symbol.initial, slot).unwrap_or(0)) {
                    walk.find(found, pointee);
                }
            }
        }
        for (param, arg) in kernel.params.iter().zip(&mut case.launches[at].args) {
            walk.argument(param.ty, &mut arg.value);
        }
        let unknown = |address: u64| {
            let message =
                format!("the memory of the launch holds {address:#x}, a host pointer into no captured allocation or between two");
            vec![Diagnostic::error(Code::E0666, message, kernel.span)]
        };
        walk.memory(&case).map_err(unknown)?;
        let Walk { places, slots, holds, .. } = walk;
        for (buffer, pointee) in case.buffers.iter_mut().zip(holds) {
            buffer.layout = buffer.layout.take().or_else(|| pointee.map(|pointee| abi::layout_of(types, pointee)));
        }
        for (buffer, slots) in case.buffers.iter_mut().zip(slots) {
            for slot in slots {
                move_pointer(&places, &mut buffer.initial, slot).map_err(unknown)?;
                if let Check::Equals { expected, .. } = &mut buffer.check {
                    move_pointer(&places, expected, slot).map_err(unknown)?;
                }
                buffer.pointers.push(slot);
            }
        }
        // One copy of a variable serves all launches.
        for symbol in case.symbols.iter_mut().filter(|_| at == 0 && !places.is_empty()) {
            let (name, length) = (symbol.name.clone(), symbol.initial.len());
            let slots = symbols.iter().filter(|(known, _)| *known == name).flat_map(|(_, slots)| slots);
            for &(slot, _) in slots.filter(|(slot, _)| slot + 8 <= length) {
                move_pointer(&places, &mut symbol.initial, slot).map_err(unknown)?;
                if let Check::Equals { expected, .. } = &mut symbol.check {
                    move_pointer(&places, expected, slot).map_err(unknown)?;
                }
            }
        }
    }
    Ok(case)
}

/// Where an allocation was on the host.
struct Place {
    start: u64,
    bytes: u64,
    buffer: usize,
}

/// The target of an address; null has none. The error is the address.
fn target(places: &[Place], address: u64) -> Result<Option<Target>, u64> {
    if address == 0 {
        return Ok(None);
    }
    let holds = |place: &&Place, end: u64| place.start <= address && address - place.start < place.bytes + end;
    // One past the end of an allocation where another starts it may mean either.
    let place = match places.iter().filter(|place| holds(place, 1)).collect::<Vec<_>>()[..] {
        [place] => Some(place),
        _ => None,
    };
    place.map(|place| Some(Target { buffer: place.buffer, offset: address - place.start })).ok_or(address)
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}

fn move_pointer(places: &[Place], bytes: &mut [u8], at: usize) -> Result<(), u64> {
    let bits = Target::bits(target(places, word(bytes, at).unwrap_or(0))?);
    bytes[at..at + 8].copy_from_slice(&bits.to_le_bytes());
    Ok(())
}

struct Walk<'a> {
    types: &'a Types,
    places: Vec<Place>,
    /// Where pointers stand in each buffer.
    slots: Vec<BTreeSet<usize>>,
    /// What each buffer holds, by the first pointer to it.
    holds: Vec<Option<TypeId>>,
    /// What pointers were found, with the types of what they point to; those before `done` have been looked at.
    found: Vec<(Target, TypeId)>,
    done: usize,
}

impl<'a> Walk<'a> {
    fn new(types: &'a Types, case: &Case) -> Walk<'a> {
        let buffers = case.buffers.iter().enumerate();
        let places = buffers.filter_map(|(index, buffer)| {
            Some(Place { start: buffer.address?, bytes: buffer.initial.len() as u64, buffer: index })
        });
        Walk {
            types,
            places: places.collect(),
            slots: vec![BTreeSet::new(); case.buffers.len()],
            holds: vec![None; case.buffers.len()],
            found: Vec::new(),
            done: 0,
        }
    }

    fn argument(&mut self, ty: TypeId, value: &mut ArgValue) {
        match (self.types.as_pointer(ty), &*value) {
            (Some((pointee, _)), ArgValue::Pointer { buffer, offset }) => {
                self.find(Target { buffer: *buffer, offset: *offset as u64 }, pointee);
            }
            (None, ArgValue::Bytes(bytes)) => {
                let Some(fields) = pointers_within(self.types, ty) else { return };
                let targets = fields.iter().map(|&(at, _)| target(&self.places, word(bytes, at)?).ok());
                let Some(targets) = targets.collect::<Option<Vec<_>>>() else { return };
                let mut pointers = Vec::new();
                for (&(at, pointee), target) in fields.iter().zip(targets) {
                    let Some(target) = target else { continue };
                    pointers.push((at, target));
                    self.find(target, pointee);
                }
                if !fields.is_empty() {
                    *value = ArgValue::Struct { bytes: bytes.clone(), pointers };
                }
            }
            _ => {}
        }
    }

    /// Notes what a buffer holds, and the slots in memory that pointers of this type reach. A pointer leads to a whole array of what it points to.
    fn find(&mut self, target: Target, pointee: TypeId) {
        if target.offset.is_multiple_of(self.types.size_of(pointee).max(1)) {
            self.holds[target.buffer].get_or_insert(pointee);
        }
        let start = Target { offset: target.offset % self.types.size_of(pointee).max(1), ..target };
        if self.types.has_pointer(pointee) && !self.found.contains(&(start, pointee)) {
            self.found.push((start, pointee));
        }
    }

    /// Follows pointers in memory until no new ones come up.
    fn memory(&mut self, case: &Case) -> Result<(), u64> {
        while let Some(&(start, pointee)) = self.found.get(self.done) {
            self.done += 1;
            let Some(fields) = pointers_within(self.types, pointee) else { continue };
            let bytes = &case.buffers[start.buffer].initial;
            let stride = self.types.size_of(pointee).max(1) as usize;
            for element in (start.offset as usize..bytes.len()).step_by(stride) {
                for &(at, to) in &fields {
                    let Some(address) = word(bytes, element + at) else { continue };
                    self.slots[start.buffer].insert(element + at);
                    if let Some(target) = target(&self.places, address)? {
                        self.find(target, to);
                    }
                }
            }
        }
        Ok(())
    }
}
