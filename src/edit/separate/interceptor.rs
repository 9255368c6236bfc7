//! The interceptor at the end of new storm sewers: what foul water is still in them, and the first flush,
//! goes to the treatment works.
//!
//! The last manhole gets a sump. From it an `OUTLET` leads to the interceptor, rated by depth so that it
//! passes its full flow, `n0` times the dry-weather flow of the district, when the sump is full, and never
//! more; it has a flap gate. What is more flows on into the last pipe, which leaves above the sump.

use crate::diagnostic::Diagnostic;
use crate::edit::change::{Action, FieldChange, Kind, Work};
use crate::edit::editor::number;
use crate::edit::picking::missing;
use crate::input::inp::Section;
use crate::model::options::OffsetConvention;
use crate::model::{Model, NodeId};
use crate::scenario::catalogue::Catalogue;
use crate::scenario::measure::{Separate, Sewer};

use super::build::Builder;
use super::design::{SUMP, Sewers};
use super::laws;
use super::plan::Plan;

/// An interceptor.
#[derive(Clone, Debug)]
pub(super) struct Interceptor {
    /// The node that takes its water, in the network that is changed.
    to: NodeId,
    /// Its full flow, m³/s.
    flow: f64,
}

impl Interceptor {
    /// The interceptor that a measure asks for; `dry_weather` is the mean flow of the district, m³/s.
    pub fn of(separate: &Separate, model: &Model, dry_weather: f64) -> Result<Option<Self>, Diagnostic> {
        let refuse = |message: &str, help: &str| Err(Diagnostic::error(0, message).help(help));
        match (separate.interceptor_n0, &separate.intercept_to) {
            (None, None) => Ok(None),
            (Some(_), None) => {
                refuse("`interceptor_n0` without `intercept_to`", "say which node takes the water")
            }
            (None, Some(_)) => {
                refuse("`intercept_to` without `interceptor_n0`", "such as interceptor_n0 = 2")
            }
            (Some(_), Some(_)) if separate.existing_sewer == Sewer::Storm => refuse(
                "an interceptor is built at the end of new storm sewers, and here the new sewers are foul",
                "leave out `interceptor_n0` and `intercept_to`",
            ),
            (Some(n0), Some(_)) if !(n0 > 0.0 && n0.is_finite()) => {
                refuse(&format!("`interceptor_n0` is {n0}"), "a number above 0, usually 1 to 5")
            }
            (Some(n0), Some(name)) => {
                let names = model.nodes.names().iter().map(String::as_str);
                let to = model.nodes.find(name).ok_or_else(|| missing("there is no node", name, names))?;
                let flow = laws::intercepted_flow(n0, dry_weather);
                if flow <= 0.0 {
                    let message = "the district has no dry-weather flow that `interceptor_n0` could multiply";
                    return refuse(message, "give its nodes [DWF], or leave the interceptor out");
                }
                Ok(Some(Self { to, flow }))
            }
        }
    }
    /// Builds it at the last manhole.
    pub fn build(&self, builder: &mut Builder<'_>, sewers: &Sewers, catalogue: &Catalogue, plan: &Plan<'_>) {
        let Some(last) = sewers.pipes.last() else { return };
        let model = &builder.network.model;
        let to = model.nodes.name(self.to).to_owned();
        let from = builder.manhole(last.reach.from);
        let name = format!("{from}-n0");
        if !builder.wants_link(&name, &to) {
            return;
        }
        let bottom = last.inverts[0] - SUMP;
        let below = model.nodes[self.to].invert - bottom;
        if below > 0.0 {
            let message = format!(
                "the sump of '{from}' at {bottom:.2} m lies {below:.2} m below '{to}': nothing flows there by itself"
            );
            builder.problems.push(Diagnostic::error(0, message).help("intercept to a lower node"));
            return;
        }
        let offset = match model.options.offsets {
            OffsetConvention::Depth => "0".to_owned(),
            OffsetConvention::Elevation => builder.length(bottom),
        };
        let flow = number(self.flow / builder.units().flow);
        let depth = builder.length(SUMP);
        let deep = builder.length(100.0);
        builder
            .editor
            .add(Section::Outlets, &[name.as_str(), &from, &to, &offset, "TABULAR/DEPTH", &name, "YES"]);
        builder.editor.add(Section::Curves, &[name.as_str(), "RATING", "0", "0"]);
        builder.editor.add(Section::Curves, &[name.as_str(), &depth, &flow]);
        builder.editor.add(Section::Curves, &[name.as_str(), &deep, &flow]);
        builder.mark("Link", &name, "interceptor");
        let there = model.map.nodes.get(crate::num::index::Id::index(self.to)).copied().flatten();
        let length = match (last.line.first(), there) {
            (Some(&here), Some(there)) => plan.length(&[here, there]),
            _ => 0.0,
        };
        let fields = vec![FieldChange {
            field: format!("largest flow ({})", builder.units().flow_units.keyword()),
            before: String::new(),
            after: flow,
        }];
        // a pipe for that flow at a usual slope of 0.3 %, for its cost
        let diameter = crate::edit::capacity::full_pipe_diameter(self.flow, 0.003, catalogue.roughness);
        let diameter = catalogue.at_least(diameter.max(0.3)).unwrap_or(diameter);
        let works = vec![Work::Pipe { length, diameter, depth: last.ground[0] - bottom }];
        builder.note(Kind::Link, &name, Action::Added, fields, works);
    }
}
