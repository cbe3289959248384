//! Small WGSL functions for what WGSL's own operators do otherwise than CUDA. Each is printed only if it is used.

use ir::Scalar;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Helper {
    /// Float to 32- or 64-bit integer: saturates, NaN gives 0.
    FloatToInt {
        from: Scalar,
        to: Scalar,
    },
    Shl(Scalar),
    Shr(Scalar),
    /// A byte or a halfword of a word.
    Part {
        bits: u32,
        signed: bool,
    },
    Fmin(Scalar),
    Fmax(Scalar),
    CopySign(Scalar),
    MulHigh(Scalar),
    /// Bit counts of 64-bit integers, of which naga has none.
    PopCount64,
    LeadingZeros64,
    TrailingZeros64,
    ReverseBits64,
    Fma,
    Special,
    BlockCount,
    BlockAny,
}

/// Every name that a helper may have; reserved in every module.
pub const NAMES: &[&str] = &[
    "toInt",
    "toUint",
    "toLong",
    "toUlong",
    "doubleToInt",
    "doubleToUint",
    "doubleToLong",
    "doubleToUlong",
    "shl",
    "shlU",
    "shlL",
    "shlUL",
    "shr",
    "shrU",
    "shrL",
    "shrUL",
    "byteOf",
    "signedByteOf",
    "halfwordOf",
    "signedHalfwordOf",
    "fminf",
    "fmaxf",
    "fmin_",
    "fmax_",
    "copysignf",
    "copysign_",
    "mulhi",
    "umulhi",
    "mul64hi",
    "umul64hi",
    "popcll",
    "clzll",
    "ctzll",
    "brevll",
    "fmaf",
    "shiftSticky",
    "floatFromBits",
    "blockCount",
    "blockVotes",
    "blockAny",
];

impl Helper {
    pub fn name(self) -> &'static str {
        match self {
            Helper::FloatToInt { from, to } => to_int_name(from == Scalar::F64, to),
            Helper::Shl(scalar) => by_int(scalar, ["shl", "shlU", "shlL", "shlUL"]),
            Helper::Shr(scalar) => by_int(scalar, ["shr", "shrU", "shrL", "shrUL"]),
            Helper::Part { bits: 8, signed: false } => "byteOf",
            Helper::Part { bits: 8, signed: true } => "signedByteOf",
            Helper::Part { signed: false, .. } => "halfwordOf",
            Helper::Part { signed: true, .. } => "signedHalfwordOf",
            Helper::Fmin(scalar) => {
                if scalar == Scalar::F64 {
                    "fmin_"
                } else {
                    "fminf"
                }
            }
            Helper::Fmax(scalar) => {
                if scalar == Scalar::F64 {
                    "fmax_"
                } else {
                    "fmaxf"
                }
            }
            Helper::CopySign(scalar) => {
                if scalar == Scalar::F64 {
                    "copysign_"
                } else {
                    "copysignf"
                }
            }
            Helper::MulHigh(scalar) => by_int(scalar, ["mulhi", "umulhi", "mul64hi", "umul64hi"]),
            Helper::PopCount64 => "popcll",
            Helper::LeadingZeros64 => "clzll",
            Helper::TrailingZeros64 => "ctzll",
            Helper::ReverseBits64 => "brevll",
            Helper::Fma => "fmaf",
            Helper::Special => "floatFromBits",
            Helper::BlockCount => "blockCount",
            Helper::BlockAny => "blockAny",
        }
    }

    /// Helpers that this one calls.
    pub fn needs(self) -> &'static [Helper] {
        match self {
            Helper::MulHigh(Scalar::I32) => &[Helper::MulHigh(Scalar::U32)],
            Helper::MulHigh(Scalar::I64) => &[Helper::MulHigh(Scalar::U64)],
            Helper::BlockAny => &[Helper::BlockCount],
            _ => &[],
        }
    }

    pub fn text(self) -> String {
        match self {
            Helper::FloatToInt { from, to } => float_to_int(self.name(), from, to),
            Helper::Shl(scalar) => shl(self.name(), scalar),
            Helper::Shr(scalar) => shr(self.name(), scalar),
            Helper::Part { bits, signed } => part_of_word(self.name(), bits, signed),
            Helper::Fmin(scalar) => least_or_most(self.name(), scalar, "<"),
            Helper::Fmax(scalar) => least_or_most(self.name(), scalar, ">"),
            Helper::CopySign(scalar) => copysign(self.name(), scalar),
            Helper::MulHigh(Scalar::U32) => UMULHI.into(),
            Helper::MulHigh(Scalar::U64) => UMUL64HI.into(),
            Helper::MulHigh(scalar) => mulhi(self.name(), scalar),
            Helper::PopCount64 => POPCLL.into(),
            Helper::LeadingZeros64 => CLZLL.into(),
            Helper::TrailingZeros64 => CTZLL.into(),
            Helper::ReverseBits64 => BREVLL.into(),
            Helper::Fma => FMA.into(),
            Helper::Special => SPECIAL.into(),
            Helper::BlockCount => BLOCK_COUNT.into(),
            Helper::BlockAny => BLOCK_ANY.into(),
        }
    }
}

/// One of four names: for int, unsigned, long, unsigned long.
fn by_int(scalar: Scalar, names: [&'static str; 4]) -> &'static str {
    match scalar {
        Scalar::U32 => names[1],
        Scalar::I64 => names[2],
        Scalar::U64 => names[3],
        _ => names[0],
    }
}

fn to_int_name(from_double: bool, to: Scalar) -> &'static str {
    if from_double {
        by_int(to, ["doubleToInt", "doubleToUint", "doubleToLong", "doubleToUlong"])
    } else {
        by_int(to, ["toInt", "toUint", "toLong", "toUlong"])
    }
}

/// A test for NaN that no driver optimises away: on the bits for `f32`.
fn is_nan(scalar: Scalar, name: &str) -> String {
    if scalar == Scalar::F32 {
        format!("(bitcast<u32>({name}) & 0x7fffffffu) > 0x7f800000u")
    } else {
        format!("!({name} == {name})")
    }
}

fn float_to_int(name: &str, from: Scalar, to: Scalar) -> String {
    let (most, zero, limit) = match to {
        Scalar::U32 => ("4294967295u", "0u", "4294967296.0"),
        Scalar::I64 => ("9223372036854775807li", "0li", "9223372036854775808.0"),
        Scalar::U64 => ("18446744073709551615lu", "0lu", "18446744073709551616.0"),
        _ => ("2147483647", "0", "2147483648.0"),
    };
    let suffix = if from == Scalar::F64 { "lf" } else { "" };
    let (from_name, to_name, nan) = (from.name(), to.name(), is_nan(from, "x"));
    format!(
        "\
// CUDA's float to integer: saturates, and NaN gives 0.
fn {name}(x: {from_name}) -> {to_name} {{
    if {nan} {{
        return {zero};
    }}
    return select({to_name}(x), {most}, x >= {limit}{suffix});
}}
"
    )
}

fn shl(name: &str, scalar: Scalar) -> String {
    let (ty, bits, zero) = (scalar.name(), scalar.bits(), super::literal::text(scalar, 0, true, false));
    format!(
        "\
// Shifts by {bits} or more give 0, as on NVIDIA hardware; WGSL would take the amount modulo {bits}.
fn {name}(x: {ty}, n: u32) -> {ty} {{
    return select({zero}, x << (n & {}u), n < {bits}u);
}}
",
        bits - 1
    )
}

fn shr(name: &str, scalar: Scalar) -> String {
    if !scalar.is_signed() {
        return shl(name, scalar).replace("<< (n", ">> (n");
    }
    let (ty, bits) = (scalar.name(), scalar.bits());
    format!(
        "\
// Shifts by {bits} or more leave the sign, as on NVIDIA hardware; WGSL would take the amount modulo {bits}.
fn {name}(x: {ty}, n: u32) -> {ty} {{
    return x >> min(n, {}u);
}}
",
        bits - 1
    )
}

fn part_of_word(name: &str, bits: u32, signed: bool) -> String {
    let (what, inside, mask) = if bits == 8 { ("byte", 3, "0xffu") } else { ("halfword", 2, "0xffffu") };
    let (ty, adjective, value) = match signed {
        true => ("i32", "signed ", format!("i32(word << ({}u - shift)) >> {}u", 32 - bits, 32 - bits)),
        false => ("u32", "", format!("(word >> shift) & {mask}")),
    };
    format!(
        "\
// The {adjective}{what} at byte address `at`, of the word that holds it.
fn {name}(word: u32, at: u32) -> {ty} {{
    let shift = (at & {inside}u) << 3u;
    return {value};
}}
"
    )
}

fn least_or_most(name: &str, scalar: Scalar, sign: &str) -> String {
    let (ty, nan) = (scalar.name(), is_nan(scalar, "a"));
    let bits = if scalar == Scalar::F64 { "u64" } else { "u32" };
    let (which, zero, merge) = if sign == "<" { ("fmin", "-0", "|") } else { ("fmax", "+0", "&") };
    format!(
        "\
// CUDA's {which}: a NaN operand gives the other one, and of two zeros it takes {zero}.
fn {name}(a: {ty}, b: {ty}) -> {ty} {{
    if {nan} {{
        return b;
    }}
    if a == b {{
        return bitcast<{ty}>(bitcast<{bits}>(a) {merge} bitcast<{bits}>(b));
    }}
    return select(a, b, b {sign} a);
}}
"
    )
}

fn copysign(name: &str, scalar: Scalar) -> String {
    let (ty, bits, magnitude, sign) = match scalar {
        Scalar::F64 => ("f64", "u64", "0x7ffffffffffffffflu", "0x8000000000000000lu"),
        _ => ("f32", "u32", "0x7fffffffu", "0x80000000u"),
    };
    format!(
        "\
fn {name}(x: {ty}, y: {ty}) -> {ty} {{
    return bitcast<{ty}>((bitcast<{bits}>(x) & {magnitude}) | (bitcast<{bits}>(y) & {sign}));
}}
"
    )
}

fn mulhi(name: &str, scalar: Scalar) -> String {
    let (unsigned, helper, zero, signed_zero) =
        if scalar == Scalar::I64 { ("u64", "umul64hi", "0lu", "0li") } else { ("u32", "umulhi", "0u", "0") };
    let ty = scalar.name();
    format!(
        "\
fn {name}(a: {ty}, b: {ty}) -> {ty} {{
    var high = {helper}({unsigned}(a), {unsigned}(b));
    high -= select({zero}, {unsigned}(b), a < {signed_zero}) + select({zero}, {unsigned}(a), b < {signed_zero});
    return {ty}(high);
}}
"
    )
}

const UMULHI: &str = "\
// The high half of a 64-bit product.
fn umulhi(a: u32, b: u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let mid = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let mid2 = (a & 0xffffu) * (b >> 16u) + (mid & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (mid >> 16u) + (mid2 >> 16u);
}
";

const UMUL64HI: &str = "\
// The high half of a 128-bit product.
fn umul64hi(a: u64, b: u64) -> u64 {
    let low = (a & 0xfffffffflu) * (b & 0xfffffffflu);
    let mid = (a >> 32u) * (b & 0xfffffffflu) + (low >> 32u);
    let mid2 = (a & 0xfffffffflu) * (b >> 32u) + (mid & 0xfffffffflu);
    return (a >> 32u) * (b >> 32u) + (mid >> 32u) + (mid2 >> 32u);
}
";

const POPCLL: &str = "\
fn popcll(x: u64) -> i32 {
    return i32(countOneBits(u32(x)) + countOneBits(u32(x >> 32u)));
}
";

const CLZLL: &str = "\
fn clzll(x: u64) -> i32 {
    let high = u32(x >> 32u);
    return i32(select(countLeadingZeros(high), 32u + countLeadingZeros(u32(x)), high == 0u));
}
";

const CTZLL: &str = "\
fn ctzll(x: u64) -> i32 {
    let low = u32(x);
    return i32(select(countTrailingZeros(low), 32u + countTrailingZeros(u32(x >> 32u)), low == 0u));
}
";

const BREVLL: &str = "\
fn brevll(x: u64) -> u64 {
    return (u64(reverseBits(u32(x))) << 32u) | u64(reverseBits(u32(x >> 32u)));
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
