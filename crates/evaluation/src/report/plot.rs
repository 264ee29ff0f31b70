//! Curves as SVG. Units are pixels, from the upper left corner.

use std::fmt::Write as _;

use crate::measure::{Picture, count};
use crate::text::Language;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 420.0;
/// Left, top, right, bottom.
const FRAME: (f64, f64, f64, f64) = (78.0, 56.0, 24.0, 62.0);
/// Colours of Okabe and Ito (2008), which people with any colour vision tell apart.
const COLOURS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#e69f00"];
/// Points of one curve; more than pixels tell nothing.
const MOST: usize = 400;

/// From figures to pixels.
struct Scale {
    x: (f64, f64),
    y: f64,
    logarithmic: bool,
}

impl Scale {
    fn of(picture: &Picture) -> Self {
        let points = || picture.curves.iter().flat_map(|curve| &curve.points);
        let least = points().map(|point| point.0).fold(f64::INFINITY, f64::min);
        let most = points().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
        let top = points().map(|point| point.1).filter(|y| y.is_finite()).fold(0.0, f64::max);
        let logarithmic = picture.logarithmic && least > 0.0;
        let x = if logarithmic { (least.log2(), most.log2()) } else { (least.min(0.0), most) };
        Self { x, y: if top > 0.0 { top * 1.08 } else { 1.0 }, logarithmic }
    }

    fn x(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.log2() } else { value };
        let part = if self.x.1 > self.x.0 { (value - self.x.0) / (self.x.1 - self.x.0) } else { 0.5 };
        FRAME.0 + part * (WIDTH - FRAME.0 - FRAME.2)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - FRAME.3 - value / self.y * (HEIGHT - FRAME.1 - FRAME.3)
    }
}

/// The picture.
pub fn svg(picture: &Picture, language: Language) -> String {
    let title = escaped(picture.title.of(language));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"14\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"{}\" y=\"26\" font-size=\"18\" font-weight=\"700\" fill=\"#1b2430\">{title}</text>\n",
        FRAME.0
    );
    if picture.curves.iter().all(|curve| curve.points.is_empty()) {
        out.push_str("</svg>\n");
        return out;
    }
    let scale = Scale::of(picture);
    axes(&mut out, picture, &scale, language);
    let mut legend = FRAME.0;
    for (number, curve) in picture.curves.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let every = curve.points.len().div_ceil(MOST).max(1);
        let few = curve.points.len() <= 20;
        let points: Vec<(f64, f64)> =
            curve.points.iter().step_by(every).map(|point| (scale.x(point.0), scale.y(point.1))).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        // Writing to a String cannot fail; so below.
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-linejoin=\"round\"/>",
            path.join(" ")
        );
        for (x, y) in points.iter().filter(|_| few) {
            let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>");
        }
        if picture.curves.len() > 1 {
            let name = escaped(curve.name.of(language));
            let _ = writeln!(
                out,
                "<rect x=\"{legend:.0}\" y=\"38\" width=\"14\" height=\"4\" fill=\"{colour}\"/>\
                 <text x=\"{:.0}\" y=\"45\" fill=\"#4d5866\">{name}</text>",
                legend + 20.0
            );
            legend += 44.0 + 8.0 * count(name.chars().count());
        }
    }
    out.push_str("</svg>\n");
    out
}

fn axes(out: &mut String, picture: &Picture, scale: &Scale, language: Language) {
    let right = WIDTH - FRAME.2;
    let bottom = HEIGHT - FRAME.3;
    for mark in marks(scale.y) {
        let y = scale.y(mark);
        let _ = writeln!(
            out,
            "<line x1=\"{}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"#e3e8ee\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#4d5866\">{}</text>",
            FRAME.0,
            FRAME.0 - 8.0,
            y + 5.0,
            language.number(mark)
        );
    }
    let below: Vec<f64> = if scale.logarithmic {
        picture.curves.iter().take(1).flat_map(|curve| curve.points.iter().map(|point| point.0)).collect()
    } else {
        marks(scale.x.1)
    };
    for mark in below {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#4d5866\">{}</text>",
            scale.x(mark),
            bottom + 20.0,
            language.number(mark)
        );
    }
    let _ = writeln!(
        out,
        "<line x1=\"{}\" y1=\"{bottom}\" x2=\"{right}\" y2=\"{bottom}\" stroke=\"#8a929c\"/>\
         <text x=\"{:.0}\" y=\"{}\" text-anchor=\"middle\" fill=\"#1b2430\">{}</text>\
         <text transform=\"translate(18 {:.0}) rotate(-90)\" text-anchor=\"middle\" fill=\"#1b2430\">{}</text>",
        FRAME.0,
        f64::midpoint(FRAME.0, right),
        HEIGHT - 14.0,
        escaped(picture.across.of(language)),
        f64::midpoint(FRAME.1, bottom),
        escaped(picture.up.of(language))
    );
}

/// Round numbers from 0 to `most`, about five of them.
fn marks(most: f64) -> Vec<f64> {
    if !most.is_finite() || most <= 0.0 {
        return vec![0.0];
    }
    let rough = most / 5.0;
    let size = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|part| part * size).into_iter().find(|step| *step >= rough).unwrap_or(rough);
    (0..=10_u32).map(|number| f64::from(number) * step).take_while(|mark| *mark <= most).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Curve;
    use crate::text::text;

    fn picture(points: Vec<(f64, f64)>) -> String {
        let curves = vec![Curve { name: text("a", "a"), points }];
        let (title, across, up) = (text("T & T", "T"), text("x", "x"), text("y", "y"));
        svg(&Picture { name: "p", line: "2.2", title, across, up, logarithmic: true, curves }, Language::Spanish)
    }

    #[test]
    fn a_curve_lies_within_its_frame() {
        let drawn = picture(vec![(1.0, 0.0), (8.0, 50.0), (512.0, 100.0)]);
        assert!(drawn.contains("78.0,358.0") && drawn.contains("876.0,78.4"), "{drawn}");
        assert!(drawn.contains("T &amp; T") && !drawn.contains("NaN"));
    }

    #[test]
    fn nothing_and_a_single_point_are_drawn_too() {
        assert!(picture(Vec::new()).ends_with("</svg>\n"));
        assert!(!picture(vec![(4.0, 0.0)]).contains("NaN"));
    }

    #[test]
    fn marks_are_round() {
        assert_eq!(marks(108.0), [0.0, 50.0, 100.0]);
        assert_eq!(marks(1.3), [0.0, 0.5, 1.0]);
    }
}
