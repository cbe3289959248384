//! From a case to what a kernel's parameters hold: C++'s conversions, the host's layout.

use backends::launch_plan::{LaunchArgument, PointerWithin};
use harness::{ArgValue, Field, Layout};
use ir::{FuncId, Function, Module, Scalar, Space, Type, TypeId, Types};

/// Why the arguments of a launch do not fit the kernel.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MisfitError {
    #[error("the kernel takes {wanted} arguments, and the launch has {found}")]
    Count { wanted: usize, found: usize },
    #[error("argument {index}, `{name}`, is a pointer for a parameter that is none")]
    Pointer { index: usize, name: String },
    #[error("argument {index}, `{name}`, is a number for a parameter that is none")]
    Number { index: usize, name: String },
    #[error("argument {index}, `{name}`, has {found} bytes for a parameter of {wanted}")]
    Size { index: usize, name: String, wanted: u64, found: usize },
    #[error("argument {index}, `{name}`, holds a host pointer, which means nothing here")]
    HostPointer { index: usize, name: String },
}

/// The arguments of a launch as the kernel takes them.
pub fn arguments(types: &Types, kernel: &Function, args: &[harness::Arg]) -> Result<Vec<LaunchArgument>, MisfitError> {
    if kernel.params.len() != args.len() {
        return Err(MisfitError::Count { wanted: kernel.params.len(), found: args.len() });
    }
    let pairs = kernel.params.iter().zip(args).enumerate();
    pairs.map(|(index, (param, arg))| argument(types, param.ty, &arg.value, index, &param.name)).collect()
}

/// Whether arguments of these types would choose this instance of a template. Types that are not known fit anything.
pub fn types_fit(module: &Module, kernel: FuncId, args: &[harness::Arg]) -> bool {
    let params = &module.functions[kernel].params;
    let types = &module.tables.types;
    params.len() == args.len()
        && params.iter().zip(args).all(|(param, arg)| match (types.get(param.ty), &arg.ty) {
            (_, None) => true,
            (Type::Pointer { pointee, .. }, Some(text)) => match text.strip_suffix('*') {
                Some(of) => type_fits(types, pointee, of),
                None => false,
            },
            (_, Some(text)) => !text.ends_with('*') && (type_fits(types, param.ty, text) || arithmetic(types, param.ty)),
        })
}

/// Arithmetic parameters take any arithmetic argument.
fn arithmetic(types: &Types, ty: TypeId) -> bool {
    matches!(types.get(ty), Type::Scalar(_))
}

fn type_fits(types: &Types, ty: TypeId, text: &str) -> bool {
    let text = text.trim().trim_end_matches("const").trim();
    match (types.get(ty), scalar_of_name(text)) {
        (Type::Scalar(scalar), Some(named)) => scalar_in_memory(scalar) == Some(named),
        (Type::Scalar(_), None) => text == "bool",
        (_, Some(_)) => false,
        (_, None) => true,
    }
}

fn argument(types: &Types, ty: TypeId, value: &ArgValue, index: usize, name: &str) -> Result<LaunchArgument, MisfitError> {
    let name = name.to_string();
    match (types.get(ty), value) {
        (Type::Pointer { .. }, ArgValue::Pointer { buffer, offset }) => {
            Ok(LaunchArgument::Pointer { buffer: *buffer, offset: *offset as u64 })
        }
        (Type::Pointer { .. }, ArgValue::Null) => Ok(LaunchArgument::Null),
        (_, ArgValue::Pointer { .. } | ArgValue::Null) => Err(MisfitError::Pointer { index, name }),
        (Type::Scalar(scalar), ArgValue::Number { text, ty }) => {
            convert(text, ty.as_deref(), scalar).map(LaunchArgument::Bytes).ok_or(MisfitError::Number { index, name })
        }
        (_, ArgValue::Number { text, ty: from }) => {
            let converted = narrow_float(types, ty).and_then(|scalar| convert(text, from.as_deref(), scalar));
            converted.map(LaunchArgument::Bytes).ok_or(MisfitError::Number { index, name })
        }
        (_, ArgValue::Struct { bytes, pointers }) if bytes.len() as u64 == types.size_of(ty) => {
            let within = |&(at, target): &(usize, harness::Target)| PointerWithin {
                at: at as u32,
                buffer: target.buffer,
                offset: target.offset,
            };
            Ok(LaunchArgument::Struct { bytes: bytes.clone(), pointers: pointers.iter().map(within).collect() })
        }
        (_, ArgValue::Struct { bytes, .. }) => {
            Err(MisfitError::Size { index, name, wanted: types.size_of(ty), found: bytes.len() })
        }
        (_, ArgValue::Bytes(_)) if types.has_pointer(ty) => Err(MisfitError::HostPointer { index, name }),
        (_, ArgValue::Bytes(bytes)) if bytes.len() as u64 != types.size_of(ty) => {
            Err(MisfitError::Size { index, name, wanted: types.size_of(ty), found: bytes.len() })
        }
        (_, ArgValue::Bytes(bytes)) => Ok(LaunchArgument::Bytes(bytes.clone())),
    }
}

/// CUDA's half and bfloat16 are classes that numbers convert to by constructors.
fn narrow_float(types: &Types, ty: TypeId) -> Option<Scalar> {
    let Type::Struct(definition) = types.get(ty) else { return None };
    let definition = &types.structs()[definition];
    match (definition.name.as_str(), definition.fields.as_slice()) {
        ("__half", [_]) => Some(Scalar::F16),
        ("__nv_bfloat16", [_]) => Some(Scalar::BF16),
        _ => None,
    }
}

/// A number as the parameter's type. The argument's own type comes first: `float` rounds, `unsigned` wraps.
fn convert(text: &str, from: Option<&str>, to: Scalar) -> Option<Vec<u8>> {
    let mut value = harness::number(text)?;
    if let Some(from) = from.and_then(scalar_of_name) {
        value = from.cast(value);
    }
    let mut bytes = Vec::new();
    match scalar_in_memory(to) {
        Some(scalar) => scalar.store(scalar.cast(value), &mut bytes)?,
        None => bytes.push(value.is_true().into()),
    }
    Some(bytes)
}

/// The host's arithmetic types as a demangler spells them. Enumerations and unknown names keep their value.
fn scalar_of_name(name: &str) -> Option<harness::Scalar> {
    use harness::Scalar::*;
    Some(match name {
        "char" | "signed char" => I8,
        "unsigned char" => U8,
        "short" => I16,
        "unsigned short" => U16,
        "int" => I32,
        "unsigned int" => U32,
        "long" | "long long" => I64,
        "unsigned long" | "unsigned long long" => U64,
        "float" => F32,
        "double" => F64,
        _ => return None,
    })
}

/// `None` for `bool`, which converts by a comparison with zero.
fn scalar_in_memory(scalar: Scalar) -> Option<harness::Scalar> {
    Some(match scalar {
        Scalar::Bool => return None,
        Scalar::I8 => harness::Scalar::I8,
        Scalar::I16 => harness::Scalar::I16,
        Scalar::I32 => harness::Scalar::I32,
        Scalar::I64 => harness::Scalar::I64,
        Scalar::U8 => harness::Scalar::U8,
        Scalar::U16 => harness::Scalar::U16,
        Scalar::U32 => harness::Scalar::U32,
        Scalar::U64 => harness::Scalar::U64,
        Scalar::F16 => harness::Scalar::F16,
        Scalar::BF16 => harness::Scalar::Bf16,
        Scalar::F32 => harness::Scalar::F32,
        Scalar::F64 => harness::Scalar::F64,
    })
}

/// Deeper structures than this, or wider ones, are compared as bytes.
const MAX_FIELDS: usize = 4096;

/// What stands in memory that a pointer to `ty` reaches: `void` and types with overlapping fields are bytes.
pub fn layout_of(types: &Types, ty: TypeId) -> Layout {
    let bytes = || Layout::plain(harness::Scalar::U8);
    let mut fields = Vec::new();
    if flatten(types, ty, 0, &mut fields).is_none() {
        return bytes();
    }
    match fields.first() {
        None => bytes(),
        Some(first) => {
            let stride = types.size_of(ty) as usize;
            let dense = fields.iter().all(|field| field.scalar == first.scalar);
            let packed = fields.iter().map(|field| field.count * field.scalar.size()).sum::<usize>() == stride;
            if dense && packed { Layout::plain(first.scalar) } else { Layout { stride: stride.max(1), fields } }
        }
    }
}

fn flatten(types: &Types, ty: TypeId, offset: usize, fields: &mut Vec<Field>) -> Option<()> {
    let mut push = |scalar: Scalar, count: usize| {
        let scalar = scalar_in_memory(scalar).unwrap_or(harness::Scalar::U8);
        fields.push(Field { name: format!("+{offset}"), scalar, offset, count });
        (fields.len() <= MAX_FIELDS).then_some(())
    };
    match types.get(ty) {
        Type::Void => None,
        Type::Scalar(scalar) => push(scalar, 1),
        Type::Vector { scalar, count } => push(scalar, count.into()),
        Type::Pointer { .. } => push(Scalar::U64, 1),
        Type::Array { element, count } => {
            let size = types.size_of(element) as usize;
            let count = usize::try_from(count?).ok().filter(|count| *count <= MAX_FIELDS)?;
            (0..count).try_for_each(|i| flatten(types, element, offset + i * size, fields))
        }
        Type::Struct(definition) => {
            let definition = &types.structs()[definition];
            if definition.is_union {
                return None;
            }
            definition.fields.iter().try_for_each(|field| flatten(types, field.ty, offset + field.offset as usize, fields))
        }
    }
}

/// Offsets of the pointers in a type, with what they point to. `None` where unions leave it open.
pub fn pointers_within(types: &Types, ty: TypeId) -> Option<Vec<(usize, TypeId)>> {
    fn collect(types: &Types, ty: TypeId, at: usize, found: &mut Vec<(usize, TypeId)>) -> Option<()> {
        match types.get(ty) {
            _ if !types.has_pointer(ty) => {}
            Type::Pointer { pointee, .. } => found.push((at, pointee)),
            Type::Array { element, count } => {
                let size = types.size_of(element) as usize;
                (0..count? as usize).try_for_each(|i| collect(types, element, at + i * size, found))?;
            }
            Type::Struct(definition) => {
                let definition = &types.structs()[definition];
                if definition.is_union {
                    return None;
                }
                definition.fields.iter().try_for_each(|field| collect(types, field.ty, at + field.offset as usize, found))?;
            }
            Type::Void | Type::Scalar(_) | Type::Vector { .. } => {}
        }
        Some(())
    }
    let mut found = Vec::new();
    collect(types, ty, 0, &mut found)?;
    Some(found)
}

/// The variables of the module that hold pointers, with the place and the pointee of each.
pub fn symbol_pointers(module: &Module) -> Vec<(String, Vec<(usize, TypeId)>)> {
    let globals = module.tables.globals.iter().map(|(_, global)| global);
    let device = globals.filter(|global| matches!(global.space, Space::Global | Space::Constant));
    let found = device.filter_map(|global| Some((global.name.clone(), pointers_within(&module.tables.types, global.ty)?)));
    found.filter(|(_, pointers)| !pointers.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::Span;

    #[test]
    fn numbers_convert_as_in_cpp() {
        assert_eq!(convert("-1", Some("int"), Scalar::U32), Some(vec![255; 4]));
        assert_eq!(convert("300", Some("unsigned char"), Scalar::I32), Some(vec![44, 0, 0, 0]));
        assert_eq!(convert("2.9", Some("double"), Scalar::I32), Some(vec![2, 0, 0, 0]));
        assert_eq!(convert("0.1", Some("float"), Scalar::F64), Some(f64::from(0.1f32).to_le_bytes().to_vec()));
        assert_eq!(convert("7", None, Scalar::Bool), Some(vec![1]));
        assert_eq!(convert("seven", None, Scalar::I32), None);
    }

    #[test]
    fn structures_flatten_and_dense_ones_are_plain() {
        let mut types = Types::default();
        let float = types.scalar(Scalar::F32);
        let word = types.scalar(Scalar::I32);
        let float4 = types.vector(Scalar::F32, 4);
        let field = |name: &str, ty, offset| ir::Field { name: name.into(), ty, offset };
        let mixed = ir::Struct {
            name: "Mixed".into(),
            fields: vec![field("v", float4, 0), field("id", word, 16)],
            size: 32,
            align: 16,
            is_union: false,
        };
        let mixed = types.add_struct(mixed, Span::NONE);
        let void = types.void();
        assert_eq!(layout_of(&types, float), Layout::plain(harness::Scalar::F32));
        assert_eq!(layout_of(&types, float4), Layout::plain(harness::Scalar::F32));
        assert_eq!(layout_of(&types, void), Layout::plain(harness::Scalar::U8));
        let layout = layout_of(&types, mixed);
        assert_eq!((layout.stride, layout.fields.len(), layout.fields[1].offset), (32, 2, 16));
    }
}
