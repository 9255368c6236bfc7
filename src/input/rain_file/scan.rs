//! Reads fields from a line as C's `sscanf` does, which is how SWMM reads rain files.
//!
//! A number skips the blanks before it, takes at most so many characters, and stops at the first that
//! does not belong to it. Fields that run into each other are told apart by their widths alone.

/// A place in a line of bytes from which fields are taken one after another.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a [u8],
}

/// The blanks of the C locale.
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// How many of the first bytes satisfy a condition.
fn run(bytes: &[u8], condition: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&byte| condition(byte)).count()
}

impl<'a> Scanner<'a> {
    /// Begins at a byte of a line; past its end nothing can be read.
    pub fn at(line: &'a [u8], start: usize) -> Self {
        Self { rest: line.get(start..).unwrap_or_default() }
    }
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }
    /// Skips blanks.
    pub fn skip_blanks(&mut self) -> &mut Self {
        self.take(run(self.rest, is_blank));
        self
    }
    /// A whole number of at most `width` characters, its sign included (`%6d`).
    pub fn integer(&mut self, width: usize) -> Option<i64> {
        self.skip_blanks();
        let field = self.rest.get(..width).unwrap_or(self.rest);
        let sign = usize::from(matches!(field.first(), Some(b'+' | b'-')));
        let digits = run(field.get(sign..)?, |byte| byte.is_ascii_digit());
        let negative = field.first() == Some(&b'-');
        let number = self.take(sign + digits).get(sign..).filter(|digits| !digits.is_empty())?;
        let size = number
            .iter()
            .fold(0_i64, |n, digit| n.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
        Some(if negative { -size } else { size })
    }
    /// A decimal number as long as it goes (`%f`); infinities and the like are none.
    pub fn decimal(&mut self) -> Option<f32> {
        self.skip_blanks();
        let length = decimal_length(self.rest);
        let text = std::str::from_utf8(self.take(length)).ok()?;
        text.parse().ok().filter(|value: &f32| value.is_finite())
    }
    /// At most `width` characters up to a blank (`%4s`).
    pub fn word(&mut self, width: usize) -> Option<&'a [u8]> {
        self.skip_blanks();
        let length = run(self.rest, |byte| !is_blank(byte)).min(width);
        Some(self.take(length)).filter(|word| !word.is_empty())
    }
    /// The next character, be it blank (`%c`).
    pub fn character(&mut self) -> Option<u8> {
        self.take(1).first().copied()
    }
    /// Exactly this character.
    pub fn literal(&mut self, wanted: u8) -> Option<()> {
        (self.rest.first() == Some(&wanted)).then(|| {
            self.take(1);
        })
    }
    /// Whether only blanks are left.
    pub fn is_at_end(&self) -> bool {
        self.rest.iter().all(|&byte| is_blank(byte))
    }
}

/// How many bytes of a text are a decimal number; 0 when it does not begin with one.
pub(super) fn decimal_length(text: &[u8]) -> usize {
    let after = |from: usize| text.get(from..).unwrap_or_default();
    let digits = |from: usize| run(after(from), |byte| byte.is_ascii_digit());
    let sign = |from: usize| usize::from(matches!(after(from).first(), Some(b'+' | b'-')));
    let whole_start = sign(0);
    let whole = digits(whole_start);
    let mut end = whole_start + whole;
    let mut mantissa = whole;
    if after(end).first() == Some(&b'.') {
        let fraction = digits(end + 1);
        mantissa += fraction;
        end += 1 + fraction;
    }
    if mantissa == 0 {
        return 0;
    }
    if matches!(after(end).first(), Some(b'e' | b'E')) {
        let exponent_start = end + 1 + sign(end + 1);
        let exponent = digits(exponent_start);
        if exponent > 0 {
            end = exponent_start + exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_tell_numbers_apart_that_run_into_each_other() {
        let mut line = Scanner::at(b"HPD05300500HPCPHI19490100010020100 00000g ", 17);
        assert_eq!([line.integer(4), line.integer(2), line.integer(4)], [Some(1949), Some(1), Some(1)]);
        assert_eq!([line.integer(3), line.integer(2), line.integer(2)], [Some(2), Some(1), Some(0)]);
        assert_eq!((line.integer(6), line.character(), line.character()), (Some(0), Some(b'g'), Some(b' ')));
        assert_eq!((line.integer(2), line.character()), (None, None));
    }

    #[test]
    fn blanks_before_a_number_do_not_count_and_its_sign_does() {
        assert_eq!(Scanner::at(b"   -99999", 0).integer(6), Some(-99999));
        assert_eq!(Scanner::at(b"-123456", 0).integer(4), Some(-123));
        assert_eq!(Scanner::at(b"- 5", 0).integer(4), None);
        assert_eq!(Scanner::at(b"12", 9).integer(4), None);
        assert_eq!(Scanner::at(&[b'9'; 40], 0).integer(40), Some(i64::MAX));
    }

    #[test]
    fn words_and_literals_are_taken_as_far_as_they_fit() {
        let mut line = Scanner::at(b"053005,04,HPCP,HI", 0);
        assert_eq!((line.integer(6), line.literal(b' ')), (Some(53005), None));
        assert_eq!((line.literal(b','), line.integer(2), line.literal(b',')), (Some(()), Some(4), Some(())));
        assert_eq!((line.word(4), line.word(9), line.word(1)), (Some(&b"HPCP"[..]), Some(&b",HI"[..]), None));
    }

    #[test]
    fn a_decimal_number_ends_where_it_stops_making_sense() {
        for (text, length) in [
            ("1.5mm", 3),
            ("1,5", 1),
            (".5", 2),
            ("-2.e3x", 5),
            ("2e", 1),
            ("2e+", 1),
            (".", 0),
            ("nan", 0),
            ("", 0),
        ] {
            assert_eq!(decimal_length(text.as_bytes()), length, "{text}");
        }
        assert_eq!(Scanner::at(b"  0.10 ", 0).decimal(), Some(0.1));
        assert_eq!(Scanner::at(b"1e99", 0).decimal(), None);
    }
}
