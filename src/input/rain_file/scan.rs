//! A cursor over a line whose fields stand in columns.

/// Where reading stands in a line.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    /// Reads a line from a column on, counted from 0; nothing is left beyond its end.
    pub(super) fn new(line: &'a str, column: usize) -> Self {
        Self { rest: line.as_bytes().get(column..).unwrap_or_default() }
    }
    /// Passes over blanks.
    fn skip_blanks(&mut self) {
        let blanks = self.rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.rest = self.rest.get(blanks..).unwrap_or_default();
    }
    /// The next part that a rule accepts, up to a width, after blanks.
    fn take(&mut self, width: usize, accept: impl Fn(usize, u8) -> bool) -> Option<&'a str> {
        self.skip_blanks();
        let length = self.rest.iter().take(width).enumerate().take_while(|&(i, &b)| accept(i, b)).count();
        let (part, rest) = self.rest.split_at_checked(length)?;
        if part.is_empty() {
            return None;
        }
        let part = std::str::from_utf8(part).ok()?;
        self.rest = rest;
        Some(part)
    }
    /// A whole number of at most `width` characters, after blanks.
    pub(super) fn whole(&mut self, width: usize) -> Option<i64> {
        self.take(width, |i, b| b.is_ascii_digit() || (i == 0 && (b == b'-' || b == b'+')))?.parse().ok()
    }
    /// A word of at most `width` characters, after blanks.
    pub(super) fn word(&mut self, width: usize) -> Option<&'a str> {
        self.take(width, |_, b| !b.is_ascii_whitespace())
    }
    /// A decimal number, after blanks.
    pub(super) fn decimal(&mut self) -> Option<f32> {
        let part = self.take(usize::MAX, |_, b| b.is_ascii_digit() || b"+-.".contains(&b))?;
        part.parse().ok()
    }
    /// A certain character, which must come next.
    pub(super) fn literal(&mut self, byte: u8) -> Option<()> {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                Some(())
            }
            _ => None,
        }
    }
    /// The next character, be it blank.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }
    /// The next character after blanks.
    pub(super) fn mark(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.byte()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_touch_are_told_apart_by_their_width() {
        let mut scan = Scanner::new("HPD05300500HPCP", 0);
        assert_eq!(scan.word(3), Some("HPD"));
        assert_eq!((scan.whole(6), scan.whole(2)), (Some(53_005), Some(0)));
        assert_eq!((scan.word(4), scan.word(4)), (Some("HPCP"), None));
    }

    #[test]
    fn a_number_ends_where_it_stops_being_one() {
        let mut scan = Scanner::new("x  00012g ", 1);
        assert_eq!(
            (scan.whole(6), scan.byte(), scan.byte(), scan.byte()),
            (Some(12), Some(b'g'), Some(b' '), None)
        );
        assert_eq!(Scanner::new("-", 0).whole(3), None);
        assert_eq!(Scanner::new("short", 40).whole(3), None);
        assert_eq!(Scanner::new(" 0.25 A", 0).decimal(), Some(0.25));
    }
}
