//! Which names an item declares, as the splitter reads them from its head.

use grammar::Options;

fn names(text: &str) -> Vec<Vec<String>> {
    let mut map = source::SourceMap::new();
    let (unit, _) = grammar::parse("names.cu", text, &Options::default(), &grammar::NoHeaders, &mut map);
    unit.items.iter().map(|item| item.names.iter().map(|name| name.as_str().to_owned()).collect()).collect()
}

#[test]
fn template_arguments_of_an_initialiser_declare_nothing() {
    let text = "template <class T, class U> constexpr bool same_v = same<T, U>::value;\n\
                int a = pair<1, 2>(3).first, b = 4;\n\
                bool c = x < y, d = z > w;\n";
    assert_eq!(names(text), [vec!["same_v"], vec!["a", "b"], vec!["c", "d"]]);
}

#[test]
fn attributes_stand_before_names() {
    let text = "[[maybe_unused]] static constexpr int a = 1;\nint b [[maybe_unused]], c[2];\n";
    assert_eq!(names(text), [vec!["a"], vec!["b", "c"]]);
}
