//! One subcatchment over one step: its sub-areas, their losses, and what runs off them.

use serde::{Deserialize, Serialize};

use super::infiltration::{self, Soil, Supply};
use super::overland::{Plane, conveyance};
use crate::model::catchment::{InternalRouting, Outlet, Subcatchment};
use crate::model::curve::PatternKind;
use crate::model::{GaugeId, Model, PatternId, SubcatchmentId};

/// Sub-areas, in this order in every array of three.
const BARE: usize = 0;
const STORING: usize = 1;
const PERVIOUS: usize = 2;

/// What a subcatchment is, in the form that the loop needs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Land {
    /// Area, m².
    pub area: f64,
    /// Its gauge.
    pub gauge: Option<GaugeId>,
    /// Whether its outflow leaves the land (for a node or for nowhere), rather than running onto
    /// another subcatchment.
    pub leaves_the_land: bool,
    /// Each sub-area: bare impervious, impervious with storage, pervious.
    parts: [Part; 3],
    soil: Soil,
    /// Monthly factors of pervious roughness.
    roughness: Option<[f64; 12]>,
    /// Monthly factors of pervious depression storage.
    storage: Option<[f64; 12]>,
    /// Monthly factors of infiltration.
    infiltration: Option<[f64; 12]>,
    /// Share of impervious runoff that runs onto pervious land.
    onto_pervious: f64,
    /// Share of pervious runoff that runs onto impervious land.
    onto_impervious: f64,
}

/// A sub-area.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    /// Share of the subcatchment's area.
    share: f64,
    plane: Plane,
    /// Share of the runoff that goes to the subcatchment's outlet.
    to_outlet: f64,
}

impl Land {
    pub(super) fn compile(model: &Model, id: SubcatchmentId, subcatchment: &Subcatchment) -> Self {
        let impervious = subcatchment.impervious;
        // Both impervious sub-areas share the width, so both take the whole impervious area.
        let plane = |area_share: f64, roughness: f64, storage: f64| Plane {
            conveyance: conveyance(
                subcatchment.width,
                subcatchment.slope,
                area_share * subcatchment.area,
                roughness,
            ),
            storage,
            rough: roughness > 0.0,
        };
        let routing = if impervious == 0.0 || impervious == 1.0 {
            InternalRouting::Outlet
        } else {
            subcatchment.routing
        };
        let (onto_pervious, onto_impervious) = match routing {
            InternalRouting::Outlet => (0.0, 0.0),
            InternalRouting::Pervious => (subcatchment.routed, 0.0),
            InternalRouting::Impervious => (0.0, subcatchment.routed),
        };
        let bare = plane(impervious, subcatchment.roughness_impervious, 0.0);
        let storing = Plane { storage: subcatchment.storage_impervious, ..bare };
        let pervious =
            plane(1.0 - impervious, subcatchment.roughness_pervious, subcatchment.storage_pervious);
        let part = |share: f64, plane: Plane, routed: f64| Part { share, plane, to_outlet: 1.0 - routed };
        Self {
            area: subcatchment.area,
            gauge: subcatchment.gauge,
            leaves_the_land: match subcatchment.outlet {
                Outlet::Node(_) => true,
                Outlet::Subcatchment(to) => to == id,
            },
            parts: [
                part(impervious * subcatchment.zero_storage, bare, onto_pervious),
                part(impervious * (1.0 - subcatchment.zero_storage), storing, onto_pervious),
                part(1.0 - impervious, pervious, onto_impervious),
            ],
            soil: Soil::compile(subcatchment.infiltration.as_ref()),
            roughness: monthly(model, subcatchment.roughness_pattern),
            storage: monthly(model, subcatchment.storage_pattern),
            infiltration: monthly(model, subcatchment.infiltration_pattern),
            onto_pervious,
            onto_impervious,
        }
    }
    /// A sub-area's plane in a month.
    fn plane(&self, part: usize, month: usize) -> Plane {
        let mut plane = self.parts[part].plane;
        if part == PERVIOUS {
            if let Some(factors) = &self.storage
                && factors[month] >= 0.0
            {
                plane.storage *= factors[month];
            }
            if let Some(factors) = &self.roughness {
                plane.conveyance =
                    if factors[month] <= 0.0 { 0.0 } else { plane.conveyance / factors[month] };
            }
        }
        plane
    }
}

/// The factors of a monthly pattern; other patterns do not count.
fn monthly(model: &Model, pattern: Option<PatternId>) -> Option<[f64; 12]> {
    let pattern = &model.patterns[pattern?];
    (pattern.kind == PatternKind::Monthly).then(|| std::array::from_fn(|month| pattern.factors[month]))
}

/// Water on and in a subcatchment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Surface {
    /// Depth on each sub-area, m.
    depths: [f64; 3],
    /// Runoff by area of each sub-area in the step before, m/s.
    runoffs: [f64; 3],
    soil: infiltration::State,
}

impl Surface {
    /// A dry one.
    pub(super) fn new(land: &Land) -> Self {
        Self { depths: [0.0; 3], runoffs: [0.0; 3], soil: land.soil.initial_state() }
    }
    /// Mean depth of water, m.
    pub(super) fn mean_depth(&self, land: &Land) -> f64 {
        self.depths.iter().zip(&land.parts).map(|(depth, part)| depth * part.share).sum()
    }
    /// What runs from one sub-area onto another, m/s of the receiving one, from the step before.
    fn internal_runon(&self, land: &Land) -> [f64; 3] {
        let volume = |part: usize| self.runoffs[part] * land.parts[part].share;
        let mut runon = [0.0; 3];
        if land.onto_pervious > 0.0 {
            runon[PERVIOUS] =
                (volume(BARE) + volume(STORING)) * land.onto_pervious / land.parts[PERVIOUS].share;
        }
        if land.onto_impervious > 0.0 && land.parts[STORING].share > 0.0 {
            runon[STORING] = volume(PERVIOUS) * land.onto_impervious / land.parts[STORING].share;
        }
        runon
    }
}

/// What the weather brings in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Weather {
    /// Length of the step, s.
    pub step: f64,
    /// Month, from 0.
    pub month: usize,
    /// Potential evaporation, m/s.
    pub evaporation: f64,
    /// Whether water evaporates only where it does not rain.
    pub dry_evaporation_only: bool,
    /// Factor of soil conductivity.
    pub conductivity_factor: f64,
    /// Factor of soil recovery.
    pub recovery_factor: f64,
}

/// Volumes of a subcatchment in a step, m³.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Volumes {
    pub rain: f64,
    /// From elsewhere onto the subcatchment.
    pub runon: f64,
    pub evaporation: f64,
    pub infiltration: f64,
    /// Off impervious land, before any of it runs onto pervious land.
    pub impervious_runoff: f64,
    /// Off pervious land, before any of it runs onto impervious land.
    pub pervious_runoff: f64,
    /// Out of the subcatchment.
    pub outflow: f64,
}

/// One step of one subcatchment under `rain` and `runon`, m/s.
pub(super) fn step(land: &Land, surface: &mut Surface, weather: &Weather, rain: f64, runon: f64) -> Volumes {
    let step = weather.step;
    let internal = surface.internal_runon(land);
    let potential = if weather.dry_evaporation_only && rain > 0.0 { 0.0 } else { weather.evaporation };
    let mut volumes =
        Volumes { rain: rain * step * land.area, runon: runon * step * land.area, ..Volumes::default() };

    for (part, internal) in internal.into_iter().enumerate() {
        let Part { share, to_outlet, .. } = land.parts[part];
        let area = land.area * share;
        if area == 0.0 {
            surface.runoffs[part] = 0.0;
            continue;
        }
        let depth = surface.depths[part];
        let runon = runon + internal;
        let evaporation = (depth / step).min(potential);
        let infiltration = if part == PERVIOUS {
            let conductivity_factor =
                land.infiltration.map_or(weather.conductivity_factor, |factors| factors[weather.month]);
            let supply = Supply {
                step,
                rain,
                runon,
                depth,
                conductivity_factor,
                recovery_factor: weather.recovery_factor,
            };
            land.soil.infiltrate(&mut surface.soil, &supply)
        } else {
            0.0
        };
        let losses = evaporation + infiltration;
        let inflow = rain + runon;
        let plane = land.plane(part, weather.month);
        let (depth, time) = if losses >= depth / step + inflow {
            (0.0, step)
        } else {
            plane.fill(depth, inflow - losses, step)
        };
        let (runoff, depth) = plane.drain(depth, time);
        surface.depths[part] = depth;
        surface.runoffs[part] = runoff;

        let runoff = runoff * area * step;
        volumes.evaporation += evaporation * area * step;
        volumes.infiltration += infiltration * area * step;
        volumes.outflow += to_outlet * runoff;
        if part == PERVIOUS {
            volumes.pervious_runoff = runoff;
        } else {
            volumes.impervious_runoff += runoff;
        }
    }
    volumes
}
