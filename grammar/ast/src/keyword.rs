//! Keywords: the first symbols of the table, so that a look at the number tells whether a name is one.

use crate::Symbol;

macro_rules! keywords {
    ($($variant:ident = $text:literal,)*) => {
        /// The words that syntax knows, CUDA's and GNU's among them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kw { $($variant,)* }

        impl Kw {
            pub(crate) const TEXTS: &'static [&'static str] = &[$($text,)*];
            const ALL: &'static [Kw] = &[$(Kw::$variant,)*];
        }
    };
}

keywords! {
    Alignas = "alignas", Align = "__align__", Alignof = "alignof", AlignofGnu = "__alignof__", AlignofGnu2 = "__alignof", AlignofC = "_Alignof",
    Asm = "asm", AsmGnu = "__asm__", AsmGnu2 = "__asm", Attribute = "__attribute__", Attribute2 = "__attribute", Auto = "auto",
    Bool = "bool", BoolC = "_Bool", Break = "break", Case = "case", Catch = "catch", Char = "char", Char8 = "char8_t",
    Char16 = "char16_t", Char32 = "char32_t", Class = "class", Const = "const", ConstGnu = "__const", ConstGnu2 = "__const__",
    ConstCast = "const_cast", Consteval = "consteval", Constexpr = "constexpr", Constinit = "constinit", Continue = "continue",
    Decltype = "decltype", DecltypeGnu = "__decltype", Declspec = "__declspec", Default = "default", Delete = "delete", Do = "do",
    Double = "double", DynamicCast = "dynamic_cast", Else = "else", Enum = "enum", Explicit = "explicit", Extension = "__extension__",
    Extern = "extern", False = "false", Float = "float", Float128 = "__float128", For = "for", Friend = "friend", Goto = "goto",
    If = "if", Inline = "inline", InlineGnu = "__inline__", InlineGnu2 = "__inline", Int = "int", Int128 = "__int128",
    Int128T = "__int128_t", UInt128T = "__uint128_t", Int64Ms = "__int64",
    Long = "long", Mutable = "mutable", Namespace = "namespace", New = "new", Noexcept = "noexcept", Nullptr = "nullptr",
    Operator = "operator", Private = "private", Protected = "protected", Public = "public", Register = "register",
    ReinterpretCast = "reinterpret_cast", Requires = "requires", Restrict = "__restrict__", Restrict2 = "__restrict", Restrict3 = "restrict",
    Return = "return", Short = "short", Signed = "signed", SignedGnu = "__signed__", Sizeof = "sizeof", Static = "static",
    StaticAssert = "static_assert", StaticAssertC = "_Static_assert", StaticCast = "static_cast", Struct = "struct", Switch = "switch",
    Template = "template", This = "this", ThreadLocal = "thread_local", ThreadLocalGnu = "__thread", Throw = "throw", True = "true",
    Try = "try", Typedef = "typedef", Typeid = "typeid", Typename = "typename", Typeof = "typeof", TypeofGnu = "__typeof__",
    TypeofGnu2 = "__typeof", Union = "union", Unsigned = "unsigned", Using = "using", Virtual = "virtual", Void = "void",
    Volatile = "volatile", VolatileGnu = "__volatile__", VolatileGnu2 = "__volatile", Wchar = "wchar_t", While = "while",
    Global = "__global__", Device = "__device__", Host = "__host__", Shared = "__shared__", Constant = "__constant__",
    Managed = "__managed__", GridConstant = "__grid_constant__", ForceInline = "__forceinline__", ForceInlineMs = "__forceinline",
    NoInline = "__noinline__", LaunchBounds = "__launch_bounds__", ClusterDims = "__cluster_dims__", MaxNReg = "__maxnreg__",
    And = "and", AndEq = "and_eq", Bitand = "bitand", Bitor = "bitor", Compl = "compl", Not = "not", NotEq = "not_eq", Or = "or",
    OrEq = "or_eq", Xor = "xor", XorEq = "xor_eq",
    IsSame = "__is_same", IsBaseOf = "__is_base_of", IsConvertible = "__is_convertible", IsConvertibleTo = "__is_convertible_to",
    IsTriviallyCopyable = "__is_trivially_copyable", IsTrivial = "__is_trivial", IsPod = "__is_pod", IsClass = "__is_class",
    IsEnum = "__is_enum", IsUnion = "__is_union", IsEmpty = "__is_empty", IsFinal = "__is_final", IsAbstract = "__is_abstract",
    IsPolymorphic = "__is_polymorphic", IsStandardLayout = "__is_standard_layout", IsLiteralType = "__is_literal_type",
    IsConstructible = "__is_constructible", IsTriviallyConstructible = "__is_trivially_constructible",
    IsAssignable = "__is_assignable", IsTriviallyAssignable = "__is_trivially_assignable", IsAggregate = "__is_aggregate",
    IsTriviallyDestructible = "__is_trivially_destructible", HasTrivialDestructor = "__has_trivial_destructor",
    HasTrivialCopy = "__has_trivial_copy", HasVirtualDestructor = "__has_virtual_destructor", UnderlyingType = "__underlying_type",
    IsIntegral = "__is_integral", IsFloatingPoint = "__is_floating_point", IsArithmetic = "__is_arithmetic", IsPointer = "__is_pointer",
    IsFunction = "__is_function", IsArray = "__is_array", IsReference = "__is_reference", IsConst = "__is_const", IsVoid = "__is_void",
    BuiltinOffsetof = "__builtin_offsetof", BuiltinVaArg = "__builtin_va_arg",
    TypesCompatible = "__builtin_types_compatible_p",
}

impl Kw {
    /// The keyword that a symbol spells, if it is one.
    pub fn of(symbol: Symbol) -> Option<Kw> {
        Kw::ALL.get(symbol.id() as usize).copied()
    }

    pub fn as_str(self) -> &'static str {
        Kw::TEXTS[self as usize]
    }

    /// A compiler built-in that takes types as arguments.
    pub fn is_type_trait(self) -> bool {
        self as u32 >= Kw::IsSame as u32
    }
}
