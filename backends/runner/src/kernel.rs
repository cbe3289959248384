//! Shader modules and pipelines.
//!
//! Compilers under us may panic and need much stack, so they run on a thread of their own with 64 MiB.
#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::sync::Arc;

use crate::wgsl::{self, Demands};
use crate::{Checks, Device, Kernel, Module, RunError, Slot, SlotKind, spirv};

const COMPILER_STACK: usize = 64 << 20;
const CACHED_KERNELS: usize = 32;

/// A kernel that is ready to launch on the device that made it.
#[derive(Clone, Debug)]
pub struct PreparedKernel(pub(crate) Arc<Prepared>);

#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) kernel: Kernel,
    pub(crate) pipeline: wgpu::ComputePipeline,
    pub(crate) layout: wgpu::BindGroupLayout,
}

/// The kernels used last, newest at the end.
#[derive(Default)]
pub(crate) struct KernelCache(VecDeque<PreparedKernel>);

impl KernelCache {
    fn find(&mut self, kernel: &Kernel) -> Option<PreparedKernel> {
        let at = self.0.iter().position(|prepared| prepared.0.kernel == *kernel)?;
        let prepared = self.0.remove(at)?;
        self.0.push_back(prepared.clone());
        Some(prepared)
    }

    fn add(&mut self, prepared: PreparedKernel) {
        if self.0.len() == CACHED_KERNELS {
            self.0.pop_front();
        }
        self.0.push_back(prepared);
    }
}

impl Device {
    /// Makes the pipeline of a kernel, or finds it among those used last.
    pub fn prepare(&mut self, kernel: &Kernel) -> Result<PreparedKernel, RunError> {
        self.check_alive()?;
        if let Some(prepared) = self.kernels.find(kernel) {
            return Ok(prepared);
        }
        check_constants(kernel)?;
        let prepared = PreparedKernel(Arc::new(self.compile_on_thread(kernel)?));
        self.kernels.add(prepared.clone());
        Ok(prepared)
    }

    fn compile_on_thread(&self, kernel: &Kernel) -> Result<Prepared, RunError> {
        std::thread::scope(|scope| {
            let compiler = std::thread::Builder::new().name("shader compiler".to_string()).stack_size(COMPILER_STACK);
            let thread = compiler
                .spawn_scoped(scope, || self.compile(kernel))
                .map_err(|error| RunError::CompilerPanicked { reason: format!("its thread cannot start: {error}") })?;
            thread.join().unwrap_or_else(|panic| Err(RunError::CompilerPanicked { reason: panic_text(&*panic) }))
        })
    }

    fn compile(&self, kernel: &Kernel) -> Result<Prepared, RunError> {
        let module = match &kernel.module {
            Module::Wgsl { text, checks } => self.wgsl_module(text, *checks, kernel)?,
            Module::Spirv { words } => self.spirv_module(words, kernel)?,
        };
        let layout = self.layout(&kernel.slots)?;
        let pipeline = self.pipeline(kernel, &module, &layout)?;
        Ok(Prepared { kernel: kernel.clone(), pipeline, layout })
    }

    fn wgsl_module(&self, text: &str, checks: Checks, kernel: &Kernel) -> Result<wgpu::ShaderModule, RunError> {
        let text = &wgsl::for_naga(text);
        self.check_demands(&wgsl::demands(text, &kernel.entry, &kernel.constants)?)?;
        let descriptor = wgpu::ShaderModuleDescriptor { label: None, source: wgpu::ShaderSource::Wgsl(text.as_ref().into()) };
        let module = self.scoped(|| match checks {
            Checks::Checked | Checks::Guarded => self.raw.create_shader_module(descriptor),
            // SAFETY: `Checks::Trusted` is the caller's word that the kernel stays in bounds and its loops end.
            Checks::Trusted => unsafe {
                self.raw.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked())
            },
        });
        module.map_err(|error| RunError::InvalidModule { reason: error.to_string() })
    }

    fn spirv_module(&self, words: &[u32], kernel: &Kernel) -> Result<wgpu::ShaderModule, RunError> {
        if !self.raw.features().contains(wgpu::Features::PASSTHROUGH_SHADERS) {
            return Err(RunError::Missing { what: "a way to take SPIR-V as it is".to_string() });
        }
        let words = spirv::specialize(words, &kernel.constants)?;
        self.check_demands(&spirv::demands(&words, &kernel.entry)?)?;
        let descriptor = wgpu::ShaderModuleDescriptorPassthrough {
            entry_points: vec![wgpu::PassthroughShaderEntryPoint {
                name: kernel.entry.as_str().into(),
                workgroup_size: (0, 0, 0),
            }]
            .into(),
            spirv: Some(words.into()),
            ..Default::default()
        };
        // SAFETY: the module's shape was checked above; that it is valid is its emitter's duty (`spirv-val` in the tests).
        self.scoped(|| unsafe { self.raw.create_shader_module_passthrough(descriptor) })
            .map_err(|error| RunError::InvalidModule { reason: error.to_string() })
    }

    fn check_demands(&self, demands: &Demands) -> Result<(), RunError> {
        let limits = &self.info.limits;
        let refuse = |reason| Err(RunError::TooLarge { reason });
        let threads = demands.block.iter().try_fold(1u32, |product, &n| product.checked_mul(n));
        let fits = threads.is_some_and(|n| n > 0 && n <= limits.max_block_threads);
        if !fits || demands.block.iter().zip(limits.max_block).any(|(&n, max)| n > max) {
            let [x, y, z] = demands.block;
            return refuse(format!(
                "a block has {x} x {y} x {z} threads, and this device allows {} in all, at most {:?}",
                limits.max_block_threads, limits.max_block
            ));
        }
        if demands.workgroup_storage > u64::from(limits.max_workgroup_storage) {
            let (needed, limit) = (demands.workgroup_storage, limits.max_workgroup_storage);
            return refuse(format!("a block needs {needed} bytes of shared memory, and this device has {limit}"));
        }
        Ok(())
    }

    fn layout(&self, slots: &[Slot]) -> Result<wgpu::BindGroupLayout, RunError> {
        let storage = slots.iter().filter(|slot| slot.kind != SlotKind::Uniform).count();
        let limit = self.info.limits.max_storage_buffers;
        if storage > limit as usize {
            return Err(RunError::TooLarge { reason: format!("it binds {storage} buffers, and this device allows {limit}") });
        }
        let entries: Vec<_> = slots.iter().map(layout_entry).collect();
        let descriptor = wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries };
        self.scoped(|| self.raw.create_bind_group_layout(&descriptor))
            .map_err(|error| RunError::Bindings { reason: error.to_string() })
    }

    fn pipeline(
        &self,
        kernel: &Kernel,
        module: &wgpu::ShaderModule,
        layout: &wgpu::BindGroupLayout,
    ) -> Result<wgpu::ComputePipeline, RunError> {
        let (constants, zero): (Vec<_>, bool) = match &kernel.module {
            Module::Wgsl { checks, .. } => {
                (kernel.constants.iter().map(|(name, value)| (name.as_str(), *value)).collect(), *checks == Checks::Checked)
            }
            Module::Spirv { .. } => (Vec::new(), false),
        };
        let pipeline = self.scoped(|| {
            let groups = wgpu::PipelineLayoutDescriptor { bind_group_layouts: &[Some(layout)], ..Default::default() };
            self.raw.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: None,
                layout: Some(&self.raw.create_pipeline_layout(&groups)),
                module,
                entry_point: Some(&kernel.entry),
                compilation_options: wgpu::PipelineCompilationOptions {
                    constants: &constants,
                    zero_initialize_workgroup_memory: zero,
                },
                cache: None,
            })
        });
        pipeline.map_err(|error| RunError::Pipeline { entry: kernel.entry.clone(), reason: error.to_string() })
    }
}

fn check_constants(kernel: &Kernel) -> Result<(), RunError> {
    match kernel.constants.iter().find(|(_, value)| !value.is_finite()) {
        Some((name, value)) => Err(RunError::InvalidModule { reason: format!("constant `{name}` cannot be {value}") }),
        None => Ok(()),
    }
}

fn layout_entry(slot: &Slot) -> wgpu::BindGroupLayoutEntry {
    let ty = match slot.kind {
        SlotKind::Uniform => wgpu::BufferBindingType::Uniform,
        SlotKind::ReadStorage => wgpu::BufferBindingType::Storage { read_only: true },
        SlotKind::ReadWriteStorage => wgpu::BufferBindingType::Storage { read_only: false },
    };
    wgpu::BindGroupLayoutEntry {
        binding: slot.binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    }
}

/// What a panic was raised with.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string())).unwrap_or_else(|| "without a message".to_string())
}
