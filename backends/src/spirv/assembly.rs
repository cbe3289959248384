//! A SPIR-V module under construction: ids, types, constants, decorations.
//!
//! What must hold: types other than structs and arrays exist once (Section 2.8), constants stand before their first use.

use rspirv::binary::Assemble;
use rspirv::dr::{Function, Instruction, Module, ModuleHeader, Operand};
use rspirv::spirv::{
    AddressingModel, BuiltIn, Capability, Decoration, ExecutionMode, ExecutionModel, MemoryModel, Op, StorageClass, Word,
};
use rustc_hash::FxHashMap;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum TypeKey {
    Void,
    Bool,
    Int(u32),
    SignedInt(u32),
    Float(u32),
    Vector(Word, u32),
    Pair(Word),
    Pointer(StorageClass, Word),
    Function(Word, Vec<Word>),
}

pub(super) struct Assembly {
    module: Module,
    next: Word,
    types: FxHashMap<TypeKey, Word>,
    constants: FxHashMap<(Word, u64), Word>,
    nulls: FxHashMap<Word, Word>,
    glsl: Word,
}

fn ids(words: &[Word]) -> Vec<Operand> {
    words.iter().map(|word| Operand::IdRef(*word)).collect()
}

impl Assembly {
    pub(super) fn new() -> Assembly {
        let mut assembly = Assembly {
            module: Module::new(),
            next: 1,
            types: FxHashMap::default(),
            constants: FxHashMap::default(),
            nulls: FxHashMap::default(),
            glsl: 0,
        };
        assembly.capability(Capability::Shader);
        assembly.glsl = assembly.id();
        let import = vec![Operand::LiteralString("GLSL.std.450".to_string())];
        assembly.module.ext_inst_imports.push(Instruction::new(Op::ExtInstImport, None, Some(assembly.glsl), import));
        let model = vec![Operand::AddressingModel(AddressingModel::Logical), Operand::MemoryModel(MemoryModel::GLSL450)];
        assembly.module.memory_model = Some(Instruction::new(Op::MemoryModel, None, None, model));
        assembly
    }

    pub(super) fn finish(mut self) -> Vec<u32> {
        let mut header = ModuleHeader::new(self.next);
        header.set_version(1, 3);
        self.module.header = Some(header);
        self.module.assemble()
    }

    pub(super) fn id(&mut self) -> Word {
        self.next += 1;
        self.next - 1
    }

    /// The import of `GLSL.std.450`.
    pub(super) fn glsl(&self) -> Word {
        self.glsl
    }

    pub(super) fn capability(&mut self, capability: Capability) {
        let instruction = Instruction::new(Op::Capability, None, None, vec![Operand::Capability(capability)]);
        if !self.module.capabilities.contains(&instruction) {
            self.module.capabilities.push(instruction);
        }
    }

    pub(super) fn name(&mut self, id: Word, name: &str) {
        let operands = vec![Operand::IdRef(id), Operand::LiteralString(name.to_string())];
        self.module.debug_names.push(Instruction::new(Op::Name, None, None, operands));
    }

    pub(super) fn member_name(&mut self, id: Word, member: u32, name: &str) {
        let operands = vec![Operand::IdRef(id), Operand::LiteralBit32(member), Operand::LiteralString(name.to_string())];
        self.module.debug_names.push(Instruction::new(Op::MemberName, None, None, operands));
    }

    pub(super) fn decorate(&mut self, id: Word, decoration: Decoration, literals: &[u32]) {
        let mut operands = vec![Operand::IdRef(id), Operand::Decoration(decoration)];
        operands.extend(literals.iter().map(|literal| Operand::LiteralBit32(*literal)));
        self.module.annotations.push(Instruction::new(Op::Decorate, None, None, operands));
    }

    pub(super) fn decorate_built_in(&mut self, id: Word, built_in: BuiltIn) {
        let operands = vec![Operand::IdRef(id), Operand::Decoration(Decoration::BuiltIn), Operand::BuiltIn(built_in)];
        self.module.annotations.push(Instruction::new(Op::Decorate, None, None, operands));
    }

    pub(super) fn decorate_member(&mut self, id: Word, member: u32, decoration: Decoration, literals: &[u32]) {
        let mut operands = vec![Operand::IdRef(id), Operand::LiteralBit32(member), Operand::Decoration(decoration)];
        operands.extend(literals.iter().map(|literal| Operand::LiteralBit32(*literal)));
        self.module.annotations.push(Instruction::new(Op::MemberDecorate, None, None, operands));
    }

    pub(super) fn entry_point(&mut self, function: Word, name: &str, interface: &[Word]) {
        let mut operands = vec![Operand::ExecutionModel(ExecutionModel::GLCompute), Operand::IdRef(function)];
        operands.push(Operand::LiteralString(name.to_string()));
        operands.extend(ids(interface));
        self.module.entry_points.push(Instruction::new(Op::EntryPoint, None, None, operands));
    }

    pub(super) fn local_size(&mut self, function: Word, threads: u32) {
        let mut operands = vec![Operand::IdRef(function), Operand::ExecutionMode(ExecutionMode::LocalSize)];
        operands.extend([threads, 1, 1].map(Operand::LiteralBit32));
        self.module.execution_modes.push(Instruction::new(Op::ExecutionMode, None, None, operands));
    }

    pub(super) fn add_function(&mut self, function: Function) {
        self.module.functions.push(function);
    }

    fn global(&mut self, op: Op, ty: Option<Word>, operands: Vec<Operand>) -> Word {
        let id = self.id();
        self.module.types_global_values.push(Instruction::new(op, ty, Some(id), operands));
        id
    }

    fn unique(&mut self, key: TypeKey, op: Op, operands: Vec<Operand>) -> Word {
        if let Some(id) = self.types.get(&key) {
            return *id;
        }
        let id = self.global(op, None, operands);
        self.types.insert(key, id);
        id
    }

    pub(super) fn void(&mut self) -> Word {
        self.unique(TypeKey::Void, Op::TypeVoid, Vec::new())
    }

    pub(super) fn bool(&mut self) -> Word {
        self.unique(TypeKey::Bool, Op::TypeBool, Vec::new())
    }

    /// An integer of 32 or 64 bits.
    pub(super) fn int(&mut self, bits: u32) -> Word {
        if bits == 64 {
            self.capability(Capability::Int64);
        }
        self.unique(TypeKey::Int(bits), Op::TypeInt, vec![Operand::LiteralBit32(bits), Operand::LiteralBit32(0)])
    }

    /// Optimizers fold conversions by the sign of the type and not of the operation, so these alone have signed types.
    pub(super) fn signed_int(&mut self, bits: u32) -> Word {
        if bits == 64 {
            self.capability(Capability::Int64);
        }
        self.unique(TypeKey::SignedInt(bits), Op::TypeInt, vec![Operand::LiteralBit32(bits), Operand::LiteralBit32(1)])
    }

    pub(super) fn u32(&mut self) -> Word {
        self.int(32)
    }

    pub(super) fn float(&mut self, bits: u32) -> Word {
        match bits {
            64 => self.capability(Capability::Float64),
            16 => self.capability(Capability::Float16),
            _ => {}
        }
        self.unique(TypeKey::Float(bits), Op::TypeFloat, vec![Operand::LiteralBit32(bits)])
    }

    pub(super) fn vector(&mut self, component: Word, count: u32) -> Word {
        let operands = vec![Operand::IdRef(component), Operand::LiteralBit32(count)];
        self.unique(TypeKey::Vector(component, count), Op::TypeVector, operands)
    }

    /// What the extended arithmetic of Section 3.42.13 returns.
    pub(super) fn pair(&mut self, part: Word) -> Word {
        self.unique(TypeKey::Pair(part), Op::TypeStruct, ids(&[part, part]))
    }

    pub(super) fn pointer(&mut self, class: StorageClass, pointee: Word) -> Word {
        let operands = vec![Operand::StorageClass(class), Operand::IdRef(pointee)];
        self.unique(TypeKey::Pointer(class, pointee), Op::TypePointer, operands)
    }

    pub(super) fn function_type(&mut self, result: Word, params: &[Word]) -> Word {
        let mut operands = ids(&[result]);
        operands.extend(ids(params));
        self.unique(TypeKey::Function(result, params.to_vec()), Op::TypeFunction, operands)
    }

    pub(super) fn array(&mut self, element: Word, length: Word) -> Word {
        self.global(Op::TypeArray, None, ids(&[element, length]))
    }

    pub(super) fn runtime_array(&mut self, element: Word) -> Word {
        self.global(Op::TypeRuntimeArray, None, ids(&[element]))
    }

    pub(super) fn structure(&mut self, members: &[Word]) -> Word {
        self.global(Op::TypeStruct, None, ids(members))
    }

    pub(super) fn truth(&mut self, value: bool) -> Word {
        let ty = self.bool();
        if let Some(id) = self.constants.get(&(ty, u64::from(value))) {
            return *id;
        }
        let id = self.global(if value { Op::ConstantTrue } else { Op::ConstantFalse }, Some(ty), Vec::new());
        self.constants.insert((ty, u64::from(value)), id);
        id
    }

    /// A number of type `ty` by its bits, of which there are `width`.
    pub(super) fn constant(&mut self, ty: Word, width: u32, bits: u64) -> Word {
        if let Some(id) = self.constants.get(&(ty, bits)) {
            return *id;
        }
        let literal = if width == 64 { Operand::LiteralBit64(bits) } else { Operand::LiteralBit32(bits as u32) };
        let id = self.global(Op::Constant, Some(ty), vec![literal]);
        self.constants.insert((ty, bits), id);
        id
    }

    pub(super) fn constant_u32(&mut self, value: u32) -> Word {
        let ty = self.u32();
        self.constant(ty, 32, u64::from(value))
    }

    /// All bits zero.
    pub(super) fn null(&mut self, ty: Word) -> Word {
        if let Some(id) = self.nulls.get(&ty) {
            return *id;
        }
        let id = self.global(Op::ConstantNull, Some(ty), Vec::new());
        self.nulls.insert(ty, id);
        id
    }

    /// A `u32` that launchers set by `name` or by `spec_id`.
    pub(super) fn spec_constant_u32(&mut self, name: &str, spec_id: u32, default: u32) -> Word {
        let ty = self.u32();
        let id = self.global(Op::SpecConstant, Some(ty), vec![Operand::LiteralBit32(default)]);
        self.decorate(id, Decoration::SpecId, &[spec_id]);
        self.name(id, name);
        id
    }

    /// The product of two `u32` constants, known when the pipeline is made.
    pub(super) fn spec_product(&mut self, a: Word, b: Word) -> Word {
        let ty = self.u32();
        let operands = vec![Operand::LiteralSpecConstantOpInteger(Op::IMul), Operand::IdRef(a), Operand::IdRef(b)];
        self.global(Op::SpecConstantOp, Some(ty), operands)
    }

    /// Section 3.21: the constant that gives all entry points their workgroup size.
    pub(super) fn workgroup_size(&mut self, threads: Word) {
        let one = self.constant_u32(1);
        let u32_type = self.u32();
        let vector = self.vector(u32_type, 3);
        let id = self.global(Op::SpecConstantComposite, Some(vector), ids(&[threads, one, one]));
        self.decorate_built_in(id, BuiltIn::WorkgroupSize);
    }

    /// A module variable of class `class` and the pointee's type.
    pub(super) fn variable(&mut self, class: StorageClass, pointee: Word) -> Word {
        let pointer = self.pointer(class, pointee);
        self.global(Op::Variable, Some(pointer), vec![Operand::StorageClass(class)])
    }
}
