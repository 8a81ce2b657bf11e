//! What stands around every page.

/// A part of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Entries by name.
    Search,
    /// Shipments.
    Screen,
    /// Alerts that are worked on.
    Cases,
    /// What is in force.
    Lists,
    /// What it makes of findings.
    Policy,
    /// How alerts come and what becomes of them.
    Quality,
    /// None of them.
    Other,
}

impl Tab {
    /// Those that have a place in the navigation.
    pub const ALL: [Self; 6] = [Self::Search, Self::Screen, Self::Cases, Self::Lists, Self::Policy, Self::Quality];

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Search => "Search",
            Self::Screen => "Screen",
            Self::Cases => "Cases",
            Self::Lists => "Lists",
            Self::Policy => "Policy",
            Self::Quality => "Quality",
            Self::Other => "",
        }
    }

    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Search | Self::Other => "/console/search",
            Self::Screen => "/console/screen",
            Self::Cases => "/console/cases",
            Self::Lists => "/console/lists",
            Self::Policy => "/console/policy",
            Self::Quality => "/console/quality",
        }
    }
}

/// What stands around every page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Where the page belongs.
    pub tab: Tab,
    /// Who is signed in; empty where nobody needs to be.
    pub user: String,
    /// What they may do, in a word.
    pub role: String,
    /// Whether they may screen.
    pub may_screen: bool,
    /// Whether there are cases, and they may see them.
    pub may_see_cases: bool,
    /// Whether screenings are recorded in a ledger.
    pub is_recorded: bool,
    /// The secret that forms bring back.
    pub csrf: String,
    /// What is screened against, in a line.
    pub in_force: String,
    /// What a person should know; empty when all is well.
    pub attention: String,
}

impl Shell {
    /// The tabs that this person may open.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> + '_ {
        Tab::ALL.into_iter().filter(|tab| match tab {
            Tab::Screen => self.may_screen,
            Tab::Cases | Tab::Quality => self.may_see_cases,
            _ => true,
        })
    }

    /// Whether the page belongs to this tab.
    pub fn is_at(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }

    /// The name of the style sheet.
    pub fn style(&self) -> &'static str {
        crate::ASSETS[0].name
    }

    /// The name of the script that asks for parts of pages.
    pub fn script(&self) -> &'static str {
        crate::ASSETS[1].name
    }

    /// The name of the script for keys.
    pub fn keys(&self) -> &'static str {
        crate::ASSETS[2].name
    }
}
