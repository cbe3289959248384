//! Expressions. The tree keeps its parentheses, so no precedence is needed.

use super::Printer;
use crate::*;

impl Printer {
    pub(super) fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int(literal) => self.put(literal.text.as_str()),
            ExprKind::Float(literal) => self.put(literal.text.as_str()),
            ExprKind::Char(literal) => self.put(literal.text.as_str()),
            ExprKind::Str(literal) => self.put(literal.text.as_str()),
            ExprKind::Bool(value) => self.put(if *value { "true" } else { "false" }),
            ExprKind::Nullptr => self.put("nullptr"),
            ExprKind::This => self.put("this"),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Paren(inner) => {
                self.put("(");
                self.expr(inner);
                self.put(")");
            }
            ExprKind::Unary { op, operand } => self.unary(*op, operand),
            ExprKind::Postfix { op, operand } => {
                self.expr(operand);
                self.put(op.as_str());
            }
            ExprKind::Binary { op, lhs, rhs } => self.infix(lhs, op.as_str(), rhs),
            ExprKind::Assign { op, lhs, rhs } => {
                let op = format!("{}=", op.map_or("", BinaryOp::as_str));
                self.infix(lhs, &op, rhs);
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                self.expr(condition);
                self.put(" ? ");
                if let Some(then) = then {
                    self.expr(then);
                    self.put(" ");
                }
                self.put(": ");
                self.expr(otherwise);
            }
            ExprKind::Comma { lhs, rhs } => {
                self.expr(lhs);
                self.put(", ");
                self.expr(rhs);
            }
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                self.arguments(args);
            }
            ExprKind::Launch(launch) => {
                self.expr(&launch.kernel);
                self.put("<<<");
                self.list(&launch.config, Printer::expr);
                self.put(">>>");
                self.arguments(&launch.args);
            }
            ExprKind::Index { base, index } => {
                self.expr(base);
                self.put("[");
                self.list(index, Printer::expr);
                self.put("]");
            }
            ExprKind::Member { base, arrow, name } => {
                self.expr(base);
                self.put(if *arrow { "->" } else { "." });
                if name.last().args.is_some() {
                    self.put("template ");
                }
                self.name(name);
            }
            ExprKind::CCast { ty, operand } => {
                self.put("(");
                self.typed(ty, "");
                self.put(")");
                self.expr(operand);
            }
            ExprKind::NamedCast { cast, ty, operand } => {
                self.put(cast.as_str());
                self.put("<");
                self.typed(ty, "");
                self.put(">(");
                self.expr(operand);
                self.put(")");
            }
            ExprKind::Construct { ty, args } => {
                // Only one word may stand before the parenthesis.
                match ty.kind {
                    TypeKind::Builtin(Builtin::UInt) => self.put("unsigned"),
                    _ => self.typed(ty, ""),
                }
                self.arguments(args);
            }
            ExprKind::ConstructBraced { ty, init } => {
                self.typed(ty, "");
                self.braced(init);
            }
            ExprKind::Braced(init) => self.braced(init),
            ExprKind::SizeofExpr(operand) => self.prefixed("sizeof ", operand),
            ExprKind::AlignofExpr(operand) => self.prefixed("alignof ", operand),
            ExprKind::SizeofType(ty) => self.of_type("sizeof", ty),
            ExprKind::AlignofType(ty) => self.of_type("alignof", ty),
            ExprKind::TypeidType(ty) => self.of_type("typeid", ty),
            ExprKind::SizeofPack(name) => self.put(&format!("sizeof...({name})")),
            ExprKind::NoexceptExpr(operand) => self.of_expr("noexcept", operand),
            ExprKind::TypeidExpr(operand) => self.of_expr("typeid", operand),
            ExprKind::TypeTrait { name, args } => {
                self.put(name.name.as_str());
                self.put("(");
                self.list(args, Printer::template_arg);
                self.put(")");
            }
            ExprKind::New(new) => self.new_expr(new),
            ExprKind::Delete { global, array, operand } => {
                self.put(if *global { "::delete" } else { "delete" });
                self.put(if *array { "[] " } else { " " });
                self.expr(operand);
            }
            ExprKind::Throw(operand) => match operand {
                Some(operand) => self.prefixed("throw ", operand),
                None => self.put("throw"),
            },
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::Fold(fold) => self.fold(fold),
            ExprKind::Pack(inner) => {
                self.expr(inner);
                self.put("...");
            }
            ExprKind::StmtExpr(block) => {
                self.put("(");
                self.block(block);
                self.put(")");
            }
            ExprKind::Error => self.put("/* error */0"),
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) {
        self.put(op.as_str());
        // `- -x` and `& &x` are two operators.
        if let ExprKind::Unary { op: inner, .. } = &operand.kind
            && inner.as_str().starts_with(op.as_str())
        {
            self.put(" ");
        }
        self.expr(operand);
    }

    fn infix(&mut self, lhs: &Expr, op: &str, rhs: &Expr) {
        self.expr(lhs);
        self.put(" ");
        self.put(op);
        self.put(" ");
        self.expr(rhs);
    }

    fn prefixed(&mut self, word: &str, operand: &Expr) {
        self.put(word);
        self.expr(operand);
    }

    fn of_type(&mut self, word: &str, ty: &Type) {
        self.put(word);
        self.put("(");
        self.typed(ty, "");
        self.put(")");
    }

    fn of_expr(&mut self, word: &str, operand: &Expr) {
        self.put(word);
        self.put("(");
        self.expr(operand);
        self.put(")");
    }

    fn arguments(&mut self, args: &[Expr]) {
        self.put("(");
        self.list(args, Printer::expr);
        self.put(")");
    }

    pub(super) fn braced(&mut self, init: &BraceInit) {
        self.put("{");
        self.list(&init.items, |p, item| {
            for designator in &item.designators {
                match designator {
                    Designator::Field(name) => p.put(&format!(".{name}")),
                    Designator::Index(index) => {
                        p.put("[");
                        p.expr(index);
                        p.put("]");
                    }
                }
            }
            if !item.designators.is_empty() {
                p.put(" = ");
            }
            p.expr(&item.value);
        });
        self.put("}");
    }

    fn new_expr(&mut self, new: &New) {
        self.put(if new.global { "::new " } else { "new " });
        if !new.placement.is_empty() {
            self.arguments(&new.placement);
            self.put(" ");
        }
        self.typed(&new.ty, "");
        match &new.init {
            Some(Init::Copy(_)) | None => {}
            init => self.init(init.as_ref()),
        }
    }

    fn fold(&mut self, fold: &Fold) {
        let op = match fold.op {
            FoldOp::Binary(op) => op.as_str().to_string(),
            FoldOp::Assign(op) => format!("{}=", op.map_or("", BinaryOp::as_str)),
            FoldOp::Comma => ",".to_string(),
        };
        self.put("(");
        if let Some(left) = &fold.left {
            self.expr(left);
            self.put(&format!(" {op} "));
        }
        self.put("...");
        if let Some(right) = &fold.right {
            self.put(&format!(" {op} "));
            self.expr(right);
        }
        self.put(")");
    }

    fn lambda(&mut self, lambda: &Lambda) {
        self.put("[");
        let default = match lambda.default {
            Some(CaptureDefault::Copy) => "=",
            Some(CaptureDefault::Reference) => "&",
            None => "",
        };
        self.put(default);
        if !default.is_empty() && !lambda.captures.is_empty() {
            self.put(", ");
        }
        self.list(&lambda.captures, Printer::capture);
        self.put("]");
        if !lambda.template_params.is_empty() {
            self.template_params(&lambda.template_params);
        }
        for spec in lambda.specs.set.iter().filter(|&spec| spec != Spec::Mutable) {
            self.put(" ");
            self.put(spec.as_str());
        }
        let rest = self.apart(|p| p.function_rest(&FunctionType { trailing: false, ..lambda.ty.clone() }));
        self.put(" ");
        self.put(&rest);
        if lambda.specs.has(Spec::Mutable) {
            self.put(" mutable");
        }
        if lambda.ty.trailing {
            self.put(" -> ");
            self.typed(&lambda.ty.result, "");
        }
        self.put(" ");
        self.block(&lambda.body);
    }

    fn capture(&mut self, capture: &Capture) {
        match &capture.kind {
            CaptureKind::Copy(name) => self.put(name.name.as_str()),
            CaptureKind::Reference(name) => self.put(&format!("&{name}")),
            CaptureKind::This => self.put("this"),
            CaptureKind::StarThis => self.put("*this"),
            CaptureKind::Init { name, by_reference, init } => {
                self.put(if *by_reference { "&" } else { "" });
                self.put(name.name.as_str());
                self.init(Some(init));
            }
        }
        if capture.pack {
            self.put("...");
        }
    }
}
