//! What stands before the records: names, properties, variables, times.

use std::io::{self, Read};

use crate::clock::DateTime;
use crate::model::Model;
use crate::model::link::LinkKind;
use crate::model::node::NodeKind;
use crate::num::index::Id;
use crate::units::FlowUnits;

/// First and last number of the file.
pub const MAGIC: i32 = 516_114_522;
/// The engine version whose layout this is.
pub const VERSION: i32 = 52_004;
/// Bytes of the epilogue.
pub const EPILOGUE_BYTES: u64 = 24;

/// Codes of object properties.
const TYPE_CODE: i32 = 0;
const AREA: i32 = 1;
const INVERT: i32 = 2;
const MAX_DEPTH: i32 = 3;
const OFFSET: i32 = 4;
const LENGTH: i32 = 5;

/// Result variables of a subcatchment, without pollutants.
pub const SUBCATCHMENT_VARIABLES: usize = 8;
/// Result variables of a node, without pollutants.
pub const NODE_VARIABLES: usize = 6;
/// Result variables of a link, without pollutants.
pub const LINK_VARIABLES: usize = 5;
/// Result variables of the system.
pub const SYSTEM_VARIABLES: usize = 15;

/// What a series belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A subcatchment: rain, snow depth, evaporation, infiltration, runoff, groundwater flow,
    /// groundwater level, soil moisture, then pollutants.
    Subcatchment,
    /// A node: depth, head, volume, lateral inflow, total inflow, flooding, then pollutants.
    Node,
    /// A link: flow, depth, velocity, volume, capacity, then pollutants.
    Link,
    /// The system: temperature, rain, snow depth, infiltration, runoff, dry-weather, groundwater,
    /// RDII and direct inflow, all lateral inflow, flooding, outflow, storage, evaporation, potential
    /// evaporation.
    System,
}

/// Properties of a node in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeProperties {
    /// 0 junction, 1 outfall, 2 storage unit, 3 divider.
    pub type_code: i32,
    /// Invert, in the user's length.
    pub invert: f32,
    /// Full depth, in the user's length.
    pub max_depth: f32,
}

/// Properties of a link in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkProperties {
    /// 0 conduit, 1 pump, 2 orifice, 3 weir, 4 outlet.
    pub type_code: i32,
    /// Offsets at the upstream and the downstream end, in the user's length.
    pub offsets: [f32; 2],
    /// Full depth, in the user's length.
    pub max_depth: f32,
    /// Length, in the user's length.
    pub length: f32,
}

/// What stands before the records. Names and properties cover the reported elements only.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Engine version.
    pub version: i32,
    /// Flow units.
    pub flow_units: FlowUnits,
    /// Names of subcatchments.
    pub subcatchments: Vec<String>,
    /// Names of nodes.
    pub nodes: Vec<String>,
    /// Names of links.
    pub links: Vec<String>,
    /// Names of pollutants.
    pub pollutants: Vec<String>,
    /// Units of pollutants: 0 mg/L, 1 µg/L, 2 counts/L.
    pub pollutant_units: Vec<i32>,
    /// Areas of subcatchments, in the user's land area.
    pub areas: Vec<f32>,
    /// Properties of nodes.
    pub node_properties: Vec<NodeProperties>,
    /// Properties of links.
    pub link_properties: Vec<LinkProperties>,
    /// Date one report step before the first record, in days.
    pub start: f64,
    /// Report step, s.
    pub report_step: i32,
}

impl Header {
    /// The header of a model's results. `full_depth` is the full depth of each link's section or
    /// opening, m, by the link's index.
    pub fn of(model: &Model, full_depth: &[f64]) -> Self {
        let units = &model.units;
        let length = |metres: f64| (metres / units.length) as f32;
        let mut header = Self {
            version: VERSION,
            flow_units: units.flow_units,
            subcatchments: Vec::new(),
            nodes: Vec::new(),
            links: Vec::new(),
            pollutants: Vec::new(),
            pollutant_units: Vec::new(),
            areas: Vec::new(),
            node_properties: Vec::new(),
            link_properties: Vec::new(),
            start: start_date(model),
            report_step: i32::try_from(model.options.report_step).unwrap_or(i32::MAX),
        };
        for (id, subcatchment) in model.subcatchments.iter() {
            if model.report.subcatchments.contains(&id) {
                header.subcatchments.push(model.subcatchments.name(id).to_string());
                header.areas.push((subcatchment.area / units.land_area) as f32);
            }
        }
        for (id, node) in model.nodes.iter() {
            if model.report.nodes.contains(&id) {
                let type_code = match node.kind {
                    NodeKind::Junction => 0,
                    NodeKind::Outfall { .. } => 1,
                    NodeKind::Storage { .. } => 2,
                    NodeKind::Divider { .. } => 3,
                };
                header.nodes.push(model.nodes.name(id).to_string());
                header.node_properties.push(NodeProperties {
                    type_code,
                    invert: length(node.invert),
                    max_depth: length(node.full_depth),
                });
            }
        }
        for (id, link) in model.links.iter() {
            if !model.report.links.contains(&id) {
                continue;
            }
            let mut offsets = [length(link.inlet_offset), length(link.outlet_offset)];
            if link.reversed {
                offsets.reverse();
            }
            let depth = length(full_depth.get(id.index()).copied().unwrap_or(0.0));
            let (type_code, offsets, max_depth, length) = match &link.kind {
                LinkKind::Conduit(conduit) => (0, offsets, depth, length(conduit.length)),
                LinkKind::Pump(_) => (1, [0.0; 2], 0.0, 0.0),
                LinkKind::Orifice(_) => (2, offsets, depth, 0.0),
                LinkKind::Weir(_) => (3, offsets, depth, 0.0),
                LinkKind::Outlet(_) => (4, offsets, 0.0, 0.0),
            };
            header.links.push(model.links.name(id).to_string());
            header.link_properties.push(LinkProperties { type_code, offsets, max_depth, length });
        }
        header
    }

    /// Names of the elements of a kind; empty for the system.
    pub fn names(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::Subcatchment => &self.subcatchments,
            Kind::Node => &self.nodes,
            Kind::Link => &self.links,
            Kind::System => &[],
        }
    }

    /// How many elements of a kind a record holds.
    pub fn count(&self, kind: Kind) -> usize {
        if kind == Kind::System { 1 } else { self.names(kind).len() }
    }

    /// How many variables an element of a kind has.
    pub fn variables(&self, kind: Kind) -> usize {
        match kind {
            Kind::Subcatchment => SUBCATCHMENT_VARIABLES + self.pollutants.len(),
            Kind::Node => NODE_VARIABLES + self.pollutants.len(),
            Kind::Link => LINK_VARIABLES + self.pollutants.len(),
            Kind::System => SYSTEM_VARIABLES,
        }
    }

    /// Position of the first value of an element among the values of a record.
    pub fn position(&self, kind: Kind, element: usize) -> usize {
        let before: &[Kind] = match kind {
            Kind::Subcatchment => &[],
            Kind::Node => &[Kind::Subcatchment],
            Kind::Link => &[Kind::Subcatchment, Kind::Node],
            Kind::System => &[Kind::Subcatchment, Kind::Node, Kind::Link],
        };
        before.iter().map(|&kind| self.block(kind)).sum::<usize>() + element * self.variables(kind)
    }

    /// Values that a record holds, the date apart.
    pub fn values(&self) -> usize {
        self.position(Kind::System, 0) + SYSTEM_VARIABLES
    }

    /// Bytes of a record.
    pub fn record_bytes(&self) -> u64 {
        8 + 4 * self.values() as u64
    }

    fn block(&self, kind: Kind) -> usize {
        self.count(kind) * self.variables(kind)
    }

    /// The bytes of the header, and the positions that the epilogue names.
    ///
    /// # Errors
    /// When a count or a position does not fit the format's 4-byte integers.
    pub fn encode(&self) -> io::Result<(Vec<u8>, Positions)> {
        let mut bytes = Bytes::default();
        for value in [MAGIC, self.version, self.flow_units as i32] {
            bytes.integer(value);
        }
        let lists = [&self.subcatchments, &self.nodes, &self.links, &self.pollutants];
        for list in lists {
            bytes.count(list.len())?;
        }
        let names = bytes.position()?;
        for name in lists.into_iter().flatten() {
            bytes.count(name.len())?;
            bytes.0.extend_from_slice(name.as_bytes());
        }
        self.pollutant_units.iter().for_each(|&unit| bytes.integer(unit));
        let properties = bytes.position()?;
        [1, AREA].into_iter().for_each(|code| bytes.integer(code));
        self.areas.iter().for_each(|&area| bytes.float(area));
        [3, TYPE_CODE, INVERT, MAX_DEPTH].into_iter().for_each(|code| bytes.integer(code));
        for node in &self.node_properties {
            bytes.integer(node.type_code);
            [node.invert, node.max_depth].into_iter().for_each(|value| bytes.float(value));
        }
        [5, TYPE_CODE, OFFSET, OFFSET, MAX_DEPTH, LENGTH].into_iter().for_each(|code| bytes.integer(code));
        for link in &self.link_properties {
            bytes.integer(link.type_code);
            let [upstream, downstream] = link.offsets;
            [upstream, downstream, link.max_depth, link.length]
                .into_iter()
                .for_each(|value| bytes.float(value));
        }
        for kind in [Kind::Subcatchment, Kind::Node, Kind::Link, Kind::System] {
            let count = self.variables(kind);
            bytes.count(count)?;
            (0..count as i32).for_each(|code| bytes.integer(code));
        }
        bytes.0.extend_from_slice(&self.start.to_le_bytes());
        bytes.integer(self.report_step);
        let records = bytes.position()?;
        Ok((bytes.0, Positions { names, properties, records }))
    }

    /// Reads a header; `size` is the length of the file, which no count may exceed.
    ///
    /// # Errors
    /// `InvalidData` when this is no `.out` file or a count is impossible, `UnexpectedEof` when it
    /// ends within the header.
    pub fn decode(input: &mut impl Read, size: u64) -> io::Result<(Self, Positions)> {
        let mut source = Source { input, position: 0, size };
        if source.integer()? != MAGIC {
            return Err(invalid("this is no SWMM result file: it does not begin with its magic number"));
        }
        let version = source.integer()?;
        let flow_units = usize::try_from(source.integer()?)
            .ok()
            .and_then(|code| FlowUnits::ALL.get(code).copied())
            .ok_or_else(|| invalid("unknown code of flow units"))?;
        let mut counts = [0; 4];
        for count in &mut counts {
            *count = source.count()?;
        }
        let names = source.place()?;
        let mut lists: [Vec<String>; 4] = Default::default();
        for (list, count) in lists.iter_mut().zip(counts) {
            for _ in 0..count {
                let length = source.count()?;
                list.push(source.text(length)?);
            }
        }
        let [subcatchments, nodes, links, pollutants] = lists;
        let pollutant_units = source.integers(pollutants.len())?;
        let properties = source.place()?;
        source.expect(&[1, AREA])?;
        let areas = (0..subcatchments.len()).map(|_| source.float()).collect::<io::Result<_>>()?;
        source.expect(&[3, TYPE_CODE, INVERT, MAX_DEPTH])?;
        let mut node_properties = Vec::new();
        for _ in 0..nodes.len() {
            let (type_code, invert, max_depth) = (source.integer()?, source.float()?, source.float()?);
            node_properties.push(NodeProperties { type_code, invert, max_depth });
        }
        source.expect(&[5, TYPE_CODE, OFFSET, OFFSET, MAX_DEPTH, LENGTH])?;
        let mut link_properties = Vec::new();
        for _ in 0..links.len() {
            let type_code = source.integer()?;
            let offsets = [source.float()?, source.float()?];
            let (max_depth, length) = (source.float()?, source.float()?);
            link_properties.push(LinkProperties { type_code, offsets, max_depth, length });
        }
        let header = Self {
            version,
            flow_units,
            subcatchments,
            nodes,
            links,
            pollutants,
            pollutant_units,
            areas,
            node_properties,
            link_properties,
            start: 0.0,
            report_step: 0,
        };
        for kind in [Kind::Subcatchment, Kind::Node, Kind::Link, Kind::System] {
            let count = source.count()?;
            if count != header.variables(kind) {
                return Err(invalid("unexpected number of result variables"));
            }
            source.integers(count)?;
        }
        let start = f64::from_le_bytes(source.bytes()?);
        let report_step = source.integer()?;
        let records = source.place()?;
        Ok((Self { start, report_step, ..header }, Positions { names, properties, records }))
    }
}

/// Places of the file's parts, bytes from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// Of the names.
    pub names: i32,
    /// Of the object properties.
    pub properties: i32,
    /// Of the first record.
    pub records: i32,
}

impl Positions {
    /// The epilogue of a file with `records` records.
    pub fn epilogue(&self, records: i32) -> [u8; EPILOGUE_BYTES as usize] {
        let mut bytes = [0; EPILOGUE_BYTES as usize];
        let values = [self.names, self.properties, self.records, records, 0, MAGIC];
        for (place, value) in bytes.chunks_exact_mut(4).zip(values) {
            place.copy_from_slice(&value.to_le_bytes());
        }
        bytes
    }
}

/// Days of the date one report step before the first record (SWMM, `output_open`): the start of the
/// simulation unless results begin more than a report step later.
fn start_date(model: &Model) -> f64 {
    let options = &model.options;
    let step = f64::from(options.report_step) / 86_400.0;
    let (start, report_start) = (options.start.days(), options.report_start.days());
    if start + step > report_start || step <= 0.0 {
        start
    } else {
        start + (((report_start - start) / step).floor() - 1.0) * step
    }
}

/// The date of a record, days. SWMM dates records one millisecond after the reporting time, by this
/// arithmetic (`getDateTime`, `datetime_addSeconds`); so the bytes are the same.
pub fn record_date(time: DateTime, start: DateTime) -> f64 {
    let seconds = (start.time_of_day_ms() / 1000) as f64;
    let elapsed = ((time.0 - start.0) as f64 + 1.0) / 1000.0;
    start.days().floor() + (seconds + elapsed) / 86_400.0
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn integer(&mut self, value: i32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    fn float(&mut self, value: f32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    fn count(&mut self, count: usize) -> io::Result<()> {
        let count = i32::try_from(count).map_err(|_| invalid("too many elements for the .out format"))?;
        self.integer(count);
        Ok(())
    }
    fn position(&self) -> io::Result<i32> {
        i32::try_from(self.0.len()).map_err(|_| invalid("too many names for the .out format"))
    }
}

struct Source<'a, R> {
    input: &'a mut R,
    position: u64,
    size: u64,
}

impl<R: Read> Source<'_, R> {
    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        self.position += N as u64;
        Ok(bytes)
    }
    fn integer(&mut self) -> io::Result<i32> {
        Ok(i32::from_le_bytes(self.bytes()?))
    }
    fn float(&mut self) -> io::Result<f32> {
        Ok(f32::from_le_bytes(self.bytes()?))
    }
    fn integers(&mut self, count: usize) -> io::Result<Vec<i32>> {
        (0..count).map(|_| self.integer()).collect()
    }
    fn count(&mut self) -> io::Result<usize> {
        let count = self.integer()?;
        match usize::try_from(count) {
            Ok(n) if n as u64 <= self.size => Ok(n),
            _ => Err(invalid("impossible count in the header")),
        }
    }
    fn text(&mut self, length: usize) -> io::Result<String> {
        let mut bytes = vec![0; length];
        self.input.read_exact(&mut bytes)?;
        self.position += length as u64;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
    fn expect(&mut self, codes: &[i32]) -> io::Result<()> {
        if self.integers(codes.len())? == codes {
            Ok(())
        } else {
            Err(invalid("unexpected object properties"))
        }
    }
    fn place(&self) -> io::Result<i32> {
        i32::try_from(self.position).map_err(|_| invalid("header too long"))
    }
}
