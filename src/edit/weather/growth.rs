//! What has grown by a horizon: dry-weather flow and sealed ground.

use crate::diagnostic::Diagnostic;
use crate::input::inp::Section;
use crate::scenario::study::HorizonTable;

use super::super::editor::{Editor, number};
use super::super::network::Network;

/// The network of a horizon: averages of dry-weather flow multiplied by `1 + dwf_growth`, and imperviousness
/// raised by its points, to 100 % at most and 0 % at least. A horizon without either gives back every byte.
///
/// # Errors
/// When the text cannot be read any more.
pub fn grow(network: &Network, horizon: &HorizonTable) -> Result<Network, Vec<Diagnostic>> {
    let flow = horizon.dwf_growth.map_or(0.0, |growth| growth.0);
    let points = horizon.imperviousness.map_or(0.0, |points| points.0 * 100.0);
    if flow == 0.0 && points == 0.0 {
        return Ok(network.clone());
    }
    let mut editor = Editor::new(network);
    if flow != 0.0 {
        for row in editor.section(Section::Dwf) {
            let fields = editor.fields(row);
            let of_water = fields.get(1).is_some_and(|field| begins_with(field, "FLOW"));
            if let (true, Some(average)) = (of_water, value(fields.get(2))) {
                editor.set(row, 2, &number(average * (1.0 + flow)), "0");
            }
        }
    }
    if points != 0.0 {
        for row in editor.section(Section::Subcatchments) {
            if let Some(percent) = value(editor.field(row, 4).as_ref()) {
                editor.set(row, 4, &number((percent + points).clamp(0.0, 100.0)), "0");
            }
        }
    }
    editor.finish()
}

/// Whether a field begins with a keyword, as SWMM compares words.
pub(super) fn begins_with(field: &str, keyword: &str) -> bool {
    field.get(..keyword.len()).is_some_and(|start| start.eq_ignore_ascii_case(keyword))
}

/// A number of a text that has been read; an empty field is 0, as in SWMM.
fn value(field: Option<&String>) -> Option<f64> {
    let field = field?;
    if field.is_empty() { Some(0.0) } else { field.parse().ok() }
}
