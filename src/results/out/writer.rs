//! Writes an `.out` file that readers can open at any moment.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::header::{EPILOGUE_BYTES, Header, Positions, record_date};
use crate::clock::DateTime;
use crate::model::Model;
use crate::model::options::Selection;
use crate::num::index::Id;
use crate::results::mark::Mark;
use crate::simulation::{Frame, Outcome, Sink, SystemRow, checkpoint};
use crate::units::Units;

/// Bytes after which records are written out.
const BATCH_BYTES: usize = 4 << 20;
/// Time after which records are written out.
const BATCH_TIME: Duration = Duration::from_secs(1);

/// Writes an `.out` file; a [`Sink`].
///
/// Records are gathered and written in batches. The file ends in a valid epilogue at every moment, so
/// that a reader opens it while the run goes on and after the run was killed. A batch is written in
/// three moves: first the epilogue with the *old* number of records goes where the file will end;
/// then the batch fills the space before it, over the old epilogue; last the epilogue gets the new
/// number. When a write fails the file stays valid with the records before the batch.
///
/// EPA's reader crashes on a file without records, even on an empty one, but not on one that is not
/// there. So the first record is written at once, the head of the file after it, and only then does the
/// file get its name: a file of that name has a record, unless the run ended before the first.
pub struct OutWriter<W = File> {
    file: W,
    full_depth: Vec<f64>,
    positions: Positions,
    units: Units,
    start: DateTime,
    report_start: DateTime,
    subcatchments: Vec<usize>,
    nodes: Vec<usize>,
    links: Vec<usize>,
    /// The head of the file, until it is written.
    head: Vec<u8>,
    /// The name that the file has until then, and the one that it gets.
    unnamed: Option<Unnamed>,
    /// Where it lies when it has its name, if it is a file.
    path: Option<PathBuf>,
    /// Where the records in the file end.
    written_end: u64,
    /// Records in the file.
    written: i32,
    batch: Vec<u8>,
    batch_records: i32,
    batch_bytes: usize,
    batch_time: Duration,
    batch_begun: Instant,
}

impl OutWriter<File> {
    /// Creates the file, under a temporary name beside `path`, so that a wrong path shows before the
    /// run; older results of that name go. `full_depth` is the full depth of each link's section or
    /// opening, m, by the link's index.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(path: impl AsRef<Path>, full_depth: Vec<f64>) -> io::Result<Self> {
        let path = path.as_ref();
        // a device or a pipe is there already, and stays what it is
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Ok(Self::new(File::create(path)?, full_depth));
        }
        let unnamed = Unnamed::of(path);
        let file = File::create(&unnamed.temporary)?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Self { unnamed: Some(unnamed), path: Some(path.to_owned()), ..Self::new(file, full_depth) })
    }

    /// Opens the file that a run has left which goes on from a checkpoint; as [`OutWriter::create`] where none is
    /// there. The file is changed when the run goes on.
    ///
    /// # Errors
    /// When the file cannot be opened or created.
    pub fn take_up(path: impl AsRef<Path>, full_depth: Vec<f64>) -> io::Result<Self> {
        let path = path.as_ref();
        if !path.is_file() {
            return Self::create(path, full_depth);
        }
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Self { path: Some(path.to_owned()), ..Self::new(file, full_depth) })
    }
}

/// A file that has a temporary name; it goes when nobody names it.
struct Unnamed {
    temporary: PathBuf,
    path: PathBuf,
}

impl Unnamed {
    fn of(path: &Path) -> Self {
        let mut temporary = path.as_os_str().to_owned();
        temporary.push(".part");
        Self { temporary: temporary.into(), path: path.to_owned() }
    }
    fn name(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

impl<W: Write + Seek> OutWriter<W> {
    /// Writes to anything that can seek; `full_depth` as in [`OutWriter::create`].
    pub fn new(file: W, full_depth: Vec<f64>) -> Self {
        Self {
            file,
            full_depth,
            positions: Positions::default(),
            units: Units::default(),
            start: DateTime::default(),
            report_start: DateTime::default(),
            subcatchments: Vec::new(),
            nodes: Vec::new(),
            links: Vec::new(),
            head: Vec::new(),
            unnamed: None,
            path: None,
            written_end: 0,
            written: 0,
            batch: Vec::new(),
            batch_records: 0,
            batch_bytes: BATCH_BYTES,
            batch_time: BATCH_TIME,
            batch_begun: Instant::now(),
        }
    }

    /// With batches of about so many bytes and no longer than so much time apart.
    pub fn batches(mut self, bytes: usize, time: Duration) -> Self {
        (self.batch_bytes, self.batch_time) = (bytes, time);
        self
    }

    /// Records that stand in the file.
    pub fn written(&self) -> i32 {
        self.written
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.file
    }

    /// Writes the gathered records out.
    ///
    /// # Errors
    /// When the file cannot be written; the records stay gathered and the file valid without them.
    pub fn flush(&mut self) -> io::Result<()> {
        self.batch_begun = Instant::now();
        if self.batch.is_empty() {
            return Ok(());
        }
        let end = self.written_end + self.batch.len() as u64;
        let records = self.written.saturating_add(self.batch_records);
        self.put(end, &self.positions.epilogue(self.written))?;
        self.file.seek(SeekFrom::Start(self.written_end))?;
        self.file.write_all(&self.batch)?;
        self.put(end, &self.positions.epilogue(records))?;
        (self.written_end, self.written) = (end, records);
        self.batch.clear();
        self.batch_records = 0;
        self.put_head()
    }

    /// Writes the head if it is not in the file yet, and names the file.
    fn put_head(&mut self) -> io::Result<()> {
        let head = std::mem::take(&mut self.head);
        if head.is_empty() {
            return Ok(());
        }
        // its mark last: until then it is no results file to any reader of ours
        let (mark, rest) = head.split_at(head.len().min(size_of::<i32>()));
        self.put(mark.len() as u64, rest)?;
        self.put(0, mark)?;
        self.unnamed.take().map_or(Ok(()), Unnamed::name)
    }

    fn put(&mut self, position: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(position))?;
        self.file.write_all(bytes)
    }

    fn append(&mut self, frame: &Frame) {
        let Self { batch, units, subcatchments, nodes, links, .. } = self;
        batch.extend_from_slice(&record_date(frame.time, self.start).to_le_bytes());
        let columns = &frame.subcatchments;
        let variables = [
            (&columns.rainfall, units.rain_rate),
            (&columns.snow_depth, units.rain_depth),
            (&columns.evaporation, units.evaporation_rate),
            (&columns.infiltration, units.rain_rate),
            (&columns.runoff, units.flow),
            (&columns.groundwater_flow, units.flow),
            (&columns.groundwater_elevation, units.length),
            (&columns.soil_moisture, 1.0),
        ];
        append_rows(batch, subcatchments, &variables);
        let columns = &frame.nodes;
        let variables = [
            (&columns.depth, units.length),
            (&columns.head, units.length),
            (&columns.volume, units.volume),
            (&columns.lateral_inflow, units.flow),
            (&columns.total_inflow, units.flow),
            (&columns.flooding, units.flow),
        ];
        append_rows(batch, nodes, &variables);
        let columns = &frame.links;
        let variables = [
            (&columns.flow, units.flow),
            (&columns.depth, units.length),
            (&columns.velocity, units.length),
            (&columns.volume, units.volume),
            (&columns.capacity, 1.0),
        ];
        append_rows(batch, links, &variables);
        for value in system_values(&frame.system, units) {
            batch.extend_from_slice(&(value as f32).to_le_bytes());
        }
        self.batch_records += 1;
    }
}

/// The system's values in SWMM's order and in the user's units.
pub fn system_values(row: &SystemRow, units: &Units) -> [f64; 15] {
    [
        if units.is_si() { row.temperature } else { row.temperature * 1.8 + 32.0 },
        row.rainfall / units.rain_rate,
        row.snow_depth / units.rain_depth,
        row.infiltration / units.rain_rate,
        row.runoff / units.flow,
        row.dry_weather / units.flow,
        row.groundwater / units.flow,
        row.rdii / units.flow,
        row.direct / units.flow,
        row.lateral_inflow / units.flow,
        row.flooding / units.flow,
        row.outflow / units.flow,
        row.storage / units.volume,
        row.evaporation / units.evaporation_rate,
        row.potential_evaporation / units.evaporation_rate,
    ]
}

/// Appends the values of the selected elements, divided by the unit of their variable; a column that
/// a run leaves empty counts as zeros.
fn append_rows<const N: usize>(batch: &mut Vec<u8>, elements: &[usize], variables: &[(&Vec<f64>, f64); N]) {
    batch.reserve(elements.len() * N * 4);
    for &element in elements {
        for (column, unit) in variables {
            let value = column.get(element).copied().unwrap_or(0.0) / unit;
            batch.extend_from_slice(&(value as f32).to_le_bytes());
        }
    }
}

/// Positions of the selected elements.
pub(in crate::results) fn selected<I: Id>(
    ids: impl Iterator<Item = I>,
    selection: &Selection<I>,
) -> Vec<usize> {
    ids.filter(|id| selection.contains(id)).map(Id::index).collect()
}

impl<W: Write + Seek> Sink for OutWriter<W> {
    fn begin(&mut self, model: &Model) -> io::Result<()> {
        let (head, positions) = Header::of(model, &self.full_depth).encode()?;
        self.positions = positions;
        self.units = model.units;
        (self.start, self.report_start) = (model.options.start, model.options.report_start);
        let report = &model.report;
        self.subcatchments = selected(model.subcatchments.ids(), &report.subcatchments);
        self.nodes = selected(model.nodes.ids(), &report.nodes);
        self.links = selected(model.links.ids(), &report.links);
        self.written_end = head.len() as u64;
        self.written = 0;
        self.head = head;
        self.batch_begun = Instant::now();
        Ok(())
    }

    fn record(&mut self, frame: &Frame) -> io::Result<()> {
        if frame.time < self.report_start {
            return Ok(());
        }
        self.append(frame);
        let first = self.written == 0;
        let full = self.batch.len() >= self.batch_bytes;
        if first || full || self.batch_begun.elapsed() >= self.batch_time {
            self.flush()?;
        }
        Ok(())
    }

    fn keep(&mut self) -> io::Result<Vec<u8>> {
        self.flush()?;
        let marked = match &self.path {
            Some(path) if self.written > 0 => Some(Mark::set(path, 0, self.written_end)?),
            _ => None,
        };
        checkpoint::bytes(&(self.written, self.written_end, marked))
    }

    fn go_on(&mut self, model: &Model, kept: &[u8]) -> io::Result<()> {
        let (written, written_end, marked): (i32, u64, Option<Mark>) = checkpoint::only(kept)?;
        self.begin(model)?;
        if written > 0 {
            (self.written, self.written_end) = (written, written_end);
            self.head.clear();
            if let (Some(path), Some(mark)) = (&self.path, marked) {
                drop(mark.take_up(path)?);
            }
            self.put(written_end, &self.positions.epilogue(written))?;
        } else if let (Some(path), None) = (&self.path, &self.unnamed) {
            // records came after the checkpoint: a file of that name has one, so it loses its name until then
            let unnamed = Unnamed::of(path);
            fs::rename(path, &unnamed.temporary)?;
            OpenOptions::new().write(true).open(&unnamed.temporary)?.set_len(0)?;
            self.unnamed = Some(unnamed);
        }
        Ok(())
    }

    fn end(&mut self, _outcome: &Outcome) -> io::Result<()> {
        self.flush()?;
        if !self.head.is_empty() {
            self.put(self.written_end, &self.positions.epilogue(0))?;
            self.put_head()?;
        }
        self.file.flush()
    }
}

impl<W> OutWriter<W> {
    /// Where the file ends, in bytes.
    pub fn length(&self) -> u64 {
        self.written_end + EPILOGUE_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, OutFile};
    use super::*;
    use crate::results::sample;
    use std::cell::RefCell;
    use std::io::{Cursor, Read};
    use std::rc::Rc;

    fn write(records: usize, batch: usize) -> Vec<u8> {
        let model = sample::model();
        let mut writer = OutWriter::new(Cursor::new(Vec::new()), sample::full_depth())
            .batches(batch, Duration::from_secs(3600));
        writer.begin(&model).unwrap();
        for period in 1..=records {
            writer.record(&sample::frame(&model, period)).unwrap();
        }
        writer.end(&Outcome::Complete).unwrap();
        writer.into_inner().into_inner()
    }

    #[test]
    fn what_is_written_is_read_in_the_units_of_the_user() {
        let mut file = OutFile::new(Cursor::new(write(3, 1))).unwrap();
        assert!(file.is_complete());
        assert_eq!(file.records(), 3);
        assert_eq!(file.header().nodes, ["雨水井1", "Pond", "Out"]);
        assert_eq!(file.header().links, ["C1", "P1"]);
        let node = file.find(Kind::Node, "Pond").unwrap();
        let depth = file.series(Kind::Node, node, 0).unwrap();
        let expected: Vec<f32> = (1..=3).map(|period| (f64::from(period) + 1.0) as f32).collect();
        assert_eq!(depth, expected);
        let model = sample::model();
        let times = file.times().unwrap();
        assert_eq!(times[1], model.options.start.plus_seconds(600.0));
        let rain = file.series(Kind::Subcatchment, 0, 0).unwrap();
        assert!((rain[1] - 36.0).abs() < 1e-4, "{rain:?}");
        assert_eq!(file.series(Kind::System, 0, 0).unwrap()[2], 3.0);
        assert!(file.series(Kind::Link, 2, 0).is_err());
    }

    #[test]
    fn the_bytes_do_not_depend_on_the_batches() {
        let single = write(7, 1);
        assert_eq!(single, write(7, 1 << 20));
        assert_eq!(single, write(7, 300));
        let mut writer = OutWriter::new(Cursor::new(Vec::new()), sample::full_depth());
        writer.begin(&sample::model()).unwrap();
        assert!((writer.length() as usize) < single.len());
    }

    #[test]
    fn a_header_returns_as_it_was() {
        let header = Header::of(&sample::model(), &sample::full_depth());
        let (bytes, positions) = header.encode().unwrap();
        let (again, places) = Header::decode(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
        assert_eq!((again, places), (header, positions));
    }

    #[test]
    fn the_offsets_of_a_conduit_that_was_turned_round_stand_as_in_the_file() {
        let mut model = sample::model();
        let id = model.links.find("C1").unwrap();
        model.links[id].reversed = true;
        model.links[id].inlet_offset = 0.25;
        let header = Header::of(&model, &sample::full_depth());
        assert_eq!(header.link_properties[0].offsets, [0.0, 0.25]);
        assert_eq!(header.link_properties[0].max_depth, 0.5);
        assert_eq!(header.link_properties[1].max_depth, 0.0);
    }

    #[test]
    fn results_that_begin_later_start_one_step_before() {
        let mut model = sample::model();
        let start = model.options.start;
        model.options.report_start = start.plus_seconds(3600.0);
        let header = Header::of(&model, &[]);
        assert_eq!(DateTime::from_days(header.start), start.plus_seconds(3300.0));
        model.options.report_start = start.plus_seconds(100.0);
        assert_eq!(DateTime::from_days(Header::of(&model, &[]).start), start);
        model.options.report_start = start.plus_seconds(601.0);
        let mut writer = OutWriter::new(Cursor::new(Vec::new()), Vec::new());
        writer.begin(&model).unwrap();
        for period in 1..=3 {
            writer.record(&sample::frame(&model, period)).unwrap();
        }
        writer.end(&Outcome::Complete).unwrap();
        assert_eq!(writer.written(), 1);
    }

    #[test]
    fn a_file_without_an_epilogue_gives_its_whole_records() {
        let mut bytes = write(5, 1);
        let whole = OutFile::new(Cursor::new(bytes.clone())).unwrap().record(3).unwrap();
        bytes.truncate(bytes.len() - EPILOGUE_BYTES as usize - 10);
        let mut file = OutFile::new(Cursor::new(bytes)).unwrap();
        assert!(!file.is_complete());
        assert_eq!(file.records(), 4);
        assert_eq!(file.record(3).unwrap(), whole);
        assert!(OutFile::new(Cursor::new(b"no such file".to_vec())).is_err());
        assert!(OutFile::new(Cursor::new(Vec::new())).is_err());
    }

    /// A medium of limited size that keeps what it holds after every single write.
    struct Disk {
        bytes: Cursor<Vec<u8>>,
        limit: usize,
        history: Rc<RefCell<Vec<Vec<u8>>>>,
    }

    impl Write for Disk {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            // Short writes show every state in between.
            let position = self.bytes.position() as usize;
            let room = self.limit.saturating_sub(position).min(64).min(buffer.len());
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let written = self.bytes.write(&buffer[..room])?;
            self.history.borrow_mut().push(self.bytes.get_ref().clone());
            Ok(written)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Disk {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    #[test]
    fn the_file_is_valid_after_every_single_write() {
        let history = Rc::new(RefCell::new(Vec::new()));
        let disk = Disk { bytes: Cursor::new(Vec::new()), limit: usize::MAX, history: history.clone() };
        let model = sample::model();
        let mut writer = OutWriter::new(disk, sample::full_depth()).batches(300, Duration::from_secs(3600));
        writer.begin(&model).unwrap();
        assert!(history.borrow().is_empty(), "EPA's reader crashes on a file without records");
        let mut frames = Vec::new();
        for period in 1..=9 {
            frames.push(sample::frame(&model, period));
            writer.record(&frames[period - 1]).unwrap();
        }
        writer.end(&Outcome::Complete).unwrap();
        let reference = write(9, 1);
        let mut reference = OutFile::new(Cursor::new(reference)).unwrap();
        let mut seen = 0;
        let history = history.borrow();
        let marked: Vec<_> = history.iter().skip_while(|bytes| bytes[..4] == [0; 4]).collect();
        assert!(marked.len() > 20 && marked.len() < history.len());
        for bytes in marked {
            let mut file = OutFile::new(Cursor::new(bytes.clone())).unwrap();
            assert!(file.is_complete());
            assert!(file.records() >= seen.max(1));
            seen = file.records();
            for record in 0..seen {
                assert_eq!(file.record(record).unwrap(), reference.record(record).unwrap());
            }
        }
        assert_eq!(seen, 9);
    }

    #[test]
    fn a_full_disk_is_an_error_and_the_file_stays_valid() {
        let history = Rc::new(RefCell::new(Vec::new()));
        let disk = Disk { bytes: Cursor::new(Vec::new()), limit: 1500, history: history.clone() };
        let model = sample::model();
        let mut writer = OutWriter::new(disk, sample::full_depth()).batches(1, Duration::from_secs(3600));
        writer.begin(&model).unwrap();
        let failed = (1..=20).find_map(|period| writer.record(&sample::frame(&model, period)).err());
        assert_eq!(failed.unwrap().kind(), io::ErrorKind::StorageFull);
        assert!(writer.end(&Outcome::Complete).is_err());
        let bytes = history.borrow().last().unwrap().clone();
        let mut file = OutFile::new(Cursor::new(bytes)).unwrap();
        assert!(file.is_complete());
        assert_eq!(file.records() as i32, writer.written());
        assert!(file.records() > 2);
        let last = file.records() - 1;
        let depth = file.series(Kind::Node, 0, 0).unwrap();
        assert_eq!(depth[last], (last + 1) as f32);
    }

    #[test]
    fn results_have_their_name_from_the_first_record_on() {
        let folder = std::env::temp_dir().join(format!("pailao-{}-named", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.out");
        let create = || OutWriter::create(&path, sample::full_depth()).unwrap();
        fs::write(&path, "of an older run").unwrap();
        let model = sample::model();
        let mut writer = create();
        writer.begin(&model).unwrap();
        assert!(!path.exists(), "neither the old results nor empty ones");
        writer.record(&sample::frame(&model, 1)).unwrap();
        assert_eq!(OutFile::open(&path).unwrap().records(), 1);
        drop(writer);
        drop(create());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "a run that never began leaves nothing");
        let mut writer = create();
        writer.begin(&model).unwrap();
        writer.end(&Outcome::Complete).unwrap();
        assert_eq!(OutFile::open(&path).unwrap().records(), 0, "a run may end without records");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_on_disk_is_read_while_it_grows() {
        let path = std::env::temp_dir().join(format!("pailao-{}-grows.out", std::process::id()));
        let model = sample::model();
        let mut writer = OutWriter::create(&path, sample::full_depth()).unwrap().batches(1, BATCH_TIME);
        writer.begin(&model).unwrap();
        for period in 1..=3 {
            writer.record(&sample::frame(&model, period)).unwrap();
            assert_eq!(OutFile::open(&path).unwrap().records(), period);
        }
        drop(writer);
        let mut bytes = Vec::new();
        File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(bytes, write(3, 1));
    }
}
