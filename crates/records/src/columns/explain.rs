//! What is made of each column, in words.

use super::field::{Field, GoodsField, PartyField, Use};
use super::header::Header;

impl Header {
    /// Each column with what is made of it, in order.
    pub fn explain(&self) -> Vec<(String, String)> {
        let mut seen: Vec<Field> = Vec::new();
        let one = |(at, (column, used)): (usize, (&str, Use))| {
            if let Some(why) = self.unread(at) {
                return (column.to_owned(), format!("ERROR: not read, and {why}; use --map or --ignore-column"));
            }
            let what = match used {
                Use::Read(field) => {
                    let again = seen.contains(&field);
                    seen.push(field);
                    read(field, again)
                }
                Use::Given(field) => format!("not read: another column gives {}", field.name()),
                Use::Ignored => "not read: --ignore-column".to_owned(),
                Use::NotNeeded => "not read: not needed".to_owned(),
                Use::Unknown(_) => "not read: not understood".to_owned(),
            };
            (column.to_owned(), what)
        };
        self.uses().enumerate().map(one).collect()
    }

    /// One line on every column: what is read as what, and what is not read.
    pub fn summary(&self) -> String {
        let quoted = |columns: Vec<&str>| columns.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>().join(", ");
        let read: Vec<String> = self
            .uses()
            .filter_map(|(column, used)| match used {
                Use::Read(field) if field.name() == column => Some(column.to_owned()),
                Use::Read(field) => Some(format!("{column:?} as {}", field.name())),
                _ => None,
            })
            .collect();
        let unread: Vec<&str> = self.unknown().collect();
        let mut line = format!("reads {}", read.join(", "));
        if !unread.is_empty() {
            line.push_str(&format!("; not screened: {}", quoted(unread)));
        }
        line
    }
}

fn read(field: Field, again: bool) -> String {
    let name = field.name();
    match field {
        Field::Party(_, PartyField::Name) if again => format!("{name}: another name of the same party"),
        Field::Party(_, PartyField::Contact) => format!("{name}: kept, no list is compared with it"),
        Field::Goods(GoodsField::TariffText) => {
            format!("{name}: the goods description where no other is given, else text beside it")
        }
        Field::Goods(GoodsField::Description) if again => format!("{name}: joined to the one before"),
        _ if again => format!("{name}: beside the one before"),
        _ => name,
    }
}
