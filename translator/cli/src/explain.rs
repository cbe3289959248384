//! `translate explain`: the page behind a code.

use crate::args::ExplainArgs;
use crate::screen::{Screen, print};
use source::{Code, all_codes, find_code};
use std::process::ExitCode;

pub fn run(args: &ExplainArgs, screen: &Screen) -> ExitCode {
    let Some(name) = &args.code else {
        let list: String = all_codes().map(|(code, title, _)| format!("{code}  {title}\n")).collect();
        print(list.as_bytes());
        return ExitCode::SUCCESS;
    };
    match find_code(name) {
        Some(code) => {
            print(format!("{code}: {}\n\n{}\n", code.title(), code.explanation()).as_bytes());
            ExitCode::SUCCESS
        }
        None => {
            screen.error(Code::E0663, format!("there is no code `{name}`; `translate explain` lists them all"));
            ExitCode::from(2)
        }
    }
}
