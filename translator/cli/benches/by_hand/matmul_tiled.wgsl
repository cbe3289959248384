// What a person would write for samples/apps/matmul_tiled.cu.
const TILE = 16;

struct Launch {
    gridDim: vec3u,
    firstBlock: u32,
}

struct Args {
    m: i32,
    n: i32,
    k: i32,
}

@group(0) @binding(0) var<uniform> launch: Launch;
@group(0) @binding(1) var<uniform> args: Args;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

override blockDimX: u32 = 16;
override blockDimY: u32 = 16;
override blockDimZ: u32 = 1;

var<workgroup> tileA: array<array<f32, TILE>, TILE>;
var<workgroup> tileB: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(blockDimX * blockDimY * blockDimZ)
fn matmulTiled(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let x = i32(thread % blockDimX);
    let y = i32(thread / blockDimX % blockDimY);
    let block = launch.firstBlock + group.x + groups.x * group.y;
    if block >= launch.gridDim.x * launch.gridDim.y * launch.gridDim.z {
        return;
    }
    let row = i32(block / launch.gridDim.x % launch.gridDim.y) * TILE + y;
    let column = i32(block % launch.gridDim.x) * TILE + x;
    var sum = 0.0;

    for (var start = 0; start < args.k; start += TILE) {
        let kA = start + x;
        let kB = start + y;
        tileA[y][x] = 0.0;
        if row < args.m && kA < args.k {
            tileA[y][x] = a[row * args.k + kA];
        }
        tileB[y][x] = 0.0;
        if kB < args.k && column < args.n {
            tileB[y][x] = b[kB * args.n + column];
        }
        workgroupBarrier();

        for (var j = 0; j < TILE; j++) {
            sum += tileA[y][j] * tileB[j][x];
        }
        workgroupBarrier();
    }
    if row < args.m && column < args.n {
        c[row * args.n + column] = sum;
    }
}
