//! `index.html` and `Trunk.toml` read as Trunk reads them: whoever has Trunk can build the shell with it, and `cargo xtask
//! build` needs no Trunk. Only what the two files use is understood; all else is an error that names it.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::files::{file_names, short_hash};
use crate::lean::lean_sheet;
use crate::wasm::Names;

/// What `Trunk.toml` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The page, below the workspace's root.
    pub(crate) target: PathBuf,
    /// The built folder, below the workspace's root.
    pub(crate) dist: PathBuf,
    /// The base of the page's addresses.
    public_url: String,
}

/// The page as it stands in the sources.
#[derive(Debug)]
pub(crate) struct Shell {
    html: String,
    tags: Vec<(Range<usize>, Asset)>,
}

/// What a tag of `index.html` stands for.
#[derive(Debug, PartialEq, Eq)]
enum Asset {
    /// `<base data-trunk-public-url>`.
    Base,
    /// A style sheet, which gets a name by its content.
    Css { href: String },
    /// A file, copied into a folder under its own name.
    CopyFile { href: String, target: String },
    /// A folder, copied to another.
    CopyDir { href: String, target: String },
    /// The page's module.
    Rust(Main),
}

/// The page's module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Main {
    pub(crate) bin: String,
    pub(crate) profile: String,
}

impl Settings {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join("Trunk.toml")).context("could not read Trunk.toml")?;
        Self::parse(&text).context("Trunk.toml")
    }

    fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse()?;
        let build = table.get("build").and_then(toml::Value::as_table).context("there is no [build]")?;
        // Of the page itself nothing is minified, and nothing else is asked for here.
        let known = ["target", "dist", "public_url", "minify"];
        if let Some(unknown) = build.keys().find(|key| !known.contains(&key.as_str())) {
            bail!("`cargo xtask build` does not know `{unknown}` of [build]");
        }
        let value =
            |key: &str| build.get(key).and_then(toml::Value::as_str).with_context(|| format!("there is no {key}"));
        if value("minify")? != "never" {
            bail!("`cargo xtask build` knows minify = \"never\" only");
        }
        Ok(Self {
            target: value("target")?.into(),
            dist: value("dist")?.into(),
            public_url: value("public_url")?.to_owned(),
        })
    }
}

impl Shell {
    /// Reads a page.
    pub(crate) fn parse(html: String) -> Result<Self> {
        let mut tags = Vec::new();
        for range in tags_with(&html, "data-trunk") {
            let tag = &html[range.clone()];
            tags.push((range, Asset::parse(tag).with_context(|| format!("in the tag {tag}"))?));
        }
        for range in tags_with(&html, "data-trunk-public-url") {
            tags.push((range, Asset::Base));
        }
        tags.sort_by_key(|(range, _)| range.start);
        Ok(Self { html, tags })
    }

    /// The page's module.
    pub(crate) fn main(&self) -> Result<&Main> {
        let mut mains = self.tags.iter().filter_map(|(_, asset)| match asset {
            Asset::Rust(main) => Some(main),
            _ => None,
        });
        mains.next().context("index.html has no link of rel=\"rust\"")
    }

    /// Copies what the page names from `root` to `dist`, and returns the page with links to it. `names` are the files of
    /// its module.
    pub(crate) fn write(&self, settings: &Settings, root: &Path, dist: &Path, names: &Names) -> Result<String> {
        let (mut page, mut done) = (String::new(), 0);
        for (range, asset) in &self.tags {
            page += &self.html[done..range.start];
            page += &asset.write(settings, root, dist, names)?;
            done = range.end;
        }
        Ok(page + &self.html[done..])
    }
}

impl Asset {
    fn parse(tag: &str) -> Result<Self> {
        let attributes = attributes(tag);
        let value = |name: &str| {
            let found = attributes.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.clone());
            found.with_context(|| format!("there is no `{name}`"))
        };
        let rel = value("rel")?;
        let known: &[&str] = match rel.as_str() {
            "css" => &["href"],
            "copy-file" | "copy-dir" => &["href", "data-target-path"],
            "rust" => &["href", "data-type", "data-bin", "data-cargo-profile", "data-wasm-opt", "data-integrity"],
            other => bail!("`cargo xtask build` does not know rel=\"{other}\""),
        };
        let is_known = |key: &str| ["data-trunk", "rel"].contains(&key) || known.contains(&key);
        if let Some((unknown, _)) = attributes.iter().find(|(key, _)| !is_known(key)) {
            bail!("`cargo xtask build` does not know `{unknown}` of rel=\"{rel}\"");
        }
        let fixed = |name: &str, only: &str| match value(name)? {
            value if value == only => Ok(()),
            other => bail!("`cargo xtask build` knows {name}=\"{only}\" only, not \"{other}\""),
        };
        Ok(match rel.as_str() {
            "css" => Self::Css { href: value("href")? },
            "copy-file" => Self::CopyFile { href: value("href")?, target: value("data-target-path")? },
            "copy-dir" => Self::CopyDir { href: value("href")?, target: value("data-target-path")? },
            _ => {
                fixed("data-type", "main")?;
                fixed("data-wasm-opt", "0")?;
                fixed("data-integrity", "none")?;
                Self::Rust(Main { bin: value("data-bin")?, profile: value("data-cargo-profile")? })
            }
        })
    }

    /// Puts it into the built folder, and returns what stands for it in the page.
    fn write(&self, settings: &Settings, root: &Path, dist: &Path, names: &Names) -> Result<String> {
        Ok(match self {
            Self::Base => format!("<base href=\"{}\">", settings.public_url),
            Self::Css { href } => {
                let sheet = fs::read_to_string(root.join(href)).with_context(|| format!("could not read {href}"))?;
                let sheet = lean_sheet(&sheet);
                let stem = Path::new(href).file_stem().unwrap_or_default().to_string_lossy();
                let name = format!("{stem}-{}.css", short_hash(sheet.as_bytes()));
                fs::write(dist.join(&name), sheet)?;
                format!("<link rel=\"stylesheet\" href=\"{name}\">")
            }
            Self::CopyFile { href, target } => {
                let name = Path::new(href).file_name().with_context(|| format!("{href} names no file"))?;
                copy(&root.join(href), &dist.join(target).join(name))?;
                String::new()
            }
            Self::CopyDir { href, target } => {
                for name in file_names(&root.join(href))? {
                    copy(&root.join(href).join(&name), &dist.join(target).join(&name))?;
                }
                String::new()
            }
            // Loaded by a call, so that a file that does not come can be told in the page. Both files are asked for before the call
            // is reached.
            Self::Rust(_) => {
                let Names { glue, module } = names;
                format!(
                    "<link rel=\"modulepreload\" href=\"{glue}\">\
                     <link rel=\"preload\" href=\"{module}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\
                     <script type=\"module\">import(new URL(\"{glue}\", document.baseURI))\
                     .then(page => page.default({{ module_or_path: new URL(\"{module}\", document.baseURI) }}))\
                     .catch(depthscopeMissing)</script>"
                )
            }
        })
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| format!("could not copy {}", from.display()))?;
    Ok(())
}

/// Where the tags with an attribute of this name stand.
fn tags_with(html: &str, attribute: &str) -> Vec<Range<usize>> {
    let starts = html.match_indices('<').map(|(start, _)| start);
    let ranges = starts.filter_map(|start| Some(start..start + html[start..].find('>')? + 1));
    ranges.filter(|range| attributes(&html[range.clone()]).iter().any(|(key, _)| key == attribute)).collect()
}

/// The attributes of a tag whose values, if any, are in double quotes.
fn attributes(tag: &str) -> Vec<(String, Option<String>)> {
    let mut rest = tag.trim_start_matches('<').trim_end_matches(['>', '/']);
    rest = rest.trim_start_matches(|letter: char| !letter.is_whitespace()).trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let quoted = after.strip_prefix("=\"").and_then(|after| after.split_once('"'));
        found.push((key.to_owned(), quoted.map(|(value, _)| value.to_owned())));
        let after = quoted.map_or_else(|| after.trim_start_matches('='), |(_, after)| after);
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = r#"<link data-trunk rel="rust" data-type="main" href="web/Cargo.toml" data-bin="web"
        data-cargo-profile="page" data-wasm-opt="0" data-integrity="none">"#;

    fn root() -> PathBuf {
        PathBuf::from("../..")
    }

    #[test]
    fn the_project_is_understood() {
        let settings = Settings::read(&root()).unwrap();
        let shell = Shell::parse(fs::read_to_string(root().join(&settings.target)).unwrap()).unwrap();
        assert_eq!(shell.main().unwrap(), &Main { bin: "web".into(), profile: "page".into() });
        assert!(shell.tags.iter().any(|(_, asset)| *asset == Asset::Base), "{shell:?}");
        assert_eq!(settings, Settings { target: "index.html".into(), dist: "dist".into(), public_url: "./".into() });
    }

    #[test]
    fn each_kind_of_tag_is_copied_and_linked() {
        let folder = std::env::temp_dir().join(format!("depthscope-xtask-bundle-{}", std::process::id()));
        let (root, dist) = (folder.join("root"), folder.join("dist"));
        fs::create_dir_all(root.join("fonts/deep")).unwrap();
        fs::create_dir_all(&dist).unwrap();
        for (name, text) in [("a.css", "b{}"), ("icon.svg", "<svg/>"), ("fonts/deep/x.woff2", "font")] {
            fs::write(root.join(name), text).unwrap();
        }
        let html = format!(
            "<head><base data-trunk-public-url><link data-trunk rel=\"css\" href=\"a.css\">\n<link rel=\"icon\" href=\"i\">\
             <link data-trunk rel=\"copy-file\" href=\"icon.svg\" data-target-path=\"assets\"/>\
             <link data-trunk rel=\"copy-dir\" href=\"fonts\" data-target-path=\"assets/fonts\">{RUST}</head>"
        );
        let settings = Settings { target: "index.html".into(), dist: "dist".into(), public_url: "./".into() };
        let names = Names { glue: "web-1.js".into(), module: "web-2_bg.wasm".into() };
        let page = Shell::parse(html).unwrap().write(&settings, &root, &dist, &names).unwrap();
        let css =
            format!("<link rel=\"stylesheet\" href=\"a-{}.css\">\n<link rel=\"icon\" href=\"i\">", short_hash(b"b{}"));
        assert!(page.starts_with(&format!("<head><base href=\"./\">{css}<link rel=\"modulepreload\"")), "{page}");
        assert!(page.contains("href=\"web-2_bg.wasm\"") && page.ends_with("</script></head>"), "{page}");
        assert!(dist.join("assets/icon.svg").is_file() && dist.join("assets/fonts/deep/x.woff2").is_file());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (tag, named) in [
            ("<link data-trunk rel=\"sass\" href=\"a.scss\">", "rel=\"sass\""),
            ("<link data-trunk rel=\"css\" href=\"a.css\" data-no-minify>", "data-no-minify"),
            ("<link data-trunk rel=\"css\">", "href"),
            ("<script data-trunk src=\"a.js\"></script>", "rel"),
            (&RUST.replace("\"main\"", "\"worker\""), "worker"),
        ] {
            let error = format!("{:#}", Shell::parse(tag.to_owned()).unwrap_err());
            assert!(error.contains(named) && error.contains("in the tag <"), "{tag}: {error}");
        }
        let error = Settings::parse("[build]\nfilehash = false").unwrap_err().to_string();
        assert!(error.contains("filehash"), "{error}");
    }
}
