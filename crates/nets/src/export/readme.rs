//! What is said beside exported nets.

use std::collections::BTreeSet;

use super::NetFile;

/// What a reader must know to make a net again, and what was found on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// What net it is, in a sentence.
    pub what: String,
    /// How it was made: initialisation, loss, optimiser, batches, steps.
    pub recipe: String,
    /// The seed of all that is random in it.
    pub seed: Option<u64>,
    /// What it was trained on, if it was.
    pub data: String,
    /// What was measured.
    pub measured: Vec<Measured>,
}

/// A number that was measured on a net.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The readout's key.
    pub readout: String,
    /// What it is, and over which points.
    pub what: String,
    /// What it was.
    pub value: f64,
    /// How to find it again.
    pub recompute: Recompute,
}

impl Measured {
    /// A number that some lines of Python find again: see [`Recompute::Python`].
    #[must_use]
    pub fn with_python(readout: &str, what: &str, value: f64, lines: impl Into<String>) -> Self {
        Self { readout: readout.into(), what: what.into(), value, recompute: Recompute::Python(lines.into()) }
    }
}

/// How a number is found again, by the functions of `recompute.py`.
#[derive(Clone, Debug, PartialEq)]
pub enum Recompute {
    /// The number of distinct activation patterns at the middles of `side × side` pixels of a window.
    Patterns {
        /// Left and right edge.
        x: (f64, f64),
        /// Lower and upper edge.
        y: (f64, f64),
        /// Pixels of a side.
        side: usize,
    },
    /// Lines of Python that leave the number in `found`. They have `net`, and may call `outputs(net, x)`,
    /// `pre_activations(net, x)`, `patterns(net, x)` and `grid(x, y, side)`; `np` is NumPy.
    Python(String),
}

impl Recompute {
    fn lines(&self) -> String {
        match self {
            Self::Patterns { x, y, side } => {
                format!("found = patterns(net, grid(({:?}, {:?}), ({:?}, {:?}), {side}))", x.0, x.1, y.0, y.1)
            }
            Self::Python(lines) => lines.trim_end().to_owned(),
        }
    }
}

/// The nets of one export with all that is said of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    title: String,
    introduction: String,
    nets: Vec<(NetFile, About)>,
}

impl Export {
    /// Without nets yet. The introduction is a paragraph: which exhibit, which settings, which link.
    #[must_use]
    pub fn new(title: &str, introduction: &str) -> Self {
        Self { title: title.to_owned(), introduction: introduction.to_owned(), nets: Vec::new() }
    }

    /// Takes a net. Of two of one name the later one's file has a number behind its name.
    pub fn add(&mut self, net: NetFile, about: About) {
        self.nets.push((net, about));
    }

    /// Whether there are no nets.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nets.is_empty()
    }

    /// All files with their names: `README.md`, `recompute.py`, and a `.safetensors` for each net. Empty without nets.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        if self.nets.is_empty() {
            return Vec::new();
        }
        let names = self.names();
        let texts = [("README.md", self.readme(&names)), ("recompute.py", self.program(&names))];
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()));
        texts.chain(names.iter().zip(&self.nets).map(|(name, (net, _))| (name.clone(), net.to_bytes()))).collect()
    }

    fn names(&self) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let free = |net: &NetFile| {
            let with_number = (2..).map(|k| format!("{}-{k}.safetensors", net.name()));
            let mut all = std::iter::once(format!("{}.safetensors", net.name())).chain(with_number);
            all.find(|name| taken.insert(name.clone())).unwrap_or_default()
        };
        self.nets.iter().map(|(net, _)| net).map(free).collect()
    }

    fn readme(&self, names: &[String]) -> String {
        let mut text = format!("# {}\n\n{}\n\n{HOW}", self.title, self.introduction);
        let an_mlp =
            self.nets.iter().zip(names).find(|((net, _), _)| net.metadata().get("kind").is_some_and(|k| k == "mlp"));
        if let Some(((net, _), name)) = an_mlp {
            text += &in_pytorch(net, name);
        }
        for ((net, about), name) in self.nets.iter().zip(names) {
            text += &format!("\n## {name}\n\n");
            let seed = about.seed.map_or_else(String::new, |seed| seed.to_string());
            let said = [("", &about.what), ("Recipe: ", &about.recipe), ("Seed: ", &seed), ("Data: ", &about.data)];
            let said = said.into_iter().filter(|(_, what)| !what.is_empty());
            text += &said.map(|(label, what)| format!("{label}{what}\n\n")).collect::<String>();
            text += "| tensor | shape |\n| --- | --- |\n";
            for (tensor, held) in net.tensors() {
                let shape: Vec<String> = held.shape.iter().map(usize::to_string).collect();
                text += &format!("| `{tensor}` | ({}) |\n", shape.join(", "));
            }
            for measured in &about.measured {
                let Measured { readout, what, value, recompute } = measured;
                text += &format!("\n`{readout}` = {value:?}: {what}. Again:\n\n```python\n");
                text += &format!("net = load(\"{name}\")\n{}\nprint(found)\n```\n", recompute.lines());
            }
        }
        text
    }

    fn program(&self, names: &[String]) -> String {
        let mut text = PROGRAM.to_owned();
        for ((_, about), name) in self.nets.iter().zip(names) {
            text += &format!("\n    net = load(os.path.join(here, \"{name}\"))\n");
            for Measured { readout, value, recompute, .. } in &about.measured {
                let value = if value.is_finite() { format!("{value:?}") } else { format!("float(\"{value}\")") };
                let lines = recompute.lines().replace('\n', "\n    ");
                text += &format!("    {lines}\n    compare(\"{name}\", \"{readout}\", {value}, found)\n");
            }
        }
        text
    }
}

const PROGRAM: &str = include_str!("recompute.py");

const HOW: &str = "Each `.safetensors` file is a net: weights are (out, in), `layers.0` is the first layer. The metadata in \
its header say which activation lies between the layers (`activation`); after the last layer there is none.

`python3 recompute.py` measures everything again and prints it beside what was recorded (Python 3 and NumPy). Its functions \
compute in double precision; where a net was measured in single precision, expect agreement to about six digits. The lines \
below work after `from recompute import *`.
";

/// How PyTorch loads the first perceptron.
fn in_pytorch(net: &NetFile, name: &str) -> String {
    let shape = |l: usize| net.tensors().get(&format!("layers.{l}.weight")).map(|tensor| tensor.shape.clone());
    let layers: Vec<Vec<usize>> = (0..).map_while(shape).collect();
    let widths: Vec<String> =
        layers.iter().map(|shape| shape[1]).chain(layers.last().map(|s| s[0])).map(|n| n.to_string()).collect();
    format!(
        "
In PyTorch, with the package `safetensors`:

```python
import torch
from safetensors.torch import load_file

class Net(torch.nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

net = Net([{}])
net.load_state_dict(load_file(\"{name}\"))
```
",
        widths.join(", ")
    )
}
