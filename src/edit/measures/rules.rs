//! Control rules: new ones, and those that go with what is removed.

use super::worksite::{Names, Worksite};
use crate::edit::change::{Action, Kind};
use crate::edit::editor::Row;
use crate::input::inp::Section;

/// Adds a rule under a free name; each line as its words. The name that it got.
pub(super) fn add_rule(work: &mut Worksite<'_>, stem: &str, lines: &[Vec<&str>]) -> String {
    let name = work.free_name(Names::Rule, stem);
    work.add(Section::Controls, &[]);
    work.add(Section::Controls, &["RULE", &name]);
    for line in lines {
        work.add(Section::Controls, line);
    }
    let text: Vec<String> = lines.iter().map(|line| line.join(" ")).collect();
    work.note_added(Kind::Other, &name, &[("control rule", &text.join(" "))], Vec::new());
    name
}

/// The highest priority of the rules that act on a link; `None` when none does.
pub(super) fn highest_priority(work: &Worksite<'_>, link: &str) -> Option<f64> {
    let (model, id) = work.base_link(link)?;
    let acts = |rule: &&crate::model::control::Rule| {
        rule.then_actions.iter().chain(&rule.else_actions).any(|action| action.link == id)
    };
    model.controls.rules.iter().filter(acts).map(|rule| rule.priority).reduce(f64::max)
}

/// A rule in the text.
struct Block {
    name: String,
    rows: Vec<Row>,
    /// Links that it acts on.
    acts_on: Vec<String>,
    /// Links that its conditions read.
    reads: Vec<String>,
}

/// The rules of the text; also the rows of variables and expressions that name links.
fn blocks(work: &Worksite<'_>) -> (Vec<Block>, Vec<(Row, Vec<String>)>) {
    let (mut blocks, mut declared): (Vec<Block>, Vec<(Row, Vec<String>)>) = (Vec::new(), Vec::new());
    let mut acting = false;
    for row in work.editor.section(Section::Controls) {
        let fields = work.editor.fields(row);
        let word = fields.first().map(|first| first.to_ascii_uppercase()).unwrap_or_default();
        match word.as_str() {
            "RULE" => {
                let name = fields.get(1).cloned().unwrap_or_default();
                blocks.push(Block { name, rows: Vec::new(), acts_on: Vec::new(), reads: Vec::new() });
                acting = false;
            }
            "THEN" | "ELSE" => acting = true,
            "VARIABLE" | "EXPRESSION" => {
                declared.push((row, names_of_links(&fields)));
                continue;
            }
            _ => {}
        }
        if let Some(block) = blocks.last_mut() {
            block.rows.push(row);
            let names = names_of_links(&fields);
            if acting { block.acts_on.extend(names) } else { block.reads.extend(names) }
        }
    }
    (blocks, declared)
}

/// Names that stand behind the word of a kind of link.
fn names_of_links(fields: &[String]) -> Vec<String> {
    let kinds = ["LINK", "CONDUIT", "PUMP", "ORIFICE", "WEIR", "OUTLET"];
    let pairs = fields.iter().zip(fields.iter().skip(1));
    pairs
        .filter(|(word, _)| kinds.contains(&word.to_ascii_uppercase().as_str()))
        .map(|(_, n)| n.clone())
        .collect()
}

/// Removes the rules that act on links which are removed. A rule that acts on others as well, or that only
/// reads such a link, is a problem: nobody can say what it should do from now on.
pub(super) fn remove_rules_of(work: &mut Worksite<'_>, links: &[String]) {
    let gone = |name: &String| links.iter().any(|link| link.eq_ignore_ascii_case(name));
    let (blocks, declared) = blocks(work);
    for (_, names) in declared.iter().filter(|(_, names)| names.iter().any(gone)) {
        let name = names.iter().find(|name| gone(name)).cloned().unwrap_or_default();
        let message = "a variable of the control rules reads it, so that it cannot be removed";
        work.problem(format!("Link {name}"), message, "keep it, or take the variable out of the network");
    }
    for block in blocks.iter().filter(|block| block.acts_on.iter().chain(&block.reads).any(gone)) {
        let others: Vec<&String> = block.acts_on.iter().filter(|name| !gone(name)).collect();
        if let Some(other) = others.first() {
            let message = format!(
                "the control rule {} names a pump that is removed, but also acts on {other}",
                block.name
            );
            work.problem(
                format!("Rule {}", block.name),
                message,
                "split the rule in the network, or keep the pumps",
            );
            continue;
        }
        for &row in &block.rows {
            work.editor.remove(row);
        }
        work.note(Kind::Other, &block.name, Action::Removed, Vec::new(), Vec::new());
    }
}
