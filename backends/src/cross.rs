//! From our WGSL through naga: validation, and the text of MSL, HLSL and GLSL.
//!
//! Binding numbers are kept: binding `n` of group 0 is `buffer(n)` in Metal, register `n` of space 0 in Direct3D and `binding = n` in
//! OpenGL. Pipeline constants are fixed to their defaults here, since these languages have none; emit with a known block size.

use crate::wgsl::ENABLE_SUBGROUPS;
use naga::back::{glsl, hlsl, msl};
use naga::valid::{Capabilities, ModuleInfo, SubgroupOperationSet, ValidationFlags, Validator};
use naga::{AddressSpace, Module, ShaderStage};
use std::borrow::Cow;

/// A language that naga writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    Msl,
    Hlsl,
    Glsl,
}

/// What naga says against a text, with its place in the WGSL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NagaError {
    pub message: String,
}

fn error(message: impl std::fmt::Display) -> NagaError {
    NagaError { message: message.to_string() }
}

/// A module that naga has parsed and accepted.
pub struct Checked {
    module: Module,
    info: ModuleInfo,
}

/// Parses and validates WGSL. With `portable`, core WGSL is all that is allowed (with f16 and subgroups where the text enables them).
pub fn check(text: &str, portable: bool) -> Result<Checked, NagaError> {
    let text = &for_naga(text);
    let module = naga::front::wgsl::parse_str(text).map_err(|e| error(e.emit_to_string(text)))?;
    let capabilities = if portable { Capabilities::SHADER_FLOAT16 | Capabilities::SUBGROUP } else { Capabilities::all() };
    let mut validator = Validator::new(ValidationFlags::all(), capabilities);
    validator.subgroup_stages(naga::valid::ShaderStages::COMPUTE).subgroup_operations(SubgroupOperationSet::all());
    let info = validator.validate(&module).map_err(|e| error(e.emit_to_string(text)))?;
    Ok(Checked { module, info })
}

/// naga 30 has subgroups and refuses the line by which WGSL asks for them. An empty one keeps the places of errors.
pub fn for_naga(text: &str) -> Cow<'_, str> {
    if text.contains(ENABLE_SUBGROUPS) { text.replacen(ENABLE_SUBGROUPS, "", 1).into() } else { text.into() }
}

impl Checked {
    /// The whole module in another language; for GLSL the first entry point, since a GLSL text has one.
    pub fn write(&self, language: Language) -> Result<String, NagaError> {
        let constants = naga::back::PipelineConstants::default();
        let (module, info) =
            naga::back::pipeline_constants::process_overrides(&self.module, &self.info, None, &constants).map_err(error)?;
        match language {
            Language::Msl => write_msl(&module, &info),
            Language::Hlsl => write_hlsl(&module, &info),
            Language::Glsl => write_glsl(&module, &info),
        }
    }
}

/// The buffers of a module: group and number, and whether the shader writes them.
fn buffers(module: &Module) -> impl Iterator<Item = (naga::ResourceBinding, bool)> {
    module.global_variables.iter().filter_map(|(_, variable)| {
        let writes = matches!(variable.space, AddressSpace::Storage { access } if access.contains(naga::StorageAccess::STORE));
        Some((variable.binding?, writes))
    })
}

fn write_msl(module: &Module, info: &ModuleInfo) -> Result<String, NagaError> {
    let mut resources = msl::EntryPointResources::default();
    for (binding, mutable) in buffers(module) {
        let slot = u8::try_from(binding.binding).map_err(error)?;
        resources.resources.insert(binding, msl::BindTarget { buffer: Some(slot), mutable, ..Default::default() });
    }
    // Metal does not know a buffer's length: the host passes the lengths in a buffer of their own.
    resources.sizes_buffer = Some(30);
    let entries = module.entry_points.iter().map(|entry| (entry.name.clone(), resources.clone())).collect();
    let options = msl::Options {
        lang_version: (2, 4),
        per_entry_point_map: entries,
        fake_missing_bindings: false,
        force_loop_bounding: false,
        ..Default::default()
    };
    msl::write_string(module, info, &options, &msl::PipelineOptions::default()).map(|(text, _)| text).map_err(error)
}

fn write_hlsl(module: &Module, info: &ModuleInfo) -> Result<String, NagaError> {
    let binding_map = buffers(module)
        .map(|(binding, _)| (binding, hlsl::BindTarget { space: 0, register: binding.binding, ..Default::default() }))
        .collect();
    let options = hlsl::Options {
        shader_model: hlsl::ShaderModel::V6_0,
        binding_map,
        fake_missing_bindings: false,
        special_constants_binding: Some(hlsl::BindTarget { space: 1, register: 0, ..Default::default() }),
        force_loop_bounding: false,
        ..Default::default()
    };
    let pipeline = hlsl::PipelineOptions::default();
    let mut text = String::new();
    hlsl::Writer::new(&mut text, &options, &pipeline).write(module, info, None).map_err(error)?;
    Ok(text)
}

fn write_glsl(module: &Module, info: &ModuleInfo) -> Result<String, NagaError> {
    let entry = module.entry_points.first().ok_or_else(|| error("the module has no kernel"))?;
    let binding_map = buffers(module).filter_map(|(binding, _)| Some((binding, u8::try_from(binding.binding).ok()?))).collect();
    let options = glsl::Options { version: glsl::Version::Desktop(450), binding_map, ..Default::default() };
    let pipeline = glsl::PipelineOptions { shader_stage: ShaderStage::Compute, entry_point: entry.name.clone(), multiview: None };
    let mut text = String::new();
    let policies = naga::proc::BoundsCheckPolicies::default();
    let mut writer = glsl::Writer::new(&mut text, module, info, &options, &pipeline, policies).map_err(error)?;
    writer.write().map_err(error)?;
    Ok(text)
}
