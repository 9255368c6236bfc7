//! How far a run has come: simulated time, speed, time left. On a terminal only.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock::DateTime;

use super::language::{Lang, grouped};

/// A bar on standard error.
pub struct Bar {
    bar: ProgressBar,
    lang: Lang,
    start: DateTime,
    end: DateTime,
    begun: Instant,
    /// Simulated time at which this process began, s since the start: later for a run that goes on.
    from: Option<f64>,
    drawn: Instant,
}

/// Time between two drawings.
const REDRAW: Duration = Duration::from_millis(100);
/// Parts that the bar is divided in.
const PARTS: u64 = 1000;

impl Bar {
    /// A bar for a run from `start` to `end`; it stays hidden when standard error is no terminal or
    /// when it is not wanted.
    pub fn new(start: DateTime, end: DateTime, lang: Lang, wanted: bool) -> Self {
        let shown = wanted && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(PARTS), target);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar:.cyan/blue} {percent:>3} %  {msg}") {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self { bar, lang, start, end, begun: now, from: None, drawn: now }
    }

    /// The run has come to `time`.
    pub fn advance(&mut self, time: DateTime) {
        let done = time.seconds_since(self.start).max(0.0);
        let from = *self.from.get_or_insert(done);
        if self.bar.is_hidden() || self.drawn.elapsed() < REDRAW {
            return;
        }
        self.drawn = Instant::now();
        let wall = self.begun.elapsed().as_secs_f64();
        let whole = self.end.seconds_since(self.start).max(1.0e-3);
        self.bar.update(|state| state.set_pos((done / whole * PARTS as f64) as u64));
        self.bar.set_message(message(self.lang, time, [from, done, whole], wall));
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Simulated time, simulated seconds by real second, and how long it will still take.
fn message(lang: Lang, time: DateTime, [from, done, whole]: [f64; 3], wall: f64) -> String {
    let speed = if wall > 0.0 { (done - from) / wall } else { 0.0 };
    let left = if speed > 0.0 { span((whole - done).max(0.0) / speed) } else { "?".to_owned() };
    let speed = grouped(speed, 0);
    lang.of(
        format!("{time}  {speed} x real time  {left} left"),
        format!("{time}  {speed} 倍实时  剩余 {left}"),
    )
}

/// A duration: `12 s`, `3 min 05 s`, `2 h 07 min`.
pub fn span(seconds: f64) -> String {
    let whole = seconds.round().clamp(0.0, 1.0e12) as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_the_speed_so_far() {
        let noon = DateTime::from_date(2026, 7, 21).unwrap().plus_seconds(43_200.0);
        let text = message(Lang::En, noon, [0.0, 3600.0, 10_800.0], 2.0);
        assert_eq!(text, "2026-07-21 12:00:00  1 800 x real time  4 s left");
        let text = message(Lang::En, noon, [1800.0, 3600.0, 10_800.0], 2.0);
        assert_eq!(text, "2026-07-21 12:00:00  900 x real time  8 s left", "a run that goes on");
    }

    #[test]
    fn durations_are_read_at_a_glance() {
        assert_eq!(span(12.4), "12 s");
        assert_eq!(span(185.0), "3 min 05 s");
        assert_eq!(span(7640.0), "2 h 07 min");
    }
}
