//! Quantities as engineers write them, `"300 mm"`, `"2 h"`, `"5000 m3"`, in SI.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A unit: how it is written, and how many SI units it is.
type Unit = (&'static str, f64);

/// Splits `"-1.5 mm"` into its number and its unit.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-');
    // an `e` belongs to the number only when digits follow it
    let mut end = text.find(|c| !number(c)).unwrap_or(text.len());
    if let Some(rest) = text.get(end..).and_then(|rest| rest.strip_prefix(['e', 'E']))
        && rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
    {
        end += 1 + rest.find(|c| !number(c)).unwrap_or(rest.len());
    }
    let value: f64 = text.get(..end)?.parse().ok()?;
    value.is_finite().then_some((value, text.get(end..)?.trim()))
}

/// Reads a number with one of some units.
fn read(text: &str, what: &str, units: &[Unit], example: &str) -> Result<f64, String> {
    let names = || units.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let Some((value, unit)) = split(text) else {
        return Err(format!("\"{text}\" is not {what}; write a number and its unit, such as \"{example}\""));
    };
    match units.iter().find(|(name, _)| *name == unit) {
        Some((_, factor)) => Ok(value * factor),
        None if unit.is_empty() => {
            Err(format!("\"{text}\" has no unit; {what} is written such as \"{example}\""))
        }
        None => Err(format!("`{unit}` is not a unit of {what}; known are {}", names())),
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $example:literal, [$($unit:literal = $factor:expr),+ $(,)?];)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
            pub struct $name(pub f64);

            impl $name {
                /// The units that it may be written in, and what each is in the unit of the value.
                pub const UNITS: &'static [Unit] = &[$(($unit, $factor)),+];
            }

            impl FromStr for $name {
                type Err = String;
                fn from_str(text: &str) -> Result<Self, String> {
                    read(text, $what, Self::UNITS, $example).map(Self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                    struct Text;
                    impl Visitor<'_> for Text {
                        type Value = $name;
                        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                            f.write_str(concat!($what, " with its unit, such as \"", $example, "\""))
                        }
                        fn visit_str<E: Error>(self, text: &str) -> Result<$name, E> {
                            text.parse().map_err(E::custom)
                        }
                    }
                    source.deserialize_any(Text)
                }
            }

            impl JsonSchema for $name {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }
                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    let units: Vec<String> =
                        Self::UNITS.iter().map(|(unit, _)| unit.replace('^', "\\^")).collect();
                    json_schema!({
                        "type": "string",
                        "description": concat!($what, " with its unit"),
                        "pattern": format!("^\\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\\s*({})\\s*$", units.join("|")),
                        "examples": [$example],
                    })
                }
            }
        )+
    };
}

quantities! {
    /// A length or a level, m.
    Length, "a length", "300 mm", ["mm" = 1.0e-3, "cm" = 1.0e-2, "m" = 1.0, "km" = 1.0e3];
    /// A span of time, s.
    Span, "a span of time", "2 h", ["s" = 1.0, "min" = 60.0, "h" = 3600.0, "d" = 86_400.0];
    /// A span of years; a return period, a.
    Years, "a number of years", "5 a", ["a" = 1.0, "yr" = 1.0, "年" = 1.0];
    /// An area, m².
    Area, "an area", "2.5 ha", ["m2" = 1.0, "m²" = 1.0, "ha" = 1.0e4, "km2" = 1.0e6, "km²" = 1.0e6];
    /// A volume, m³.
    Volume, "a volume", "5000 m3", ["m3" = 1.0, "m³" = 1.0, "L" = 1.0e-3, "万m3" = 1.0e4, "万m³" = 1.0e4];
    /// A flow, m³/s.
    Flow, "a flow", "6 m3/s",
        ["m3/s" = 1.0, "m³/s" = 1.0, "L/s" = 1.0e-3, "m3/h" = 1.0 / 3600.0, "m3/d" = 1.0 / 86_400.0, "万m3/d" = 1.0e4 / 86_400.0];
    /// A share of a whole, from 0 to 1 inside.
    Share, "a share", "10 %", ["%" = 0.01, "‰" = 0.001];
    /// A difference of two shares in percentage points, as a fraction: `"+2 points"` is 0.02.
    Points, "a difference in percentage points", "+2 points", ["points" = 0.01, "pp" = 0.01, "个百分点" = 0.01];
    /// A rate of infiltration, m/s.
    Rate, "a rate", "12 mm/h", ["mm/h" = 1.0e-3 / 3600.0, "mm/min" = 1.0e-3 / 60.0, "cm/h" = 1.0e-2 / 3600.0, "m/s" = 1.0];
    /// A depth of rain, mm.
    RainDepth, "a depth of rain", "50 mm", ["mm" = 1.0, "cm" = 10.0];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_in_si() {
        assert_eq!("300 mm".parse(), Ok(Length(0.3)));
        assert_eq!("300mm".parse(), Ok(Length(0.3)));
        assert_eq!(" 1.2e3 m ".parse(), Ok(Length(1200.0)));
        assert_eq!("2 h".parse(), Ok(Span(7200.0)));
        assert_eq!("5000 m3".parse(), Ok(Volume(5000.0)));
        assert_eq!("10 %".parse(), Ok(Share(0.1)));
        assert_eq!("+2 points".parse(), Ok(Points(0.02)));
        assert_eq!("50 a".parse(), Ok(Years(50.0)));
        assert_eq!("3 年".parse(), Ok(Years(3.0)));
    }

    #[test]
    fn a_wrong_unit_is_named_with_the_known_ones() {
        let wrong = "3 h".parse::<Length>().unwrap_err();
        assert!(wrong.contains("`h` is not a unit of a length") && wrong.contains("`mm`"), "{wrong}");
        assert!("3".parse::<Length>().unwrap_err().contains("no unit"));
        assert!("wide".parse::<Length>().unwrap_err().contains("is not a length"));
        assert!("nan m".parse::<Length>().is_err());
        assert!("1e999 m".parse::<Length>().is_err());
    }
}
