//! `pailao storm --fit`: distributions of annual maxima.

use std::path::Path;

use crate::cli::console::{report, say};
use crate::cli::exit::Exit;
use crate::diagnostic::Diagnostic;
use crate::forcing::design_storm::StormError;
use crate::forcing::design_storm::frequency::{
    Distribution, LMoments, Moments, SkewConvention, generalised_extreme_value_by_l_moments,
    gumbel_by_l_moments, gumbel_by_moments, pearson_three_by_curve_fit, pearson_three_by_moments,
    pearson_three_with_ratio,
};
use crate::input::storm_table::annual_maxima;

use super::arguments::{DistributionName, SkewName, StormArguments};
use super::source::read_table;
use super::write;

/// Return periods of the table, years.
const YEARS: [u32; 7] = [2, 3, 5, 10, 20, 50, 100];
/// Years of annual maxima that GB 50014 asks for.
const ENOUGH: usize = 20;

/// A fit and its name.
struct Fit {
    name: String,
    distribution: Distribution,
}

/// Fits distributions and prints their values.
pub(super) fn fit(arguments: &StormArguments, file: &Path) -> Result<(), Exit> {
    let lang = arguments.language.lang;
    let sample = read_table(file, lang, annual_maxima)?;
    let (fits, heads) = fits(arguments, &sample).map_err(|error| {
        report(&[Diagnostic::from(error)], lang);
        Exit::Input
    })?;
    if sample.len() < ENOUGH {
        let message = lang.of(
            format!("{} years of annual maxima are few; GB 50014 asks for 20, better 30", sample.len()),
            format!("仅 {} 年年最大值；GB 50014 要求 20 年以上，宜 30 年", sample.len()),
        );
        report(&[Diagnostic::warning(0, message)], lang);
    }
    heads.iter().for_each(say);
    let table = rows(&fits, &sample);
    let wide = table.iter().map(|row| row.0.chars().count()).max().unwrap_or_default();
    for (name, cells) in &table {
        let cells: String = cells.iter().map(|cell| format!("{cell:>10}")).collect();
        say(format!("{name:<wide$}{cells}"));
    }
    say(lang.of(
        "Values in the unit of the sample by return period in years; RMSE at Weibull's plotting positions.",
        "各重现期（年）的值，单位同样本；RMSE 按 Weibull 经验频率计算。",
    ));
    if let Some(csv) = &arguments.csv {
        let mut text = String::new();
        for (name, cells) in &table {
            text += &format!("\"{name}\",{}\n", cells.join(","));
        }
        write::save(csv, text.as_bytes())?;
        say(format!("{}{}", lang.of("Written: ", "已写入："), csv.display()));
    }
    Ok(())
}

/// The fits that are asked for, and lines about the sample.
fn fits(arguments: &StormArguments, sample: &[f64]) -> Result<(Vec<Fit>, Vec<String>), StormError> {
    let lang = arguments.language.lang;
    let convention = match arguments.skew {
        SkewName::Unbiased => SkewConvention::Unbiased,
        SkewName::Chinese => SkewConvention::Chinese,
    };
    let (moments, l) = (Moments::of(sample, convention)?, LMoments::of(sample)?);
    let named = match convention {
        SkewConvention::Unbiased => lang.of("unbiased, n/((n-1)(n-2))", "无偏，n/((n-1)(n-2))"),
        SkewConvention::Chinese => lang.of("Chinese, 1/(n-3)", "国内惯例，1/(n-3)"),
    };
    let heads = vec![
        format!(
            "n = {}, {} {:.4}, s = {:.4}, Cv = {:.4}, Cs = {:.4} ({named})",
            sample.len(),
            lang.of("mean", "均值"),
            moments.mean,
            moments.deviation,
            moments.variation(),
            moments.skewness
        ),
        format!("λ1 = {:.4}, λ2 = {:.4}, τ3 = {:.4}", l.first, l.second, l.skewness),
    ];
    let all = [DistributionName::P3, DistributionName::Gumbel, DistributionName::Gev];
    let wanted =
        |name: &DistributionName| arguments.distribution.is_empty() || arguments.distribution.contains(name);
    let mut fits = Vec::new();
    let mut add = |name: String, distribution| fits.push(Fit { name, distribution });
    for name in all.iter().filter(|name| wanted(name)) {
        match name {
            DistributionName::P3 => {
                let ratio = arguments.ratio;
                add("P-III moments".to_owned(), pearson_three_by_moments(sample, convention)?);
                add(format!("P-III Cs={ratio}Cv"), pearson_three_with_ratio(sample, ratio)?);
                add("P-III curve fit".to_owned(), pearson_three_by_curve_fit(sample)?);
            }
            DistributionName::Gumbel => {
                add("Gumbel moments".to_owned(), gumbel_by_moments(sample)?);
                add("Gumbel L-moments".to_owned(), gumbel_by_l_moments(sample)?);
            }
            DistributionName::Gev => {
                add("GEV L-moments".to_owned(), generalised_extreme_value_by_l_moments(sample)?);
            }
        }
    }
    Ok((fits, heads))
}

/// Head and rows of the table of fits.
fn rows(fits: &[Fit], sample: &[f64]) -> Vec<(String, Vec<String>)> {
    let mut head: Vec<String> = YEARS.iter().map(u32::to_string).collect();
    head.push("RMSE".to_owned());
    let mut rows = vec![(String::new(), head)];
    for Fit { name, distribution } in fits {
        let mut cells: Vec<String> =
            YEARS.iter().map(|years| format!("{:.3}", distribution.quantile(f64::from(*years)))).collect();
        cells.push(format!("{:.3}", distribution.root_mean_square_error(sample)));
        rows.push((format!("{name} ({})", parameters(distribution)), cells));
    }
    rows
}

/// The parameters of a distribution.
fn parameters(distribution: &Distribution) -> String {
    match distribution {
        Distribution::PearsonThree { mean, deviation, skewness } => {
            format!("mean {mean:.3}, Cv {:.4}, Cs {skewness:.4}", deviation / mean)
        }
        Distribution::Gumbel { location, scale } => format!("u {location:.3}, alpha {scale:.4}"),
        Distribution::GeneralisedExtremeValue { location, scale, shape } => {
            format!("xi {location:.3}, alpha {scale:.4}, k {shape:.5}")
        }
    }
}
