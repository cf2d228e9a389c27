//! Marks: characters of the private use area that stand for a name or a word in stories played for copying. They pass
//! through every text unharmed and are found again at a glance.
use super::cast::{PARTS, PLACES};

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Name of a person.
    Name(usize),
    /// Post of a person.
    Post(usize),
    /// Name of a node.
    Place(usize),
    /// Short name of a node.
    Short(usize),
    /// Title of the document.
    Title,
    /// Sender.
    Sender,
    /// Document number.
    Number,
    /// What it is about.
    Matter,
    /// Class code of what it is about.
    ClassCode,
}

const NAMES: u32 = 0xE000;
const POSTS: u32 = 0xE100;
const PLACE_NAMES: u32 = 0xE200;
const SHORT_NAMES: u32 = 0xE240;
/// Title.
pub const TITLE: &str = "\u{E300}";
/// Sender.
pub const SENDER: &str = "\u{E301}";
/// Document number.
pub const NUMBER: &str = "\u{E302}";
/// Matter.
pub const MATTER: &str = "\u{E303}";
/// Class code.
pub const CLASS_CODE: &str = "\u{E304}";

fn text(base: u32, i: usize) -> String {
    let at = base + u32::try_from(i).unwrap_or(0);
    char::from_u32(at).map(String::from).unwrap_or_default()
}

impl Mark {
    /// The mark as text; those of words are constants.
    pub fn text(self) -> String {
        match self {
            Self::Name(i) => text(NAMES, i),
            Self::Post(i) => text(POSTS, i),
            Self::Place(i) => text(PLACE_NAMES, i),
            Self::Short(i) => text(SHORT_NAMES, i),
            Self::Title => TITLE.into(),
            Self::Sender => SENDER.into(),
            Self::Number => NUMBER.into(),
            Self::Matter => MATTER.into(),
            Self::ClassCode => CLASS_CODE.into(),
        }
    }
}

/// The mark that a character is.
pub fn read(c: char) -> Option<Mark> {
    let n = u32::from(c);
    if !(NAMES..=0xE3FF).contains(&n) {
        return None;
    }
    let within = |base: u32, most: usize| {
        let i = usize::try_from(n.checked_sub(base)?).ok()?;
        (i < most).then_some(i)
    };
    within(NAMES, PARTS)
        .map(Mark::Name)
        .or_else(|| within(POSTS, PARTS).map(Mark::Post))
        .or_else(|| within(PLACE_NAMES, PLACES).map(Mark::Place))
        .or_else(|| within(SHORT_NAMES, PLACES).map(Mark::Short))
        .or_else(|| {
            [
                Mark::Title,
                Mark::Sender,
                Mark::Number,
                Mark::Matter,
                Mark::ClassCode,
            ]
            .into_iter()
            .find(|m| m.text().starts_with(c))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_read_as_what_was_written() {
        let mut all = vec![
            Mark::Title,
            Mark::Sender,
            Mark::Number,
            Mark::Matter,
            Mark::ClassCode,
        ];
        for i in 0..PARTS {
            all.extend([Mark::Name(i), Mark::Post(i)]);
        }
        for i in 0..PLACES {
            all.extend([Mark::Place(i), Mark::Short(i)]);
        }
        for m in all {
            assert_eq!(m.text().chars().filter_map(read).collect::<Vec<_>>(), [m]);
        }
        assert!("青屏县〔2026〕".chars().all(|c| read(c).is_none()));
    }
}
