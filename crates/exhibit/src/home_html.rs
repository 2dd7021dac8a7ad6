//! The home page: every exhibit, by lecture.

use crate::declaration::Exhibit;
use crate::prose::{escaped, prose};

/// All of it below the bar. The addresses of exhibits end with a slash, to which the page adds the theme.
pub(crate) fn home_html(exhibits: &[&Exhibit]) -> String {
    let section = |lecture: &str| {
        let cards: String = exhibits.iter().filter(|e| e.lecture == lecture).map(|e| card(e)).collect();
        format!("<section><h2>{}</h2><div class=\"exhibit-cards\">{cards}</div></section>", escaped(lecture))
    };
    format!(
        "<h1>A lab for the theory of deep learning</h1><p class=\"lead\">Each exhibit is a claim that you can drag: what theory \
         predicts and what simulated nets do stand in the same axes, computed live in this browser.</p>{}<footer><p>Every state \
         is a link. Nothing is uploaded or tracked, and after the first visit all of it works without a network.</p></footer>",
        lectures(exhibits).into_iter().map(section).collect::<String>()
    )
}

/// The lectures, each once, in the order of the course.
fn lectures(exhibits: &[&Exhibit]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for exhibit in exhibits {
        if !names.contains(&exhibit.lecture) {
            names.push(exhibit.lecture);
        }
    }
    names
}

fn card(exhibit: &Exhibit) -> String {
    let id = exhibit.id;
    // An exhibit that makes no picture has no still: then the card is its words.
    format!(
        "<a class=\"exhibit-card\" href=\"{id}/\" data-exhibit=\"{id}\"><span class=\"still\">\
         <img src=\"previews/{id}.svg\" alt=\"\"></span>\
         <span class=\"exhibit-title\">{}</span><span class=\"exhibit-claim\">{}</span></a>",
        prose(exhibit.title),
        prose(exhibit.claim)
    )
}
