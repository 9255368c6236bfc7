//! Measures: what an option builds, changes or operates otherwise, as the engineer writes it.
//!
//! A measure is one verb with its details, and the phase in which it is built. What a verb does to the
//! network is in `crate::edit`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use super::quantity::{Area, Flow, Length, Share, Span, Volume, Years};
use super::selection::Rule;

/// One measure of an option.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "MeasureTable")]
pub struct Measure {
    /// What it is called in tables and pictures; its verb if it has no name.
    pub name: Option<String>,
    /// The phase in which it is built, as the horizons list them.
    pub phase: String,
    /// What is done.
    pub verb: Verb,
}

/// What a measure does.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// Larger pipes in place of existing ones.
    Resize(Resize),
    /// A second pipe beside existing ones.
    Parallel(Parallel),
    /// A new conduit.
    Link(NewLink),
    /// A storage tank.
    Tank(Tank),
    /// A pump station.
    PumpStation(PumpStation),
    /// A gate with its rule.
    Gate(Gate),
    /// A new weir, or a change of one.
    Weir(Weir),
    /// New roughness, by lining or by cleaning.
    Roughness(Roughness),
    /// Silt in pipes, or its removal.
    Silt(Silt),
    /// Seepage and collapsed sections made good.
    Repair(Repair),
    /// A wider river or channel.
    River(River),
    /// A combined district made into foul and storm sewers.
    Separate(Separate),
    /// Low-impact development; refused until it is simulated.
    Lid(Lid),
    /// Street inlets; refused until they are simulated.
    Inlets(Inlets),
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $key:ident: $name:ident($details:ty) = $word:literal),+ $(,)?) => {
        /// A measure as a table of the file: `phase`, `name` and exactly one verb.
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        struct MeasureTable {
            /// What it is called in tables and pictures; its verb if it has no name.
            name: Option<String>,
            /// The phase in which it is built, as the horizons list them.
            phase: String,
            $($(#[$doc])* $key: Option<$details>,)+
        }

        impl TryFrom<MeasureTable> for Measure {
            type Error = String;
            fn try_from(table: MeasureTable) -> Result<Self, String> {
                let mut verbs = Vec::new();
                $(verbs.extend(table.$key.map(Verb::$name));)+
                match (verbs.pop(), verbs.is_empty()) {
                    (Some(verb), true) => Ok(Self { name: table.name, phase: table.phase, verb }),
                    (None, _) => Err(format!("a measure needs a verb: one of {}", Verb::WORDS.join(", "))),
                    (Some(_), false) => Err("a measure has one verb; write a measure for each".to_owned()),
                }
            }
        }

        impl Verb {
            /// The verbs as they are written in a file.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// The verb as it is written in a file.
            pub fn word(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $word),+
                }
            }
        }
    };
}

verbs! {
    /// Larger pipes in place of existing ones.
    resize: Resize(Resize) = "resize",
    /// A second pipe beside existing ones.
    parallel: Parallel(Parallel) = "parallel",
    /// A new conduit.
    link: Link(NewLink) = "link",
    /// A storage tank.
    tank: Tank(Tank) = "tank",
    /// A pump station.
    pump_station: PumpStation(PumpStation) = "pump_station",
    /// A gate with its rule.
    gate: Gate(Gate) = "gate",
    /// A new weir, or a change of one.
    weir: Weir(Weir) = "weir",
    /// New roughness, by lining or by cleaning.
    roughness: Roughness(Roughness) = "roughness",
    /// Silt in pipes, or its removal.
    silt: Silt(Silt) = "silt",
    /// Seepage and collapsed sections made good.
    repair: Repair(Repair) = "repair",
    /// A wider river or channel.
    river: River(River) = "river",
    /// A combined district made into foul and storm sewers.
    separate: Separate(Separate) = "separate",
    /// Low-impact development; refused until it is simulated.
    lid: Lid(Lid) = "lid",
    /// Street inlets; refused until they are simulated.
    inlets: Inlets(Inlets) = "inlets",
}

impl Verb {
    /// The pipe catalogue that it names: one of the program, or a file.
    pub fn catalogue(&self) -> Option<&str> {
        match self {
            Self::Resize(details) => details.catalogue.as_deref(),
            Self::Parallel(details) => details.catalogue.as_deref(),
            Self::Link(details) => details.catalogue.as_deref(),
            Self::Separate(details) => details.catalogue.as_deref(),
            _ => None,
        }
    }
}

impl JsonSchema for Measure {
    fn schema_name() -> Cow<'static, str> {
        "Measure".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = MeasureTable::json_schema(generator);
        let verbs: Vec<_> =
            Verb::WORDS.iter().map(|word| serde_json::json!({ "required": [word] })).collect();
        schema.insert("oneOf".to_owned(), verbs.into());
        schema
    }
}

/// What stays where it is when a pipe gets another diameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fix {
    /// The invert (管底平接): the crown goes up.
    #[default]
    Invert,
    /// The soffit (管顶平接): the invert goes down, and a node that it would lie below with it. All other
    /// pipes at the node, its ground and its pumps keep their levels.
    Soffit,
}

/// Larger pipes in place of existing ones. `pipes`, `where` or both say which. Barrels stay; a conduit that
/// is not circular becomes circular, and is compared by the circle of its area.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resize {
    /// Conduits by name.
    #[serde(default)]
    pub pipes: Vec<String>,
    /// Conduits by rule, resolved once against the base.
    #[serde(rename = "where")]
    pub rule: Option<Rule>,
    /// The new diameter, rounded up to the catalogue when one is named. One of `diameter`, `sizes` and
    /// `for_return_period` is given; no pipe gets smaller.
    pub diameter: Option<Length>,
    /// So many sizes of the catalogue up from the present one.
    pub sizes: Option<u32>,
    /// The smallest size of the catalogue whose full flow carries the rational-method peak of this
    /// return period, and never one below the present.
    pub for_return_period: Option<Years>,
    /// The pipe catalogue: a name known to `seeds/catalogues.toml`, or a file.
    pub catalogue: Option<String>,
    /// What stays where it is.
    #[serde(default)]
    pub fix: Fix,
    /// Manning's roughness of the new pipe, s/m^(1/3); that of the catalogue, else of the old pipe.
    pub roughness: Option<f64>,
}

/// A second, circular pipe beside existing ones, between the same nodes: `C1-p` beside `C1`, with its
/// inverts, length, losses and flap gate.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parallel {
    /// Conduits by name.
    #[serde(default)]
    pub pipes: Vec<String>,
    /// Conduits by rule, resolved once against the base.
    #[serde(rename = "where")]
    pub rule: Option<Rule>,
    /// Its diameter, rounded up to the catalogue when one is named.
    pub diameter: Option<Length>,
    /// Or the smallest size of the catalogue with which both together carry the rational-method peak
    /// of this return period.
    pub for_return_period: Option<Years>,
    /// The pipe catalogue.
    pub catalogue: Option<String>,
    /// Manning's roughness, s/m^(1/3); that of the catalogue, else of the pipe beside.
    pub roughness: Option<f64>,
}

/// A new circular conduit between two nodes that exist, or to a new outfall.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// Its name.
    pub id: String,
    /// Upper node.
    pub from: String,
    /// Lower node; with `outfall_invert` it is made.
    pub to: String,
    /// Makes `to` as an outfall with this invert, free unless a river stage says otherwise.
    pub outfall_invert: Option<Length>,
    /// Coordinates of the new outfall in the CRS of the model; east of the upper node by `length` when they
    /// are not given.
    pub outfall_at: Option<[f64; 2]>,
    /// Its diameter, taken as it is written.
    pub diameter: Length,
    /// Its length; the distance of its nodes in plan when it is not given, in the unit of the map.
    pub length: Option<Length>,
    /// Its invert at the upper node; the node's invert when it is not given.
    pub invert_up: Option<Length>,
    /// Its invert at the lower node; the node's invert when it is not given.
    pub invert_down: Option<Length>,
    /// Manning's roughness, s/m^(1/3); that of the catalogue, else 0.013.
    pub roughness: Option<f64>,
    /// The pipe catalogue.
    pub catalogue: Option<String>,
    /// A flap gate at its end.
    #[serde(default)]
    pub flap_gate: bool,
}

/// A storage tank beside a node: filled over a side weir, emptied by a pump while the water at the node stands
/// below 0.7 of the height of the weir's crest over the outgoing invert (the pump stops at 0.9). The
/// weir is shut when the tank is full, and opened again when a tenth of it is empty.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tank {
    /// The node beside which it is built.
    pub at: String,
    /// Its volume.
    pub volume: Volume,
    /// Its depth; 5 m when it is not given.
    pub depth: Option<Length>,
    /// Highest level of water in it, which its volume counts to; the crest of its weir when it is not given, so
    /// that all of it fills.
    pub top_level: Option<Length>,
    /// Level of the weir crest by which it fills. With `interceptor_n0` the crest is set so that the
    /// outgoing sewer passes (n0 + 1) times the dry-weather flow first. 0.7 of the depth of the deepest
    /// outgoing conduit when neither is given.
    pub weir_level: Option<Length>,
    /// Interceptor ratio n0.
    pub interceptor_n0: Option<f64>,
    /// Length of the weir; 5 m when it is not given.
    pub weir_length: Option<Length>,
    /// Time in which a full tank is emptied by its pump, which runs at one flow.
    pub drain_down: Span,
}

/// A pump station: a new one, or more and other pumps at one that exists.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PumpStation {
    /// The node that it pumps from. A junction is made a wet well of `wet_well_area`.
    pub at: String,
    /// The node that it delivers to; the lower node of the pumps that exist there when it is not given.
    pub to: Option<String>,
    /// Flow of all duty pumps together.
    pub duty: Flow,
    /// Number of duty pumps, started one after the other; 1 when it is not given.
    pub pumps: Option<u32>,
    /// Level at which the first pump starts. Each further one starts and stops higher, by the n-th part of the
    /// band between `start` and `stop` where there are n pumps.
    pub start: Length,
    /// Level at which the last pump that runs stops.
    pub stop: Length,
    /// Standby pumps: paid for, and not run.
    #[serde(default)]
    pub standby: u32,
    /// Area of the wet well when a junction becomes one; as much as lets a pump start no more often than every
    /// 10 min when it is not given.
    pub wet_well_area: Option<Area>,
    /// Takes away the pumps that are there now, with the control rules that run them; without it they stay
    /// beside the new ones.
    #[serde(default)]
    pub replaces: bool,
}

/// A gate on a link, with its rule.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The conduit at whose lower end the gate is built, or an orifice or weir that exists and gets the rule,
    /// before all rules that it has. A conduit with `flap` alone gets a flap gate and no structure.
    pub link: String,
    /// Width of the gate; the width of the conduit when it is not given.
    pub width: Option<Length>,
    /// Height of the gate; the depth of the conduit when it is not given.
    pub height: Option<Length>,
    /// Closes when the head of this node rises above `close_above`.
    pub watch: Option<String>,
    /// Level above which it closes.
    pub close_above: Option<Length>,
    /// Level below which it opens again; `close_above` when it is not given.
    pub open_below: Option<Length>,
    /// Time from open to closed, of a gate on a conduit or an orifice.
    pub travel_time: Option<Span>,
    /// A flap gate: water flows one way only.
    #[serde(default)]
    pub flap: bool,
}

/// A new weir, or a change of one that exists.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weir {
    /// Its name: of a weir that exists, or of the new one.
    pub id: String,
    /// Upper node of a new weir.
    pub from: Option<String>,
    /// Lower node of a new weir.
    pub to: Option<String>,
    /// Crest level. An opening that would then reach above the ground gets lower.
    pub crest: Option<Length>,
    /// Crest length.
    pub length: Option<Length>,
    /// Height of the opening above the crest; up to the ground at the upper node of a new weir when it is not
    /// given.
    pub height: Option<Length>,
    /// Discharge coefficient, m^(1/2)/s; 1.84 of a new weir when it is not given.
    pub coefficient: Option<f64>,
    /// A flap gate.
    pub flap: Option<bool>,
}

/// How a new roughness comes about, which decides its cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Cured-in-place lining (紫外光固化等内衬).
    #[default]
    Lining,
    /// Cleaning.
    Cleaning,
    /// Ageing: a change for the worse that nobody pays for.
    Ageing,
}

/// New roughness of conduits.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roughness {
    /// Conduits by name.
    #[serde(default)]
    pub pipes: Vec<String>,
    /// Conduits by rule, resolved once against the base.
    #[serde(rename = "where")]
    pub rule: Option<Rule>,
    /// Manning's roughness from then on, s/m^(1/3).
    pub to: f64,
    /// How it comes about.
    #[serde(default)]
    pub method: Method,
    /// What a lining takes off the diameter of circular pipes; their invert stays.
    pub wall: Option<Length>,
}

/// Silt in conduits: its depth from then on. Circular pipes become filled circular ones.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Silt {
    /// Conduits by name.
    #[serde(default)]
    pub pipes: Vec<String>,
    /// Conduits by rule, resolved once against the base.
    #[serde(rename = "where")]
    pub rule: Option<Rule>,
    /// Silt as a share of the diameter; `"0 %"` cleans the pipe.
    pub depth: Share,
}

/// Leaks stopped and outlets protected. Pipes whose leaks are stopped are paid as lined.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// Conduits by name.
    #[serde(default)]
    pub pipes: Vec<String>,
    /// Conduits by rule, resolved once against the base.
    #[serde(rename = "where")]
    pub rule: Option<Rule>,
    /// Share by which infiltration into the upper nodes of these pipes (constant direct inflow) goes down.
    pub infiltration_stopped: Option<Share>,
    /// Puts a flap gate on them.
    #[serde(default)]
    pub flap_gate: bool,
}

/// A wider river or channel: open conduits of rectangular, trapezoidal or surveyed section. A surveyed
/// section is cut at its lowest point and its right part moved away.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct River {
    /// The reaches, by name.
    pub reaches: Vec<String>,
    /// By how much wider, at all depths.
    pub wider_by: Option<Length>,
    /// By how much deeper: the bed goes down between the banks, which stay.
    pub deeper_by: Option<Length>,
    /// Manning's roughness of the channel from then on, s/m^(1/3).
    pub roughness: Option<f64>,
}

/// What the pipes that exist become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sewer {
    /// Foul sewers; storm sewers are built.
    Foul,
    /// Storm sewers; foul sewers are built.
    Storm,
}

/// The marks that part several tags in the `area` of [`Separate`].
pub const AREA_MARKS: [char; 3] = [',', '，', '、'];

/// A combined district made into foul and storm sewers.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Separate {
    /// The district: the tag of its subcatchments, several tags joined by commas (`"N4, N5"`, one district with
    /// one outlet then), or a zone. Of a zone that bears no tag's name, the subcatchments whose middle lies in it.
    pub area: String,
    /// What the pipes that exist become.
    pub existing_sewer: Sewer,
    /// Share of the plots, by area, that are connected to the new sewers in this phase. The first phase builds
    /// the sewers, sized for all plots.
    pub plots_connected: Share,
    /// Of the storm water of connected plots, the share that still gets into the foul sewer.
    pub storm_to_foul: Share,
    /// Of the foul water of connected plots, the share that gets into the storm sewer.
    pub foul_to_storm: Share,
    /// Where the new sewers end: a node that exists (for foul sewers a node of the interceptor; an outfall only
    /// where no other link ends), or the name of an outfall that is made.
    pub outlet: String,
    /// Makes `outlet` as an outfall with this invert.
    pub outfall_invert: Option<Length>,
    /// Coordinates of the new outfall in the CRS of the model.
    pub outfall_at: Option<[f64; 2]>,
    /// Return period that new storm sewers are sized for. Foul sewers are sized for the dry-weather flow.
    pub for_return_period: Option<Years>,
    /// The pipe catalogue.
    pub catalogue: Option<String>,
    /// Least cover over the new pipes; 0.7 m when it is not given. Frost may ask for more.
    pub cover: Option<Length>,
    /// Least slope of the new pipes. When it is not given: 0.1 % of storm sewers and 0.15 % of foul sewers, and
    /// what a full pipe needs to run at 0.75 m/s (storm) or 0.6 m/s (foul).
    pub min_slope: Option<Share>,
    /// Interceptor ratio n0 at the outlet of new storm sewers: the first flush of (n0) times the
    /// dry-weather flow goes to `intercept_to`.
    pub interceptor_n0: Option<f64>,
    /// The node that intercepted water goes to.
    pub intercept_to: Option<String>,
}

/// Low-impact development on subcatchments. Refused until it is simulated.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lid {
    /// The subcatchments.
    pub subcatchments: Vec<String>,
    /// Its kind: bioretention, permeable pavement, green roof ...
    pub kind: String,
    /// Its area in each subcatchment.
    pub area: Area,
    /// The surface that its area is taken from: impervious or pervious.
    pub from: String,
}

/// Street inlets. Refused until they are simulated.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inlets {
    /// The conduits whose streets get them.
    pub links: Vec<String>,
    /// How many at each.
    pub number: u32,
}
