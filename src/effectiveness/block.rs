//! A page before anyone decides on Markdown or plain text, and how figures are written on it.

/// A titled page of a report.
pub(super) struct Page {
    pub(super) title: &'static str,
    /// How the measurement is repeated; may be empty.
    pub(super) command: String,
    pub(super) blocks: Vec<Block>,
}

/// A piece of the page.
pub(super) enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A table: the first column is text, the others are numbers, unless `is_text`.
    Table { header: Vec<String>, rows: Vec<Vec<String>>, is_text: bool },
}

/// Thousandths as per cent.
pub(super) fn percent(thousandths: u32) -> String {
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

/// Millionths as records in 1,000, rounded to hundredths.
pub(super) fn per_thousand(millionths: u32) -> String {
    let hundredths = (millionths + 5) / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
