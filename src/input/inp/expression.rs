//! The form of mathematical expressions, as in `[TREATMENT]` and `[GWF]`.

/// The functions that an expression may call.
const FUNCTIONS: [&str; 19] = [
    "COS", "SIN", "TAN", "COT", "ABS", "SGN", "SQRT", "LOG", "EXP", "ASIN", "ACOS", "ATAN", "ACOT", "SINH",
    "COSH", "TANH", "COTH", "LOG10", "STEP",
];

/// Deeper nesting than this is refused; no sensible expression comes near.
const DEEPEST: usize = 100;

struct Parser<'a> {
    rest: &'a str,
    is_variable: &'a dyn Fn(&str) -> bool,
}

/// Checks the form of an expression of sums, products, powers, brackets, functions, numbers and
/// variables.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(text: &str, is_variable: &dyn Fn(&str) -> bool) -> Result<(), String> {
    let mut parser = Parser { rest: text, is_variable };
    parser.sum(0)?;
    match parser.peek() {
        None => Ok(()),
        Some(c) => Err(format!("'{c}' stands where an operator should")),
    }
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }
    fn take(&mut self, accepted: &[char]) -> bool {
        let found = self.peek().is_some_and(|c| accepted.contains(&c));
        if found {
            let mut rest = self.rest.chars();
            rest.next();
            self.rest = rest.as_str();
        }
        found
    }
    /// `['+' | '-'] product {('+' | '-') product}`
    fn sum(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        self.take(&['+', '-']);
        self.product(depth)?;
        while self.take(&['+', '-']) {
            self.product(depth)?;
        }
        Ok(())
    }
    /// `power {('*' | '/') power}`
    fn product(&mut self, depth: usize) -> Result<(), String> {
        self.power(depth)?;
        while self.take(&['*', '/']) {
            self.power(depth)?;
        }
        Ok(())
    }
    /// `operand {'^' operand}`, an operand having a sign of its own before a digit.
    fn power(&mut self, depth: usize) -> Result<(), String> {
        self.operand(depth)?;
        while self.take(&['^']) {
            self.operand(depth)?;
        }
        Ok(())
    }
    fn operand(&mut self, depth: usize) -> Result<(), String> {
        self.take(&['-']);
        match self.peek() {
            None => Err("it ends where a value should stand".to_owned()),
            Some('(') => self.bracket(depth),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.word(depth),
            Some(c) => Err(format!("'{c}' stands where a value should")),
        }
    }
    fn bracket(&mut self, depth: usize) -> Result<(), String> {
        if !self.take(&['(']) {
            return Err("a function needs a bracket".to_owned());
        }
        self.sum(depth + 1)?;
        if self.take(&[')']) { Ok(()) } else { Err("a bracket is not closed".to_owned()) }
    }
    fn number(&mut self) -> Result<(), String> {
        let mut rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
            if rest.len() == digits.len() {
                return Err("an exponent has no digits".to_owned());
            }
        }
        self.rest = rest;
        Ok(())
    }
    fn word(&mut self, depth: usize) -> Result<(), String> {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if FUNCTIONS.iter().any(|function| function.eq_ignore_ascii_case(word)) {
            return self.bracket(depth);
        }
        if (self.is_variable)(word) { Ok(()) } else { Err(format!("'{word}' is no variable")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(text: &str) -> bool {
        check(text, &|word| matches!(word, "HRT" | "X")).is_ok()
    }

    #[test]
    fn sound_expressions_are_accepted() {
        for text in ["1", "-X", "0.5 * exp(-0.1*HRT^2) + 1.2e-3", "(X)", "X^-2", "2*(-3+X)/log10(X)"] {
            assert!(accepted(text), "{text}");
        }
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in ["", "1+", "(1", "1)", "sin X", "Y", "1 2", "2e", "1,5", "é"] {
            assert!(!accepted(text), "{text}");
        }
        assert!(!accepted(&"(".repeat(100_000)));
    }
}
