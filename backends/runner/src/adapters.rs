//! Finds the devices of this machine and says which of them are not used, and why.
//!
//! Which software drivers are there is the Vulkan loader's matter: `VK_DRIVER_FILES` or `VK_ADD_DRIVER_FILES` may list several,
//! and all of them show as devices at once. A machine without a Vulkan loader has no devices and a reason.

use serde::{Deserialize, Serialize};

use crate::RunError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    /// A discrete, integrated or virtual GPU.
    Gpu,
    /// A driver that computes on the CPU: for conformance, never for speed.
    Software,
}

/// The limits that decide whether a kernel can run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub max_buffer_size: u64,
    pub max_storage_binding_size: u64,
    pub max_uniform_binding_size: u64,
    pub max_storage_buffers: u32,
    pub storage_offset_alignment: u32,
    pub uniform_offset_alignment: u32,
    /// In bytes. wgpu does not enforce it natively, we do.
    pub max_workgroup_storage: u32,
    pub max_block_threads: u32,
    pub max_block: [u32; 3],
    pub max_groups_per_dimension: u32,
    pub subgroup_size: [u32; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Short and stable, as `--device` takes it: `lavapipe`, `swiftshader`, `nvidia-h200`.
    pub id: String,
    /// The adapter's own name.
    pub name: String,
    pub kind: DeviceKind,
    pub backend: String,
    pub driver: String,
    pub driver_version: String,
    pub limits: Limits,
    /// wgpu's names of the features, in wgpu's order.
    pub features: Vec<String>,
}

impl DeviceInfo {
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|name| name == feature)
    }
}

/// A device that is there but is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub device: String,
    pub reason: String,
}

/// A device that can be opened with [`crate::Device::open`].
#[derive(Clone, Debug)]
pub struct Adapter {
    pub info: DeviceInfo,
    pub(crate) raw: wgpu::Adapter,
}

/// All devices: real GPUs first, each kind in the driver's order.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    pub present: Vec<Adapter>,
    /// Never empty when `present` is.
    pub left_out: Vec<LeftOut>,
}

impl Devices {
    /// The device of this id, or the first whose name contains it.
    pub fn find(&self, wanted: &str) -> Result<&Adapter, RunError> {
        let wanted_lower = wanted.to_lowercase();
        let by_id = self.present.iter().find(|a| a.info.id == wanted_lower);
        let by_name = || self.present.iter().find(|a| a.info.name.to_lowercase().contains(&wanted_lower));
        if let Some(adapter) = by_id.or_else(by_name) {
            return Ok(adapter);
        }
        if let Some(out) = self.left_out.iter().find(|out| out.device.to_lowercase().contains(&wanted_lower)) {
            return Err(RunError::RefusedDevice { device: out.device.clone(), reason: out.reason.clone() });
        }
        Err(RunError::NoDevice { wanted: wanted.to_string(), reason: self.what_is_there() })
    }

    fn what_is_there(&self) -> String {
        if self.present.is_empty() {
            return self.left_out.iter().map(|out| out.reason.as_str()).collect::<Vec<_>>().join("; ");
        }
        let ids: Vec<&str> = self.present.iter().map(|a| a.info.id.as_str()).collect();
        format!("there are {}", ids.join(", "))
    }
}

/// Asks every backend that is compiled in.
pub fn devices() -> Devices {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.flags = wgpu::InstanceFlags::empty();
    let instance = wgpu::Instance::new(descriptor);
    let adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all()));
    let mut found = Devices::default();
    for raw in adapters {
        sort_in(&mut found, raw);
    }
    found.present.sort_by_key(|adapter| adapter.info.kind == DeviceKind::Software);
    number_twins(&mut found.present);
    if found.present.is_empty() && found.left_out.is_empty() {
        let reason = format!("no driver for {} was found on this machine", compiled_backends());
        found.left_out.push(LeftOut { device: "gpu".to_string(), reason });
    }
    found
}

fn sort_in(found: &mut Devices, raw: wgpu::Adapter) {
    let info = describe(&raw);
    let twin = found.present.iter().any(|other| other.info == info && info.kind == DeviceKind::Software);
    let reason = reason_to_refuse(&info).or_else(|| twin.then(|| "the same software driver is listed twice".to_string()));
    match reason {
        Some(reason) => found.left_out.push(LeftOut { device: format!("{} ({})", info.id, info.driver_version), reason }),
        None => found.present.push(Adapter { info, raw }),
    }
}

/// Two equal GPUs become `name` and `name-2`.
fn number_twins(present: &mut [Adapter]) {
    for index in 1..present.len() {
        let (before, rest) = present.split_at_mut(index);
        let earlier = before.iter().filter(|a| a.info.name == rest[0].info.name && a.info.driver == rest[0].info.driver).count();
        if earlier > 0 {
            rest[0].info.id = format!("{}-{}", rest[0].info.id, earlier + 1);
        }
    }
}

fn compiled_backends() -> String {
    let names: Vec<&str> = wgpu::Instance::enabled_backend_features().iter_names().map(|(name, _)| name).collect();
    names.join(", ").to_lowercase()
}

fn describe(raw: &wgpu::Adapter) -> DeviceInfo {
    let info = raw.get_info();
    let limits = raw.limits();
    DeviceInfo {
        id: short_name(&info),
        name: info.name.clone(),
        kind: if info.device_type == wgpu::DeviceType::Cpu { DeviceKind::Software } else { DeviceKind::Gpu },
        backend: info.backend.to_str().to_string(),
        driver: info.driver.clone(),
        driver_version: info.driver_info.clone(),
        limits: Limits {
            max_buffer_size: limits.max_buffer_size,
            max_storage_binding_size: limits.max_storage_buffer_binding_size,
            max_uniform_binding_size: limits.max_uniform_buffer_binding_size,
            max_storage_buffers: limits.max_storage_buffers_per_shader_stage,
            storage_offset_alignment: limits.min_storage_buffer_offset_alignment,
            uniform_offset_alignment: limits.min_uniform_buffer_offset_alignment,
            max_workgroup_storage: workgroup_storage(&info, limits.max_compute_workgroup_storage_size),
            max_block_threads: limits.max_compute_invocations_per_workgroup,
            max_block: [
                limits.max_compute_workgroup_size_x,
                limits.max_compute_workgroup_size_y,
                limits.max_compute_workgroup_size_z,
            ],
            max_groups_per_dimension: limits.max_compute_workgroups_per_dimension,
            subgroup_size: [info.subgroup_min_size, info.subgroup_max_size],
        },
        features: usable_features(raw).iter_names().map(|(name, _)| name.to_string()).collect(),
    }
}

/// Everything but the experimental features, which may be unsound.
pub(crate) fn usable_features(raw: &wgpu::Adapter) -> wgpu::Features {
    raw.features() - wgpu::Features::all_experimental_mask()
}

/// CUDA kernels may have 48 KiB of static shared memory. lavapipe promises 32 KiB but takes it from the heap, and 256 KiB were
/// measured to work.
fn workgroup_storage(info: &wgpu::AdapterInfo, promised: u32) -> u32 {
    if info.driver == "llvmpipe" { promised.max(48 << 10) } else { promised }
}

fn short_name(info: &wgpu::AdapterInfo) -> String {
    match info.driver.as_str() {
        "llvmpipe" => return "lavapipe".to_string(),
        "SwiftShader driver" => return "swiftshader".to_string(),
        _ => {}
    }
    let words = info.name.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Mesa before 25 stops every invocation of lavapipe after 65,535 loop iterations in total, without an error.
fn reason_to_refuse(info: &DeviceInfo) -> Option<String> {
    if info.driver != "llvmpipe" {
        return None;
    }
    match mesa_major(&info.driver_version) {
        Some(major) if major >= 25 => None,
        Some(_) => Some("lavapipe before Mesa 25 silently ends loops after 65,535 iterations".to_string()),
        None => Some(format!("lavapipe of unknown release (`{}`); Mesa 25 or newer is needed", info.driver_version)),
    }
}

/// The release of `Mesa 25.0.7-2~bpo12+1 (LLVM 15.0.6)`.
fn mesa_major(version: &str) -> Option<u32> {
    version.strip_prefix("Mesa ")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mesa_release_is_read() {
        assert_eq!(mesa_major("Mesa 25.0.7-2~bpo12+1 (LLVM 15.0.6)"), Some(25));
        assert_eq!(mesa_major("Mesa 22.3.6 (LLVM 15.0.6)"), Some(22));
        assert_eq!(mesa_major("25.0"), None);
        assert_eq!(mesa_major(""), None);
    }

    #[test]
    fn a_machine_without_devices_says_why() {
        let found = devices();
        assert!(!found.present.is_empty() || !found.left_out.is_empty());
        let error = found.find("no such device").expect_err("there is none of that name");
        assert!(!error.to_string().is_empty());
    }
}
