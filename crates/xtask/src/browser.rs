//! Finding, and on Debian and Ubuntu installing, what the browser tests need.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::sh;

/// A browser and the driver that speaks for it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Chromium or Chrome.
    pub chrome: PathBuf,
    /// ChromeDriver of the same major version.
    pub driver: PathBuf,
}

const CHROMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const DRIVERS: [&str; 2] = ["chromedriver", "chromium.chromedriver"];

/// Flags for a browser under test: no window, no sandbox (containers), no talk to the outside.
pub const CHROME_FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--hide-scrollbars",
];

/// Flags that give WebGPU on a software adapter, for tests that want one; `--disable-gpu` must be left out then.
pub const SOFTWARE_WEBGPU_FLAGS: [&str; 8] = [
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-vulkan-surface",
];

impl Browser {
    /// The browser and driver of this machine: `$CHROME` and `$CHROMEDRIVER`, else what is on the `PATH`.
    #[must_use]
    pub fn find() -> Option<Self> {
        let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
        let first = |names: &[&str]| names.iter().find_map(|name| sh::which(name));
        let chrome = named("CHROME").or_else(|| first(&CHROMES))?;
        let driver = named("CHROMEDRIVER").or_else(|| first(&DRIVERS))?;
        Some(Self { chrome, driver })
    }

    /// Finds the browser, installing it with apt on Debian and Ubuntu, and checks that the two versions fit.
    ///
    /// # Errors
    /// One sentence that names what to install.
    pub fn ensure() -> Result<Self> {
        if let Some(browser) = Self::find() {
            return browser.checked();
        }
        let wanted = "Chromium and ChromeDriver of the same version (or set CHROME and CHROMEDRIVER to their paths)";
        match distribution().as_deref() {
            Some("debian") => apt_install(&["chromium", "chromium-driver"]),
            Some("ubuntu") => apt_install(&["chromium-browser", "chromium-chromedriver"]),
            _ => bail!("The browser tests need {wanted}; please install them."),
        }
        .with_context(|| format!("apt-get could not install the browser; please install {wanted}"))?;
        Self::find().with_context(|| format!("After installing them, {wanted} are still not on the PATH."))?.checked()
    }

    /// A driver refuses a browser of another major version with a message that does not say so.
    fn checked(self) -> Result<Self> {
        let (chrome, driver) = (major_version(&self.chrome)?, major_version(&self.driver)?);
        if chrome != driver {
            let (a, b) = (self.chrome.display(), self.driver.display());
            bail!("{a} is version {chrome} but {b} is version {driver}; please install both from one source.");
        }
        Ok(self)
    }
}

/// Firefox, which needs no driver beside it.
#[derive(Clone, Debug)]
pub struct Firefox {
    /// `$FIREFOX`, else the one on the `PATH`.
    pub program: PathBuf,
}

/// What a new profile is told: nothing is fetched or reported from outside, and nothing asks a question.
const FIREFOX_PREFERENCES: [(&str, &str); 9] = [
    ("app.normandy.enabled", "false"),
    ("app.update.disabledForTesting", "true"),
    ("browser.shell.checkDefaultBrowser", "false"),
    ("browser.startup.page", "0"),
    ("datareporting.policy.dataSubmissionEnabled", "false"),
    ("network.captive-portal-service.enabled", "false"),
    ("network.connectivity-service.enabled", "false"),
    ("services.settings.server", "\"data:,\""),
    ("toolkit.telemetry.reportingpolicy.firstRun", "false"),
];

impl Firefox {
    /// Finds it, installing it with apt on Debian.
    ///
    /// # Errors
    /// One sentence that names what to install.
    pub fn ensure() -> Result<Self> {
        let find = || {
            let named = std::env::var_os("FIREFOX").map(PathBuf::from).filter(|path| path.is_file());
            let program = named.or_else(|| ["firefox-esr", "firefox"].iter().find_map(|name| sh::which(name)))?;
            Some(Self { program })
        };
        let wanted = "Firefox (or set FIREFOX to its path)";
        ensure(find, wanted, &["firefox-esr"])
    }

    /// Makes a profile for tests.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn prepare(&self, profile: &Path) -> Result<()> {
        std::fs::create_dir_all(profile).with_context(|| format!("could not make {}", profile.display()))?;
        let lines = FIREFOX_PREFERENCES.map(|(key, value)| format!("user_pref(\"{key}\", {value});\n"));
        let file = profile.join("user.js");
        std::fs::write(&file, lines.concat()).with_context(|| format!("could not write {}", file.display()))
    }
}

/// GTK's WebKit: its small browser, the driver that speaks for it, and a screen that need not be there.
#[derive(Clone, Debug)]
pub struct WebKit {
    /// MiniBrowser, `$MINIBROWSER` if that is set.
    pub browser: PathBuf,
    /// WebKitWebDriver.
    pub driver: PathBuf,
    /// Xvfb.
    pub screen: PathBuf,
}

impl WebKit {
    /// Finds all three, installing them with apt on Debian.
    ///
    /// # Errors
    /// One sentence that names what to install.
    pub fn ensure() -> Result<Self> {
        ensure(
            Self::find,
            "WebKitGTK's MiniBrowser (or set MINIBROWSER to its path), WebKitWebDriver and Xvfb",
            &["webkit2gtk-driver", "xvfb"],
        )
    }

    fn find() -> Option<Self> {
        let named = std::env::var_os("MINIBROWSER").map(PathBuf::from).filter(|path| path.is_file());
        // Beside the library, in a folder of the machine's kind and the library's version.
        let folders = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|kind| kind.path());
        let in_folders = || {
            let versions = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
            let places = folders.flat_map(|kind| versions.map(|version| kind.join(version).join("MiniBrowser")));
            places.into_iter().find(|place| place.is_file())
        };
        Some(Self {
            browser: named.or_else(in_folders)?,
            driver: sh::which("WebKitWebDriver")?,
            screen: sh::which("Xvfb")?,
        })
    }
}

/// Whether this system's packages are those that the browsers are known to be in.
#[must_use]
pub fn can_install() -> bool {
    distribution().as_deref() == Some("debian")
}

fn ensure<T>(find: impl Fn() -> Option<T>, wanted: &str, packages: &[&str]) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if !can_install() {
        bail!("The browser tests need {wanted}; please install it.");
    }
    apt_install(packages).with_context(|| format!("apt-get could not install it; please install {wanted}"))?;
    find().with_context(|| format!("After installing, {wanted} is still not found."))
}

/// Mesa's software Vulkan, by which native GPU code is tested without a GPU.
///
/// # Errors
/// One sentence that names what to install.
pub fn ensure_software_vulkan() -> Result<()> {
    let folders = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    let has_lavapipe = |folder: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().starts_with("lvp_icd"))
    };
    if !cfg!(target_os = "linux")
        || std::env::var_os("VK_ICD_FILENAMES").is_some()
        || folders.into_iter().any(has_lavapipe)
    {
        return Ok(());
    }
    match distribution().as_deref() {
        Some("debian" | "ubuntu") => apt_install(&["mesa-vulkan-drivers", "libvulkan1"]),
        _ => bail!("The tests of GPU kernels need Mesa's software Vulkan driver (lavapipe); please install it."),
    }
}

fn major_version(program: &Path) -> Result<u32> {
    let said = sh::output(Command::new(program).arg("--version"))?;
    let version = said.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok());
    version.with_context(|| format!("`{} --version` printed no version: {said}", program.display()))
}

/// `debian`, `ubuntu`, or the one of the two that this system says it is like.
fn distribution() -> Option<String> {
    let release = std::fs::read_to_string("/etc/os-release").ok()?;
    sh::which("apt-get")?;
    distribution_from_release(&release)
}

fn distribution_from_release(release: &str) -> Option<String> {
    let value = |key: &str| release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let words = [value("ID"), value("ID_LIKE")].into_iter().flatten();
    let mut names = words.flat_map(|value| value.trim_matches('"').split_whitespace());
    names.find(|name| ["debian", "ubuntu"].contains(name)).map(str::to_owned)
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let is_root = sh::output(Command::new("id").arg("-u"))? == "0";
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]).args(arguments);
        sh::run(&mut command)
    };
    apt(&["update"])?;
    apt(&[&["install", "--no-install-recommends"], packages].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_is_read_from_its_release_file() {
        let of = |text: &str| distribution_from_release(text);
        assert_eq!(of("NAME=x\nID=debian\n").as_deref(), Some("debian"));
        assert_eq!(of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n").as_deref(), Some("ubuntu"));
        assert_eq!(of("ID=fedora\n"), None);
    }
}
