//! Chooses places: a root, a type that fits its alignment, an offset, and the way down to a scalar.

use super::build::Builder;
use super::types::{Prim, Ty, align_of, is_loose, size_of};
use super::{Access, Index, Root, Spelling, Step};

/// What an access may be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Read,
    Write,
    /// An integer of at most 32 bits that is written; `bits`: or a bit-field.
    Integer {
        bits: bool,
    },
    /// A whole place, which is copied.
    Whole {
        write: bool,
    },
    /// A word that an atomic may change.
    Word,
}

impl Want {
    fn writes(self) -> bool {
        !matches!(self, Want::Read | Want::Whole { write: false })
    }
}

impl Builder {
    pub(super) fn access(&mut self, want: Want) -> Access {
        loop {
            let root = self.choose_root(want);
            let ty =
                if want == Want::Word { Ty::Prim(self.random.pick(&[Prim::I32, Prim::U32])) } else { self.choose_type(root) };
            if let Some(access) = self.place(root, ty, want) {
                return access;
            }
        }
    }

    /// A place of this type in some root.
    pub(super) fn access_of(&mut self, ty: &Ty, want: Want) -> Access {
        loop {
            let root = self.choose_root(want);
            if let Some(access) = self.place(root, ty.clone(), want) {
                return access;
            }
        }
    }

    /// A place of another type that may share bytes with this one.
    pub(super) fn other_view(&mut self, stored: &Access) -> Access {
        loop {
            let ty = self.any_type();
            let Some(access) = self.place(stored.root, ty, Want::Read) else { continue };
            let [a, b] = [stored, &access].map(|access| {
                let moved = access.index.as_ref().map_or(0, |index| index.mask * index.stride);
                access.offset..access.offset + moved + size_of(&access.ty, &self.program.records)
            });
            if access.ty != stored.ty && a.start < b.end && b.start < a.end {
                return access;
            }
        }
    }

    fn choose_root(&mut self, want: Want) -> Root {
        let mut roots = vec![Root::Own, Root::Own, Root::Own, Root::Pool, Root::Packed, Root::Packed];
        if self.program.declared.alias.is_some() {
            roots.push(Root::Alias);
        }
        if !self.sharing {
            roots.extend([Root::Tile, Root::Tile, Root::PackedTile]);
        }
        if want != Want::Word {
            roots.extend([Root::Mine, Root::Mine, Root::Mine]);
            for number in &self.pointers {
                roots.extend([Root::Pointer(*number); 4]);
            }
        }
        if !want.writes() {
            roots.extend([Root::Input, Root::Table]);
            if self.sharing {
                let distance = self.random.below(16) as u32;
                roots.extend([Root::Neighbour { packed: false, distance }, Root::Neighbour { packed: false, distance }]);
                roots.push(Root::Neighbour { packed: true, distance });
            }
        }
        self.random.pick(&roots)
    }

    fn choose_type(&mut self, root: Root) -> Ty {
        let declared = self.declared(root).filter(|_| self.random.state_bit());
        declared.unwrap_or_else(|| self.any_type())
    }

    pub(super) fn declared(&self, root: Root) -> Option<Ty> {
        let declared = &self.program.declared;
        match root {
            Root::Own => Some(declared.own.clone()),
            Root::Alias => declared.alias.clone(),
            Root::Mine => Some(declared.mine.clone()),
            Root::Tile => Some(declared.tile.clone()),
            Root::Pool => Some(Ty::Prim(declared.pool)),
            Root::Input => Some(declared.input.clone()),
            _ => None,
        }
    }

    pub(super) fn any_prim(&mut self) -> Prim {
        let narrow = [Prim::I8, Prim::U8, Prim::I16, Prim::U16, Prim::I32, Prim::U32, Prim::F32, Prim::U32, Prim::F32];
        let wide = [Prim::I64, Prim::U64, Prim::F64];
        if self.wide && self.random.chance(4) { self.random.pick(&wide) } else { self.random.pick(&narrow) }
    }

    pub(super) fn any_vector(&mut self) -> Ty {
        let prim = self.any_prim();
        let lanes = if prim.is_wide() { 2 } else { 2 + self.random.below(3) as u32 };
        Ty::Vector(prim, lanes)
    }

    fn any_type(&mut self) -> Ty {
        match self.random.below(12) {
            0..=4 => Ty::Prim(self.any_prim()),
            5 => Ty::Prim(Prim::Bool),
            6..=8 => self.any_vector(),
            _ if self.program.records.is_empty() => Ty::Prim(Prim::U16),
            _ => Ty::Record(self.random.below(self.program.records.len() as u64) as usize),
        }
    }

    fn place(&mut self, root: Root, ty: Ty, want: Want) -> Option<Access> {
        let (extent, root_align) = self.program.extent(root);
        let (size, align) = (size_of(&ty, &self.program.records), align_of(&ty, &self.program.records));
        if size > extent || align > root_align {
            return None;
        }
        let is_declared = self.declared(root).as_ref() == Some(&ty);
        let step = if is_declared { size } else { align };
        let index = self.index(extent - size, step);
        let moved = index.as_ref().map_or(0, |index| index.mask * index.stride);
        let offset = self.random.below(u64::from((extent - size - moved) / step) + 1) as u32 * step;
        let spelling = match self.random.below(8) {
            0 | 1 => Spelling::Indexed,
            2 => Spelling::ThroughShorts,
            3 => Spelling::Reference,
            _ if is_declared => Spelling::Declared,
            _ => Spelling::Cast,
        };
        let steps = match want {
            Want::Whole { .. } => Vec::new(),
            _ => self.steps(&ty),
        };
        let fits = match (want, self.leaf(&ty, &steps)) {
            (Want::Whole { .. }, _) => !is_loose(&ty, &self.program.records),
            (Want::Integer { bits }, Some((prim, is_bits))) => prim.is_small_integer() && (bits || !is_bits),
            _ => true,
        };
        fits.then(|| {
            self.mark(root);
            Access { root, ty, offset, index, steps, spelling }
        })
    }

    /// An index that moves the place by multiples of `step`, within `room` bytes.
    fn index(&mut self, room: u32, step: u32) -> Option<Index> {
        if !self.random.chance(3) {
            return None;
        }
        let (mask, stride) = (self.random.pick(&[1, 3, 7]), step * self.random.pick(&[1, 1, 2, 3]));
        let value = Box::new(self.expr(1));
        (mask * stride <= room).then_some(Index { value, mask, stride })
    }

    /// Down to some scalar or bit-field.
    pub(super) fn steps(&mut self, ty: &Ty) -> Vec<Step> {
        let mut ty = ty.clone();
        let mut steps = Vec::new();
        loop {
            ty = match ty {
                Ty::Prim(_) => return steps,
                Ty::Vector(prim, lanes) => {
                    steps.push(Step::Lane(self.random.below(u64::from(lanes)) as u32));
                    Ty::Prim(prim)
                }
                Ty::Array(prim, count) => {
                    let mask = if count >= 4 { 3 } else { 1 };
                    steps.push(Step::Element(Box::new(self.expr(1)), mask));
                    Ty::Prim(prim)
                }
                Ty::Record(record) => {
                    let number = self.random.below(self.program.records[record].fields.len() as u64) as usize;
                    steps.push(Step::Field(number));
                    self.program.records[record].fields[number].ty.clone()
                }
            }
        }
    }

    /// The scalar at the end of the steps, and whether it is a bit-field.
    fn leaf(&self, ty: &Ty, steps: &[Step]) -> Option<(Prim, bool)> {
        let (mut ty, mut is_bits) = (ty.clone(), false);
        for step in steps {
            ty = match (step, ty) {
                (Step::Field(number), Ty::Record(record)) => {
                    let field = &self.program.records[record].fields[*number];
                    is_bits = field.bits.is_some();
                    field.ty.clone()
                }
                (_, Ty::Vector(prim, _) | Ty::Array(prim, _)) => Ty::Prim(prim),
                (_, other) => other,
            };
        }
        match ty {
            Ty::Prim(prim) => Some((prim, is_bits)),
            _ => None,
        }
    }
}
