//! Reads an `.out` file, also one whose run was killed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::header::{EPILOGUE_BYTES, Header, Kind, MAGIC, Positions};
use crate::clock::DateTime;

/// An open `.out` file. Values are in the user's units, as they stand in the file.
pub struct OutFile<R = File> {
    input: BufReader<R>,
    header: Header,
    positions: Positions,
    records: usize,
    complete: bool,
}

/// One record: all values at a reporting time.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The date as it stands in the file, days.
    pub date: f64,
    /// All values, see [`Header::position`].
    pub values: Vec<f32>,
}

impl OutFile<File> {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be read or its header is not that of an `.out` file.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::new(File::open(path)?)
    }
}

impl<R: Read + Seek> OutFile<R> {
    /// Reads from anything that can seek.
    ///
    /// # Errors
    /// As [`OutFile::open`].
    pub fn new(input: R) -> io::Result<Self> {
        let mut input = BufReader::new(input);
        let size = input.seek(SeekFrom::End(0))?;
        input.seek(SeekFrom::Start(0))?;
        let (header, positions) = Header::decode(&mut input, size)?;
        let begin = u64::from(positions.records.unsigned_abs());
        let room = size.saturating_sub(begin) / header.record_bytes();
        let mut epilogue = [0; EPILOGUE_BYTES as usize];
        let mut records = room;
        let mut complete = false;
        if size >= begin + EPILOGUE_BYTES {
            input.seek(SeekFrom::End(-(EPILOGUE_BYTES as i64)))?;
            input.read_exact(&mut epilogue)?;
            let mut values =
                epilogue.chunks_exact(4).map(|b| i32::from_le_bytes(b.try_into().unwrap_or_default()));
            let values: [i32; 6] = std::array::from_fn(|_| values.next().unwrap_or_default());
            let [_, _, at, count, _, magic] = values;
            complete =
                magic == MAGIC && at == positions.records && u64::try_from(count).is_ok_and(|n| n <= room);
            if complete {
                records = u64::from(count.unsigned_abs());
            }
        }
        let records = usize::try_from(records).unwrap_or(usize::MAX);
        Ok(Self { input, header, positions, records, complete })
    }

    /// What stands before the records.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many records there are; without a valid epilogue, how many whole ones.
    pub fn records(&self) -> usize {
        self.records
    }

    /// Whether the file ends in a valid epilogue.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The index of an element by its name.
    pub fn find(&self, kind: Kind, name: &str) -> Option<usize> {
        self.header.names(kind).iter().position(|n| n == name)
    }

    /// The reporting times. (SWMM dates them a millisecond late; they are given to the second.)
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn times(&mut self) -> io::Result<Vec<DateTime>> {
        let mut times = Vec::with_capacity(self.records);
        for record in 0..self.records {
            self.seek(record, None)?;
            let mut bytes = [0; 8];
            self.input.read_exact(&mut bytes)?;
            let milliseconds = DateTime::from_days(f64::from_le_bytes(bytes)).0;
            times.push(DateTime((milliseconds + 500).div_euclid(1000) * 1000));
        }
        Ok(times)
    }

    /// One variable of one element over all times.
    ///
    /// # Errors
    /// When the file cannot be read or has no such element or variable.
    pub fn series(&mut self, kind: Kind, element: usize, variable: usize) -> io::Result<Vec<f32>> {
        if element >= self.header.count(kind) || variable >= self.header.variables(kind) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no such element or variable in the file"));
        }
        let place = self.header.position(kind, element) + variable;
        let mut series = Vec::with_capacity(self.records);
        for record in 0..self.records {
            self.seek(record, Some(place))?;
            let mut bytes = [0; 4];
            self.input.read_exact(&mut bytes)?;
            series.push(f32::from_le_bytes(bytes));
        }
        Ok(series)
    }

    /// All variables of one element over all times: those of the first time, of the second, and so on.
    ///
    /// # Errors
    /// When the file cannot be read or has no such element.
    pub fn element(&mut self, kind: Kind, element: usize) -> io::Result<Vec<f32>> {
        if element >= self.header.count(kind) {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no such element in the file"));
        }
        let place = self.header.position(kind, element);
        let mut row = vec![0; 4 * self.header.variables(kind)];
        let mut values = Vec::with_capacity(self.records * self.header.variables(kind));
        for record in 0..self.records {
            self.seek(record, Some(place))?;
            self.input.read_exact(&mut row)?;
            values.extend(row.chunks_exact(4).map(float));
        }
        Ok(values)
    }

    /// Everything at one reporting time.
    ///
    /// # Errors
    /// When the file cannot be read or has no such record.
    pub fn record(&mut self, record: usize) -> io::Result<Record> {
        if record >= self.records {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no such record in the file"));
        }
        self.seek(record, None)?;
        let mut date = [0; 8];
        self.input.read_exact(&mut date)?;
        let mut bytes = vec![0; 4 * self.header.values()];
        self.input.read_exact(&mut bytes)?;
        let values = bytes.chunks_exact(4).map(float).collect();
        Ok(Record { date: f64::from_le_bytes(date), values })
    }

    /// Goes to the date of a record, or to one of its values.
    fn seek(&mut self, record: usize, value: Option<usize>) -> io::Result<()> {
        let begin = u64::from(self.positions.records.unsigned_abs());
        let within = value.map_or(0, |value| 8 + 4 * value as u64);
        let position = begin + record as u64 * self.header.record_bytes() + within;
        let current = self.input.stream_position()?;
        self.input.seek_relative(position as i64 - current as i64)
    }
}

/// The value of four bytes.
fn float(bytes: &[u8]) -> f32 {
    f32::from_le_bytes(bytes.try_into().unwrap_or_default())
}
