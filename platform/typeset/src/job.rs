//! From a form to the virtual files of one job: data as JSON, handwriting as pictures.

use serde::Serialize;
use serde_json::{Value, json};

use crate::font::Roles;
use crate::ink;
use crate::{InkStroke, Ledger, PrintDoc, RegisterBook, TypesetError};

/// What the typesetter needs for one job.
pub(crate) struct Job {
    pub(crate) template: &'static str,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

#[derive(Serialize)]
struct Input<'a> {
    doc: Value,
    fonts: &'a Roles,
    substitute: bool,
}

/// Clean the data and split off the handwriting.
pub(crate) fn prepare(
    doc: &PrintDoc,
    fonts: &Roles,
    substitute: bool,
) -> Result<Job, TypesetError> {
    let (rows, limit) = match doc {
        PrintDoc::RegisterBook(book) => (book.rows.len(), RegisterBook::MAX_ROWS),
        PrintDoc::Ledger(ledger) => (ledger.rows.len(), Ledger::MAX_ROWS),
        PrintDoc::HandlingSheet(_) | PrintDoc::CirculationSheet(_) => (0, 0),
    };
    if rows > limit {
        return Err(TypesetError::TooLong { rows, limit });
    }
    let mut value = match doc {
        PrintDoc::HandlingSheet(form) => serde_json::to_value(form),
        PrintDoc::CirculationSheet(form) => serde_json::to_value(form),
        PrintDoc::RegisterBook(form) => serde_json::to_value(form),
        PrintDoc::Ledger(form) => serde_json::to_value(form),
    }
    .map_err(|error| TypesetError::Data(error.to_string()))?;
    let mut files = Vec::new();
    walk(&mut value, &mut files)?;
    let data = serde_json::to_vec(&Input {
        doc: value,
        fonts,
        substitute,
    })
    .map_err(|error| TypesetError::Data(error.to_string()))?;
    files.push(("job.json".to_owned(), data));
    Ok(Job {
        template: template(doc),
        files,
    })
}

fn template(doc: &PrintDoc) -> &'static str {
    match doc {
        PrintDoc::HandlingSheet(_) => "handling_sheet.typ",
        PrintDoc::CirculationSheet(_) => "circulation_sheet.typ",
        PrintDoc::RegisterBook(_) => "register_book.typ",
        PrintDoc::Ledger(_) => "ledger.typ",
    }
}

fn walk(value: &mut Value, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), TypesetError> {
    match value {
        Value::String(text) => {
            if text.chars().any(|c| unwanted(c) || c == '\r') {
                *text = clean(text);
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(item, files)?;
            }
        }
        Value::Object(map) => {
            for (name, item) in map {
                if name == "ink" {
                    *item = picture(item.take(), files)?;
                } else {
                    walk(item, files)?;
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// Strokes become a picture file; no strokes become null.
fn picture(strokes: Value, files: &mut Vec<(String, Vec<u8>)>) -> Result<Value, TypesetError> {
    let strokes: Vec<InkStroke> =
        serde_json::from_value(strokes).map_err(|error| TypesetError::Data(error.to_string()))?;
    let Some(drawing) = ink::draw(&strokes) else {
        return Ok(Value::Null);
    };
    let file = format!("ink-{}.svg", files.len());
    let reference = json!({ "file": file, "width": drawing.width, "height": drawing.height });
    files.push((file, drawing.svg.into_bytes()));
    Ok(reference)
}

/// Control characters and direction overrides have no place on paper; line ends become `\n`, tabs a space.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\r' => Some('\n'),
            '\t' => Some(' '),
            c if unwanted(c) => None,
            c => Some(c),
        })
        .collect()
}

fn unwanted(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_unified_and_control_characters_dropped() {
        assert_eq!(
            clean("一\r\n二\r三\t四\u{0}\u{7}\u{202e}五"),
            "一\n二\n三 四五"
        );
    }
}
