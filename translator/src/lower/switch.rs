//! `switch`: flat labels become cases; control that runs into the next label is marked.

use super::*;
use ast::{Condition, Stmt as Tree, StmtKind as Kind};
use ir::{Case, StmtKind};
use source::Code;

/// One case while its statements are gathered.
struct Group<'a> {
    values: Vec<u64>,
    is_default: bool,
    stmts: Vec<&'a Tree>,
    span: Span,
}

impl<'a> Sema<'a> {
    pub(super) fn lower_switch(&mut self, tree: &'a ast::Switch, span: Span) -> Result<()> {
        if let Some(init) = &tree.init {
            self.lower_stmt(init)?;
        }
        let operand = match &tree.condition {
            Condition::Expr(expr) => self.lower_expr(expr)?,
            Condition::Decl(decl) => {
                if let ast::DeclKind::Vars(vars) = &decl.kind {
                    self.lower_vars(vars)?;
                }
                self.declared_operand(decl)?
            }
        };
        // A class converts to its one integer or enum ([stmt.switch]/2).
        let operand = self.builtin_operand(&operand)?;
        let source = operand.ty.unqualified();
        if !self.types.is_integral(source) && !self.is_enum(source) {
            let shown = self.show(source);
            return fail(Code::E0206, format!("`switch` needs an integer or enum, not `{shown}`"), span);
        }
        let value = self.rvalue(&operand)?;
        let ty = self.promoted_type(source)?;
        let selector = self.convert_value(value, source, ty, span)?;
        let groups = self.collect_cases(&tree.body, ty)?;
        let mut cases = Vec::new();
        self.f.breaks.push(self.f.scopes.len());
        self.enter_region(goto::RegionKind::Switch);
        self.push_scope();
        let count = groups.len();
        for (index, group) in groups.into_iter().enumerate() {
            cases.push(self.lower_case(group, index + 1 == count));
        }
        self.pop_scope();
        self.leave_region();
        self.f.breaks.pop();
        self.push(StmtKind::Switch { selector, cases }, span);
        Ok(())
    }

    fn lower_case(&mut self, group: Group<'a>, is_last: bool) -> Case {
        self.f.blocks.push(Vec::new());
        self.push_scope();
        for stmt in group.stmts {
            if let Err(error) = self.lower_stmt(stmt) {
                self.report(error);
            }
        }
        self.end_scope(group.span);
        let body = ir::Block { stmts: self.f.blocks.pop().unwrap_or_default() };
        let falls_through = !is_last && !ends(&body);
        Case { values: group.values, is_default: group.is_default, body, falls_through, span: group.span }
    }

    fn collect_cases(&mut self, body: &'a Tree, ty: CType) -> Result<Vec<Group<'a>>> {
        let stmts = match &body.kind {
            Kind::Block(block) => &block.stmts[..],
            _ => std::slice::from_ref(body),
        };
        let mut groups: Vec<Group<'a>> = Vec::new();
        for stmt in stmts {
            match &stmt.kind {
                Kind::Case { .. } | Kind::Default => self.add_label(stmt, ty, &mut groups)?,
                _ => match groups.last_mut() {
                    Some(group) => group.stmts.push(stmt),
                    // Statements before the first label are never reached; declarations there would be.
                    None if matches!(stmt.kind, Kind::Decl(_)) => self.lower_stmt(stmt)?,
                    None => {}
                },
            }
        }
        Ok(groups)
    }

    fn add_label(&mut self, stmt: &'a Tree, ty: CType, groups: &mut Vec<Group<'a>>) -> Result<()> {
        let fresh = groups.last().is_none_or(|group| !group.stmts.is_empty());
        if fresh {
            groups.push(Group { values: Vec::new(), is_default: false, stmts: Vec::new(), span: stmt.span });
        }
        let values = match &stmt.kind {
            Kind::Case { value, high } => {
                let low = self.case_value(value, ty)?;
                match high {
                    None => vec![low],
                    Some(high) => {
                        let high = self.case_value(high, ty)?;
                        if high.wrapping_sub(low) > 1024 {
                            return fail(Code::E0230, "a range of more than 1024 cases is not supported", stmt.span);
                        }
                        (0..=high.wrapping_sub(low)).map(|step| low.wrapping_add(step)).collect()
                    }
                }
            }
            _ => Vec::new(),
        };
        // C++ [stmt.switch]: no two labels of a switch say the same.
        let repeated = groups.iter().any(|group| group.values.iter().any(|known| values.contains(known)));
        let defaults = matches!(stmt.kind, Kind::Default) && groups.iter().any(|group| group.is_default);
        if repeated || defaults {
            return fail(Code::E0238, "the switch has this label already", stmt.span);
        }
        if let Some(group) = groups.last_mut() {
            group.values.extend(values);
            group.is_default |= matches!(stmt.kind, Kind::Default);
        }
        Ok(())
    }

    fn case_value(&mut self, value: &'a ast::Expr, ty: CType) -> Result<u64> {
        let (from, bits) = self.eval_constant(value)?;
        let bits = self.convert_constant(from, bits, ty, value.span)?;
        Ok(bits)
    }
}

/// Does control never reach the end of the block?
fn ends(block: &ir::Block) -> bool {
    block.stmts.last().is_some_and(|stmt| match &stmt.kind {
        StmtKind::Break | StmtKind::Continue | StmtKind::Return(_) | StmtKind::Trap => true,
        StmtKind::Scope(inner) => ends(inner),
        StmtKind::If { accept, reject, .. } => ends(accept) && ends(reject),
        _ => false,
    })
}
