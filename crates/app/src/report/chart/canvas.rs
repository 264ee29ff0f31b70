//! Shapes and text as SVG. Units are pixels, from the upper left corner.

use std::fmt::Write as _;

/// Width of a picture.
pub(super) const WIDTH: f64 = 1080.0;
/// What stays free left and right.
pub(super) const MARGIN: f64 = 56.0;
/// What is left between the margins.
pub(super) const INNER: f64 = WIDTH - 2.0 * MARGIN;
/// The font that the program brings along.
pub(super) const FONT: &str = "Noto Sans";

/// Text.
pub(super) const INK: &str = "#1b2430";
/// Lesser text; 7:1 on white.
pub(super) const SOFT: &str = "#4d5866";
/// Lines, and what bars lie on.
pub(super) const RULE: &str = "#e3e8ee";
/// Behind tiles.
pub(super) const TILE: &str = "#f3f6f9";
/// Colours of Okabe and Ito (2008), which people with any colour vision tell apart.
pub(super) const BLUE: &str = "#0072b2";
pub(super) const SKY: &str = "#56b4e9";
pub(super) const GREEN: &str = "#009e73";
pub(super) const ORANGE: &str = "#e69f00";
pub(super) const VERMILION: &str = "#d55e00";
pub(super) const GREY: &str = "#8a929c";

/// Where text stands against its place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size: f64,
    pub bold: bool,
    pub colour: &'static str,
    pub anchor: Anchor,
}

/// Text that is read, from the left. A phone shows a third of it: 30 is the least.
pub(super) const BODY: Style = Style { size: 34.0, bold: false, colour: INK, anchor: Anchor::Start };
/// Text at axes and below numbers.
pub(super) const SMALL: Style = Style { size: 30.0, bold: false, colour: SOFT, anchor: Anchor::Start };

impl Style {
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    pub const fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }
    pub const fn colour(self, colour: &'static str) -> Self {
        Self { colour, ..self }
    }
    pub const fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }
    pub const fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A picture in the making; `y` is how far down it is filled.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    body: String,
    pub y: f64,
}

impl Canvas {
    /// A filled rectangle with round corners.
    pub fn rect(&mut self, rect: Rect, radius: f64, colour: &str) {
        let Rect { x, y, width, height } = rect;
        // Writing to a String cannot fail; so for the others.
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="{radius}" fill="{colour}"/>"#
        );
    }

    /// A thin line from one margin to the other.
    pub fn rule(&mut self, y: f64) {
        self.rect(Rect { x: MARGIN, y, width: INNER, height: 2.0 }, 0.0, RULE);
    }

    /// One line of text; `y` is what its letters stand on.
    pub fn text(&mut self, x: f64, y: f64, style: Style, text: &str) {
        let anchor = match style.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if style.bold { 700 } else { 400 };
        let (size, colour, text) = (style.size, style.colour, escaped(text));
        let _ = writeln!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}">{text}</text>"#
        );
    }

    /// The heading of a part, with a line above.
    pub fn heading(&mut self, text: &str) {
        self.rule(self.y + 44.0);
        self.text(MARGIN, self.y + 110.0, BODY.bold().size(42.0), text);
        self.y += 128.0;
    }

    /// The document. `title` is what a reader of screens says of it.
    pub fn finish(self, title: &str) -> String {
        let (height, title, body) = (self.y, escaped(title), self.body);
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0}" viewBox="0 0 {WIDTH} {height:.0}" role="img" font-family="'{FONT}', system-ui, sans-serif">
<title>{title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
{body}</svg>
"##
        )
    }
}

/// Text as it may stand in XML; characters that XML has no word for are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// At most `most` letters, the rest as an ellipsis.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}
