//! What a pass makes of a text.

use ir::Module;

#[track_caller]
pub(super) fn becomes(pass: impl FnOnce(&mut Module), before: &str, after: &str) {
    let mut module = ir::text::parse(before).unwrap_or_else(|error| panic!("{error}"));
    pass(&mut module);
    ir::verify(&module).expect("the program is whole");
    assert_eq!(ir::text::print(&module), after);
}
