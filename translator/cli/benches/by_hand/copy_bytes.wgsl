// What a person would write for a copy of four integers at a time, of as many bytes as samples/memory/copy_bytes.cu copies.
struct Launch {
    gridDim: vec3u,
    firstBlock: u32,
}

struct Args {
    n: i32,
}

@group(0) @binding(0) var<uniform> launch: Launch;
@group(0) @binding(1) var<uniform> args: Args;
@group(0) @binding(2) var<storage, read> source: array<vec4i>;
@group(0) @binding(3) var<storage, read_write> copied: array<vec4i>;

override blockDimX: u32 = 256;

@compute @workgroup_size(blockDimX)
fn copyBytes(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let block = launch.firstBlock + group.x + groups.x * group.y;
    if block >= launch.gridDim.x {
        return;
    }
    let i = i32(block * blockDimX + thread);
    if i < args.n / 16 {
        copied[i] = source[i];
    }
}
