//! Tests of the built page in a real browser. `cargo xtask test page site` builds the page and runs them;
//! `DEPTHSCOPE_SCREENSHOTS` names a folder for pictures.

mod address;
mod announced;
mod browsers;
mod composition;
mod controls;
mod embed;
mod failures;
mod faults;
mod forced;
mod layout;
mod module;
mod numbers;
mod offline;
mod own;
mod pad;
mod paper;
mod ready;
mod regions;
mod sawtooth;
mod training;
mod typed;
mod unmount;
mod ways;
