//! What others write into addresses: trackers of clicks and mails, hosts, caches.

/// Heads of families of keys.
const FAMILIES: [&str; 13] =
    ["utm_", "_ga", "_gl", "mc_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "_hs", "oly_", "vero_", "vscode"];
/// Whole keys.
const KEYS: [&str; 56] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "gad",
    "gad_source",
    "gad_campaignid",
    "msclkid",
    "yclid",
    "ymclid",
    "ysclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "lipi",
    "igshid",
    "igsh",
    "rdt_cid",
    "epik",
    "scid",
    "sccid",
    "irclickid",
    "rb_clickid",
    "wickedid",
    "zanpid",
    "mkt_tok",
    "mkevt",
    "s_cid",
    "s_kwcid",
    "cmpid",
    "cid",
    "ncid",
    "ref",
    "ref_",
    "ref_src",
    "ref_url",
    "referrer",
    "referer",
    "source",
    "src",
    "from",
    "via",
    "share",
    "trk",
    "trkcampaign",
    "tracking_id",
    "usp",
    "feature",
    "spm",
    "si",
    "nocache",
    "cachebuster",
    "_",
    "ts",
];

/// Whether a key is one that others are known to write, and that is no news to anybody.
pub(crate) fn is_foreign(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    KEYS.contains(&key.as_str()) || FAMILIES.iter().any(|family| key.starts_with(family))
}
