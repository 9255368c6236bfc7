//! Arithmetic formulas as users write them: parsed once, evaluated by the million.
//!
//! The language is that of SWMM's control expressions: numbers, named variables, `+ - * / ^`,
//! parentheses and nineteen functions of one argument.

/// Deepest nesting of parentheses, functions and powers that is read.
const MAX_NESTING: usize = 200;

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Cos,
    Sin,
    Tan,
    Cot,
    Abs,
    Sgn,
    Sqrt,
    Log,
    Exp,
    Asin,
    Acos,
    Atan,
    Acot,
    Sinh,
    Cosh,
    Tanh,
    Coth,
    Log10,
    Step,
}

const FUNCTIONS: [(&str, Function); 19] = [
    ("cos", Function::Cos),
    ("sin", Function::Sin),
    ("tan", Function::Tan),
    ("cot", Function::Cot),
    ("abs", Function::Abs),
    ("sgn", Function::Sgn),
    ("sqrt", Function::Sqrt),
    ("log", Function::Log),
    ("exp", Function::Exp),
    ("asin", Function::Asin),
    ("acos", Function::Acos),
    ("atan", Function::Atan),
    ("acot", Function::Acot),
    ("sinh", Function::Sinh),
    ("cosh", Function::Cosh),
    ("tanh", Function::Tanh),
    ("coth", Function::Coth),
    ("log10", Function::Log10),
    ("step", Function::Step),
];

impl Function {
    /// The value at `x`. Roots and logarithms outside their range are 0 as in SWMM
    /// (`log10` of a negative number is no number).
    fn of(self, x: f64) -> f64 {
        let (growth, decay) = (x.exp(), (-x).exp());
        match self {
            Self::Cos => x.cos(),
            Self::Sin => x.sin(),
            Self::Tan => x.tan(),
            Self::Cot if x == 0.0 => 0.0,
            Self::Cot => 1.0 / x.tan(),
            Self::Abs => x.abs(),
            Self::Sgn if x < 0.0 => -1.0,
            Self::Sgn if x > 0.0 => 1.0,
            Self::Sgn => 0.0,
            Self::Sqrt if x < 0.0 => 0.0,
            Self::Sqrt => x.sqrt(),
            Self::Log if x <= 0.0 => 0.0,
            Self::Log => x.ln(),
            Self::Exp => growth,
            Self::Asin => x.asin(),
            Self::Acos => x.acos(),
            Self::Atan => x.atan(),
            Self::Acot => std::f64::consts::FRAC_PI_2 - x.atan(),
            Self::Sinh => (growth - decay) / 2.0,
            Self::Cosh => (growth + decay) / 2.0,
            Self::Tanh => (growth - decay) / (growth + decay),
            Self::Coth => (growth + decay) / (growth - decay),
            Self::Log10 if x == 0.0 => 0.0,
            Self::Log10 => x.log10(),
            Self::Step if x <= 0.0 => 0.0,
            Self::Step => 1.0,
        }
    }
}

/// One step of a formula in postfix order.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Number(f64),
    Variable(u32),
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Negate,
    Call(Function),
}

/// A formula, ready to be evaluated. It is kept in postfix order, so that neither its evaluation
/// nor its end needs recursion.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    steps: Vec<Step>,
}

/// Why a text is no formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// Where, in characters from the start of the text.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl Formula {
    /// The formula that is a number.
    pub fn constant(number: f64) -> Self {
        Self { steps: vec![Step::Number(number)] }
    }

    /// Parses a formula; `variable` gives the number of a name, `None` for a name unknown to it.
    ///
    /// A minus sign may stand before the first term of the formula or of a parenthesis, where it
    /// negates the whole term (`-a * b` is `-(a * b)`), and directly before a digit, where it is
    /// part of the number (so that `-3 ^ 2` has the base -3). Powers bind to the right.
    ///
    /// # Errors
    /// When the text breaks off, closes what it did not open, holds an unknown name or character,
    /// or nests more than 200 deep.
    pub fn parse(text: &str, variable: &dyn Fn(&str) -> Option<u32>) -> Result<Self, FormulaError> {
        let tokens = tokens(text)?;
        let end = text.chars().count();
        let mut parser = Parser { tokens, next: 0, end, nesting: 0, steps: Vec::new(), variable };
        parser.sum()?;
        match parser.peek() {
            None => Ok(Self { steps: parser.steps }),
            Some(Token::Close) => Err(parser.error("')' closes nothing")),
            Some(_) => Err(parser.error("an operator is missing here")),
        }
    }

    /// The value for given values of the variables; 0 where it is no number, as in SWMM.
    ///
    /// A power whose base is not positive is 0.
    pub fn value(&self, variable: &dyn Fn(u32) -> f64) -> f64 {
        let mut stack: Vec<f64> = Vec::with_capacity(8);
        for step in &self.steps {
            let result = match *step {
                Step::Number(number) => number,
                Step::Variable(index) => variable(index),
                Step::Negate => -stack.pop().unwrap_or(0.0),
                Step::Call(function) => function.of(stack.pop().unwrap_or(0.0)),
                Step::Add | Step::Subtract | Step::Multiply | Step::Divide | Step::Power => {
                    let right = stack.pop().unwrap_or(0.0);
                    let left = stack.pop().unwrap_or(0.0);
                    match *step {
                        Step::Add => left + right,
                        Step::Subtract => left - right,
                        Step::Multiply => left * right,
                        Step::Divide => left / right,
                        _ if left <= 0.0 => 0.0,
                        _ => left.powf(right),
                    }
                }
            };
            stack.push(result);
        }
        let value = stack.pop().unwrap_or(0.0);
        if value.is_nan() { 0.0 } else { value }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Plus,
    Minus,
    Times,
    Over,
    Caret,
    Number(f64),
    Name(String),
}

/// Splits a text into tokens with their offsets in characters.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>, FormulaError> {
    let characters: Vec<char> = text.chars().collect();
    let at = |i: usize| characters.get(i).copied().unwrap_or('\0');
    let is_digit = |i: usize| at(i).is_ascii_digit();
    let mut tokens: Vec<(usize, Token)> = Vec::new();
    let mut i = 0;
    while i < characters.len() {
        let start = i;
        // A digit directly after '-' makes a negative number wherever an operand may stand.
        let operand_expected =
            !matches!(tokens.last(), Some((_, Token::Close | Token::Number(_) | Token::Name(_))));
        let token = match at(i) {
            ' ' | '\t' => {
                i += 1;
                continue;
            }
            '(' => Token::Open,
            ')' => Token::Close,
            '+' => Token::Plus,
            '*' => Token::Times,
            '/' => Token::Over,
            '^' => Token::Caret,
            '-' if !(operand_expected && is_digit(i + 1)) => Token::Minus,
            '-' | '.' | '0'..='9' => {
                i += 1;
                while is_digit(i) || at(i) == '.' {
                    i += 1;
                }
                if matches!(at(i), 'e' | 'E') {
                    i += 1;
                    if matches!(at(i), '+' | '-') {
                        i += 1;
                    }
                    while is_digit(i) {
                        i += 1;
                    }
                }
                let written: String = characters.get(start..i).into_iter().flatten().collect();
                let number = written.parse::<f64>().ok().filter(|number| number.is_finite());
                let Some(number) = number else {
                    return Err(FormulaError { offset: start, message: format!("'{written}' is no number") });
                };
                tokens.push((start, Token::Number(number)));
                continue;
            }
            c if is_name_character(c) => {
                while is_name_character(at(i)) {
                    i += 1;
                }
                tokens.push((start, Token::Name(characters.get(start..i).into_iter().flatten().collect())));
                continue;
            }
            c => {
                return Err(FormulaError {
                    offset: start,
                    message: format!("'{c}' has no meaning in a formula"),
                });
            }
        };
        tokens.push((start, token));
        i += 1;
    }
    Ok(tokens)
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

struct Parser<'a> {
    tokens: Vec<(usize, Token)>,
    next: usize,
    /// Length of the text in characters.
    end: usize,
    nesting: usize,
    steps: Vec<Step>,
    variable: &'a dyn Fn(&str) -> Option<u32>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }
    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }
    fn error(&self, message: impl Into<String>) -> FormulaError {
        let offset = self.tokens.get(self.next).map_or(self.end, |&(offset, _)| offset);
        FormulaError { offset, message: message.into() }
    }

    /// `[+|-] term { (+|-) term }`
    fn sum(&mut self) -> Result<(), FormulaError> {
        let negative = self.take(&Token::Minus);
        if !negative {
            self.take(&Token::Plus);
        }
        self.term()?;
        if negative {
            self.steps.push(Step::Negate);
        }
        loop {
            let step = match self.peek() {
                Some(Token::Plus) => Step::Add,
                Some(Token::Minus) => Step::Subtract,
                _ => return Ok(()),
            };
            self.next += 1;
            self.term()?;
            self.steps.push(step);
        }
    }

    /// `power { (*|/) power }`
    fn term(&mut self) -> Result<(), FormulaError> {
        self.power()?;
        loop {
            let step = match self.peek() {
                Some(Token::Times) => Step::Multiply,
                Some(Token::Over) => Step::Divide,
                _ => return Ok(()),
            };
            self.next += 1;
            self.power()?;
            self.steps.push(step);
        }
    }

    /// `operand [ ^ power ]`
    fn power(&mut self) -> Result<(), FormulaError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error(format!("the formula nests more than {MAX_NESTING} deep")));
        }
        self.operand()?;
        if self.take(&Token::Caret) {
            self.power()?;
            self.steps.push(Step::Power);
        }
        self.nesting -= 1;
        Ok(())
    }

    /// `number | variable | ( sum ) | function ( sum )`
    fn operand(&mut self) -> Result<(), FormulaError> {
        let step = match self.peek() {
            Some(Token::Number(number)) => Step::Number(*number),
            Some(Token::Open) => return self.parenthesis(),
            Some(Token::Name(name)) => {
                match FUNCTIONS.iter().find(|(word, _)| name.eq_ignore_ascii_case(word)) {
                    Some(&(word, function)) => {
                        self.next += 1;
                        if self.peek() != Some(&Token::Open) {
                            return Err(self.error(format!("'{word}' needs its argument in parentheses")));
                        }
                        self.parenthesis()?;
                        self.steps.push(Step::Call(function));
                        return Ok(());
                    }
                    None => match (self.variable)(name) {
                        Some(index) => Step::Variable(index),
                        None => {
                            return Err(
                                self.error(format!("'{name}' is neither a function nor a declared variable"))
                            );
                        }
                    },
                }
            }
            Some(Token::Minus) => {
                return Err(
                    self.error("a minus sign after an operator needs parentheses around what it negates")
                );
            }
            _ => return Err(self.error("a number, variable, function or '(' is missing here")),
        };
        self.next += 1;
        self.steps.push(step);
        Ok(())
    }

    fn parenthesis(&mut self) -> Result<(), FormulaError> {
        self.next += 1;
        self.sum()?;
        if !self.take(&Token::Close) {
            return Err(self.error("')' or an operator is missing here"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> f64 {
        let variable = |name: &str| ["a", "b"].iter().position(|v| *v == name).map(|i| i as u32);
        Formula::parse(text, &variable).unwrap().value(&|index| [5.0, -2.0][index as usize])
    }
    fn error(text: &str) -> FormulaError {
        Formula::parse(text, &|_| None).unwrap_err()
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        assert_eq!(value("1 + 2 * 3 - 4 / 8"), 6.5);
        assert_eq!(value("10 - 3 - 2"), 5.0);
        assert_eq!(value("24 / 4 / 3"), 2.0);
        assert_eq!(value("2 ^ 3 ^ 2"), 512.0);
        assert_eq!(value("2 * 3 ^ 2"), 18.0);
        assert_eq!(value("(1 + 2) * (3 - 4)"), -3.0);
        assert_eq!(value("1.5e1 + .5"), 15.5);
        assert_eq!(Formula::parse("2.5", &|_| None), Ok(Formula::constant(2.5)));
    }

    #[test]
    fn variables_take_their_values() {
        assert_eq!(value("a * 2 + b ^ 2 - 0.1"), 9.9, "the base -2 makes the power 0");
        assert_eq!(value("-b"), 2.0);
    }

    #[test]
    fn a_sign_negates_its_term_but_belongs_to_a_number_it_touches() {
        assert_eq!(value("-a * b"), 10.0);
        assert_eq!(value("-a ^ 2"), -25.0);
        assert_eq!(value("-3 ^ 2"), 0.0, "the base is -3");
        assert_eq!(value("4 - -3"), 7.0);
        assert_eq!(value("2 ^ -1"), 0.5);
        assert_eq!(value("a-3"), 2.0);
        assert_eq!(value("(a)-3"), 2.0);
        assert_eq!(value("a * (-b)"), 10.0);
    }

    #[test]
    fn functions_have_their_values() {
        let close = |text: &str, expected: f64| {
            assert!((value(text) - expected).abs() < 1e-12, "{text} = {} not {expected}", value(text));
        };
        close("cos(0)", 1.0);
        close("sin(1)", 1f64.sin());
        close("tan(1)", 1f64.tan());
        close("cot(1)", 1.0 / 1f64.tan());
        close("abs(b)", 2.0);
        close("sgn(b) + sgn(a) + sgn(0)", 0.0);
        close("SQRT(9)", 3.0);
        close("log(exp(2))", 2.0);
        close("asin(1) + acos(1)", std::f64::consts::FRAC_PI_2);
        close("atan(1) + acot(1)", std::f64::consts::FRAC_PI_2);
        close("cosh(1) ^ 2 - sinh(1) ^ 2", 1.0);
        close("tanh(1) * coth(1)", 1.0);
        close("log10(1000)", 3.0);
        close("step(0) + step(0.1)", 1.0);
        close("sin(1) ^ 2 + cos(1) ^ 2", 1.0);
    }

    #[test]
    fn impossible_values_are_zero() {
        for text in ["sqrt(b)", "log(b)", "log10(b)", "cot(0)", "0 / 0", "asin(2)", "tanh(1000)"] {
            assert_eq!(value(text), 0.0, "{text}");
        }
        assert_eq!(value("1 + sqrt(b)"), 1.0, "only the root is 0");
    }

    #[test]
    fn errors_say_where_they_are() {
        assert_eq!(error("1 + x").offset, 4);
        assert_eq!(error("1 + ").offset, 4);
        assert_eq!(error("(1 + 2").offset, 6);
        assert_eq!(error("1 + 2)").offset, 5);
        assert_eq!(error("1 2").offset, 2);
        assert_eq!(error("1 > 2").offset, 2);
        assert_eq!(error("2 * - (3)").offset, 4);
        assert_eq!(error("sin 2").offset, 4);
        assert_eq!(error("1..2").offset, 0);
        assert_eq!(error("3 * 2e").offset, 4);
        assert_eq!(error("").offset, 0);
        assert_eq!(error("()").offset, 1);
    }

    #[test]
    fn deep_nesting_is_refused_and_long_chains_are_not() {
        let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(error(&deep).message.contains("nests"));
        assert!(error(&vec!["1"; 100_000].join("^")).message.contains("nests"));
        assert_eq!(value(&vec!["1"; 100_000].join("+")), 100_000.0);
    }

    proptest! {
        #[test]
        fn any_text_is_a_formula_or_an_error(text in "[-a-b0-9.eE+*/^() xsincotqrlg]{0,40}") {
            let variable = |name: &str| (name == "a").then_some(0);
            if let Ok(formula) = Formula::parse(&text, &variable) {
                prop_assert!(!formula.value(&|_| 1.5).is_nan());
            }
        }
    }
}
