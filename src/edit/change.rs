//! What an edit did, element by element, and the work that it means on the ground.

/// A kind of element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A subcatchment.
    Subcatchment,
    /// A node.
    Node,
    /// A link.
    Link,
    /// A rule, curve, series or option.
    Other,
}

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Added,
    /// Some of its fields changed.
    Altered,
    /// It is gone.
    Removed,
}

/// A field before and after, as the file writes it, in the units of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Name of the field, with its unit where it has one, such as `diameter (m)`.
    pub field: String,
    /// Before; empty when there was none.
    pub before: String,
    /// After.
    pub after: String,
}

/// What one measure did to one element.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Index of the measure in its option.
    pub measure: usize,
    /// Phase of the measure.
    pub phase: String,
    /// Kind of the element.
    pub kind: Kind,
    /// Its name.
    pub element: String,
    /// What happened to it.
    pub action: Action,
    /// The fields that changed.
    pub fields: Vec<FieldChange>,
    /// What has to be built for it, from which its cost follows; empty when nothing has.
    pub works: Vec<Work>,
}

/// Works on the ground, in SI: what unit costs are multiplied with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work {
    /// A pipe laid in an open trench.
    Pipe {
        /// Its length, m.
        length: f64,
        /// Its diameter, or that of a circle of the same area, m.
        diameter: f64,
        /// Mean depth of its invert below the ground, m.
        depth: f64,
    },
    /// A pipe lined from inside.
    Lining {
        /// Its length, m.
        length: f64,
        /// Its diameter, m.
        diameter: f64,
    },
    /// A pipe cleaned.
    Cleaning {
        /// Its length, m.
        length: f64,
        /// Its diameter, m.
        diameter: f64,
    },
    /// A new manhole.
    Manhole {
        /// Depth of its invert below the ground, m.
        depth: f64,
    },
    /// A new outfall structure.
    Outfall,
    /// An underground tank.
    Tank {
        /// Its volume, m³.
        volume: f64,
    },
    /// A pump station, or what is added to one.
    PumpStation {
        /// Flow that is installed, standby included, m³/s.
        flow: f64,
    },
    /// A gate with its drive and gauges.
    Gate {
        /// Its area, m².
        area: f64,
    },
    /// A flap gate.
    FlapGate {
        /// Its area, m².
        area: f64,
    },
    /// A weir built or rebuilt.
    Weir {
        /// Length of its crest, m.
        length: f64,
    },
    /// Earth moved in a river or channel.
    Earthwork {
        /// Volume, m³.
        volume: f64,
    },
    /// Plots connected to new sewers.
    PlotConnection {
        /// Their area, m².
        area: f64,
    },
}
