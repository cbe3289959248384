//! Random C++ programs that ask which function a call means: overloads, conversions, templates, partial specialisations, inheritance,
//! operators, argument-dependent look-up.
//!
//! Each program is a namespace with a function `run` that gives one number: the number of the function that was chosen, and what its
//! first argument had become. Whether a program is valid is not known here; a C++ compiler says so, and what `run` gives. The translator
//! must give the same number, or refuse what the compiler refuses.

mod calls;
mod classes;
mod specialisations;
mod types;

use super::source::Random;

/// What all programs of a file share.
pub const PRELUDE: &str = "\
namespace helper {
template <bool B, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> { typedef T type; };
template <class T, class U> struct is_same { static const bool value = false; };
template <class T> struct is_same<T, T> { static const bool value = true; };
template <class T> struct is_pointer { static const bool value = false; };
template <class T> struct is_pointer<T*> { static const bool value = true; };
template <class...> using void_t = void;
template <class T> __device__ T&& declval();
template <class T> __device__ constexpr T&& as_rvalue(T& value) { return static_cast<T&&>(value); }
}
";

/// The declarations and `run` of a seed, in a namespace `p<seed>`.
pub fn program(seed: u64) -> String {
    let mut builder = Builder::new(seed);
    match builder.random.below(8) {
        0..=2 => builder.free_functions(),
        3 => builder.methods(),
        4 => builder.operators(),
        5 => builder.specialisations(),
        6 => builder.constructors(),
        _ => builder.by_arguments(),
    }
    format!("namespace p{seed} {{\n{}__device__ int run() {{\n{}}}\n}}\n", builder.declarations, builder.body)
}

struct Builder {
    random: Random,
    declarations: String,
    body: String,
    /// Number of the next function.
    number: u32,
    classes: Vec<&'static str>,
    enums: Vec<&'static str>,
    /// Is there a class template `Box`?
    boxes: bool,
}

impl Builder {
    fn new(seed: u64) -> Builder {
        let random = Random::new(seed);
        let mut builder = Builder {
            random,
            declarations: String::new(),
            body: String::new(),
            number: 1,
            classes: Vec::new(),
            enums: Vec::new(),
            boxes: false,
        };
        for _ in 0..8 {
            builder.random.next();
        }
        builder
    }

    fn declare(&mut self, line: &str) {
        self.declarations.push_str(line);
        self.declarations.push('\n');
    }

    fn say(&mut self, line: &str) {
        self.body.push_str("  ");
        self.body.push_str(line);
        self.body.push('\n');
    }

    /// The number of a new function, in thousands: what its argument was is added.
    fn number(&mut self) -> u32 {
        self.number += 1;
        (self.number - 1) * 1000
    }
}
