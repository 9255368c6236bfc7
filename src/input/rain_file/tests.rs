use proptest::prelude::*;

use super::recorder::{date, later};
use super::*;

fn request() -> Request {
    Request {
        path: "rain.dat".into(),
        station: "STA1".into(),
        kind: RainKind::Volume,
        interval: 900,
        millimetres: true,
        from: None,
    }
}

fn read_as(request: &Request, bytes: impl Into<Vec<u8>>) -> (Option<RainRecord>, Vec<Diagnostic>) {
    read(&Text::new(bytes.into()), Path::new("rain.dat"), request)
}

fn read_text(text: &str) -> (Option<RainRecord>, Vec<Diagnostic>) {
    read_as(&request(), text)
}

/// The record of a text in the gauge's own interval, in which nothing is wrong.
fn record_of(text: &str, interval: u32) -> RainRecord {
    let (record, problems) = read_as(&Request { interval, ..request() }, text);
    assert!(problems.is_empty(), "{problems:?}");
    record.unwrap()
}

fn codes(problems: &[Diagnostic]) -> Vec<u16> {
    problems.iter().map(|problem| problem.code).collect()
}

/// Depths in thousandths of a millimetre.
fn micrometres(record: &RainRecord) -> Vec<i64> {
    record.depths.iter().map(|depth| (depth * 1.0e6).round() as i64).collect()
}

/// Depths in hundredths of an inch.
fn hundredths(record: &RainRecord) -> Vec<f64> {
    record.depths.iter().map(|depth| (depth / 0.0254 * 1.0e4).round() / 100.0).collect()
}

/// Day of January 1949, hour and minute of each period.
fn times(record: &RainRecord) -> Vec<(u32, u32, u32)> {
    record.times.iter().map(|time| (time.date().2, time.time().0, time.time().1)).collect()
}

fn at(day: i64, hour: i64) -> DateTime {
    later(date(1949, 1, day).unwrap(), hour * 3600)
}

#[test]
fn a_station_is_picked_from_a_file_of_many() {
    let text =
        ";station rain in mm\n\nSTA2 2026 7 21 0 0 9\nsta1 2026 07 21 00 15 1.5\nSTA1 2026 7 21 0 45 2 A\n";
    let record = record_of(text, 900);
    assert_eq!(micrometres(&record), [1500, 2000]);
    assert_eq!(record.times[1], DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(2700.0));
}

#[test]
fn intensities_and_sums_become_depths() {
    let text = "STA1 2026 7 21 0 0 8\nSTA1 2026 7 21 0 15 12\nSTA1 2026 7 21 0 30 4\n";
    for (kind, depths) in
        [(RainKind::Intensity, [2000, 3000, 1000]), (RainKind::Cumulative, [8000, 4000, 4000])]
    {
        let (record, _) = read_as(&Request { kind, ..request() }, text);
        assert_eq!(micrometres(&record.unwrap()), depths);
    }
}

#[test]
fn a_line_out_of_order_is_reported_with_its_place() {
    let text = "STA1 2026 7 21 0 30 1\nSTA1 2026 7 21 0 15 1\nSTA1 2026 2 30 0 0 1\n";
    let (record, problems) = read_text(text);
    assert!(record.is_none());
    assert_eq!(codes(&problems), [318, 318]);
    let places: Vec<_> = problems.iter().map(|problem| problem.place.as_ref().unwrap()).collect();
    assert_eq!((places[0].line, places[0].column, places[0].token.as_str()), (2, 6, "2026"));
    assert_eq!(places[1].line, 3);
}

#[test]
fn a_spoilt_line_of_the_station_is_passed_over_with_a_warning() {
    let text = "STA1 2026 7 21 0 0 1\nSTA1 2026 7 21 0 15 trace\nSTA1 2026 7 21 0 30 1,5\n";
    let (record, problems) = read_text(text);
    assert_eq!(micrometres(&record.unwrap()), [1000, 1000]);
    let places: Vec<_> = problems.iter().map(|problem| problem.place.as_ref().unwrap()).collect();
    assert_eq!((places[0].line, places[0].column, places[0].token.as_str()), (2, 21, "trace"));
    assert_eq!((places[1].line, places[1].column, places[1].token.as_str()), (3, 21, "1,5"));
}

#[test]
fn days_before_the_first_that_counts_are_passed_over() {
    let text = "STA1 2026 7 21 0 0 1\nSTA1 2026 13 1 0 0 1\nSTA1 2026 7 22 0 0 2\n";
    let from = DateTime::from_date(2026, 7, 22);
    let (record, problems) = read_as(&Request { from, ..request() }, text);
    assert_eq!(micrometres(&record.unwrap()), [2000]);
    assert_eq!((codes(&problems), problems[0].place.as_ref().unwrap().line), (vec![0], 2));
    let tape = "HPD05300500HPCPHI19490100020010500 00010  \nHPD05300500HPCPHI19490100030010500 00020  \n";
    let from = DateTime::from_date(1949, 1, 3);
    let (record, _) = read_as(&Request { from, ..request() }, tape);
    assert_eq!(hundredths(&record.unwrap()), [20.0]);
}

#[test]
fn names_of_stations_are_read_in_either_encoding() {
    let text = "\u{53f0}\u{5dde}\u{7ad9} 2026 7 21 0 0 1.5\r\n";
    let request = Request { station: "\u{53f0}\u{5dde}\u{7ad9}".into(), ..request() };
    for bytes in [text.as_bytes().to_vec(), encoding_rs::GBK.encode(text).0.into_owned()] {
        assert_eq!(micrometres(&read_as(&request, bytes).0.unwrap()), [1500]);
    }
}

#[test]
fn unknown_formats_and_missing_stations_are_named() {
    let (record, problems) = read_text("date;rain\n1;2\n");
    assert!(record.is_none());
    assert_eq!((problems[0].code, problems[0].place.as_ref().unwrap().line), (319, 1));
    assert_eq!(codes(&read_text("").1), [319]);
    let (record, problems) = read_text("STA9 2026 7 21 0 0 1\n");
    assert_eq!(codes(&problems), [321]);
    assert_eq!(record.unwrap().survey.first, None);
}

#[test]
fn a_tape_gives_hundredths_of_an_inch_at_the_end_of_each_hour() {
    // Zero, 0.05 in at 5 and 24 h, and the sum of the day.
    let record =
        record_of("HPD05300500HPCPHI19490100030030100 00000g 0500 00005  2400 00002  2500 00007  \n", 3600);
    assert_eq!((record.interval, hundredths(&record)), (3600, vec![5.0, 2.0]));
    assert_eq!(times(&record), [(3, 4, 0), (3, 23, 0)]);
    assert_eq!((record.survey.with_rain, record.survey.missing), (2, 0));
    assert_eq!((record.survey.first, record.survey.last), (Some(at(3, 4)), Some(at(3, 23))));
    let quarters = "15M05300500QPCPHI19490100030020015 00010  1230 00020  \r\n";
    assert_eq!(times(&record_of(quarters, 900)), [(3, 0, 0), (3, 12, 15)]);
}

#[test]
fn one_day_reads_the_same_from_tape_blanks_commas_and_online() {
    let name = "FORT COLLINS                  ";
    let texts = [
        "HPD05300500HPCPHI19490100030020500 00005  1200 00123  2500 00128  \n".to_owned(),
        "053005 00 HPCP HI 1949 01 03 0500 000005     1200 000123     2500 000128    \n".to_owned(),
        format!("053005 {name} 00 HPCP HI 1949 01 03 0500 000005     1200 000123     2500 000128    \n"),
        "053005,00,HPCP,HI,1949,01,03,0500,000005, , ,1200,000123, , ,2500,000128, , \n".to_owned(),
        "STATION           DATE           HPCP     FLAG\n\
         ----------------- -------------- -------- ----\n\
         COOP:053005       19490103 05:00 5            \n\
         COOP:053005       19490103 12:00 123          \n"
            .to_owned(),
        "STATION           DATE           HPCP     FLAG\n\
         COOP:053005       19490103 05:00 0.05         \n\
         COOP:053005       19490103 12:00 1.23         \n"
            .to_owned(),
    ];
    for text in texts {
        let record = record_of(&text, 3600);
        assert_eq!(hundredths(&record), [5.0, 123.0], "{text}");
        assert_eq!(times(&record), [(3, 4, 0), (3, 11, 0)], "{text}");
    }
}

#[test]
fn hour_0_of_an_online_file_ends_the_day_before() {
    let text = "STATION           DATE           QPCP     FLAG\n\
                COOP:053005       19490103 00:00 0.05         \n\
                COOP:053005       19490103 00:15 0.10        M\n\
                COOP:053005       19490103 00:30 99999        \n";
    let record = record_of(text, 900);
    assert_eq!((record.interval, times(&record)), (900, vec![(2, 23, 45)]));
    assert_eq!((record.survey.with_rain, record.survey.missing), (1, 2));
}

#[test]
fn flags_tell_missing_deleted_and_accumulated_periods() {
    let text = "HPD05300500HPCPHI19490100030060100 99999[ 0400 99999] 0500 00007M 0600 00003{ 0700 00003} 0800 99999a \n\
                HPD05300500HPCPHI19490100030020900 00030A 1000 00004I \n";
    let record = record_of(text, 3600);
    assert_eq!(hundredths(&record), [15.0, 15.0, 4.0]);
    assert_eq!(times(&record), [(3, 7, 0), (3, 8, 0), (3, 9, 0)]);
    assert_eq!((record.survey.with_rain, record.survey.missing), (3, 5));
}

#[test]
fn canadian_days_begin_one_period_before_midnight() {
    let day = |head: &str, values: usize, rain: &[(usize, &str)]| {
        let value = |i| rain.iter().find(|(at, _)| *at == i).map_or("     0", |(_, value)| value);
        let values: String = (0..values).map(|i| format!("{} ", value(i))).collect();
        format!("{head}{values}\n")
    };
    let rain = [(0, "   254"), (2, "    51"), (3, "-99999")];
    for (head, values, interval) in
        [("6158350949010312", 24, 3600), ("61583501949010312", 24, 3600), ("61583501949010315", 96, 900)]
    {
        let element = if values == 96 { "9" } else { "3" };
        let text = day(&format!("{head}{element}"), values, &rain);
        let record = record_of(&text, interval);
        assert_eq!(record.interval, interval);
        assert_eq!(micrometres(&record), [25_400, 5_100]);
        let midnight = at(3, 0);
        assert_eq!(
            record.times,
            [later(midnight, -i64::from(interval)), later(midnight, i64::from(interval))]
        );
        assert_eq!((record.survey.with_rain, record.survey.missing), (2, 1));
        // Temperature (element 78) among the rain, and the blank flag of the last value cut off.
        let other =
            day(&format!("{head}{element}").replace("0312", "0307").replace("0315", "0307"), values, &[]);
        let cut = format!("{text}{other}{}\n", text.replace("0103", "0104").trim_end());
        assert_eq!(record_of(&cut, interval).survey.with_rain, 4);
    }
}

#[test]
fn what_cannot_be_read_of_a_tape_is_reported_with_its_place() {
    let day = "HPD05300500HPCPHI19490100030020500 00005  ";
    let text =
        format!("{day}12xx 00001  \nHPD05300500HPCPHI1949\nHPD05300500HPCPHI19491300030010500 00005  \n");
    let (record, problems) = read_as(&Request { interval: 3600, ..request() }, text);
    assert_eq!(record.unwrap().times.len(), 1);
    let places: Vec<_> = problems.iter().map(|problem| problem.place.as_ref().unwrap()).collect();
    assert_eq!((places[0].line, places[0].column, places[0].token.as_str()), (1, 43, "12xx"));
    assert_eq!((places[1].line, places[1].column), (2, 0));
    assert!(problems[2].message.contains("1949-13-3"));
}

#[test]
fn a_file_of_two_stations_or_out_of_order_is_pointed_out() {
    let text = "HPD05300500HPCPHI19490100030010500 00005  \n\
                HPD05300600HPCPHI19490100020010500 00005  \n";
    let (record, problems) = read_as(&Request { interval: 3600, ..request() }, text);
    assert_eq!(record.unwrap().times.len(), 2);
    assert_eq!(codes(&problems), [0, 0]);
    assert!(problems[0].message.contains("more than one station"));
    assert!(problems[1].message.contains("out of sequence"));
}

#[test]
fn the_interval_of_a_weather_service_replaces_that_of_the_gauge() {
    let (record, problems) = read_text("HPD05300500HPCPHI19490100030010500 00005  \n");
    assert_eq!(record.unwrap().interval, 3600);
    assert!(problems[0].message.contains("900 s replaced by the 3600 s"), "{}", problems[0].message);
}

fn gauge(request: &Request) -> Gauge {
    let source = RainSource::File {
        path: request.path.clone(),
        station: request.station.clone(),
        millimetres: request.millimetres,
        start: request.from,
        record: None,
    };
    Gauge { kind: request.kind, interval: request.interval, snow_catch: 1.0, source }
}

/// What gauges read from a folder that holds a file `rain.dat`.
fn load(folder: &str, requests: &[Request]) -> (Vec<Option<RainRecord>>, Vec<Diagnostic>) {
    let folder = std::env::temp_dir().join(format!("pailao-rain-{}-{folder}", std::process::id()));
    fs::create_dir_all(folder.join("sub")).unwrap();
    fs::write(folder.join("sub/rain.dat"), "STA1 2026 7 21 0 0 1\nSTA1 2026 7 21 1 0 2\n").unwrap();
    let mut model = Model::default();
    for (i, request) in requests.iter().enumerate() {
        model.gauges.insert(format!("G{i}"), gauge(request));
    }
    let problems = load_rain_files(&mut model, &folder);
    fs::remove_dir_all(folder).unwrap();
    let records = model.gauges.items().iter().map(|gauge| match &gauge.source {
        RainSource::File { record, .. } => record.clone(),
        RainSource::Series(_) => None,
    });
    (records.collect(), problems)
}

#[test]
fn gauges_of_one_station_share_the_rain_of_the_first() {
    let first = Request { path: "sub\\rain.dat".into(), ..request() };
    let second = Request { interval: 3600, ..first.clone() };
    let (records, problems) = load("shared", &[first.clone(), first.clone(), second]);
    let [Some(one), Some(same), Some(other)] = records.as_slice() else { panic!("{problems:?}") };
    assert_eq!(one, same);
    assert_eq!((other.interval, other.survey.interval), (900, 3600));
    assert_eq!(other.depths, one.depths);
    assert_eq!(codes(&problems), [0]);
    assert!(problems[0].message.contains("Rain Gage G0"));
}

#[test]
fn a_station_in_two_files_is_error_156() {
    let first = Request { path: "sub/rain.dat".into(), ..request() };
    let second = Request { path: "other.dat".into(), station: "sta1".into(), ..request() };
    let (records, problems) = load("conflict", &[first, second]);
    assert_eq!(codes(&problems), [156]);
    assert_eq!(problems[0].element, "Rain Gage G1");
    assert!(records[0].is_some() && records[1].is_none());
}

#[test]
fn a_missing_file_is_error_317() {
    let mut model = Model::default();
    model.gauges.insert("G", gauge(&request()));
    let problems = load_rain_files(&mut model, Path::new("/nowhere"));
    assert_eq!(codes(&problems), [317]);
    model.options.ignore_rainfall = true;
    assert!(load_rain_files(&mut model, Path::new("/nowhere")).is_empty());
}

const HEADS: [&str; 8] = [
    "STA1 2026 7 21 0 0 1\n",
    "HPD05300500HPCPHI19490100030010500 00005a \n",
    "053005 00 HPCP HI 1949 01 03 0500 000005     \n",
    "053005 FORT COLLINS                   00 HPCP HI 1949 01 03 0500 000005     \n",
    "053005,00,QPCP,HI,1949,01,03,0500,000005, , \n",
    "STATION HPCP\nCOOP:053005       19490103 05:00 5            \n",
    "QPCP\nCOOP:05 9:1\n",
    "\u{feff}",
];

proptest! {
    /// Any bytes, behind any format's first record, are read to the end.
    #[test]
    fn no_bytes_break_the_reader(head in 0..HEADS.len(), tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = HEADS[head].as_bytes().to_vec();
        bytes.extend(tail);
        read_as(&request(), bytes);
    }

    /// So are lines of digits, blanks and flags, of any length.
    #[test]
    fn no_digits_break_the_reader(head in 0..HEADS.len(), tail in "[-0-9 aA{,:.\\r\\n]{0,300}") {
        let mut text = HEADS[head].to_owned();
        text.push_str(&tail);
        read_as(&request(), text.clone());
        read_as(&request(), tail);
        read_as(&request(), format!("{}{}", HEADS[head].trim_end(), text));
    }
}
