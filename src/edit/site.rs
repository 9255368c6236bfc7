//! What measures need to know besides the network that they change.

use std::collections::BTreeMap;

use crate::scenario::catalogue::Catalogues;
use crate::scenario::storm::IntensityFormula;
use crate::scenario::zone::Zone;

use super::network::Network;

/// The ground that all options of a study stand on. Rules and sizes are resolved against `base`, never
/// against a network that other measures have changed, so that phases add up in any order.
#[derive(Clone, Debug)]
pub struct Site {
    /// The network before any measure.
    pub base: Network,
    /// Pipe catalogues by name.
    pub catalogues: Catalogues,
    /// Zones of the city, in the coordinates of the network.
    pub zones: Vec<Zone>,
    /// The formula that sizes pipes and rates their capacity; `None` when the study has none.
    pub formula: Option<IntensityFormula>,
    /// Runoff coefficient of the rational method; from the imperviousness of each catchment when `None`.
    pub runoff_coefficient: Option<f64>,
    /// Time of concentration to the first sewer, s.
    pub inlet_time: f64,
    /// Names of the conduits that each rule picks, by its text.
    pub picks: BTreeMap<String, Vec<String>>,
}
