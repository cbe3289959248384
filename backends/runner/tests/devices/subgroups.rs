//! The probe of the order of threads in subgroups, on drivers that are known to keep it.

use crate::worker::on_every_device;

#[test]
fn software_drivers_number_threads_in_order() {
    on_every_device("the order of threads in subgroups", |worker, device| {
        let [size, largest] = device.limits.subgroup_size;
        if !device.has("SUBGROUP") || size != largest {
            return crate::common::left_out(&format!("subgroups of {}", device.id), "they have no one size");
        }
        for threads in [1, 2, 31, 32, 33, 64, 100, 256] {
            assert!(worker.has_warps(device, threads, size), "{} threads on {}", threads, device.id);
        }
        assert!(!worker.has_warps(device, 64, size * 2));
    });
}
