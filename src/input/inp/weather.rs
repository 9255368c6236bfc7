//! `[RAINGAGES]`, `[EVAPORATION]`, `[TEMPERATURE]` and `[ADJUSTMENTS]`.

use super::draft::{Draft, define};
use super::heading::is_keyword;
use super::number;
use super::row::Row;
use crate::model::weather::{EvaporationSource, Gauge, RainKind, RainSource};

/// Registers a gauge by its name.
pub(super) fn define_gauge(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let source = RainSource::File {
        path: String::new(),
        station: String::new(),
        millimetres: false,
        start: None,
        record: None,
    };
    let gauge = Gauge { kind: RainKind::Intensity, interval: 3600, snow_catch: 1.0, source };
    define(row, 0, &mut draft.model.gauges, gauge);
}

const RAIN: &[(&str, RainKind)] =
    &[("INTENSITY", RainKind::Intensity), ("VOLUME", RainKind::Volume), ("CUMULATIVE", RainKind::Cumulative)];

const GAUGE: &str = "name, kind of rain, interval, snow catch factor, then TIMESERIES and a name, or FILE, a path, \
                     a station and IN or MM";

/// Reads a gauge.
pub(super) fn read_gauge(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Rain Gage");
    if !row.has(5, GAUGE) {
        return;
    }
    let Some(id) = row.find(0, "rain gauge", &draft.model.gauges) else { return };
    let kind = row.keyword(1, "kind of rain", RAIN);
    let interval = interval(row);
    let snow_catch = row.number(3, "the snow catch factor");
    let source = match row.keyword(4, "source of rain", &[("TIMESERIES", true), ("FILE", false)]) {
        Some(true) if row.has(6, GAUGE) => {
            row.find(5, "time series", &draft.model.series).map(RainSource::Series)
        }
        Some(false) if row.has(8, GAUGE) => {
            let start = if row.is_given(8) { row.date(8) } else { None };
            row.keyword(7, "unit of rain", &[("IN", false), ("MM", true)]).map(|millimetres| {
                RainSource::File {
                    path: row.text(5).to_owned(),
                    station: row.text(6).to_owned(),
                    millimetres,
                    start,
                    record: None,
                }
            })
        }
        _ => None,
    };
    if let (Some(kind), Some(interval), Some(source)) = (kind, interval, source) {
        draft.model.gauges[id] = Gauge { kind, interval, snow_catch, source };
    }
}

/// The recording interval in s, to the nearest second; decimal hours of a gauge with a file are cut off
/// to whole seconds, as in SWMM.
fn interval(row: &mut Row<'_, '_>) -> Option<u32> {
    let seconds = row.time(2)?.saturating_add(500).div_euclid(1000);
    let decimal = number::number(row.text(2)).filter(|_| is_keyword(row.text(4), "FILE"));
    // A number that cannot be one of seconds saturates.
    let cut_off = decimal.map_or(seconds, |hours| (hours * 3600.0) as i64);
    if cut_off != seconds {
        let message = format!("{} hours are cut off to {cut_off} s", row.text(2));
        row.warning(2, message, "write the interval as hours:minutes");
    }
    let interval = u32::try_from(cut_off).ok().filter(|&s| s > 0);
    if interval.is_none() {
        row.error(213, 2, format!("the recording interval is {}", row.text(2)), "it must be at least 1 s");
    }
    interval
}

#[derive(Clone, Copy)]
enum EvaporationKey {
    Constant,
    Monthly,
    Series,
    Temperature,
    File,
    Recovery,
    DryOnly,
}

const EVAPORATION: &[(&str, EvaporationKey)] = &[
    ("CONSTANT", EvaporationKey::Constant),
    ("MONTHLY", EvaporationKey::Monthly),
    ("TIMESERIES", EvaporationKey::Series),
    ("TEMPERATURE", EvaporationKey::Temperature),
    ("FILE", EvaporationKey::File),
    ("RECOVERY", EvaporationKey::Recovery),
    ("DRY_ONLY", EvaporationKey::DryOnly),
];

/// Reads a line on evaporation.
pub(super) fn read_evaporation(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let Some(key) = row.keyword(0, "source of evaporation", EVAPORATION) else { return };
    if !matches!(key, EvaporationKey::Temperature) && !row.has(2, "a source of evaporation and its value") {
        return;
    }
    let rate = draft.model.units.evaporation_rate;
    let evaporation = &mut draft.model.evaporation;
    let source = match key {
        EvaporationKey::Constant => {
            Some(EvaporationSource::Constant(row.number(1, "the evaporation rate") * rate))
        }
        EvaporationKey::Monthly => {
            if !row.has(13, "MONTHLY and 12 rates") {
                return;
            }
            Some(EvaporationSource::Monthly(row.numbers(1, "the evaporation rate").map(|x| x * rate)))
        }
        EvaporationKey::Series => {
            row.find(1, "time series", &draft.model.series).map(EvaporationSource::Series)
        }
        EvaporationKey::Temperature => Some(EvaporationSource::Temperature),
        EvaporationKey::File => {
            if !row.has(13, "FILE and 12 pan coefficients") {
                return;
            }
            Some(EvaporationSource::File(row.numbers(1, "the pan coefficient")))
        }
        EvaporationKey::Recovery => {
            evaporation.recovery = row.find(1, "pattern", &draft.model.patterns);
            return;
        }
        EvaporationKey::DryOnly => {
            evaporation.dry_only = row.yes(1, "answer").unwrap_or(false);
            return;
        }
    };
    if let Some(source) = source {
        let from_climate = matches!(source, EvaporationSource::Temperature | EvaporationSource::File(_));
        draft.later.climate_evaporation = from_climate.then(|| row.line_place());
        evaporation.source = source;
    }
}

#[derive(Clone, Copy)]
enum TemperatureKey {
    Series,
    File,
    WindSpeed,
    SnowMelt,
    Depletion,
}

const TEMPERATURE: &[(&str, TemperatureKey)] = &[
    ("TIMESERIES", TemperatureKey::Series),
    ("FILE", TemperatureKey::File),
    ("WINDSPEED", TemperatureKey::WindSpeed),
    ("SNOWMELT", TemperatureKey::SnowMelt),
    ("ADC", TemperatureKey::Depletion),
];

/// Checks a line on temperature, wind or snow melt (used once snow is simulated).
pub(super) fn check_temperature(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let Some(key) = row.keyword(0, "climate variable", TEMPERATURE) else { return };
    match key {
        TemperatureKey::Series => {
            if row.has(2, "TIMESERIES and a name") {
                row.find(1, "time series", &draft.model.series);
                draft.later.temperature = Some(row.line_place());
            }
        }
        TemperatureKey::File => {
            if !row.has(2, "FILE, a path, a start date or *, and a unit (C10, C or F)") {
                return;
            }
            draft.later.climate_file = true;
            draft.later.temperature = Some(row.line_place());
            if row.is_given(2) {
                row.date(2);
            }
            if row.len() > 3 {
                row.keyword(3, "unit of temperature", &[("C10", ()), ("C", ()), ("F", ())]);
            }
        }
        TemperatureKey::WindSpeed => {
            if row.text(1).eq_ignore_ascii_case("FILE") {
                draft.later.climate_wind = Some(row.line_place());
            } else if row.has(14, "WINDSPEED MONTHLY and 12 speeds") {
                row.numbers::<12>(2, "the wind speed");
            }
        }
        TemperatureKey::SnowMelt => {
            if row.has(7, "SNOWMELT and 6 numbers") {
                row.numbers::<6>(1, "the parameter of snow melt");
            }
        }
        TemperatureKey::Depletion => {
            if row.has(12, "ADC, IMPERV or PERV, and 10 fractions") {
                row.keyword(1, "kind of surface", &[("IMPERV", ()), ("PERV", ())]);
                for field in 2..12 {
                    row.between(field, "the fraction", 0.0, 1.0);
                }
            }
        }
    }
}

/// Reads monthly adjustments of the climate, and monthly patterns of a subcatchment's soil.
pub(super) fn read_adjustment(row: &mut Row<'_, '_>, draft: &mut Draft) {
    const KEYS: [&str; 7] = ["TEMP", "EVAP", "RAIN", "CONDUCT", "N-PERV", "DSTORE", "INFIL"];
    if row.len() == 1 {
        return;
    }
    let word = row.text(0);
    let Some(key) = KEYS.into_iter().find(|key| is_keyword(word, key)) else {
        let valid = "one of TEMPERATURE, EVAPORATION, RAINFALL, CONDUCTIVITY, N-PERV, DSTORE, INFIL";
        row.error(205, 0, format!("'{word}' is no adjustment"), valid);
        return;
    };
    let model = &mut draft.model;
    if matches!(key, "N-PERV" | "DSTORE" | "INFIL") {
        if !row.has(3, "adjustment, subcatchment, pattern") {
            return;
        }
        let subcatchment = row.find(1, "subcatchment", &model.subcatchments);
        let pattern = row.find(2, "pattern", &model.patterns);
        if let (Some(id), Some(pattern)) = (subcatchment, pattern) {
            let subcatchment = &mut model.subcatchments[id];
            match key {
                "N-PERV" => subcatchment.roughness_pattern = Some(pattern),
                "DSTORE" => subcatchment.storage_pattern = Some(pattern),
                _ => subcatchment.infiltration_pattern = Some(pattern),
            }
        }
        return;
    }
    if !row.has(13, "adjustment and 12 values") {
        return;
    }
    let values: [f64; 12] = row.numbers(1, "the adjustment");
    // A degree Fahrenheit is 5/9 K.
    let degree = if model.units.is_si() { 1.0 } else { 5.0 / 9.0 };
    let rate = model.units.evaporation_rate;
    let adjustments = &mut model.adjustments;
    match key {
        "TEMP" => adjustments.temperature = values.map(|x| x * degree),
        "EVAP" => adjustments.evaporation = values.map(|x| x * rate),
        "RAIN" => adjustments.rainfall = values,
        // A factor that is not positive is none, as in SWMM.
        _ => adjustments.conductivity = values.map(|x| if x > 0.0 { x } else { 1.0 }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_text;
    use std::path::Path;

    #[test]
    fn decimal_hours_of_a_gauge_with_a_file_are_cut_off_to_seconds() {
        let inp = "[RAINGAGES]\n\
                   A VOLUME 0.0833 1 FILE r.dat STA1 MM\n\
                   B VOLUME 0:05 1 FILE r.dat STA1 MM\n\
                   C VOLUME 0.25 1 FILE r.dat STA1 MM 7/21/2026\n\
                   D VOLUME 0.0833 1 TIMESERIES T\n\
                   [TIMESERIES]\nT 0 1\n";
        let reading = read_text(inp.as_bytes(), Path::new("m.inp"));
        let intervals: Vec<_> = reading.model.gauges.items().iter().map(|gauge| gauge.interval).collect();
        assert_eq!(intervals, [299, 300, 900, 300]);
        let cut_off: Vec<_> = reading.diagnostics.iter().filter(|d| d.message.contains("cut off")).collect();
        assert_eq!(cut_off.len(), 1);
        assert_eq!(cut_off[0].place.as_ref().map(|place| (place.line, place.column)), Some((2, 10)));
    }
}
