//! The route on a simple map: meridians and parallels, the places that are known, and the stops.

/// A drawing of 720 by 290 units: degrees east of the date line and degrees south of 85 north, each by two.
#[derive(Clone, Debug, Default)]
pub struct RouteMap {
    /// Every place that is known, as one path of dots: they tell where the land is.
    pub places: String,
    /// The ways between stops.
    pub ways: Vec<Way>,
    /// The stops that are known, in order.
    pub stops: Vec<MapStop>,
    /// All stops in words, in order.
    pub words: String,
    /// Stops that are not known, in words; empty: none.
    pub unknown: String,
}

/// One straight way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// From where.
    pub from: (i32, i32),
    /// To where; beyond an edge where it crosses the date line.
    pub to: (i32, i32),
}

/// One stop.
#[derive(Clone, Debug)]
pub struct MapStop {
    /// Where.
    pub at: (i32, i32),
    /// Its name.
    pub label: String,
    /// Whether the label stands before it, where there is no room behind.
    pub is_before: bool,
    /// How far below the stop the label stands, so that two at one place can be read.
    pub below: i32,
}

/// Where a place is drawn, from degrees north and east.
pub fn drawn((north, east): (i16, i16)) -> (i32, i32) {
    ((i32::from(east) + 180) * 2, (85 - i32::from(north)) * 2)
}

/// The ways of a journey; one that crosses the date line is drawn from both edges.
pub fn ways(stops: &[(i32, i32)]) -> Vec<Way> {
    let mut ways = Vec::new();
    for pair in stops.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let across = to.0 - from.0;
        if from == to {
            continue;
        }
        if across.abs() <= 360 {
            ways.push(Way { from, to });
        } else {
            let turn = if across > 0 { -720 } else { 720 };
            ways.push(Way { from, to: (to.0 + turn, to.1) });
            ways.push(Way { from: (from.0 - turn, from.1), to });
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_over_the_date_line_is_the_short_one() {
        let (yokohama, long_beach) = (drawn((35, 140)), drawn((34, -118)));
        assert_eq!((yokohama, long_beach), ((640, 100), (124, 102)));
        let ways = ways(&[yokohama, long_beach, long_beach]);
        assert_eq!(ways.len(), 2, "and none from a place to itself");
        assert_eq!((ways[0].from, ways[0].to), ((640, 100), (844, 102)));
        assert_eq!((ways[1].from, ways[1].to), ((-80, 100), (124, 102)));
    }
}
