//! Mutants of model files: bytes flipped, lines dropped, doubled and swapped, files cut off, fields
//! taken out, exchanged and replaced by hostile or by slightly wrong numbers and words.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Marsaglia's xorshift64*: repeatable, and enough to breed mutants.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        dice.next();
        dice
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    /// A number below `limit`; 0 when there is none.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit.max(1)
    }
    fn choose<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// Numbers that files should not hold.
const HOSTILE: [&str; 25] = [
    "",
    "0",
    "-0",
    "-1",
    "1e308",
    "-1e308",
    "1e-308",
    "1e400",
    "NaN",
    "inf",
    "-inf",
    "1e5",
    "1e9",
    "4294967296",
    "9223372036854775808",
    "-2147483649",
    "0.0000001",
    "0x10",
    "1,5",
    "1e",
    "--3",
    "*",
    "٣",
    "1/0",
    "32768",
];
/// Headings and words that change how a line is read.
const WORDS: [&str; 25] = [
    "[OPTIONS]",
    "[CONDUITS]",
    "[CONTROLS]",
    "[TIMESERIES]",
    "[NOWHERE]",
    "[",
    ";",
    "\"",
    "CIRCULAR",
    "IRREGULAR",
    "FILLED_CIRCULAR",
    "TIMESERIES",
    "FUNCTIONAL",
    "YES",
    "NO",
    "*",
    "FREE",
    "25:61:99",
    "13/32/0000",
    "\u{0}",
    "排涝",
    "DYNWAVE",
    "\"\"",
    "\u{feff}",
    "aVeryLongNameThatNoElementHasAndNoTableHoldsaVeryLongNameThatNoElementHasAndNoTableHolds",
];

/// The place of one field in a text.
type Field = (usize, Range<usize>);

fn fields(lines: &[Vec<u8>]) -> Vec<Field> {
    let mut fields = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let mut start = None;
        for (i, byte) in line.iter().chain(b" ").enumerate() {
            match (start, byte.is_ascii_whitespace()) {
                (None, false) => start = Some(i),
                (Some(first), true) => {
                    fields.push((number, first..i));
                    start = None;
                }
                _ => {}
            }
            if *byte == b';' {
                break;
            }
        }
    }
    fields
}

/// A number near or far from one that is written.
fn wrong_number(dice: &mut Dice, written: &str) -> Option<String> {
    let number: f64 = written.parse().ok()?;
    let wrong = match dice.below(8) {
        0 => -number,
        1 => 0.0,
        2 => number * 10.0,
        3 => number / 10.0,
        4 => number * 1000.0,
        5 => number / 1000.0,
        6 => number + 1.0,
        _ => number * 1.0e6,
    };
    Some(wrong.to_string())
}

/// Takes out a section, or only its heading, so that its lines fall to the section above.
fn drop_section(dice: &mut Dice, lines: &mut Vec<Vec<u8>>) {
    let headings: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].starts_with(b"[")).collect();
    if let Some(first) = headings.get(dice.below(headings.len())).copied() {
        let next = headings.iter().copied().find(|heading| *heading > first).unwrap_or(lines.len());
        let end = if dice.below(2) == 0 { first + 1 } else { next };
        lines.drain(first..end);
    }
}

/// One change to the lines of a file.
fn mutate(dice: &mut Dice, lines: &mut Vec<Vec<u8>>) {
    if lines.is_empty() {
        return;
    }
    let fields = fields(lines);
    let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
    let (one, other) = match fields.len() {
        0 => return lines.clear(),
        n => (fields[dice.below(n)].clone(), fields[dice.below(n)].clone()),
    };
    let field = |(line, range): &Field| lines[*line][range.clone()].to_vec();
    let replacement: Vec<u8> = match dice.below(17) {
        0 => {
            let byte = dice.below(lines[a].len());
            if let Some(byte) = lines[a].get_mut(byte) {
                *byte ^= 1 << dice.below(8);
            }
            return;
        }
        1 => {
            lines.remove(a);
            return;
        }
        2 => return lines.swap(a, b),
        3 => {
            let line = lines[a].clone();
            return lines.insert(b, line);
        }
        4 => return lines.insert(a, dice.choose(&WORDS).as_bytes().to_vec()),
        5 if dice.below(8) == 0 => {
            let end = dice.below(lines[a].len());
            lines[a].truncate(end);
            return lines.truncate(a + 1);
        }
        5 => dice.choose(&WORDS).as_bytes().to_vec(),
        6 => field(&other),
        7 => Vec::new(),
        8 => return drop_section(dice, lines),
        9 | 10 => dice.choose(&HOSTILE).as_bytes().to_vec(),
        // Most changes are of a kind that lets the model through to the next stage.
        _ => {
            let mut numbers = fields.iter().filter_map(|spot| {
                let text = String::from_utf8(field(spot)).ok()?;
                text.parse::<f64>().is_ok().then_some((spot, text))
            });
            let count = numbers.clone().count();
            let Some((spot, text)) = numbers.nth(dice.below(count)) else { return };
            let Some(wrong) = wrong_number(dice, &text) else { return };
            let (line, range) = spot.clone();
            lines[line].splice(range, wrong.into_bytes());
            return;
        }
    };
    let (line, range) = one;
    lines[line].splice(range, replacement);
}

/// A model file to breed from.
pub struct Parent {
    /// Where it stands; companion files are looked for beside it.
    pub path: PathBuf,
    lines: Vec<Vec<u8>>,
    /// Whether it can be run, so that its children may be, too.
    sound: bool,
}

impl Parent {
    pub fn new(path: PathBuf, bytes: &[u8], sound: bool) -> Self {
        Self { path, lines: bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect(), sound }
    }
}

/// Mutant `number` of the given parents: whose child it is, and its text.
pub fn mutant(parents: &[Parent], number: u64) -> (&Parent, Vec<u8>) {
    let mut dice = Dice::new(number);
    let sound: Vec<&Parent> = parents.iter().filter(|parent| parent.sound).collect();
    let parent = if sound.is_empty() || dice.below(4) == 0 {
        &parents[dice.below(parents.len())]
    } else {
        sound[dice.below(sound.len())]
    };
    let mut lines = parent.lines.clone();
    for _ in 0..=dice.below(4) * dice.below(2) {
        mutate(&mut dice, &mut lines);
    }
    (parent, lines.join(&b"\n"[..]))
}

/// All model files below a folder that are not larger than `largest` bytes.
pub fn collect(folder: &Path, largest: u64, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, largest, found);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("inp"))
            && fs::metadata(&path).is_ok_and(|data| data.len() <= largest)
        {
            found.push(path);
        }
    }
}
