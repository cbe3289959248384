//! The tree as CUDA C++ text, one declaration or statement a line.
//!
//! For people who debug the front end, and for the test that printing, reading and printing again gives the same text.

mod declarations;
mod exprs;
mod stmts;
mod types;

use crate::Decl;

/// A declaration as text, with a newline behind it.
pub fn print_decl(decl: &Decl) -> String {
    let mut printer = Printer { out: String::new(), indent: 0 };
    printer.decl(decl);
    printer.out
}

/// An expression as text.
pub fn print_expr(expr: &crate::Expr) -> String {
    let mut printer = Printer { out: String::new(), indent: 0 };
    printer.expr(expr);
    printer.out
}

/// A type as text.
pub fn print_type(ty: &crate::Type) -> String {
    let mut printer = Printer { out: String::new(), indent: 0 };
    printer.typed(ty, "");
    printer.out
}

struct Printer {
    out: String,
    indent: usize,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Prints apart and returns the text.
    fn apart(&mut self, f: impl FnOnce(&mut Printer)) -> String {
        let outer = std::mem::take(&mut self.out);
        f(self);
        std::mem::replace(&mut self.out, outer)
    }

    fn line_start(&mut self) {
        let indent = self.indent;
        self.out.extend(std::iter::repeat_n("    ", indent));
    }

    fn line(&mut self, text: &str) {
        self.line_start();
        self.put(text);
        self.put("\n");
    }

    fn list<T>(&mut self, items: &[T], mut f: impl FnMut(&mut Printer, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            f(self, item);
        }
    }
}
