//! `MAPPING.md` says what the table says.

#[test]
fn mapping_page_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/MAPPING.md");
    let page = translator::mapping_page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).expect("the page can be written");
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(known == page, "MAPPING.md is stale: run BLESS=1 cargo test -p translator");
}
