//! The typed messages between the page and the worker, in one compact encoding (postcard).

pub use exhibit::Backend;
use figures::Figure;
use serde::{Deserialize, Serialize};

/// Changes whenever a message changes its form (`build.rs`); the page reloads once when the worker's differs.
pub const ABI: u32 = match u32::from_str_radix(env!("DEPTHSCOPE_ABI"), 10) {
    Ok(number) => number,
    Err(_) => panic!("build.rs gives a number"),
};

/// The generation of a [`Reply::Failed`] that holds a panic's text: it belongs to no run, and the worker is lost.
pub const PANIC_GENERATION: u32 = u32::MAX;

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Compute an exhibit at these control values; cancels the older run of the same exhibit.
    Run(Run),
    /// Stop the running job.
    Stop,
    /// Say what lies at a place of a figure that can be asked about.
    Ask {
        /// The figure's id.
        figure: String,
        /// The place, in the figure's data units.
        at: [f64; 2],
    },
    /// Hand over the nets that the shown exhibit has measured.
    Export,
    /// Keep a person's own files as a data set, in the place of those before.
    Open {
        /// Names and bytes.
        files: Vec<(String, Vec<u8>)>,
    },
    /// Time the fixed tasks of the bench mode.
    Bench,
    /// Do a part of a job that another worker runs.
    Part {
        /// Its number, which the answer carries.
        ticket: u64,
        /// The exhibit's id.
        owner: String,
        /// The part, in that exhibit's own encoding.
        part: Vec<u8>,
    },
    /// Leave a part undone: another core does it, or nobody waits for it any more. One that waits is dropped; one that has
    /// begun may end at its next checkpoint. An answer that comes nevertheless means nothing.
    Recall {
        /// The part's number.
        ticket: u64,
    },
    /// Sent with a port to a worker that is to help another: it listens and answers there.
    Serve,
    /// Sent with a port to a worker that asked for [`Reply::Helpers`]: a helper listens at the other end.
    Helper {
        /// Which of those that were asked for.
        place: u32,
    },
    /// From a worker to one that helps it: the answer to [`Reply::Wants`].
    Bring {
        /// The pack's name.
        pack: String,
        /// Its bytes; absent where it is not kept any more.
        bytes: Option<Vec<u8>>,
    },
    /// A helper is gone; what it did has to be done again.
    Lost {
        /// Its place.
        place: u32,
    },
    /// Say [`Reply::Alive`].
    Ping,
    /// Do nothing any more, not even listen, so that the recovery can be tested.
    Hang,
    /// Panic, so that the recovery can be tested.
    Panic,
    /// Have a worker of the pool panic with its next part.
    PanicInPool,
}

/// What to compute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Grows with each request; answers carry it.
    pub generation: u32,
    /// The exhibit's id.
    pub exhibit: String,
    /// Control keys and values as an address writes them; absent ones are at their default.
    pub controls: Vec<(String, String)>,
    /// Figures that are in view; others may be left out.
    pub figures: Vec<String>,
    /// Figures of which there is a picture.
    pub kept: Vec<String>,
    /// Which hardware.
    pub backend: Backend,
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// Sent once, first.
    Ready {
        /// The worker's [`ABI`].
        abi: u32,
        /// What computes, in words, e.g. `CPU, WebAssembly SIMD`.
        device: String,
    },
    /// Part of an answer. Later frames of a run replace what earlier ones said of the same figure or readout.
    Frame {
        /// The run's generation.
        generation: u32,
        /// The content.
        frame: Frame,
    },
    /// The run is complete.
    Done {
        /// The run's generation.
        generation: u32,
        /// How long it took, in milliseconds.
        millis: f64,
    },
    /// The run ended with an error; the sentence is for the user.
    Failed {
        /// The run's generation.
        generation: u32,
        /// What happened and what to try.
        message: String,
    },
    /// The answer to [`Request::Part`], or a sentence.
    Part {
        /// The part's number.
        ticket: u64,
        /// The answer, in the exhibit's own encoding.
        answer: Result<Vec<u8>, String>,
    },
    /// The answer to [`Request::Ask`].
    Told {
        /// The figure's id.
        figure: String,
        /// What there is: names and values.
        lines: Vec<(String, String)>,
    },
    /// The answer to [`Request::Export`].
    Exported {
        /// Names and bytes; none where no net has been measured.
        files: Vec<(String, Vec<u8>)>,
    },
    /// The answer to [`Request::Open`]: the data set, or why there is none, in a sentence; what was kept before stays then.
    Opened(Result<Opened, String>),
    /// Start more workers of the same script, and send each a line to this one.
    Helpers {
        /// Numbers by which this worker tells them apart; one that is in use is for another in its place.
        places: Vec<u32>,
    },
    /// From a worker that helps another: it needs a pack of a person's own files, which only that one has.
    Wants {
        /// The pack's name.
        pack: String,
    },
    /// The answer to [`Request::Ping`].
    Alive,
    /// One line of the bench mode.
    BenchLine {
        /// The task's name.
        task: String,
        /// The measured figures in words.
        line: String,
    },
    /// The worker's part of the bench mode is over.
    BenchDone,
}

/// A data set of one's own that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The value of the control that stands for it.
    pub id: String,
    /// What it is, in sentences.
    pub told: String,
}

/// A part of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Pictures that are new.
    pub figures: Vec<Figure>,
    /// Ids of pictures that are what they were for the request before, and are not sent again.
    pub unchanged: Vec<String>,
    /// Readouts that are new, by key.
    pub readouts: Vec<(String, Readout)>,
    /// Special values on slider tracks; replaces all earlier marks of the controls that it names.
    pub marks: Vec<Mark>,
    /// What the user is to know (a fixed point that does not exist, generated data in place of real), in the place of what
    /// earlier frames of the run said; absent for no change. A run that says nothing until its end has nothing to say.
    pub notices: Option<Vec<Notice>>,
    /// How far the work has come, where it is worth showing; absent for no change.
    pub progress: Option<Option<Progress>>,
}

/// Something that the user is to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The key of the control that it is about, if it is about one.
    pub control: Option<String>,
    /// One sentence or more.
    pub text: String,
}

impl Notice {
    /// A notice about a control.
    #[must_use]
    pub fn about(control: &str, text: String) -> Self {
        Self { control: Some(control.to_owned()), text }
    }
}

impl From<String> for Notice {
    fn from(text: String) -> Self {
        Self { control: None, text }
    }
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// In `[0, 1]`.
    pub share: f32,
    /// What is being done.
    pub what: String,
}

/// A special value on a slider's track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The control's key.
    pub control: String,
    /// Where.
    pub value: f64,
    /// What it is, e.g. `critical`.
    pub label: String,
}

/// The value of a readout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Readout {
    /// A finite number.
    Number(f64),
    /// Infinite.
    Infinite,
    /// There is no such number, with the reason in a few words.
    Undefined(String),
    /// A word.
    Text(String),
}

impl Readout {
    /// A number, or infinite, or undefined for a NaN.
    #[must_use]
    pub fn from_f64(value: f64) -> Self {
        if value.is_finite() {
            Self::Number(value)
        } else if value.is_nan() {
            Self::Undefined("not a number".into())
        } else {
            Self::Infinite
        }
    }
}

impl From<f64> for Readout {
    fn from(value: f64) -> Self {
        Self::from_f64(value)
    }
}

/// A message that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the message between page and worker could not be read: {0}")]
pub struct DecodeError(#[from] postcard::Error);

/// Encodes a message.
///
/// # Errors
/// Never for the types of this crate; the signature is postcard's.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, DecodeError> {
    Ok(postcard::to_stdvec(message)?)
}

/// Decodes a message.
///
/// # Errors
/// [`DecodeError`] when the bytes are not such a message.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, DecodeError> {
    Ok(postcard::from_bytes(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::{Axis, Device, Layer, Role, Samples, Stroke, View};

    #[test]
    fn a_reply_survives_the_way() {
        let figure = Figure {
            id: "length-map".into(),
            title: "t".into(),
            x: Axis::linear("q", 0.0, 1.0),
            y: Axis::log("V", 0.1, 1.0),
            layers: vec![Layer::Line {
                name: "theory".into(),
                role: Role::Theory,
                stroke: Stroke::Solid,
                x: Samples(vec![0.0, 1.0]),
                y: Samples(vec![f32::NAN, -2.5]),
            }],
            view: View::Plane,
            alt: String::new(),
            note: None,
            device: Device::Theory,
        };
        let frame =
            Frame { figures: vec![figure], readouts: vec![("q_star".into(), Readout::Infinite)], ..Frame::default() };
        let bytes = encode(&Reply::Frame { generation: 7, frame: frame.clone() }).unwrap();
        let Reply::Frame { generation, frame: back } = decode(&bytes).unwrap() else { panic!("another reply") };
        assert_eq!(generation, 7);
        assert_eq!(format!("{back:?}"), format!("{frame:?}"));
    }

    #[test]
    fn cut_bytes_are_an_error() {
        let bytes = encode(&Request::Bench).unwrap();
        assert!(decode::<Request>(&bytes[..bytes.len() - 1]).is_err());
    }
}
