//! A line chart as SVG: known answers as lines, computed ones as dots.

use std::fmt::Write as _;
use std::path::Path;

/// Colours of the series in turn.
const COLOURS: [&str; 8] =
    ["#20639b", "#c8553d", "#3c8d5a", "#8a5aa8", "#7a6a2f", "#c2568f", "#2f8a94", "#5c5c5c"];
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 54.0;

/// A chart in the making.
pub struct Figure {
    title: String,
    x_label: String,
    y_label: String,
    series: Vec<Series>,
}

/// One answer.
struct Series {
    name: String,
    points: Vec<(f64, f64)>,
    dots: bool,
}

impl Figure {
    /// An empty chart.
    pub fn new(title: &str, x_label: &str, y_label: &str) -> Self {
        Self { title: title.into(), x_label: x_label.into(), y_label: y_label.into(), series: Vec::new() }
    }
    /// A known answer.
    pub fn known(&mut self, name: &str, points: impl IntoIterator<Item = (f64, f64)>) {
        self.series.push(Series { name: name.into(), points: points.into_iter().collect(), dots: false });
    }
    /// A computed answer.
    pub fn computed(&mut self, name: &str, points: impl IntoIterator<Item = (f64, f64)>) {
        self.series.push(Series { name: name.into(), points: points.into_iter().collect(), dots: true });
    }
    /// Writes the chart where `PAILAO_FIGURES` asks for it.
    pub fn write(&self, name: &str) {
        let Some(folder) = std::env::var_os("PAILAO_FIGURES") else { return };
        std::fs::create_dir_all(&folder).expect("the folder for figures can be made");
        std::fs::write(Path::new(&folder).join(format!("{name}.svg")), self.svg())
            .expect("the figure can be written");
    }

    fn svg(&self) -> String {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let (x0, x1) = range(points().map(|p| p.0));
        let (y0, y1) = range(points().map(|p| p.1));
        let x = |v: f64| LEFT + (v - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
        let y = |v: f64| HEIGHT - BOTTOM - (v - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"13\">\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n\
             <text x=\"{LEFT}\" y=\"24\" font-size=\"16\">{}</text>\n",
            self.title
        );
        for v in ticks(x0, x1) {
            let _ = writeln!(
                svg,
                "<path d=\"M{0:.1} {TOP}V{1}\" stroke=\"#e4e4e4\"/><text x=\"{0:.1}\" y=\"{2}\" text-anchor=\"middle\">{3}</text>",
                x(v),
                HEIGHT - BOTTOM,
                HEIGHT - BOTTOM + 18.0,
                label(v)
            );
        }
        for v in ticks(y0, y1) {
            let _ = writeln!(
                svg,
                "<path d=\"M{LEFT} {0:.1}H{1}\" stroke=\"#e4e4e4\"/><text x=\"{2}\" y=\"{3:.1}\" text-anchor=\"end\">{4}</text>",
                y(v),
                WIDTH - RIGHT,
                LEFT - 8.0,
                y(v) + 4.0,
                label(v)
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n\
             <text transform=\"translate(18 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            0.5 * (LEFT + WIDTH - RIGHT),
            HEIGHT - 12.0,
            self.x_label,
            0.5 * (TOP + HEIGHT - BOTTOM),
            self.y_label
        );
        let colour = |index: usize| COLOURS[index % COLOURS.len()];
        let circle = |x: f64, y: f64, colour: &str| {
            format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.4\"/>\n"
            )
        };
        for (index, Series { points, dots, .. }) in self.series.iter().enumerate() {
            if *dots {
                svg.extend(points.iter().map(|p| circle(x(p.0), y(p.1), colour(index))));
            } else {
                let path: Vec<String> =
                    points.iter().map(|p| format!("{:.1} {:.1}", x(p.0), y(p.1))).collect();
                let _ = writeln!(
                    svg,
                    "<path d=\"M{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\"/>",
                    path.join("L"),
                    colour(index)
                );
            }
        }
        // the legend, readable over whatever lies below it
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\" fill=\"white\" fill-opacity=\"0.8\"/>",
            WIDTH - 246.0,
            246.0 - RIGHT,
            18.0 * self.series.len() as f64 + 6.0
        );
        for (index, Series { name, dots, .. }) in self.series.iter().enumerate() {
            let row = TOP + 16.0 + 18.0 * index as f64;
            if *dots {
                svg += &circle(WIDTH - 230.0, row - 4.0, colour(index));
            } else {
                let _ = writeln!(
                    svg,
                    "<path d=\"M{} {}h20\" stroke=\"{}\" stroke-width=\"1.6\"/>",
                    WIDTH - 240.0,
                    row - 4.0,
                    colour(index)
                );
            }
            let _ = writeln!(svg, "<text x=\"{}\" y=\"{row}\">{name}</text>", WIDTH - 212.0);
        }
        svg + "</svg>\n"
    }
}

/// The range of some values, with a margin.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    let margin = 0.04 * (high - low).max(1e-9);
    (low - margin, high + margin)
}

/// Round values within a range, about six.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let rough = (high - low) / 6.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|m| m * power)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power);
    (0..).map(|k| ((low / step).ceil() + f64::from(k)) * step).take_while(|v| *v <= high).collect()
}

/// A tick's value without noise.
fn label(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}
