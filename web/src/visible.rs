//! Which parts of an exhibit a page shows: what the address says, and in an embed no more than fits on a slide.

use exhibit::Link;
use exhibit::declaration::{Control, FigureSpec, Place, ReadoutSpec};

/// Whether a control is shown.
pub(crate) fn shows(link: &Link, control: &Control) -> bool {
    if !link.shows(control.key) || !link.values.shows(control) {
        return false;
    }
    // On a slide only the main controls stand unless others are named, and a figure's own ones with their figure.
    !link.view.embed
        || named(link, control.key)
        || match control.place {
            Place::Main => true,
            // Files can be dropped on a slide, too.
            Place::Group(_) | Place::Files => false,
            Place::Figure(id) | Place::Drawn(id) => {
                link.values.exhibit().figure(id).is_some_and(|f| shows_figure(link, f))
            }
        }
}

/// Whether a figure is shown.
pub(crate) fn shows_figure(link: &Link, figure: &FigureSpec) -> bool {
    let chosen =
        !link.view.figure.is_empty() || link.view.show.iter().any(|k| link.values.exhibit().figure(k).is_some());
    link.shows(figure.id) && (!link.view.embed || chosen || figure.main)
}

/// Whether a readout is shown. A readout may have the name of a figure (`phase`): in `show` the name means the figure, in
/// `hide` both.
pub(crate) fn shows_readout(link: &Link, readout: &ReadoutSpec) -> bool {
    let exhibit = link.values.exhibit();
    let is_readout = |key: &str| exhibit.readouts.iter().any(|r| r.key == key) && exhibit.figure(key).is_none();
    let chosen = link.view.show.iter().any(|k| is_readout(k));
    let is_hidden = link.view.hide.iter().any(|k| k == readout.key || k == "readouts");
    !is_hidden && (!chosen || named(link, readout.key))
}

fn named(link: &Link, key: &str) -> bool {
    link.view.show.iter().any(|k| k == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::EXHIBIT;

    fn link(query: &str) -> Link {
        Link::from_query(&EXHIBIT, query).0
    }

    #[test]
    fn an_embed_shows_main_figures_unless_one_is_chosen() {
        let exhibit = &EXHIBIT;
        let shown = |query: &str| exhibit.figures.iter().filter(|f| shows_figure(&link(query), f)).count();
        let main = exhibit.figures.iter().filter(|f| f.main).count();
        let at_defaults = exhibit.figures.iter().filter(|f| link("").shows(f.id)).count();
        assert_eq!(shown(""), at_defaults);
        assert_eq!(shown("embed=1"), main);
        let other = exhibit.figures.iter().find(|f| !f.main).unwrap().id;
        assert_eq!(shown(&format!("embed=1&figure={other}")), 1);
        assert_eq!(shown(&format!("embed=1&show={other}")), 1);
        // `map` is a readout too: what is chosen stands, whatever is hidden.
        assert_eq!(shown("embed=1&figure=map,details&hide=map"), 2);
    }

    #[test]
    fn one_figure_alone_keeps_all_readouts_and_one_readout_stands_alone() {
        let exhibit = &EXHIBIT;
        let shown = |query: &str| exhibit.readouts.iter().filter(|r| shows_readout(&link(query), r)).count();
        assert_eq!(shown(&format!("embed=1&figure={}", exhibit.figures[1].id)), exhibit.readouts.len());
        let plain = exhibit.readouts.iter().find(|r| exhibit.figure(r.key).is_none()).unwrap().key;
        assert_eq!(shown(&format!("show={plain}")), 1);
        assert_eq!(shown(&format!("hide={plain}")), exhibit.readouts.len() - 1);
        assert_eq!(shown("hide=readouts"), 0);
    }

    #[test]
    fn an_embed_shows_main_controls_and_named_ones() {
        let exhibit = &EXHIBIT;
        let grouped = exhibit.controls.iter().find(|c| matches!(c.place, Place::Group(_))).unwrap();
        assert!(shows(&link(""), grouped));
        assert!(!shows(&link("embed=1"), grouped));
        assert!(shows(&link(&format!("embed=1&show={}", grouped.key)), grouped));
        let main = exhibit.controls.iter().find(|c| c.place == Place::Main).unwrap();
        assert!(shows(&link("embed=1"), main));
        assert!(!shows(&link(&format!("embed=1&hide={}", main.key)), main));
        assert!(!shows(&link("hide=controls"), main));
    }
}
