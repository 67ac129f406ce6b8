//! Policy folders to start from: their files, built in, from `templates/` of the project.

/// A small working policy to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    /// An IT help desk, in English.
    Helpdesk,
    /// Customer service of a telecom operator, in Chinese.
    Telecom,
    /// Next to nothing: a case, a route, a test.
    Blank,
}

/// The files of a template: each path below the folder with its text.
macro_rules! files {
    ($template:literal: $($path:literal),*) => {
        &[$(($path, include_str!(concat!("../../templates/", $template, "/", $path)))),*]
    };
}

impl Starter {
    /// All of them.
    pub const ALL: [Starter; 3] = [Starter::Helpdesk, Starter::Telecom, Starter::Blank];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Starter::Helpdesk => "helpdesk",
            Starter::Telecom => "telecom",
            Starter::Blank => "blank",
        }
    }

    /// Its files in byte order of their paths, with their texts.
    pub fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Starter::Helpdesk => files!("helpdesk":
                "case.policy", "cases/first.json", "caseway.toml", "classify.policy", "records.policy",
                "routing.policy", "sla.policy", "tests/first.policy"),
            Starter::Telecom => files!("telecom":
                "calendars/cn.csv", "case.policy", "cases/first.json", "caseway.toml",
                "classify.policy", "records.policy", "routing.policy", "sla.policy",
                "tests/first.policy"),
            Starter::Blank => files!("blank":
                "case.policy", "cases/first.json", "caseway.toml", "routing.policy",
                "tests/first.policy"),
        }
    }
}
