//! Static capacity: what a conduit carries when it is full, by Manning, against the peak of the rational
//! method, as a return period.

use crate::diagnostic::Diagnostic;
use crate::forcing::design_storm::intensity::intensity_l_per_s_ha;
use crate::forcing::design_storm::rational::{
    EquivalentReturnPeriod, equivalent_return_period, full_pipe_flow, peak_flow_l_per_s,
};
use crate::model::catchment::Subcatchment;
use crate::model::{LinkId, Model, NodeId};
use crate::num::index::Id;
use crate::num::spelling::nearest;
use crate::scenario::storm::IntensityFormula;

use super::drainage::Drainage;
use super::site::Site;

/// Runoff coefficient of land by its impervious share: `ψ = 0.9·i + 0.15·(1 - i)`.
///
/// - `i`: impervious share, 0 to 1
///
/// An assumption: the weights are those that GB 50014 gives for roofs and asphalt and for parks, quoted from
/// memory and not verified. A study that knows better gives its own coefficient.
pub fn runoff_coefficient(impervious: f64) -> f64 {
    0.9 * impervious + 0.15 * (1.0 - impervious)
}

/// Diameter of a circular pipe that carries a flow when it is just full, m (Manning):
/// `D = (4^(5/3)·n·Q / (π·√S))^(3/8)`; 0 for no flow.
///
/// - `Q`: flow, m³/s
/// - `S`: slope, above 0
/// - `n`: roughness, s/m^(1/3)
pub fn full_pipe_diameter(flow: f64, slope: f64, roughness: f64) -> f64 {
    (flow.max(0.0) / full_pipe_flow(1.0, slope, roughness)).powf(0.375)
}

/// The static capacity of one conduit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PipeCapacity {
    /// The conduit.
    pub conduit: LinkId,
    /// Land that drains through it, m²: that which drains to its upper node and above, each hectare on one
    /// way only (see [`Drainage`]). Conduits side by side share theirs and are rated together.
    pub area: f64,
    /// Runoff coefficient of that land, 0 to 1.
    pub coefficient: f64,
    /// Time of concentration at its upper node, s: the inlet time and the time that water takes from there
    /// through full conduits on the longest way.
    pub time: f64,
    /// Flow when it is full, m³/s.
    pub full_flow: f64,
    /// Flow of all conduits side by side with it, itself included, m³/s.
    pub group_flow: f64,
    /// Return period of the rain whose peak the conduits side by side just carry; `None` when no land
    /// drains through it, or the study has no formula.
    pub return_period: Option<EquivalentReturnPeriod>,
}

/// What drains to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Catchment {
    /// Area, m².
    pub area: f64,
    /// Area times runoff coefficient, m².
    pub effective: f64,
    /// Time of concentration, s.
    pub time: f64,
}

impl Catchment {
    /// Peak flow of the rational method, m³/s.
    ///
    /// # Errors
    /// When the formula gives no rain of that return period.
    pub fn peak(&self, formula: &IntensityFormula, years: f64) -> Result<f64, Diagnostic> {
        if self.area <= 0.0 {
            return Ok(0.0);
        }
        let intensity = intensity_l_per_s_ha(formula, years, self.time / 60.0)?;
        Ok(1.0e-3 * peak_flow_l_per_s(self.effective / self.area, intensity, self.area * 1.0e-4))
    }
    /// Adds land; with a runoff coefficient, or from its imperviousness when there is none.
    pub fn add(&mut self, land: &Subcatchment, coefficient: Option<f64>) {
        self.area += land.area;
        self.effective += land.area * coefficient.unwrap_or_else(|| runoff_coefficient(land.impervious));
    }
    /// Joins what flows in from above over a time of travel, s.
    pub fn join(&mut self, above: Self, travel: f64) {
        if above.area > 0.0 {
            self.area += above.area;
            self.effective += above.effective;
            self.time = self.time.max(above.time + travel);
        }
    }
}

/// What drains to each node, by its index.
pub fn catchments(
    model: &Model,
    drainage: &Drainage,
    coefficient: Option<f64>,
    inlet_time: f64,
) -> Vec<Catchment> {
    let mut all = vec![Catchment { time: inlet_time, ..Catchment::default() }; model.nodes.len()];
    for (id, land) in model.subcatchments.iter() {
        if let Some(node) = drainage.outlet(id) {
            all[node.index()].add(land, coefficient);
        }
    }
    for &node in drainage.order() {
        if let Some((link, to)) = drainage.next(node) {
            let travel = drainage.full(link).map_or(0.0, |full| full.length / full.velocity);
            let above = all[node.index()];
            all[to.index()].join(above, travel);
        }
    }
    all
}

/// The static capacities of all conduits of a model that have a section, in the order of the file.
///
/// - `coefficient`: runoff coefficient; from the imperviousness of each catchment when `None`
/// - `inlet_time`: time of concentration to the first sewer, s
///
/// # Errors
/// When the formula gives no intensities, or none can be turned back into return periods.
pub fn capacities(
    model: &Model,
    formula: Option<&IntensityFormula>,
    coefficient: Option<f64>,
    inlet_time: f64,
) -> Result<Vec<PipeCapacity>, Diagnostic> {
    let drainage = Drainage::of(model);
    let catchments = catchments(model, &drainage, coefficient, inlet_time);
    let mut table = Vec::new();
    for conduit in model.links.ids() {
        let Some(full) = drainage.full(conduit) else { continue };
        let catchment = of_conduit(&drainage, &catchments, conduit);
        let Catchment { area, effective, time } = catchment;
        let group_flow = group_flow(&drainage, conduit);
        let return_period = match formula {
            Some(formula) if effective > 0.0 => {
                let carried = 1.0e3 * group_flow / (effective * 1.0e-4);
                Some(equivalent_return_period(formula, carried, time / 60.0)?)
            }
            _ => None,
        };
        let coefficient = if area > 0.0 { effective / area } else { 0.0 };
        table.push(PipeCapacity {
            conduit,
            area,
            coefficient,
            time,
            full_flow: full.flow,
            group_flow,
            return_period,
        });
    }
    Ok(table)
}

/// The land that drains through a conduit: all above its upper node when it is the main way from there, or
/// lies beside that; none otherwise.
fn of_conduit(drainage: &Drainage, catchments: &[Catchment], conduit: LinkId) -> Catchment {
    let [from, _]: [NodeId; 2] = drainage.ends(conduit);
    let here = catchments.get(from.index()).copied().unwrap_or_default();
    let main = drainage.next(from).map(|(link, _)| link);
    if main.is_some_and(|main| drainage.beside(main).any(|link| link == conduit)) {
        here
    } else {
        Catchment { time: here.time, ..Catchment::default() }
    }
}

fn group_flow(drainage: &Drainage, conduit: LinkId) -> f64 {
    drainage.beside(conduit).filter_map(|link| drainage.full(link)).map(|full| full.flow).sum()
}

/// Diameter at which a conduit of the base carries the rational-method peak of a return period when it is
/// just full, m: one barrel, circular, at its slope and roughness, beside the conduits that lie there
/// already. 0 when no land drains through it, or those others carry all.
///
/// # Errors
/// When the study has no formula or the formula gives no such rain, or the base has no such conduit.
pub fn diameter_for(site: &Site, conduit: &str, years: f64) -> Result<f64, Diagnostic> {
    let (peak, sized) = demand(site, conduit, years)?;
    let others = sized.group_flow - sized.full.flow;
    let barrels = f64::from(sized.barrels.max(1));
    Ok(full_pipe_diameter((peak - others) / barrels, sized.full.slope, sized.full.roughness))
}

/// Diameter of a second, circular pipe beside a conduit of the base with which both together carry the
/// rational-method peak of a return period, m: at the slope of the conduit, with a roughness in s/m^(1/3).
/// 0 when what lies there carries it already.
///
/// # Errors
/// As [`diameter_for`].
pub fn additional_diameter_for(
    site: &Site,
    conduit: &str,
    years: f64,
    roughness: f64,
) -> Result<f64, Diagnostic> {
    let (peak, sized) = demand(site, conduit, years)?;
    Ok(full_pipe_diameter(peak - sized.group_flow, sized.full.slope, roughness))
}

/// A conduit that is to be sized.
struct Sized {
    full: super::drainage::Full,
    group_flow: f64,
    barrels: u32,
}

fn demand(site: &Site, name: &str, years: f64) -> Result<(f64, Sized), Diagnostic> {
    let model = &site.base.model;
    let formula = site.formula.as_ref().ok_or_else(no_formula)?;
    let drainage = Drainage::of(model);
    let found = model.links.find(name).and_then(|id| Some((id, model.links[id].conduit()?)));
    let Some((id, conduit)) = found else {
        let conduits = model.links.iter().filter(|(_, link)| link.conduit().is_some());
        let near = nearest(name, conduits.map(|(id, _)| model.links.name(id)));
        let help = near.map_or(String::new(), |near| format!("did you mean '{near}'?"));
        return Err(Diagnostic::error(0, format!("the base has no conduit '{name}'")).help(help));
    };
    let full = drainage.full(id).ok_or_else(|| {
        Diagnostic::error(0, format!("conduit '{name}' has no section or no length that could be sized"))
    })?;
    let catchments = catchments(model, &drainage, site.runoff_coefficient, site.inlet_time);
    let peak = of_conduit(&drainage, &catchments, id).peak(formula, years)?;
    let group_flow = group_flow(&drainage, id);
    Ok((peak, Sized { full, group_flow, barrels: conduit.barrels }))
}

/// Sizes and capacities need a formula.
pub(super) fn no_formula() -> Diagnostic {
    Diagnostic::error(0, "no storm of the study has a formula that capacities could be rated by")
        .help("give a storm a `formula`, and name the storm in `capacity_storm` of [study]")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::edit::Network;
    use crate::input::inp::read_text;
    use crate::scenario::catalogue::Catalogues;

    /// The 'classic' formula of Shenyang, of storms.md.
    fn shenyang() -> IntensityFormula {
        IntensityFormula::of_user(1984.0, 0.77, 9.0, 0.77)
    }

    /// 12 ha at a manhole from which pipes of 0.2 % lead to an outfall.
    fn site(pipes: &[(&str, f64)]) -> Site {
        let mut text = "[OPTIONS]\nFLOW_UNITS CMS\n[RAINGAGES]\nG INTENSITY 0:05 1 TIMESERIES T\n\
            [TIMESERIES]\nT 0 0\n[SUBCATCHMENTS]\nS G A 12 50 100 1 0\n[SUBAREAS]\nS 0.01 0.1 1 1 25 OUTLET\n\
            [INFILTRATION]\nS 60 6 4 7 0\n[JUNCTIONS]\nA 10 3\nB 9.8 3\n[OUTFALLS]\nO 9.6 FREE\n[CONDUITS]\n\
            down B O 100 0.013 0 0\n"
            .to_owned();
        for (name, _) in pipes {
            text += &format!("{name} A B 100 0.013 0 0\n");
        }
        text += "[XSECTIONS]\ndown CIRCULAR 2 0 0 0\n";
        for (name, diameter) in pipes {
            text += &format!("{name} CIRCULAR {diameter} 0 0 0\n");
        }
        let path = Path::new("town.inp");
        let base = Network::read(read_text(text.as_bytes(), path).document, path).unwrap();
        Site {
            base,
            catalogues: Catalogues::default(),
            zones: Vec::new(),
            formula: Some(shenyang()),
            runoff_coefficient: Some(0.65),
            inlet_time: 18.0 * 60.0,
            picks: BTreeMap::new(),
        }
    }

    fn rated(site: &Site) -> Vec<PipeCapacity> {
        let model = &site.base.model;
        capacities(model, site.formula.as_ref(), site.runoff_coefficient, site.inlet_time).unwrap()
    }

    #[test]
    fn the_oracle_of_the_rational_method_chooses_dn1200() {
        // storms.md, section 7: Q = 0.65 · 214.428 · 12 = 1672.54 L/s; DN1000 carries 1072, DN1200 1744
        let site = site(&[("P", 0.8)]);
        let diameter = diameter_for(&site, "p", 3.0).unwrap();
        assert!((diameter - 1.2 * (1.67254_f64 / 1.7436).powf(0.375)).abs() < 1e-4, "{diameter}");
        assert!(diameter > 1.1 && diameter <= 1.2);
    }

    #[test]
    fn capacities_are_return_periods_and_below_the_formula_only_that() {
        for (diameter, expected) in [(0.8, "<1 a"), (1.0, "<1 a"), (1.1, "1.48 a")] {
            let table = rated(&site(&[("P", diameter)]));
            let pipe = table.iter().find(|row| row.conduit == LinkId::new(1)).unwrap();
            assert_eq!(pipe.return_period.unwrap().to_string(), expected, "{diameter}");
            assert!((pipe.area - 120_000.0).abs() < 10.0 && (pipe.coefficient - 0.65).abs() < 1e-12);
            assert_eq!(pipe.time, 1080.0);
        }
    }

    #[test]
    fn time_goes_on_through_full_pipes() {
        let site = site(&[("P", 1.0)]);
        let table = rated(&site);
        // DN1000 at 0.2 %: 1.0722 m3/s over 0.7854 m2 is 1.365 m/s, 100 m take 73.2 s
        assert!((table[0].time - 1080.0 - 73.25).abs() < 0.1, "{}", table[0].time);
    }

    #[test]
    fn pipes_side_by_side_are_rated_together_and_a_second_pipe_carries_the_rest() {
        let one = site(&[("P", 0.8)]);
        let second = additional_diameter_for(&one, "P", 3.0, 0.013).unwrap();
        // what 0.5914 m3/s of the DN800 leaves of 1.6725 m3/s
        assert!((full_pipe_flow(second, 0.002, 0.013) - 1.0811).abs() < 1e-3, "{second}");
        let table = rated(&site(&[("P", 0.8), ("P2", second)]));
        for pipe in &table[1..] {
            let Some(EquivalentReturnPeriod::Years(years)) = pipe.return_period else { panic!("{pipe:?}") };
            assert!((years - 3.0).abs() < 0.01, "{years}");
        }
        assert_eq!(additional_diameter_for(&site(&[("P", 1.5)]), "P", 3.0, 0.013).unwrap(), 0.0);
    }

    #[test]
    fn coefficients_follow_imperviousness_where_none_is_given() {
        let mut site = site(&[("P", 1.0)]);
        site.runoff_coefficient = None;
        // half sealed: 0.9 · 0.5 + 0.15 · 0.5
        assert!((rated(&site)[1].coefficient - 0.525).abs() < 1e-12);
    }

    #[test]
    fn a_conduit_that_is_not_there_is_an_error_with_a_suggestion() {
        let site = site(&[("T12", 1.0)]);
        let error = diameter_for(&site, "T13", 3.0).unwrap_err();
        assert!(error.message.contains("T13") && error.help.contains("T12"), "{error}");
        let below = diameter_for(&site, "T12", 0.5).unwrap_err();
        assert!(below.message.contains("0.5 years"), "{below}");
        let dry = Site { formula: None, ..site };
        assert!(diameter_for(&dry, "T12", 3.0).unwrap_err().help.contains("capacity_storm"));
    }
}
