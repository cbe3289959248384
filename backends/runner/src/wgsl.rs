//! What a WGSL kernel asks of the device once its constants are set.
//!
//! wgpu 30 checks the block only where it is written as numbers, not where a pipeline constant decides it, and never checks
//! workgroup memory; drivers then compute something or crash. So both are computed here with naga.

use std::borrow::Cow;
use wgpu::naga;

use crate::RunError;

/// The text as naga 30 takes it: it has subgroups, and refuses the line by which WGSL asks for them.
pub(crate) fn for_naga(text: &str) -> Cow<'_, str> {
    const ENABLE: &str = "enable subgroups;";
    if text.contains(ENABLE) { text.replacen(ENABLE, "", 1).into() } else { text.into() }
}

/// What a kernel needs that wgpu does not check.
pub(crate) struct Demands {
    pub(crate) block: [u32; 3],
    /// Bytes of workgroup memory that the entry point uses.
    pub(crate) workgroup_storage: u64,
}

pub(crate) fn demands(text: &str, entry: &str, constants: &[(String, f64)]) -> Result<Demands, RunError> {
    let invalid = |reason: String| RunError::InvalidModule { reason };
    let module = naga::front::wgsl::parse_str(text).map_err(|error| invalid(error.emit_to_string(text)))?;
    let mut validator = naga::valid::Validator::new(naga::valid::ValidationFlags::all(), naga::valid::Capabilities::all());
    validator.subgroup_stages(naga::valid::ShaderStages::COMPUTE).subgroup_operations(naga::valid::SubgroupOperationSet::all());
    let info = validator.validate(&module).map_err(|error| invalid(error.emit_to_string(text)))?;
    let no_pipeline = |reason: String| RunError::Pipeline { entry: entry.to_string(), reason };
    let Some(index) = module.entry_points.iter().position(|point| point.name == entry) else {
        return Err(no_pipeline("the module has no such entry point".to_string()));
    };
    let stage = module.entry_points[index].stage;
    let constants = constants.iter().cloned().collect();
    let (module, info) = naga::back::pipeline_constants::process_overrides(&module, &info, Some((stage, entry)), &constants)
        .map_err(|error| no_pipeline(error.to_string()))?;
    let Some(index) = module.entry_points.iter().position(|point| point.name == entry) else {
        return Err(no_pipeline("the module has no such entry point".to_string()));
    };
    let workgroup_storage = workgroup_storage(&module, info.get_entry_point(index)).map_err(no_pipeline)?;
    Ok(Demands { block: module.entry_points[index].workgroup_size, workgroup_storage })
}

fn workgroup_storage(module: &naga::Module, uses: &naga::valid::FunctionInfo) -> Result<u64, String> {
    let mut layouter = naga::proc::Layouter::default();
    layouter.update(module.to_ctx()).map_err(|error| error.to_string())?;
    let used = module
        .global_variables
        .iter()
        .filter(|(handle, variable)| variable.space == naga::AddressSpace::WorkGroup && !uses[*handle].is_empty());
    Ok(used.map(|(_, variable)| u64::from(layouter[variable.ty].to_stride())).sum())
}
