//! Results as CSV: time series by variable, and summary tables.
//!
//! Files are UTF-8, separated by commas, with a point in numbers, in the user's units, which the head
//! names. Each is written under a temporary name and renamed when it is whole.

pub mod series;
pub mod street;
pub mod summary;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

pub use series::CsvSeries;
pub use street::{StreetNames, StreetSeries};
pub use summary::save_summaries;

use super::mark::Mark;
use crate::simulation::checkpoint;
use crate::units::Units;

/// Bytes that a file gathers before it writes.
const BUFFER: usize = 1 << 16;

/// Where tables begin.
enum Beginning {
    /// With their heads.
    Anew,
    /// Where they were marked, one after the other.
    At(std::vec::IntoIter<Mark>),
}

impl Beginning {
    /// From the bytes of the marks.
    fn at(kept: &[u8]) -> io::Result<Self> {
        Ok(Self::At(checkpoint::only::<Vec<Mark>>(kept)?.into_iter()))
    }
    /// The next table.
    fn open(&mut self, directory: &Path, name: &str) -> io::Result<CsvFile> {
        let path = directory.join(name);
        let temporary = directory.join(format!("{name}.part"));
        let (file, is_new) = match self {
            Self::Anew => (File::create(&temporary)?, true),
            Self::At(marks) => {
                let mark = marks.next().ok_or_else(|| io::Error::other("a table has no mark"))?;
                (mark.take_up_growing(&temporary, &path)?, false)
            }
        };
        let writer = ::csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file);
        Ok(CsvFile { path, temporary, writer, number: String::new(), is_new })
    }
}

/// A CSV file that gets its name when it is whole.
struct CsvFile {
    path: PathBuf,
    temporary: PathBuf,
    writer: ::csv::Writer<File>,
    number: String,
    /// Whether it has no head yet.
    is_new: bool,
}

impl CsvFile {
    fn create(directory: &Path, name: &str) -> io::Result<Self> {
        Beginning::Anew.open(directory, name)
    }
    /// Marks what is written so far.
    fn mark(&mut self) -> io::Result<Mark> {
        self.writer.flush()?;
        let length = self.writer.get_ref().metadata()?.len();
        Mark::set(&self.temporary, 0, length)
    }
    fn text(&mut self, text: &str) -> io::Result<()> {
        Ok(self.writer.write_field(text)?)
    }
    /// A number to single precision, which is what SWMM's binary results hold.
    fn number(&mut self, value: f64) -> io::Result<()> {
        use std::fmt::Write;
        self.number.clear();
        // Adding zero turns a negative zero into a plain one.
        write!(self.number, "{}", value as f32 + 0.0).map_err(io::Error::other)?;
        Ok(self.writer.write_field(&self.number)?)
    }
    fn end_row(&mut self) -> io::Result<()> {
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }
    fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        fields.into_iter().try_for_each(|field| self.text(field))?;
        self.end_row()
    }
    fn finish(self) -> io::Result<()> {
        let Self { path, temporary, mut writer, .. } = self;
        writer.flush()?;
        drop(writer);
        fs::rename(temporary, path)
    }
}

/// A quantity that has a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Length,
    Velocity,
    Flow,
    Volume,
    RainRate,
    RainDepth,
    Evaporation,
    Temperature,
    /// Fractions, counts, per cent.
    Pure,
}

impl Quantity {
    /// What the head calls the unit; empty for none.
    fn label(self, units: &Units) -> &'static str {
        let choose = |us, si| if units.is_si() { si } else { us };
        match self {
            Self::Length => choose("ft", "m"),
            Self::Velocity => choose("ft/s", "m/s"),
            Self::Flow => units.flow_units.keyword(),
            Self::Volume => choose("ft3", "m3"),
            Self::RainRate => choose("in/h", "mm/h"),
            Self::RainDepth => choose("in", "mm"),
            Self::Evaporation => choose("in/day", "mm/day"),
            Self::Temperature => choose("F", "C"),
            Self::Pure => "",
        }
    }
    /// SI in one unit. Temperatures have none.
    fn unit(self, units: &Units) -> f64 {
        match self {
            Self::Length | Self::Velocity => units.length,
            Self::Flow => units.flow,
            Self::Volume => units.volume,
            Self::RainRate => units.rain_rate,
            Self::RainDepth => units.rain_depth,
            Self::Evaporation => units.evaporation_rate,
            Self::Temperature | Self::Pure => 1.0,
        }
    }
    /// `name` with its unit in brackets.
    fn head(self, name: &str, units: &Units) -> String {
        match self.label(units) {
            "" => name.to_string(),
            unit => format!("{name} ({unit})"),
        }
    }
}
