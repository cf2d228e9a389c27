//! Handwriting 手写批示: strokes kept as data, drawn as a vector picture.

use std::fmt::Write as _;

use crate::InkStroke;

/// Largest picture on paper, in points (about 140 × 45 mm).
const MAX_WIDTH: f64 = 397.0;
const MAX_HEIGHT: f64 = 128.0;
/// Coordinates beyond this are damaged data.
const MAX_COORDINATE: f64 = 100_000.0;

/// A drawn picture and its size on paper in points.
#[derive(Debug, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) svg: String,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
    pressure: f64,
}

impl Point {
    fn middle(self, other: Self) -> Self {
        Self {
            x: (self.x + other.x) / 2.0,
            y: (self.y + other.y) / 2.0,
            pressure: (self.pressure + other.pressure) / 2.0,
        }
    }
}

/// Draw the strokes at their own size, or smaller when they would not fit the cell. None when there is nothing to draw.
pub(crate) fn draw(strokes: &[InkStroke]) -> Option<Drawing> {
    let strokes: Vec<(&InkStroke, Vec<Point>)> = strokes
        .iter()
        .map(|stroke| (stroke, points(stroke)))
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let margin = strokes
        .iter()
        .map(|(stroke, _)| line_width(stroke))
        .fold(0.0_f64, f64::max);
    let all = || strokes.iter().flat_map(|(_, points)| points.iter());
    let left = all().map(|p| p.x).reduce(f64::min)? - margin;
    let right = all().map(|p| p.x).reduce(f64::max)? + margin;
    let top = all().map(|p| p.y).reduce(f64::min)? - margin;
    let bottom = all().map(|p| p.y).reduce(f64::max)? + margin;
    let (width, height) = (right - left, bottom - top);
    let scale = (MAX_WIDTH / width).min(MAX_HEIGHT / height).min(1.0);

    let mut body = String::new();
    for (stroke, points) in &strokes {
        path(&mut body, stroke, points);
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left:.2} {top:.2} {width:.2} {height:.2}\" \
         width=\"{width:.2}\" height=\"{height:.2}\" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">{body}</svg>"
    );
    Some(Drawing {
        svg,
        width: width * scale,
        height: height * scale,
    })
}

/// Smoothed pieces between the middles of neighbouring points, each as wide as the pen was pressed.
fn path(out: &mut String, stroke: &InkStroke, points: &[Point]) {
    let colour = colour(&stroke.color);
    let wide = line_width(stroke);
    let mut piece = |from: Point, through: Point, to: Point| {
        // Writing into a String cannot fail.
        let _ = write!(
            out,
            "<path stroke=\"{colour}\" stroke-width=\"{:.2}\" d=\"M{:.2} {:.2}Q{:.2} {:.2} {:.2} {:.2}\"/>",
            wide * (0.4 + 1.2 * through.pressure),
            from.x,
            from.y,
            through.x,
            through.y,
            to.x,
            to.y,
        );
    };
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else {
        return;
    };
    let mut from = first;
    for pair in points.windows(2) {
        if let [a, b] = *pair {
            let to = a.middle(b);
            piece(from, a, to);
            from = to;
        }
    }
    // A dot is a stroke without length: give it a little, or it is not drawn.
    let end = if points.len() == 1 {
        Point {
            x: last.x + 0.1,
            ..last
        }
    } else {
        last
    };
    piece(from, last, end);
}

fn points(stroke: &InkStroke) -> Vec<Point> {
    stroke
        .pts
        .iter()
        .filter_map(|numbers| match *numbers.as_slice() {
            [x, y, ref rest @ ..] if x.abs() < MAX_COORDINATE && y.abs() < MAX_COORDINATE => {
                Some(Point {
                    x,
                    y,
                    pressure: rest.first().copied().unwrap_or(0.5).clamp(0.0, 1.0),
                })
            }
            _ => None,
        })
        .collect()
}

fn line_width(stroke: &InkStroke) -> f64 {
    stroke.width.unwrap_or(2.0).clamp(0.3, 20.0)
}

/// Only `#rgb` and `#rrggbb` are taken over; anything else is written in black.
fn colour(text: &str) -> &str {
    let fits = |hex: &str| matches!(hex.len(), 3 | 6) && hex.chars().all(|c| c.is_ascii_hexdigit());
    if text.strip_prefix('#').is_some_and(fits) {
        text
    } else {
        "#000"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(pts: &[&[f64]], color: &str) -> InkStroke {
        InkStroke {
            pts: pts.iter().map(|p| p.to_vec()).collect(),
            color: color.to_owned(),
            width: Some(2.0),
        }
    }

    #[test]
    fn strokes_keep_their_size_and_large_ones_are_reduced() {
        let small = draw(&[stroke(
            &[&[10.0, 10.0, 0.5, 0.0], &[60.0, 30.0, 0.9, 8.0]],
            "#112233",
        )])
        .unwrap();
        assert!((small.width - 54.0).abs() < 0.01 && (small.height - 24.0).abs() < 0.01);
        assert!(small.svg.contains("#112233"));
        let large = draw(&[stroke(&[&[0.0, 0.0], &[4000.0, 400.0]], "#000")]).unwrap();
        assert!(large.width <= MAX_WIDTH + 0.01 && large.height <= MAX_HEIGHT + 0.01);
    }

    #[test]
    fn damaged_strokes_are_left_out_and_colours_cannot_carry_markup() {
        assert_eq!(draw(&[]), None);
        assert_eq!(
            draw(&[stroke(&[&[1.0], &[f64::NAN, 2.0], &[1e9, 0.0]], "#000")]),
            None
        );
        let drawing = draw(&[stroke(&[&[1.0, 1.0]], "\"/><script>")]).unwrap();
        assert!(drawing.svg.contains("#000") && !drawing.svg.contains("script"));
    }
}
