use super::*;

/// The cell as `kind:text` for each segment; `?` marks a doubtful name, `<` the least end of a name.
fn shown(cell: &str) -> String {
    let read = read(cell);
    let mut out = Vec::new();
    for segment in &read.segments {
        let text = &cell[segment.span()];
        let least = &cell[segment.start as usize..segment.least_end as usize];
        let mut word = match segment.kind {
            SegmentKind::Name => "N".to_owned(),
            SegmentKind::Address => "A".to_owned(),
            SegmentKind::Identifier(kind) => format!("I({})", kind.as_str()),
            SegmentKind::Contact => "C".to_owned(),
            SegmentKind::Relation => "R".to_owned(),
            SegmentKind::Note => "X".to_owned(),
        };
        if segment.kind == SegmentKind::Name {
            if segment.relation != Relation::Party {
                word += &format!("({})", segment.relation.as_str());
            }
            if !segment.is_sure {
                word += "?";
            }
        }
        let text = if least == text { text.to_owned() } else { format!("{least}<{}", &text[least.len()..]) };
        out.push(format!("{word}:{text}"));
    }
    out.join(" | ")
}

#[test]
fn show() {
    for line in std::fs::read_to_string(std::env::var("CELLS").unwrap_or_default()).unwrap_or_default().lines() {
        println!("{line}\n    {}", shown(line));
    }
}
