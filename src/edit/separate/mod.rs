//! `separate`: a combined district made into foul and storm sewers (雨污分流).
//!
//! What exists becomes either the foul or the storm sewer, and the other one is built beside it, street by
//! street, to an outlet of its own. The new sewers are designed from the base with all plots of the district
//! connected, so that they do not depend on the phase that builds them: the first measure of a district
//! builds them all, and each connects its share of the plots. New elements are called as those beside which
//! they lie, with `-s` (storm) or `-f` (foul) behind.
//!
//! What misconnection means: of the plots that a measure connects, `storm_to_foul` of the storm water still
//! goes to the foul sewer, and `foul_to_storm` of the foul water to the storm sewer. Plots that are not
//! connected stay as they were.

mod build;
mod crossing;
mod design;
mod district;
mod interceptor;
pub mod laws;
mod plan;
mod shares;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::edit::picking::missing;
use crate::model::Model;
use crate::num::index::Id;
use crate::scenario::catalogue::Catalogue;
use crate::scenario::measure::{Separate, Sewer};

use super::Edited;
use super::drainage::Drainage;
use super::editor::Editor;
use super::network::Network;
use super::site::Site;

use build::Builder;
use design::{Outlet, Sewers};
use district::{District, Tree};
use interceptor::Interceptor;
use plan::Plan;

/// Fastest full-flow velocity of a new sewer without a warning, m/s: 5 for pipes that are not of metal
/// (GB 50014, from memory).
const FASTEST: f64 = 5.0;

/// Applies the measure to a network, as number `index` of its option and in a phase.
///
/// # Errors
/// All that cannot be: an area, node or catalogue that is not there, no formula to size storm sewers by,
/// sewers that arrive below their outlet or for which the catalogue has no pipe, more plots than there are.
pub fn apply(
    network: &Network,
    site: &Site,
    index: usize,
    phase: &str,
    separate: &Separate,
) -> Result<Edited, Vec<Diagnostic>> {
    let base = &site.base.model;
    let drainage = Drainage::of(base);
    let is_storm = separate.existing_sewer == Sewer::Foul;
    let suffix = if is_storm { "-s" } else { "-f" };
    let mut problems = shares_that_are_none(separate);
    let mut keep = |result: Result<_, Diagnostic>| result.map_err(|problem| problems.push(problem)).ok();
    let district = keep(District::find(site, &drainage, &separate.area).map(Some)).flatten();
    let catalogue = match find_catalogue(site, separate) {
        Ok(catalogue) => Some(catalogue),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let (Some(district), Some(catalogue)) = (district, catalogue) else { return Err(problems) };
    let Some(tree) = Tree::of(base, &drainage, &district, separate.existing_sewer) else {
        let what = if is_storm { "land that drains to a node" } else { "dry-weather flow" };
        problems.push(Diagnostic::error(0, format!("the district '{}' has no {what}", separate.area)));
        return Err(problems);
    };
    let plan = Plan::of(base, separate.existing_sewer);
    let outlet = find_outlet(network, base, &plan, &tree, separate, suffix);
    let dry_weather = district.nodes().filter_map(|node| base.nodes[node].dry_weather);
    let dry_weather = dry_weather.map(|flow| flow.average).sum();
    let interceptor = Interceptor::of(separate, &network.model, dry_weather);
    let (outlet, interceptor) = match (outlet, interceptor) {
        (Ok(outlet), Ok(interceptor)) if problems.is_empty() => (outlet, interceptor),
        (outlet, interceptor) => {
            problems.extend(outlet.err());
            problems.extend(interceptor.err());
            return Err(problems);
        }
    };
    let sewers = design::design(site, &drainage, &plan, separate, catalogue, (&district, &tree, &outlet))?;

    let mut builder = Builder {
        editor: Editor::new(network),
        network,
        base,
        suffix,
        tag: if is_storm { "storm" } else { "foul" },
        measure: index,
        phase,
        changes: Vec::new(),
        problems,
    };
    let new = builder.sewers(&sewers, &outlet, interceptor.as_ref());
    let mut warnings = Vec::new();
    if !new.is_empty() {
        warnings.extend(assumptions(separate, catalogue));
        warnings.extend(fast_pipes(&builder, &sewers));
    }
    for pipe in new {
        warnings.extend(crossing::crossings(base, &drainage, pipe, &builder.pipe(pipe)));
    }
    if let Some(interceptor) = &interceptor {
        interceptor.build(&mut builder, &sewers, catalogue, &plan);
    }
    shares::apply(&mut builder, site, &drainage, (&district, &tree), separate, &mut warnings);

    let Builder { editor, changes, problems, .. } = builder;
    if problems.is_empty() {
        Ok(Edited { network: editor.finish()?, changes, warnings })
    } else {
        Err(problems)
    }
}

fn shares_that_are_none(separate: &Separate) -> Vec<Diagnostic> {
    let shares = [
        ("plots_connected", separate.plots_connected),
        ("storm_to_foul", separate.storm_to_foul),
        ("foul_to_storm", separate.foul_to_storm),
    ];
    let wrong = shares.into_iter().filter(|(_, share)| !(0.0..=1.0).contains(&share.0));
    wrong
        .map(|(key, share)| {
            Diagnostic::error(0, format!("`{key}` is {} %", 100.0 * share.0))
                .help("a share from 0 % to 100 %")
        })
        .collect()
}

fn find_catalogue<'a>(site: &'a Site, separate: &Separate) -> Result<&'a Catalogue, Diagnostic> {
    let names = || site.catalogues.0.iter().map(|catalogue| catalogue.name.as_str());
    site.catalogues.find(separate.catalogue.as_deref()).ok_or_else(|| match &separate.catalogue {
        Some(name) => missing("there is no pipe catalogue", name, names()),
        None => Diagnostic::error(0, "the study has no pipe catalogue to size new sewers from"),
    })
}

/// Where the new sewers end: a node of the network, or an outfall that is made.
fn find_outlet(
    network: &Network,
    base: &Model,
    plan: &Plan<'_>,
    tree: &Tree,
    separate: &Separate,
    suffix: &str,
) -> Result<Outlet, Diagnostic> {
    let name = separate.outlet.clone();
    let model = &network.model;
    if separate.outfall_invert.is_some() || separate.outfall_at.is_some() {
        if base.nodes.find(&name).is_some() {
            let message = format!("the outfall '{name}' would be made, but the base has a node of that name");
            return Err(Diagnostic::error(0, message)
                .help("leave out `outfall_invert` and `outfall_at` to use that node, or take another name"));
        }
        if let Some(made) = model.nodes.find(&name)
            && !model.nodes[made].is_outfall()
        {
            let message = format!(
                "the outfall '{name}' would be made, but an earlier measure made a node of that name"
            );
            return Err(Diagnostic::error(0, message).help("take another name"));
        }
        only_link(model, base, tree, &name, suffix)?;
        let at = separate.outfall_at.or_else(|| tree.reaches.last().and_then(|reach| plan.beyond(reach)));
        let invert = separate.outfall_invert.map(|invert| invert.0);
        return Ok(Outlet { name, invert, ground: None, at, is_made: true });
    }
    let Some(node) = model.nodes.find(&name) else {
        let problem = missing("there is no node", &name, model.nodes.names().iter().map(String::as_str));
        let help = match problem.help.as_str() {
            near if near.starts_with("did") => format!("{near} Or give `outfall_invert` to make an outfall"),
            _ => "give `outfall_invert` or `outfall_at` to make an outfall of that name".to_owned(),
        };
        return Err(problem.help(help));
    };
    only_link(model, base, tree, &name, suffix)?;
    let here = &model.nodes[node];
    Ok(Outlet {
        name: model.nodes.name(node).to_owned(),
        invert: Some(here.invert),
        ground: (here.full_depth > 0.0).then_some(here.invert + here.full_depth),
        at: model.map.nodes.get(node.index()).copied().flatten(),
        is_made: false,
    })
}

/// SWMM lets one link only end at an outfall: it must be free, or have our own last pipe.
fn only_link(model: &Model, base: &Model, tree: &Tree, name: &str, suffix: &str) -> Result<(), Diagnostic> {
    let Some(node) = model.nodes.find(name).filter(|&node| model.nodes[node].is_outfall()) else {
        return Ok(());
    };
    let own = tree.reaches.last().map(|last| {
        format!("{}{suffix}", last.link.map_or(base.nodes.name(last.from), |link| base.links.name(link)))
    });
    let is_other = |link: &str| own.as_ref().is_none_or(|own| !own.eq_ignore_ascii_case(link));
    let mut links = model.links.iter().filter(|(_, link)| link.from == node || link.to == node);
    match links.find(|(id, _)| is_other(model.links.name(*id))) {
        Some((id, _)) => {
            let message = format!(
                "'{}' ends at the outfall '{name}' already, and SWMM lets one link only do so",
                model.links.name(id)
            );
            let help = "give the new sewers an outfall of their own (`outfall_invert`, `outfall_at`), or lead them \
                        to a node above it";
            Err(Diagnostic::error(0, message).help(help))
        }
        None => Ok(()),
    }
}

/// What the sizes rest on that is not verified.
fn assumptions(separate: &Separate, catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    if separate.existing_sewer == Sewer::Storm {
        let message = format!(
            "the new foul sewers of '{}' are sized with peak factors and fillings of GB 50014-2021 that were \
             quoted from memory and not verified",
            separate.area
        );
        all.push(Diagnostic::warning(0, message));
    }
    if !catalogue.verified {
        let message = format!("the sizes of the pipe catalogue '{}' are not verified", catalogue.name);
        all.push(Diagnostic::warning(0, message));
    }
    all
}

fn fast_pipes(builder: &Builder<'_>, sewers: &Sewers) -> Vec<Diagnostic> {
    let velocity =
        |pipe: &design::Pipe| laws::full_pipe_velocity(pipe.diameter, pipe.slope(), sewers.roughness);
    let fast = sewers.pipes.iter().filter(|pipe| velocity(pipe) > FASTEST);
    fast.map(|pipe| {
        let name = builder.pipe(pipe);
        let message = format!(
            "the new sewer '{name}' falls by {:.1} % and runs full at {:.1} m/s, faster than {FASTEST} m/s",
            100.0 * pipe.slope(),
            velocity(pipe)
        );
        Diagnostic::warning(0, message).help("a drop manhole takes up the fall").of(format!("Conduit {name}"))
    })
    .collect()
}
