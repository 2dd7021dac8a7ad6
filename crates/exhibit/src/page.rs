//! What the native binary tells the build about the pages.

use serde::{Deserialize, Serialize};

#[cfg(feature = "words")]
use crate::data::{DataError, text_from_exhibit};
#[cfg(feature = "words")]
use crate::declaration::Exhibit;
#[cfg(feature = "words")]
use crate::prose::escaped;

/// All pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// What the home page shows, as markup in a template.
    pub home: String,
    /// In the order of the course.
    pub exhibits: Vec<Page>,
}

/// The page of an exhibit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The exhibit's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its claim.
    pub claim: String,
    /// The group whose worker computes it.
    pub group: String,
    /// The figure that stands for it in pictures.
    pub figure: String,
    /// What it shows and says, as templates.
    pub templates: String,
}

/// The pages of all exhibits, in the order of the course.
///
/// # Errors
/// As [`text_from_exhibit`].
#[cfg(feature = "words")]
pub fn pages(exhibits: &[&Exhibit]) -> Result<Pages, DataError> {
    let template = |id: &str, content: &str| format!("<template id=\"{id}\">{content}</template>");
    let page = |exhibit: &&Exhibit| {
        let declaration = template("declaration", &escaped(&text_from_exhibit(exhibit)?));
        Ok::<_, DataError>(Page {
            id: exhibit.id.to_owned(),
            title: exhibit.title.to_owned(),
            claim: exhibit.claim.to_owned(),
            group: exhibit.group.to_owned(),
            figure: exhibit.figures.first().map_or_else(String::new, |figure| figure.id.to_owned()),
            templates: declaration + &template("words", &crate::words_html::words_html(exhibit)),
        })
    };
    Ok(Pages {
        home: template("home", &crate::home_html::home_html(exhibits)),
        exhibits: exhibits.iter().map(page).collect::<Result<_, _>>()?,
    })
}
