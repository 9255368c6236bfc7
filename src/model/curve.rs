//! Curves, time series and patterns, as data.

use crate::clock::DateTime;

/// What a curve relates. Values are SI where a unit is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurveKind {
    /// Surface area (m²) by depth (m) of a storage unit.
    Storage,
    /// Diverted flow by inflow of a divider (m³/s).
    Diversion,
    /// Stage (m) by hour of the day.
    Tidal,
    /// Flow (m³/s) by head or depth (m) of an outlet.
    Rating,
    /// Setting by controller variable, both as written.
    Control,
    /// Width by depth, both relative to the full depth.
    Shape,
    /// Weir coefficient, as written, by head (m).
    Weir,
    /// Flow (m³/s) by wet well volume (m³).
    Pump1,
    /// Flow (m³/s) by inlet depth (m), in steps.
    Pump2,
    /// Flow (m³/s) by head difference (m).
    Pump3,
    /// Flow (m³/s) by inlet depth (m), continuous.
    Pump4,
    /// Flow (m³/s) by head difference (m) of a variable speed pump.
    Pump5,
}

/// A curve of y against x; x increases.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it relates.
    pub kind: CurveKind,
    /// x of each point.
    pub x: Vec<f64>,
    /// y of each point.
    pub y: Vec<f64>,
}

impl Curve {
    /// y at `x` by linear interpolation, constant beyond both ends; 0 for an empty curve.
    pub fn lookup(&self, x: f64) -> f64 {
        let (Some(&first), Some(&last)) = (self.y.first(), self.y.last()) else {
            return 0.0;
        };
        let next = self.x.partition_point(|&xi| xi < x);
        if next == 0 {
            return first;
        }
        if next == self.x.len() {
            return last;
        }
        self.between(next - 1, x)
    }
    /// y at `x` like [`Curve::lookup`], but beyond the last point by its last slope, not below 0,
    /// and below the first point by a line through the origin.
    pub fn lookup_extrapolated(&self, x: f64) -> f64 {
        let n = self.x.len();
        if n == 0 {
            return 0.0;
        }
        if x <= self.x[0] {
            return if self.x[0] > 0.0 { x / self.x[0] * self.y[0] } else { self.y[0] };
        }
        let next = self.x.partition_point(|&xi| xi < x);
        if next < n {
            return self.between(next - 1, x);
        }
        if n == 1 {
            return self.y[0];
        }
        let slope = (self.y[n - 1] - self.y[n - 2]) / (self.x[n - 1] - self.x[n - 2]);
        let slope = slope.max(0.0);
        self.y[n - 1] + slope * (x - self.x[n - 1])
    }
    /// y of the first point whose x is above `x` (a step function); the last y beyond.
    pub fn lookup_step(&self, x: f64) -> f64 {
        let next = self.x.partition_point(|&xi| xi <= x);
        self.y.get(next).or(self.y.last()).copied().unwrap_or(0.0)
    }
    /// Slope of the straight piece that `x` lies on: the first piece below the curve, the last at
    /// its end, 0 beyond it and for fewer than two points.
    pub fn slope(&self, x: f64) -> f64 {
        let next = self.x.partition_point(|&xi| xi < x).max(1);
        match (self.x.get(next - 1..=next), self.y.get(next - 1..=next)) {
            (Some(&[x0, x1]), Some(&[y0, y1])) if x1 != x0 => (y1 - y0) / (x1 - x0),
            _ => 0.0,
        }
    }
    fn between(&self, i: usize, x: f64) -> f64 {
        let dx = self.x[i + 1] - self.x[i];
        if dx < 1.0e-20 {
            return 0.5 * (self.y[i] + self.y[i + 1]);
        }
        self.y[i] + (x - self.x[i]) * (self.y[i + 1] - self.y[i]) / dx
    }
}

/// A time series. Values are as written: their unit depends on who uses them.
///
/// Times written as hours since the start have been turned into instants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeSeries {
    /// Instants, increasing.
    pub times: Vec<DateTime>,
    /// Values.
    pub values: Vec<f64>,
    /// The external file that the series was read from, as written.
    pub file: Option<String>,
}

/// Over what a pattern repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternKind {
    /// Twelve factors, January first.
    Monthly,
    /// Seven factors, Sunday first.
    Daily,
    /// Twenty-four factors, from midnight.
    Hourly,
    /// Twenty-four factors for Saturdays and Sundays.
    Weekend,
}

/// A pattern of multipliers.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Over what it repeats.
    pub kind: PatternKind,
    /// Factors; those the file leaves out are 1.
    pub factors: [f64; 24],
    /// How many the file gives.
    pub count: usize,
}

impl Pattern {
    /// The factor that applies at an instant; 1 where the pattern is silent (a weekend pattern on
    /// a working day).
    pub fn factor(&self, at: DateTime) -> f64 {
        let hour = at.hour() as usize;
        let day = at.day_of_week() as usize - 1;
        match self.kind {
            PatternKind::Monthly => self.factors[at.month() as usize - 1],
            PatternKind::Daily => self.factors[day],
            PatternKind::Hourly => self.factors[hour],
            PatternKind::Weekend if day == 0 || day == 6 => self.factors[hour],
            PatternKind::Weekend => 1.0,
        }
    }
}
