//! SWMM's binary result file `.out`, written and read.
//!
//! Layout of EPA SWMM 5.2.4 (`output.c`), little endian, 4-byte integers and floats unless said:
//! magic number, version, flow units and counts; names; object properties; codes of result
//! variables; start date (8-byte float) and report step; then one record per reporting time (date as
//! an 8-byte float, subcatchments, nodes, links, system); last an epilogue of six integers: the
//! positions of names, properties and records, the number of records, an error code, and the magic
//! number again.

pub mod header;
pub mod reader;
pub mod writer;

pub use header::{Header, Kind};
pub use reader::OutFile;
pub use writer::OutWriter;
