//! The words of the command line in English and Chinese.

use clap::ValueEnum;

use crate::diagnostic::{Diagnostic, Severity};
use crate::simulation::Outcome;

/// Language of summaries and of the labels of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    #[default]
    En,
    /// Chinese, simplified
    Zh,
}

impl Lang {
    /// The text of this language, of the two.
    pub fn of<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// How many problems there are, gravest first.
    pub fn count(self, diagnostics: &[Diagnostic]) -> String {
        let kinds = [
            (Severity::Error, "error", "errors", "个错误"),
            (Severity::Unsupported, "part not simulated yet", "parts not simulated yet", "处尚不能模拟"),
            (Severity::Warning, "warning", "warnings", "个警告"),
        ];
        let mut parts = Vec::new();
        for (severity, one, many, zh) in kinds {
            match diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count() {
                0 => {}
                1 => parts.push(self.of(format!("1 {one}"), format!("1 {zh}"))),
                n => parts.push(self.of(format!("{n} {many}"), format!("{n} {zh}"))),
            }
        }
        if parts.is_empty() {
            return self.of("no problems", "没有问题").to_owned();
        }
        parts.join(self.of(", ", "，"))
    }

    /// How a run ended, for the last line.
    pub fn outcome(self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Complete => self.of("complete", "模拟完成").to_owned(),
            Outcome::Interrupted(time) => self.of(
                format!("interrupted at {time}; results end there"),
                format!("模拟在 {time} 中断，结果到此为止"),
            ),
            Outcome::Failed(time, why) => self.of(
                format!("failed at {time}: {why}; results end there"),
                format!("模拟在 {time} 失败，结果到此为止：{why}"),
            ),
        }
    }
}

/// A number with its thousands apart: `12 345.6`.
pub fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    let zero = text.chars().all(|c| c == '0' || c == '.');
    format!("{}{out}{rest}", if value < 0.0 && !zero { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(1_234_567.891, 1), "1 234 567.9");
        assert_eq!(grouped(-999.0, 0), "-999");
        assert_eq!(grouped(-0.0001, 2), "0.00");
    }

    #[test]
    fn problems_are_counted_by_kind_in_both_languages() {
        let list = [Diagnostic::error(209, "x"), Diagnostic::warning(4, "y"), Diagnostic::warning(4, "z")];
        assert_eq!(Lang::En.count(&list), "1 error, 2 warnings");
        assert_eq!(Lang::Zh.count(&list), "1 个错误，2 个警告");
        assert_eq!(Lang::En.count(&[]), "no problems");
    }
}
