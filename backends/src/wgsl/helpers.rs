//! Small WGSL functions for what WGSL's own operators do otherwise than CUDA. Each is printed only if it is used.

use ir::Scalar;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Helper {
    ToInt,
    ToUint,
    Shl(Scalar),
    Shr(Scalar),
    Fmin,
    Fmax,
    CopySign,
    MulHigh(Scalar),
    Fma,
    Special,
    BlockAny,
    BlockCount,
}

impl Helper {
    /// The name that calls use. Reserved in every module.
    pub fn name(self) -> &'static str {
        match self {
            Helper::ToInt => "toInt",
            Helper::ToUint => "toUint",
            Helper::Shl(Scalar::U32) => "shlU",
            Helper::Shl(_) => "shl",
            Helper::Shr(Scalar::U32) => "shrU",
            Helper::Shr(_) => "shr",
            Helper::Fmin => "fminf",
            Helper::Fmax => "fmaxf",
            Helper::CopySign => "copysignf",
            Helper::MulHigh(Scalar::I32) => "mulhi",
            Helper::MulHigh(_) => "umulhi",
            Helper::Fma => "fmaf",
            Helper::Special => "floatFromBits",
            Helper::BlockAny => "blockAny",
            Helper::BlockCount => "blockCount",
        }
    }

    pub const ALL: [Helper; 15] = [
        Helper::ToInt,
        Helper::ToUint,
        Helper::Shl(Scalar::I32),
        Helper::Shl(Scalar::U32),
        Helper::Shr(Scalar::I32),
        Helper::Shr(Scalar::U32),
        Helper::Fmin,
        Helper::Fmax,
        Helper::CopySign,
        Helper::MulHigh(Scalar::I32),
        Helper::MulHigh(Scalar::U32),
        Helper::Fma,
        Helper::Special,
        Helper::BlockCount,
        Helper::BlockAny,
    ];

    /// Helpers that this one calls.
    pub fn needs(self) -> &'static [Helper] {
        match self {
            Helper::MulHigh(Scalar::I32) => &[Helper::MulHigh(Scalar::U32)],
            Helper::BlockAny => &[Helper::BlockCount],
            _ => &[],
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Helper::ToInt => TO_INT,
            Helper::ToUint => TO_UINT,
            Helper::Shl(Scalar::U32) => SHL_U,
            Helper::Shl(_) => SHL,
            Helper::Shr(Scalar::U32) => SHR_U,
            Helper::Shr(_) => SHR,
            Helper::Fmin => FMIN,
            Helper::Fmax => FMAX,
            Helper::CopySign => COPYSIGN,
            Helper::MulHigh(Scalar::I32) => MULHI,
            Helper::MulHigh(_) => UMULHI,
            Helper::Fma => FMA,
            Helper::Special => SPECIAL,
            Helper::BlockAny => BLOCK_ANY,
            Helper::BlockCount => BLOCK_COUNT,
        }
    }
}

const TO_INT: &str = "\
// CUDA's float to int: saturates, and NaN gives 0.
fn toInt(x: f32) -> i32 {
    if (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u {
        return 0;
    }
    return select(i32(x), 2147483647, x >= 2147483648.0);
}
";

const TO_UINT: &str = "\
// CUDA's float to unsigned int: saturates, and NaN gives 0.
fn toUint(x: f32) -> u32 {
    if (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u {
        return 0u;
    }
    return select(u32(x), 4294967295u, x >= 4294967296.0);
}
";

const SHL: &str = "\
// Shifts by 32 or more give 0, as on NVIDIA hardware; WGSL would take the amount modulo 32.
fn shl(x: i32, n: u32) -> i32 {
    return select(0, x << (n & 31u), n < 32u);
}
";

const SHL_U: &str = "\
// Shifts by 32 or more give 0, as on NVIDIA hardware; WGSL would take the amount modulo 32.
fn shlU(x: u32, n: u32) -> u32 {
    return select(0u, x << (n & 31u), n < 32u);
}
";

const SHR: &str = "\
// Shifts by 32 or more leave the sign, as on NVIDIA hardware; WGSL would take the amount modulo 32.
fn shr(x: i32, n: u32) -> i32 {
    return x >> min(n, 31u);
}
";

const SHR_U: &str = "\
// Shifts by 32 or more give 0, as on NVIDIA hardware; WGSL would take the amount modulo 32.
fn shrU(x: u32, n: u32) -> u32 {
    return select(0u, x >> (n & 31u), n < 32u);
}
";

const FMIN: &str = "\
// CUDA's fminf: a NaN operand gives the other one.
fn fminf(a: f32, b: f32) -> f32 {
    if (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u {
        return b;
    }
    return select(a, b, b < a);
}
";

const FMAX: &str = "\
// CUDA's fmaxf: a NaN operand gives the other one.
fn fmaxf(a: f32, b: f32) -> f32 {
    if (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u {
        return b;
    }
    return select(a, b, b > a);
}
";

const COPYSIGN: &str = "\
fn copysignf(x: f32, y: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(y) & 0x80000000u));
}
";

const UMULHI: &str = "\
// The high half of a 64-bit product.
fn umulhi(a: u32, b: u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let mid = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let mid2 = (a & 0xffffu) * (b >> 16u) + (mid & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (mid >> 16u) + (mid2 >> 16u);
}
";

const MULHI: &str = "\
fn mulhi(a: i32, b: i32) -> i32 {
    var high = umulhi(u32(a), u32(b));
    high -= select(0u, u32(b), a < 0) + select(0u, u32(a), b < 0);
    return i32(high);
}
";

const SPECIAL: &str = "\
// NaN and infinities: WGSL has no such constants, so the bits pass through a variable.
fn floatFromBits(bits: u32) -> f32 {
    var b = bits;
    return bitcast<f32>(b);
}
";

const BLOCK_COUNT: &str = "\
var<workgroup> blockVotes: atomic<u32>;

// How many threads of the block say yes. A barrier.
fn blockCount(thread: u32, yes: bool) -> u32 {
    if thread == 0u {
        atomicStore(&blockVotes, 0u);
    }
    workgroupBarrier();
    if yes {
        atomicAdd(&blockVotes, 1u);
    }
    return workgroupUniformLoad(&blockVotes);
}
";

const BLOCK_ANY: &str = "\
// Does any thread of the block say yes? A barrier.
fn blockAny(thread: u32, yes: bool) -> bool {
    return blockCount(thread, yes) != 0u;
}
";

/// `a * b + c` with one rounding, in integers: WGSL's `fma` may round twice, and float tricks may be reassociated.
const FMA: &str = "\
// a * b + c with one rounding, computed in integers: WGSL's own fma may round twice.
fn fmaf(a: f32, b: f32, c: f32) -> f32 {
    let ua = bitcast<u32>(a);
    let ub = bitcast<u32>(b);
    let uc = bitcast<u32>(c);
    if max(ua & 0x7fffffffu, ub & 0x7fffffffu) >= 0x7f800000u || (ua & 0x7fffffffu) == 0u || (ub & 0x7fffffffu) == 0u {
        return a * b + c;
    }
    if (uc & 0x7fffffffu) >= 0x7f800000u {
        return c;
    }
    // Normalised 24-bit significands and exponents of their last bits.
    let shiftA = u32(max(0, i32(countLeadingZeros(ua & 0x7fffffffu)) - 8)) * u32((ua & 0x7f800000u) == 0u);
    let shiftB = u32(max(0, i32(countLeadingZeros(ub & 0x7fffffffu)) - 8)) * u32((ub & 0x7f800000u) == 0u);
    let ma = select((ua & 0x7fffffu) | 0x800000u, (ua & 0x7fffffu) << shiftA, (ua & 0x7f800000u) == 0u);
    let mb = select((ub & 0x7fffffu) | 0x800000u, (ub & 0x7fffffu) << shiftB, (ub & 0x7f800000u) == 0u);
    let ea = max(i32((ua >> 23u) & 255u), 1) - i32(shiftA) - 150;
    let eb = max(i32((ub >> 23u) & 255u), 1) - i32(shiftB) - 150;
    // The exact product, 48 bits, shifted up to bit 62 of a pair of words.
    let al = ma & 0xfffu;
    let ah = ma >> 12u;
    let bl = mb & 0xfffu;
    let bh = mb >> 12u;
    let mid = al * bh + ah * bl;
    let low = al * bl + ((mid & 0xfffffu) << 12u);
    let high = ah * bh;
    var ph = (high >> 8u) + (mid >> 20u);
    var pl = low + (high << 24u);
    ph += u32(low < al * bl) + u32(pl < low);
    var pe = ea + eb;
    let lift = countLeadingZeros(ph) - 1u;
    ph = (ph << lift) | (pl >> (32u - lift));
    pl = pl << lift;
    pe -= i32(lift);
    let productNegative = ((ua ^ ub) >> 31u) != 0u;
    // The addend, on the same grid.
    var ch = 0u;
    var cl = 0u;
    var ce = pe;
    if (uc & 0x7fffffffu) != 0u {
        let mc = select((uc & 0x7fffffu) | 0x800000u, uc & 0x7fffffu, (uc & 0x7f800000u) == 0u);
        let up = countLeadingZeros(mc) - 1u;
        ch = mc << up;
        ce = max(i32((uc >> 23u) & 255u), 1) - 150 - 32 - i32(up);
    }
    let addendNegative = (uc >> 31u) != 0u;
    // Bring the smaller exponent up to the larger one; bits that fall off stick to the last.
    var e = pe;
    if (uc & 0x7fffffffu) != 0u {
        if ce > pe {
            let s = shiftSticky(vec2u(ph, pl), u32(ce - pe));
            ph = s.x;
            pl = s.y;
            e = ce;
        } else {
            let s = shiftSticky(vec2u(ch, cl), u32(pe - ce));
            ch = s.x;
            cl = s.y;
        }
    }
    var negative = productNegative;
    if productNegative == addendNegative {
        let sum = pl + cl;
        ph = ph + ch + u32(sum < pl);
        pl = sum;
    } else {
        if ph < ch || (ph == ch && pl < cl) {
            let th = ph;
            let tl = pl;
            ph = ch;
            pl = cl;
            ch = th;
            cl = tl;
            negative = addendNegative;
        }
        ph = ph - ch - u32(pl < cl);
        pl = pl - cl;
        if ph == 0u && pl == 0u {
            return 0.0;
        }
    }
    // Normalise to bit 63, then round to nearest even at 24 bits (fewer for subnormals).
    if ph == 0u {
        ph = pl;
        pl = 0u;
        e -= 32;
    }
    let n = countLeadingZeros(ph);
    if n != 0u {
        ph = (ph << n) | (pl >> (32u - n));
        pl = pl << n;
        e -= i32(n);
    }
    let biased = e + 63 + 127;
    let sign = select(0u, 0x80000000u, negative);
    let drop = u32(clamp(select(8, 9 - biased, biased < 1), 8, 33));
    let s = shiftSticky(vec2u(ph, pl), drop);
    var significand = s.x;
    significand += u32(s.y > 0x80000000u || (s.y == 0x80000000u && (significand & 1u) == 1u));
    if biased < 1 {
        return bitcast<f32>(sign | significand);
    }
    if biased >= 255 {
        return bitcast<f32>(sign | 0x7f800000u);
    }
    return bitcast<f32>(sign | ((u32(biased) << 23u) + significand - 0x800000u));
}

fn shiftSticky(x: vec2u, n: u32) -> vec2u {
    if n == 0u {
        return x;
    }
    if n >= 64u {
        return vec2u(0u, u32((x.x | x.y) != 0u));
    }
    if n >= 32u {
        let m = n - 32u;
        let lost = x.y | select(0u, x.x << (32u - m), m != 0u);
        return vec2u(0u, (x.x >> m) | u32(lost != 0u));
    }
    return vec2u(x.x >> n, (x.y >> n) | (x.x << (32u - n)) | u32((x.y << (32u - n)) != 0u));
}
";
