//! How far a study has come: runs done, time left. On a terminal only.

use std::io::{self, IsTerminal};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Lang;
use crate::cli::progress::span;
use crate::study::Progress;

/// Parts that the bar is divided in.
const PARTS: u64 = 1000;

/// A bar on standard error.
pub(super) struct Bar {
    bar: ProgressBar,
    lang: Lang,
    begun: Instant,
}

impl Bar {
    /// A bar; it stays hidden when standard error is no terminal or when it is not wanted.
    pub(super) fn new(lang: Lang, wanted: bool) -> Self {
        let shown = wanted && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(PARTS), target);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar:.cyan/blue} {percent:>3} %  {msg}") {
            bar.set_style(style);
        }
        Self { bar, lang, begun: Instant::now() }
    }

    /// The study has come further.
    pub(super) fn advance(&mut self, progress: &Progress<'_>) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_position((progress.share * PARTS as f64) as u64);
        self.bar.set_message(message(self.lang, progress, self.begun.elapsed().as_secs_f64()));
    }

    /// Takes the bar off the screen.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Runs that are done, of how many, and how long the others will take.
fn message(lang: Lang, progress: &Progress<'_>, wall: f64) -> String {
    let Progress { done, of, share, .. } = *progress;
    let left = if share > 0.0 { span(wall * (1.0 - share) / share) } else { "?".to_owned() };
    lang.of(format!("{done} of {of} runs  {left} left"), format!("已完成 {done}/{of} 个工况  剩余 {left}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_the_share_that_is_done() {
        let progress = Progress { done: 30, of: 120, share: 0.25, ended: None };
        assert_eq!(message(Lang::En, &progress, 10.0), "30 of 120 runs  30 s left");
        let begin = Progress { done: 0, of: 120, share: 0.0, ended: None };
        assert_eq!(message(Lang::Zh, &begin, 0.0), "已完成 0/120 个工况  剩余 ?");
    }
}
