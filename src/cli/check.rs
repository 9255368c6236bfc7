//! `pailao check`: every problem of a model, or of a scenario.

use super::arguments::CheckArguments;
use super::console::{report, say};
use super::exit::Exit;
use super::load::load;
use super::study;

/// Looks for every problem of a model or of a scenario.
pub fn check(arguments: &CheckArguments) -> Exit {
    let lang = arguments.language.lang;
    if arguments.model.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
        return study::check(&arguments.model, lang);
    }
    let loaded = match load(&arguments.model, arguments.encoding.encoding) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    report(&loaded.diagnostics, lang);
    let verdict = loaded.verdict();
    let model = &loaded.model;
    let size = lang.of(
        format!(
            "{} nodes, {} links, {} subcatchments",
            model.nodes.len(),
            model.links.len(),
            model.subcatchments.len()
        ),
        format!(
            "{} 个节点，{} 条管渠及构筑物，{} 个子汇水区",
            model.nodes.len(),
            model.links.len(),
            model.subcatchments.len()
        ),
    );
    let answer = match verdict {
        Exit::Done => lang.of("can run", "可以模拟"),
        Exit::Unsupported => lang.of("asks for physics that is not simulated yet", "包含尚不能模拟的内容"),
        _ => lang.of("cannot run", "不能模拟"),
    };
    say(format!("{}: {answer} ({size})", arguments.model.display()));
    verdict
}
