//! Memory, byte for byte. An address is an allocation and an offset in 64 bits, so that pointers can be stored, cast to
//! integers and back, compared, and computed with.
//!
//! ```text
//!  63            32 31             0
//! [ allocation id ] [ 2^31 + offset ]
//! ```
//!
//! The offset is in the middle of its half, so that a pointer that ran out of its allocation still shows which one it was.
//! Ids have ranges: 0 is null, then buffers and module variables, shared variables, and locals. A local's id has a serial
//! number that each life of the variable gets anew, so that a pointer to a dead variable is recognised.
//!
//! Shared and local bytes carry a validity: what is undefined may be copied and computed with, but must decide nothing, see
//! [`undefined`](super::undefined).

use super::fault::{FaultKind, Target};
use super::numbers::canonical;
use ir::Scalar;
use std::collections::{BTreeMap, BTreeSet};

const ZERO_OFFSET: u32 = 1 << 31;
const FIRST_BUFFER: u32 = 1;
const FIRST_GLOBAL: u32 = 0x1000_0000;
const FIRST_SHARED: u32 = 0x4000_0000;
const FIRST_LOCAL: u32 = 0x8000_0000;

/// A life of a local: its slot among the thread's variables, and a number that tells the slot's lives apart.
const SLOT_BITS: u32 = 16;
const SERIAL_MASK: u32 = 0x7fff;

pub(super) fn buffer_address(index: usize, offset: u64) -> u64 {
    address(FIRST_BUFFER + index as u32, offset)
}

pub(super) fn global_address(index: usize) -> u64 {
    address(FIRST_GLOBAL + index as u32, 0)
}

pub(super) fn shared_address(index: usize) -> u64 {
    address(FIRST_SHARED + index as u32, 0)
}

fn local_address(slot: u32, serial: u32) -> u64 {
    address(FIRST_LOCAL | serial << SLOT_BITS | slot, 0)
}

fn address(id: u32, offset: u64) -> u64 {
    (u64::from(id) << 32) + u64::from(ZERO_OFFSET) + offset
}

/// Some bytes that live and die together.
#[derive(Clone, Debug, Default)]
pub(super) struct Allocation {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// One entry a byte, 1 where the byte is defined; empty where all are.
    pub(super) valid: Vec<u8>,
    pub(super) read_only: bool,
}

/// What all threads of a block see.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) buffers: Vec<Allocation>,
    pub(super) globals: Vec<Allocation>,
    pub(super) shared: Vec<Allocation>,
    /// See [`Outcome::torn`](super::Outcome::torn).
    pub(super) torn: BTreeMap<usize, BTreeSet<usize>>,
}

/// A variable of a thread while it lives.
#[derive(Clone, Copy, Debug)]
struct Life {
    start: u32,
    size: u32,
    /// 0 while it is dead.
    serial: u32,
    name: u32,
}

/// The automatic variables of one thread, those that live in memory: a stack that grows with each call.
#[derive(Debug, Default)]
pub(super) struct LocalMemory {
    pub(super) bytes: Vec<u8>,
    pub(super) valid: Vec<u8>,
    lives: Vec<Life>,
    serial: u32,
}

/// Where an access goes: bytes and their validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Region {
    Buffer(usize),
    Global(usize),
    Shared(usize),
    Local,
}

/// A checked range: `bytes[start..end]` of the region.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) region: Region,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl LocalMemory {
    /// Empties it for the thread of this rank. Serial numbers begin at different ones for different threads, so that a
    /// pointer to another thread's variable is most likely to be recognised.
    pub(super) fn clear(&mut self, rank: u32) {
        self.serial = rank.wrapping_mul(31) % SERIAL_MASK;
        self.bytes.clear();
        self.valid.clear();
        self.lives.clear();
    }

    /// Makes room for a frame: its bytes and its variables, all undefined and dead. Gives both bases.
    pub(super) fn push_frame(&mut self, size: usize, slots: &[(u32, u32, u32)]) -> (usize, usize) {
        // Frames begin at multiples of 16, as the layout of their inside assumes.
        let base = self.bytes.len().next_multiple_of(16);
        let first = self.lives.len();
        self.bytes.resize(base + size, 0);
        self.valid.resize(base + size, 0);
        self.lives.extend(slots.iter().map(|&(start, size, name)| Life { start: base as u32 + start, size, serial: 0, name }));
        (base, first)
    }

    pub(super) fn pop_frame(&mut self, base: usize, first: usize) {
        self.bytes.truncate(base);
        self.valid.truncate(base);
        self.lives.truncate(first);
    }

    /// Starts the life of a variable, with undefined content.
    pub(super) fn declare(&mut self, slot: usize) {
        self.serial = if self.serial == SERIAL_MASK { 1 } else { self.serial + 1 };
        let life = &mut self.lives[slot];
        life.serial = self.serial;
        self.valid[life.start as usize..(life.start + life.size) as usize].fill(0);
    }

    pub(super) fn end(&mut self, slot: usize) {
        self.lives[slot].serial = 0;
    }

    pub(super) fn address(&self, slot: usize) -> u64 {
        local_address(slot as u32, self.lives[slot].serial)
    }

    fn life(&self, id: u32) -> Option<Life> {
        let life = self.lives.get((id & ((1 << SLOT_BITS) - 1)) as usize)?;
        (life.serial != 0 && life.serial == id >> SLOT_BITS & SERIAL_MASK).then_some(*life)
    }
}

impl Memory {
    /// Checks an access of `size` bytes. Gives the place of its bytes.
    pub(super) fn resolve(
        &self,
        local: &LocalMemory,
        names: &[String],
        address: u64,
        size: u64,
        align: u64,
    ) -> Result<Range, Box<FaultKind>> {
        let id = (address >> 32) as u32;
        let offset = i64::from(address as u32) - i64::from(ZERO_OFFSET);
        let (region, base, length) = if id >= FIRST_LOCAL {
            let life = local.life(id).ok_or(FaultKind::DeadLocal { address })?;
            (Region::Local, life.start as usize, u64::from(life.size))
        } else if let Some((region, allocation)) = self.find(id) {
            (region, 0, allocation.bytes.len() as u64)
        } else if id == 0 {
            return Err(FaultKind::NullPointer { address }.into());
        } else {
            return Err(FaultKind::WildPointer { address }.into());
        };
        let target = || Target { name: self.name(local, names, id), size: length, offset };
        if offset < 0 || offset as u64 + size > length {
            return Err(FaultKind::OutOfBounds { target: target(), bytes: size }.into());
        }
        if offset as u64 & (align - 1) != 0 {
            return Err(FaultKind::Misaligned { target: target(), align }.into());
        }
        let start = base + offset as usize;
        Ok(Range { region, start, end: start + size as usize })
    }

    /// Reads `size` defined bytes the short way. `None`: something is wrong or undefined, which [`Memory::resolve`] and its callers
    /// find out.
    #[inline]
    pub(super) fn load(&self, local: &LocalMemory, address: u64, size: u64) -> Option<u64> {
        let id = (address >> 32) as u32;
        let (bytes, valid, base, length) = if id >= FIRST_LOCAL {
            let life = local.life(id)?;
            (&local.bytes, &local.valid, life.start as usize, life.size as usize)
        } else {
            let (_, allocation) = self.find(id)?;
            (&allocation.bytes, &allocation.valid, 0, allocation.bytes.len())
        };
        let start = base + offset_in(address, size, length)?;
        (valid.is_empty() || valid_at(valid, start, size)).then(|| bits_at(bytes, start, size))
    }

    /// Writes defined bytes the short way; false where [`Memory::load`] gives `None`, and for memory that is read only.
    #[inline]
    pub(super) fn store(&mut self, local: &mut LocalMemory, address: u64, size: u64, value: u64) -> bool {
        let id = (address >> 32) as u32;
        let (bytes, valid, base, length) = if id >= FIRST_LOCAL {
            let Some(life) = local.life(id) else { return false };
            (&mut local.bytes, &mut local.valid, life.start as usize, life.size as usize)
        } else {
            match self.find_mut(id) {
                Some(allocation) if !allocation.read_only => {
                    let length = allocation.bytes.len();
                    (&mut allocation.bytes, &mut allocation.valid, 0, length)
                }
                _ => return false,
            }
        };
        let Some(offset) = offset_in(address, size, length) else { return false };
        put_bits(bytes, base + offset, size, value);
        if !valid.is_empty() {
            put_bits(valid, base + offset, size, ALL_VALID);
        }
        true
    }

    fn find_mut(&mut self, id: u32) -> Option<&mut Allocation> {
        if id >= FIRST_SHARED {
            self.shared.get_mut((id - FIRST_SHARED) as usize)
        } else if id >= FIRST_GLOBAL {
            self.globals.get_mut((id - FIRST_GLOBAL) as usize)
        } else {
            self.buffers.get_mut((id as usize).checked_sub(FIRST_BUFFER as usize)?)
        }
    }

    fn find(&self, id: u32) -> Option<(Region, &Allocation)> {
        if id >= FIRST_SHARED {
            let index = (id - FIRST_SHARED) as usize;
            self.shared.get(index).map(|allocation| (Region::Shared(index), allocation))
        } else if id >= FIRST_GLOBAL {
            let index = (id - FIRST_GLOBAL) as usize;
            self.globals.get(index).map(|allocation| (Region::Global(index), allocation))
        } else {
            let index = (id as usize).checked_sub(FIRST_BUFFER as usize)?;
            self.buffers.get(index).map(|allocation| (Region::Buffer(index), allocation))
        }
    }

    fn name(&self, local: &LocalMemory, names: &[String], id: u32) -> String {
        if id >= FIRST_LOCAL {
            return local.life(id).and_then(|life| names.get(life.name as usize)).cloned().unwrap_or_default();
        }
        self.find(id).map_or_else(String::new, |(_, allocation)| allocation.name.clone())
    }

    /// What an address points to, for a message.
    pub(super) fn target(&self, local: &LocalMemory, names: &[String], address: u64) -> Target {
        let id = (address >> 32) as u32;
        let size = if id >= FIRST_LOCAL {
            local.life(id).map_or(0, |life| u64::from(life.size))
        } else {
            self.find(id).map_or(0, |(_, allocation)| allocation.bytes.len() as u64)
        };
        Target { name: self.name(local, names, id), size, offset: i64::from(address as u32) - i64::from(ZERO_OFFSET) }
    }

    fn allocation(&self, region: Region) -> Option<&Allocation> {
        match region {
            Region::Buffer(index) => self.buffers.get(index),
            Region::Global(index) => self.globals.get(index),
            Region::Shared(index) => self.shared.get(index),
            Region::Local => None,
        }
    }

    fn allocation_mut(&mut self, region: Region) -> Option<&mut Allocation> {
        match region {
            Region::Buffer(index) => self.buffers.get_mut(index),
            Region::Global(index) => self.globals.get_mut(index),
            Region::Shared(index) => self.shared.get_mut(index),
            Region::Local => None,
        }
    }

    /// The bytes of a range and their validity, which is empty where all bytes are defined.
    pub(super) fn read<'a>(&'a self, local: &'a LocalMemory, range: Range) -> (&'a [u8], &'a [u8]) {
        let (bytes, valid) = match self.allocation(range.region) {
            Some(allocation) => (&allocation.bytes, &allocation.valid),
            None => (&local.bytes, &local.valid),
        };
        let valid = if valid.is_empty() { &[][..] } else { &valid[range.start..range.end] };
        (&bytes[range.start..range.end], valid)
    }

    pub(super) fn write<'a>(&'a mut self, local: &'a mut LocalMemory, range: Range) -> (&'a mut [u8], &'a mut [u8]) {
        let (bytes, valid) = match self.allocation_mut(range.region) {
            Some(allocation) => (&mut allocation.bytes, &mut allocation.valid),
            None => (&mut local.bytes, &mut local.valid),
        };
        let valid = if valid.is_empty() { &mut [][..] } else { &mut valid[range.start..range.end] };
        (&mut bytes[range.start..range.end], valid)
    }

    /// Name and size of an allocation.
    pub(super) fn describe(&self, region: Region) -> (String, u64) {
        self.allocation(region)
            .map_or_else(Default::default, |allocation| (allocation.name.clone(), allocation.bytes.len() as u64))
    }

    pub(super) fn is_read_only(&self, region: Region) -> bool {
        self.allocation(region).is_some_and(|allocation| allocation.read_only)
    }
}

/// Eight valid bytes.
pub(super) const ALL_VALID: u64 = 0x0101_0101_0101_0101;

/// The offset of an address in its allocation, if it is aligned to `size`, a power of two, and `size` bytes there are in bounds.
#[inline]
fn offset_in(address: u64, size: u64, length: usize) -> Option<usize> {
    let offset = u64::from((address as u32).checked_sub(ZERO_OFFSET)?);
    (offset & (size - 1) == 0 && offset + size <= length as u64).then_some(offset as usize)
}

/// 1, 2, 4 or 8 little-endian bytes. Copies of a known size are single instructions.
#[inline]
pub(super) fn bits_at(bytes: &[u8], at: usize, size: u64) -> u64 {
    fn read<const N: usize>(bytes: &[u8], at: usize) -> u64 {
        let mut word = [0; 8];
        word[..N].copy_from_slice(&bytes[at..at + N]);
        u64::from_le_bytes(word)
    }
    match size {
        1 => read::<1>(bytes, at),
        2 => read::<2>(bytes, at),
        4 => read::<4>(bytes, at),
        _ => read::<8>(bytes, at),
    }
}

#[inline]
pub(super) fn put_bits(bytes: &mut [u8], at: usize, size: u64, value: u64) {
    fn write<const N: usize>(bytes: &mut [u8], at: usize, value: u64) {
        bytes[at..at + N].copy_from_slice(&value.to_le_bytes()[..N]);
    }
    match size {
        1 => write::<1>(bytes, at, value),
        2 => write::<2>(bytes, at, value),
        4 => write::<4>(bytes, at, value),
        _ => write::<8>(bytes, at, value),
    }
}

#[inline]
pub(super) fn valid_at(valid: &[u8], at: usize, size: u64) -> bool {
    bits_at(valid, at, size) == ALL_VALID >> (64 - 8 * size)
}

/// Little-endian bytes to a canonical value.
pub(super) fn decode(scalar: Scalar, bytes: &[u8]) -> u64 {
    decoded(scalar, bits_at(bytes, 0, bytes.len() as u64))
}

#[inline]
pub(super) fn decoded(scalar: Scalar, bits: u64) -> u64 {
    if scalar == Scalar::Bool { u64::from(bits != 0) } else { canonical(scalar, bits) }
}

pub(super) fn encode(value: u64, bytes: &mut [u8]) {
    let size = bytes.len();
    bytes.copy_from_slice(&value.to_le_bytes()[..size]);
}

pub(super) fn is_valid(valid: &[u8]) -> bool {
    valid.iter().all(|byte| *byte == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_that_ran_out_still_knows_its_allocation() {
        let memory = Memory {
            buffers: vec![Allocation { name: "x".into(), bytes: vec![0; 8], ..Allocation::default() }; 2],
            ..Memory::default()
        };
        let before = buffer_address(1, 0).wrapping_sub(4);
        let error = memory.resolve(&LocalMemory::default(), &[], before, 4, 4).unwrap_err();
        assert_eq!(error.to_string(), "4 bytes of `x` (8 bytes) at byte -4 are out of bounds");
        let range = memory.resolve(&LocalMemory::default(), &[], buffer_address(1, 4), 4, 4).unwrap();
        assert_eq!((range.region, range.start, range.end), (Region::Buffer(1), 4, 8));
    }

    #[test]
    fn a_dead_variable_is_recognised() {
        let mut local = LocalMemory::default();
        let (_, first) = local.push_frame(8, &[(0, 8, 0)]);
        local.declare(first);
        let old = local.address(first);
        let memory = Memory::default();
        assert!(memory.resolve(&local, &[], old, 8, 8).is_ok());
        local.declare(first);
        assert_eq!(memory.resolve(&local, &[], old, 8, 8).unwrap_err(), Box::new(FaultKind::DeadLocal { address: old }));
    }
}
