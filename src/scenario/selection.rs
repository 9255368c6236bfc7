//! Which conduits a measure means: by name, or by a rule that is resolved once, against the base.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::quantity::{Length, Years};

/// A rule that picks conduits: clauses joined by `and`, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// The text as it was written.
    pub text: String,
    /// The clauses.
    pub clauses: Vec<Clause>,
}

/// One clause of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// `capacity < 2 a`: the equivalent return period of the full conduit by Manning and the rational
    /// method is below (or, negated, at least) some years.
    Capacity(Comparison, Years),
    /// `surcharged in P5`: the conduit runs full at both ends at some time of a storm.
    Surcharged(String),
    /// `flooded in P5`: its upper node floods in a storm.
    Flooded(String),
    /// `diameter < 600 mm`: by its full depth.
    Diameter(Comparison, Length),
    /// `tag = 'N1'`: the conduit carries the tag.
    Tag(String),
    /// `zone = '老城'`: its middle lies in the zone.
    Zone(String),
    /// `upstream of J7`: its water passes the node.
    UpstreamOf(String),
    /// `downstream of J7`: water of the node passes it.
    DownstreamOf(String),
}

/// How a value compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
}

impl Comparison {
    /// All, the longer signs first.
    const ALL: [(&'static str, Self); 5] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("<", Self::Less),
        (">", Self::More),
        ("=", Self::Equal),
    ];
    /// Whether it holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => left == right,
        }
    }
}

/// The clauses that a rule may have, for messages.
const FORMS: &str = "`capacity < 2 a`, `surcharged in STORM`, `flooded in STORM`, `diameter < 600 mm`, \
`tag = NAME`, `zone = NAME`, `upstream of NODE`, `downstream of NODE`, joined by `and`";

impl FromStr for Rule {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let clauses = text.split(" and ").map(clause).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), clauses })
    }
}

fn clause(text: &str) -> Result<Clause, String> {
    let text = text.trim();
    let unknown = || format!("`{text}` is not a clause of a rule; known are {FORMS}");
    let name = |rest: &str| {
        let bare = rest.trim().trim_matches(['\'', '"']).to_owned();
        if bare.is_empty() { Err(format!("`{text}` names nothing")) } else { Ok(bare) }
    };
    for (start, make) in [
        ("surcharged in ", Clause::Surcharged as fn(String) -> Clause),
        ("flooded in ", Clause::Flooded),
        ("upstream of ", Clause::UpstreamOf),
        ("downstream of ", Clause::DownstreamOf),
    ] {
        if let Some(rest) = text.strip_prefix(start) {
            return name(rest).map(make);
        }
    }
    let sign = Comparison::ALL.iter().find_map(|&(sign, comparison)| {
        text.split_once(sign).map(|(left, right)| (left.trim(), comparison, right.trim()))
    });
    match sign.ok_or_else(unknown)? {
        ("capacity", comparison, value) => Ok(Clause::Capacity(comparison, value.parse()?)),
        ("diameter", comparison, value) => Ok(Clause::Diameter(comparison, value.parse()?)),
        ("tag", Comparison::Equal, value) => name(value).map(Clause::Tag),
        ("zone", Comparison::Equal, value) => name(value).map(Clause::Zone),
        _ => Err(unknown()),
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Rule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rule".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": format!("Which conduits: {FORMS}. Resolved once, against the base."),
            "examples": ["capacity < 2 a and zone = '老城'", "surcharged in P5_2h"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_clauses_joined_by_and() {
        let rule: Rule = "capacity < 2 a and zone = '老 城' and diameter <= 600 mm".parse().unwrap();
        assert_eq!(
            rule.clauses,
            [
                Clause::Capacity(Comparison::Less, Years(2.0)),
                Clause::Zone("老 城".into()),
                Clause::Diameter(Comparison::AtMost, Length(0.6)),
            ]
        );
        assert_eq!("surcharged in P5".parse::<Rule>().unwrap().clauses, [Clause::Surcharged("P5".into())]);
    }

    #[test]
    fn a_wrong_clause_is_named_with_the_known_ones() {
        let wrong = "capacty < 2 a".parse::<Rule>().unwrap_err();
        assert!(wrong.contains("`capacty < 2 a`") && wrong.contains("upstream of"), "{wrong}");
        assert!("capacity < 2 m".parse::<Rule>().unwrap_err().contains("number of years"));
        assert!("tag = ".parse::<Rule>().is_err());
    }
}
