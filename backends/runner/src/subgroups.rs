//! Where a device puts the threads of a workgroup in its subgroups.
//!
//! Shaders whose warps are subgroups need invocation `r` of a one-dimensional workgroup to be lane `r % n` of a subgroup that holds
//! `r - r % n` and the `n - 1` behind it. Vulkan leaves the order open ("Subgroups": how invocations are assigned is implementation-dependent, unless
//! full subgroups are asked for, which wgpu cannot), and so does WGSL ("Built-in Inputs": `subgroup_invocation_id`). Drivers do it so, and
//! one is known to be wrong about its size: lavapipe of Mesa 25 says 32 with `LP_NATIVE_VECTOR_WIDTH=1024`, and has 16. So nobody is trusted: a
//! probe of the same workgroup size tells, once for each size on each device.

use crate::worker::Worker;
use crate::{Checks, DeviceInfo, Dispatch, Launch, Module, SlotKind};
use std::time::Duration;

const PROBE: &str = "
override threads: u32 = 1;
@group(0) @binding(0) var<storage, read_write> seen: array<vec4u>;
@compute @workgroup_size(threads)
fn probe(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(subgroup_invocation_id) lane: u32,
    @builtin(subgroup_size) size: u32,
) {
    seen[group.x * threads + thread] = vec4u(lane, subgroupBroadcastFirst(thread), size, subgroupMax(thread));
}";

/// Workgroups of the probe: enough that several run at once.
const GROUPS: u32 = 16;

impl Worker {
    /// Are warps of `size` lanes the device's subgroups, in workgroups of so many threads? An answer is kept.
    pub fn has_warps(&mut self, device: &DeviceInfo, threads: u32, size: u32) -> bool {
        if device.limits.subgroup_size != [size, size] || !device.has("SUBGROUP") || threads > device.limits.max_block_threads {
            return false;
        }
        let key = (device.id.clone(), threads);
        if let Some(known) = self.warps.get(&key) {
            return *known;
        }
        let answer = self.run(&device.id, &probe(threads));
        let found = answer.is_ok_and(|outcome| are_in_order(&outcome.buffers[0], threads, size));
        self.warps.insert(key, found);
        found
    }
}

fn probe(threads: u32) -> Launch {
    let module = Module::Wgsl { text: PROBE.to_string(), checks: Checks::Checked };
    let mut launch = Launch::new(module, "probe", Duration::from_secs(60));
    let seen = launch.buffer(vec![0xff; 16 * (GROUPS * threads) as usize]);
    launch.constant("threads", threads.into()).bind(0, SlotKind::ReadWriteStorage, seen).read_back(seen);
    launch.dispatches.push(Dispatch { groups: [GROUPS, 1, 1], writes: Vec::new() });
    launch
}

/// Lane, first and last thread of the subgroup, and its size, of each thread.
fn are_in_order(seen: &[u8], threads: u32, size: u32) -> bool {
    let words: Vec<u32> = seen.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    words.chunks_exact(4).zip((0..threads).cycle()).all(|(seen, thread)| {
        let first = thread - thread % size;
        seen == [thread % size, first, size, (first + size - 1).min(threads - 1)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_looked_at() {
        let seen = |lanes: [u32; 4]| -> Vec<u8> {
            let rows = lanes.iter().zip(0..).flat_map(|(lane, thread)| [*lane, thread / 2 * 2, 2, (thread / 2 * 2 + 1).min(3)]);
            rows.flat_map(u32::to_le_bytes).collect()
        };
        assert!(are_in_order(&seen([0, 1, 0, 1]), 4, 2));
        assert!(!are_in_order(&seen([0, 1, 1, 0]), 4, 2));
        assert!(!are_in_order(&seen([0, 1, 0, 1]), 4, 4));
    }
}
