//! Measures of one option that contradict each other.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::edit::change::{Action, Change, Kind};

/// Fields that follow from where pipes lie. Several measures may change them one after the other: they end
/// at the lowest pipe, whatever the order.
const FOLLOWING: [&str; 8] = [
    "invert",
    "full depth",
    "initial depth",
    "startup depth",
    "shutoff depth",
    "upper offset",
    "lower offset",
    "depth in control rules",
];

/// Fields of which several measures take their share of the base: phases that separate one district.
const SHARED: [&str; 4] = ["area", "width", "curb length", "dry-weather flow"];

/// Contradictions between measures: two that change the same field of the same element to different
/// things, or of which one removes what another changes. Such measures depend on their order, and phases
/// would not add up.
pub fn conflicts(changes: &[Change]) -> Vec<Diagnostic> {
    let mut elements: BTreeMap<(Kind, String), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        elements.entry((change.kind, change.element.to_ascii_uppercase())).or_default().push(change);
    }
    elements.values().flat_map(|changes| contradictions(changes)).collect()
}

/// Whether a field follows from where pipes lie.
fn follows(field: &str) -> bool {
    FOLLOWING.contains(&field.split(" (").next().unwrap_or_default())
}

fn contradictions(changes: &[&Change]) -> Vec<Diagnostic> {
    let Some(first) = changes.first() else { return Vec::new() };
    let element = format!("{:?} {}", first.kind, first.element);
    let help = "put them into one measure, or take one of them away";
    let mut found = Vec::new();
    let mut set: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for change in changes {
        for field in &change.fields {
            let name = field.field.split(" (").next().unwrap_or_default();
            if FOLLOWING.contains(&name) || SHARED.contains(&name) {
                continue;
            }
            let (measure, after) = *set.entry(&field.field).or_insert((change.measure, &field.after));
            if measure != change.measure && after != field.after {
                let message = format!(
                    "measures {} and {} give it another {}: {after} and {}",
                    measure + 1,
                    change.measure + 1,
                    field.field,
                    field.after
                );
                found.push(Diagnostic::error(0, message).of(element.clone()).help(help));
            }
        }
    }
    for removed in changes.iter().filter(|change| change.action == Action::Removed) {
        let other = changes.iter().find(|other| {
            let only_follows =
                other.works.is_empty() && other.fields.iter().all(|field| follows(&field.field));
            other.measure != removed.measure && other.action != Action::Removed && !only_follows
        });
        if let Some(other) = other {
            let message =
                format!("measure {} removes what measure {} changes", removed.measure + 1, other.measure + 1);
            found.push(Diagnostic::error(0, message).of(element.clone()).help(help));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::change::FieldChange;

    fn change(measure: usize, field: &str, after: &str) -> Change {
        Change {
            measure,
            phase: "I".into(),
            kind: Kind::Link,
            element: "C1".into(),
            action: Action::Altered,
            fields: vec![FieldChange { field: field.into(), before: "0.5".into(), after: after.into() }],
            works: Vec::new(),
        }
    }

    #[test]
    fn two_diameters_for_one_pipe_are_a_conflict() {
        let two = [change(0, "diameter (m)", "0.6"), change(2, "diameter (m)", "0.8")];
        let found = conflicts(&two);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("measures 1 and 3"), "{}", found[0].message);
        assert_eq!(conflicts(&[change(0, "diameter (m)", "0.6"), change(2, "diameter (m)", "0.6")]), []);
        assert_eq!(conflicts(&[change(0, "roughness", "0.6"), change(2, "diameter (m)", "0.8")]), []);
    }

    #[test]
    fn levels_that_follow_from_pipes_are_none() {
        assert_eq!(conflicts(&[change(0, "invert (m)", "9.6"), change(2, "invert (m)", "9.4")]), []);
    }

    #[test]
    fn what_is_removed_cannot_be_changed() {
        let removed = Change { action: Action::Removed, fields: Vec::new(), ..change(1, "", "") };
        assert_eq!(conflicts(&[change(0, "roughness", "0.01"), removed]).len(), 1);
    }
}
