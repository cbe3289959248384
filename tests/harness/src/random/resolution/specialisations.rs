//! Partial and explicit specialisations of class, variable and function templates.

use super::Builder;

impl Builder {
    pub fn specialisations(&mut self) {
        self.vocabulary();
        if self.random.chance(2) { self.one_parameter() } else { self.two_parameters() }
    }

    fn one_parameter(&mut self) {
        let number = self.number();
        self.declare(&format!("template <class T> struct Z {{ static const int value = {number}; }};"));
        let mut patterns: Vec<(&str, &str)> = vec![
            ("class T", "T*"),
            ("class T", "const T"),
            ("class T", "T&"),
            ("class T", "const T*"),
            ("class T", "T* const"),
            ("class T", "T&&"),
            ("class T, int N", "T[N]"),
            ("class T", "T[]"),
            ("class T, int N", "const T[N]"),
            ("class R, class... P", "R(P...)"),
            ("class R, class P", "R(P)"),
            ("class P", "int(P)"),
            ("class T", "const T&"),
            ("class T", "T**"),
            ("class R, class P", "R(*)(P)"),
            ("", "int"),
            ("", "float*"),
            ("", "const char"),
            ("", "int[3]"),
            ("class T", "volatile T"),
            ("class T", "T*&"),
        ];
        if self.boxes {
            patterns.extend([
                ("class T", "Box<T>"),
                ("class T", "Box<T*>"),
                ("template <class> class C, class T", "C<T>"),
                ("", "Box<int>"),
            ]);
        }
        for _ in 0..2 + self.random.below(4) {
            let at = self.random.below(patterns.len() as u64) as usize;
            let (params, pattern) = patterns.swap_remove(at);
            let number = self.number();
            self.declare(&format!("template <{params}> struct Z<{pattern}> {{ static const int value = {number}; }};"));
        }
        let arg = match self.random.below(8) {
            0 => "int[3]".to_string(),
            1 => self
                .random
                .pick(&["int(float)", "int(*)(float)", "float()", "char(int, int)", "const int[4]", "int[]", "float&&"])
                .to_string(),
            2 => format!("{}*", self.object_type().text),
            3 => format!("{} const", self.object_type().text),
            4 => format!("{} const&", self.object_type().text),
            5 if self.boxes => {
                self.random.pick(&["Box<int>", "Box<float*>", "const Box<char>", "Box<Box<int>>", "Box<int>*"]).to_string()
            }
            _ => self.param_type().text,
        };
        self.say(&format!("return Z<{arg}>::value;"));
    }

    fn two_parameters(&mut self) {
        let number = self.number();
        let value = self.random.chance(2);
        let second = if value { "int N" } else { "class U" };
        self.declare(&format!("template <class T, {second}> struct Z {{ static const int value = {number}; }};"));
        let mut patterns: Vec<(&str, &str)> = match value {
            true => vec![
                ("class T, int N", "T*, N"),
                ("class T", "T, 0"),
                ("int N", "int, N"),
                ("", "int, 1"),
                ("class T", "T*, 0"),
                ("class T, int N", "T[N], N"),
                ("class T, int N", "const T, N"),
                ("class T", "T, 2"),
            ],
            false => vec![
                ("class T", "T, T"),
                ("class T", "T, int"),
                ("class U", "int, U"),
                ("class T, class U", "T*, U"),
                ("class T, class U", "T, U*"),
                ("class T", "T*, T"),
                ("class T, class U", "T*, U*"),
                ("class T", "T*, T*"),
                ("", "int, int"),
                ("class T, class U", "const T, U"),
                ("class T", "T, const T"),
            ],
        };
        for _ in 0..2 + self.random.below(4) {
            let at = self.random.below(patterns.len() as u64) as usize;
            let (params, pattern) = patterns.swap_remove(at);
            let number = self.number();
            self.declare(&format!("template <{params}> struct Z<{pattern}> {{ static const int value = {number}; }};"));
        }
        let types = ["int", "float", "int*", "const int", "float*", "int**", "const int*", "int[2]"];
        let first = self.random.pick(&types);
        let second = if value { self.random.pick(&["0", "1", "2", "3"]) } else { self.random.pick(&types) };
        self.say(&format!("return Z<{first}, {second}>::value;"));
    }
}
