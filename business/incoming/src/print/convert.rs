//! From the page to the paper: titles, dates and handwriting as the forms want them.

use zs_base::time::Date;
use zs_typeset::InkStroke;

use crate::ink::Ink;

/// Points that the pad's width may take on paper.
const PAD_WIDTH: f64 = 300.0;
/// Points that the pad's height may take on paper.
const PAD_HEIGHT: f64 = 110.0;
/// Points per canvas unit of a small pad: a canvas unit is a CSS pixel, 1/96 inch.
const PIXEL: f64 = 0.75;

/// Handwriting in points; the pad as a whole fits the cell, so that signatures keep their proportion.
pub(super) fn strokes(ink: Option<&Ink>) -> Vec<InkStroke> {
    let Some(ink) = ink else { return Vec::new() };
    let scale = (PAD_WIDTH / ink.width.max(1.0))
        .min(PAD_HEIGHT / ink.height.max(1.0))
        .min(PIXEL);
    ink.strokes
        .iter()
        .map(|s| InkStroke {
            pts: s
                .pts
                .iter()
                .map(|p| {
                    let [x, y, pressure, ms] = *p;
                    vec![x * scale, y * scale, pressure, ms]
                })
                .collect(),
            color: s.color.clone(),
            width: Some((s.width * scale).max(0.4)),
        })
        .collect()
}

/// A time as its day.
pub(super) fn day(at: i64) -> String {
    Date::at(at).to_string()
}

/// A count for the forms.
pub(super) fn small(n: i64) -> Option<u32> {
    u32::try_from(n).ok()
}

/// Empty cells stay empty.
pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::Stroke;

    #[test]
    fn handwriting_fits_the_cell_and_keeps_its_proportion() {
        let stroke = Stroke {
            color: "#000000".into(),
            width: 4.0,
            pts: vec![[800.0, 300.0, 0.5, 9.0]],
        };
        let ink = Ink {
            width: 800.0,
            height: 300.0,
            strokes: vec![stroke],
        };
        let out = strokes(Some(&ink));
        let p = &out[0].pts[0];
        assert!(p[0] <= PAD_WIDTH && p[1] <= PAD_HEIGHT, "{p:?}");
        assert!((p[0] / p[1] - 800.0 / 300.0).abs() < 1e-9);
        assert_eq!(&p[2..], &[0.5, 9.0]);
        assert!(out[0].width.unwrap() < 4.0);
        assert!(strokes(None).is_empty());
    }
}
