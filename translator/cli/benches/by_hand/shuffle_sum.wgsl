// What a person would write for samples/warps/shuffle_sum.cu without subgroups: a tree in shared memory.
struct Launch {
    gridDim: vec3u,
    firstBlock: u32,
}

struct Args {
    n: i32,
}

@group(0) @binding(0) var<uniform> launch: Launch;
@group(0) @binding(1) var<uniform> args: Args;
@group(0) @binding(2) var<storage, read> data: array<i32>;
@group(0) @binding(3) var<storage, read_write> sums: array<i32>;

override blockDimX: u32 = 256;

var<workgroup> partial: array<i32, blockDimX>;

@compute @workgroup_size(blockDimX)
fn blockSum(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let block = launch.firstBlock + group.x + groups.x * group.y;
    if block >= launch.gridDim.x {
        return;
    }
    let i = i32(block * blockDimX + thread);
    partial[thread] = select(0, data[i], i < args.n);
    workgroupBarrier();

    for (var stride = blockDimX / 2; stride > 0; stride /= 2) {
        if thread < stride {
            partial[thread] += partial[thread + stride];
        }
        workgroupBarrier();
    }
    if thread == 0 {
        sums[block] = partial[0];
    }
}
