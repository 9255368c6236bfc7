//! What is said of a storm, on the terminal and in its picture.

use crate::cli::Lang;
use crate::forcing::design_storm::DesignRain;
use crate::forcing::design_storm::formula_text::{curve_text, formula_text};
use crate::forcing::design_storm::intensity::curve_at;
use crate::plot::hyetograph::Note;
use crate::scenario::storm::{
    DesignStorm, HuffQuartile, IntensityFormula, Pattern, Provenance, RainSource, ScsType, UpliftMode,
};

/// What a storm is, in a few lines.
pub(super) fn summary(storm: &DesignStorm, rain: &DesignRain, lang: Lang) -> String {
    let mut lines = vec![title(storm, lang)];
    lines.extend(notes(storm, rain, lang).into_iter().map(|note| note.text));
    let hyetograph = &rain.hyetograph;
    let (at, peak) = hyetograph.peak();
    let step = f64::from(hyetograph.step_s) / 60.0;
    let (from, to) = (at / 60.0, at / 60.0 + step);
    let total = hyetograph.total_mm();
    lines.push(lang.of(
        format!("Total {total:.2} mm in {} steps of {step} min", hyetograph.depths_mm.len()),
        format!("总雨量 {total:.2} mm，共 {} 步，步长 {step} 分钟", hyetograph.depths_mm.len()),
    ));
    lines.push(lang.of(
        format!("Peak {peak:.2} mm/h from {from} to {to} min"),
        format!("峰值 {peak:.2} mm/h，第 {from} 至 {to} 分钟"),
    ));
    lines.join("\n")
}

/// What a storm is called.
pub(super) fn title(storm: &DesignStorm, lang: Lang) -> String {
    let mut parts = Vec::new();
    match &storm.source {
        RainSource::Formula { formula, return_period_years } => {
            let place = formula.place();
            parts.push(if place.is_empty() {
                lang.of("Own formula", "自定公式").to_owned()
            } else {
                place
            });
            parts.push(years(*return_period_years, lang));
        }
        RainSource::DepthDuration { return_period_years, .. } => {
            parts.push(lang.of("Depths by duration", "历时雨量表").to_owned());
            parts.extend(return_period_years.map(|p| years(p, lang)));
        }
        RainSource::Depth { depth_mm } => parts.push(format!("{depth_mm} mm")),
        RainSource::Series(_) => parts.push(lang.of("Observed rain", "实测降雨").to_owned()),
    }
    if let Some(pattern) = &storm.pattern {
        let minutes = f64::from(pattern.duration_s()) / 60.0;
        parts.push(lang.of(format!("{minutes} min"), format!("{minutes} 分钟")));
        parts.push(pattern_name(pattern, lang));
    }
    parts.join(lang.of(", ", "，"))
}

/// Where its rain comes from and what was done to it.
pub(super) fn notes(storm: &DesignStorm, rain: &DesignRain, lang: Lang) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut plain = |text: String| notes.push(Note { text, warning: false });
    let mut doubts = Vec::new();
    match &storm.source {
        RainSource::Formula { formula, .. } => {
            let factor = (formula.unit_factor.value() * 1000.0).round() / 1000.0;
            let text = formula_text(formula, rain.return_period_years);
            plain(
                lang.of(
                    format!(
                        "Formula: {text}, q in L/(s·ha), t in min, P in years; 1 mm/min = {factor} L/(s·ha)",
                    ),
                    format!(
                        "公式：{text}，q 单位 L/(s·ha)，t 单位 min，P 单位 a；1 mm/min = {factor} L/(s·ha)"
                    ),
                ),
            );
            if let Some(Ok(curve)) = rain.return_period_years.map(|years| curve_at(formula, years)) {
                let text = curve_text(&curve);
                plain(lang.of(format!("At this return period: {text}"), format!("该重现期：{text}")));
            }
            plain(provenance(formula, lang));
            doubts.extend(doubt(formula, lang));
        }
        RainSource::DepthDuration { source, .. } => {
            plain(lang.of(format!("Depths: {source}"), format!("雨量来源：{source}")));
        }
        RainSource::Series(record) if !record.source.is_empty() => {
            plain(lang.of(format!("Record: {}", record.source), format!("记录：{}", record.source)));
        }
        RainSource::Depth { .. } | RainSource::Series(_) => {}
    }
    let uplift = storm.uplift;
    if uplift.factor != 1.0 {
        plain(match (uplift.mode, rain.return_period_years) {
            (UpliftMode::ReturnPeriod, Some(p)) => lang.of(
                format!("Uplift {} (an assumption): return period raised to {p:.2} years", uplift.factor),
                format!("增幅系数 {}（假定）：重现期提高到 {p:.2} 年", uplift.factor),
            ),
            _ => lang.of(
                format!("Uplift {} (an assumption) of every intensity", uplift.factor),
                format!("增幅系数 {}（假定），雨强整体放大", uplift.factor),
            ),
        });
    }
    if storm.areal_reduction != 1.0 {
        plain(lang.of(
            format!("Areal reduction {}", storm.areal_reduction),
            format!("点面折减系数 {}", storm.areal_reduction),
        ));
    }
    notes.extend(doubts.into_iter().map(|text| Note { text, warning: true }));
    notes
}

/// Where a formula comes from, in a line.
pub(super) fn provenance(formula: &IntensityFormula, lang: Lang) -> String {
    let mut parts = vec![
        match formula.provenance {
            _ if formula.verified => lang.of("checked against official tables", "已与官方查算表核对"),
            Provenance::Found => lang.of("found in a public source", "查自公开来源"),
            Provenance::FromMemory => lang.of("from memory", "凭记忆，未查证"),
            Provenance::User => lang.of("supplied by the user", "用户提供"),
        }
        .to_owned(),
    ];
    parts.extend(Some(formula.version.clone()).filter(|version| !version.is_empty()));
    if !formula.confidence.is_empty() {
        parts.push(lang.of("confidence ", "可信度 ").to_owned() + &formula.confidence);
    }
    parts.extend(Some(formula.source.clone()).filter(|source| !source.is_empty()));
    lang.of("Source: ", "来源：").to_owned() + &parts.join(lang.of("; ", "；"))
}

/// The line that a formula which was not verified is never shown without.
pub(super) fn doubt(formula: &IntensityFormula, lang: Lang) -> Option<String> {
    let mut doubts = Vec::new();
    if !formula.verified {
        doubts.push(lang.of(
            "NOT VERIFIED: compare the coefficients with the official publication before use",
            "未核实：使用前请与官方发布的公式核对参数",
        ));
    }
    if formula.confidence == "suspect" {
        doubts.push(lang.of("SUSPECT: the numbers contradict themselves", "数据可疑：数值自相矛盾"));
    }
    (!doubts.is_empty()).then(|| doubts.join(lang.of("; ", "；")))
}

fn years(p: f64, lang: Lang) -> String {
    let unit = if p == 1.0 { "year" } else { "years" };
    lang.of(format!("P = {p} {unit}"), format!("P = {p} 年"))
}

fn pattern_name(pattern: &Pattern, lang: Lang) -> String {
    let at_peak = |en: &str, zh: &str, r: f64| lang.of(format!("{en}, r = {r}"), format!("{zh}，r = {r}"));
    match pattern {
        Pattern::Chicago { peak_ratio, .. } => at_peak("Chicago storm", "芝加哥雨型", *peak_ratio),
        Pattern::CommonFrequency { peak_ratio, .. } => {
            at_peak("common-frequency pattern", "同频率雨型", *peak_ratio)
        }
        Pattern::Triangular { peak_ratio, .. } => at_peak("triangular", "三角形雨型", *peak_ratio),
        Pattern::Scs { kind, .. } => {
            let kind = match kind {
                ScsType::I => "I",
                ScsType::IA => "IA",
                ScsType::II => "II",
                ScsType::III => "III",
            };
            lang.of(format!("SCS type {kind}"), format!("SCS {kind} 型"))
        }
        Pattern::Huff { quartile, .. } => {
            let quarter = match quartile {
                HuffQuartile::First => 1,
                HuffQuartile::Second => 2,
                HuffQuartile::Third => 3,
                HuffQuartile::Fourth => 4,
            };
            lang.of(format!("Huff quartile {quarter}"), format!("Huff 第 {quarter} 四分位雨型"))
        }
        Pattern::Block { .. } => lang.of("constant intensity", "均匀雨型").to_owned(),
        Pattern::MassCurve { .. } => lang.of("own mass curve", "自定累积曲线").to_owned(),
    }
}
