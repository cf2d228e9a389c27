//! Handwriting 手写批示: kept as data with the opinion, within limits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rule::Check;

/// Handwriting 手写批示: what the pen wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ink {
    /// Width of the pad.
    pub width: f64,
    /// Height of the pad.
    pub height: f64,
    /// Strokes in order.
    pub strokes: Vec<Stroke>,
}

/// One stroke.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stroke {
    /// `#rrggbb`.
    pub color: String,
    /// Width of the pen.
    pub width: f64,
    /// Points: x, y, pressure, milliseconds.
    pub pts: Vec<[f64; 4]>,
}

/// Most points in one piece of handwriting.
const MAX_POINTS: usize = 20_000;
/// Most strokes.
const MAX_STROKES: usize = 2_000;

impl Ink {
    /// Rules: something was written, within limits, numbers only.
    pub fn check(&self, c: &mut Check) {
        let points: usize = self.strokes.iter().map(|s| s.pts.len()).sum();
        if points == 0 {
            c.bad("ink", "手写内容为空，请重新书写，或改用文字填写");
        }
        if points > MAX_POINTS || self.strokes.len() > MAX_STROKES {
            c.bad("ink", "手写内容过多，请分次书写或改用文字填写");
        }
        let size = |n: f64| n.is_finite() && (1.0..=20_000.0).contains(&n);
        let near = |n: f64| n.is_finite() && n.abs() <= 100_000.0;
        let sound = size(self.width)
            && size(self.height)
            && self.strokes.iter().all(|s| {
                s.width.is_finite()
                    && (0.1..=50.0).contains(&s.width)
                    && colour(&s.color)
                    && s.pts.iter().all(|p| {
                        let [x, y, pressure, ms] = *p;
                        near(x)
                            && near(y)
                            && (0.0..=1.0).contains(&pressure)
                            && ms.is_finite()
                            && ms >= 0.0
                    })
            });
        if !sound {
            c.bad("ink", "手写数据已损坏，请清除后重新书写");
        }
    }
}

fn colour(s: &str) -> bool {
    s.strip_prefix('#')
        .is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handwriting_is_bounded() {
        let stroke = Stroke {
            color: "#cc0000".into(),
            width: 2.0,
            pts: vec![[1.0, 2.0, 0.5, 0.0]; 10],
        };
        let ink = Ink {
            width: 800.0,
            height: 300.0,
            strokes: vec![stroke.clone()],
        };
        let faults = |i: &Ink| {
            let mut c = Check::default();
            i.check(&mut c);
            c.fields.len()
        };
        assert_eq!(faults(&ink), 0);
        assert_eq!(
            faults(&Ink {
                strokes: vec![],
                ..ink.clone()
            }),
            1
        );
        assert_eq!(
            faults(&Ink {
                strokes: vec![stroke.clone(); 2_001],
                ..ink.clone()
            }),
            1
        );
        assert_eq!(
            faults(&Ink {
                width: f64::NAN,
                ..ink.clone()
            }),
            1
        );
        let evil = Stroke {
            color: "url(x)".into(),
            ..stroke
        };
        assert_eq!(
            faults(&Ink {
                strokes: vec![evil],
                ..ink
            }),
            1
        );
    }
}
