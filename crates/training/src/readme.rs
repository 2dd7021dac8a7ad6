//! What is said beside a net's file.

use nets::export::{places, pytorch_class};

use crate::{DataSet, TrainedNet, TrainingError};

impl TrainedNet {
    /// The net's file with a class of PyTorch that takes it, and a README that says how it was made and how to load it.
    ///
    /// # Errors
    /// For parameters of another net than the origin's.
    pub fn files(&self, name: &str) -> Result<Vec<(String, Vec<u8>)>, TrainingError> {
        let file = self.to_file(name)?;
        let name = file.name().to_owned();
        let net = self.origin.net()?;
        let module = name.replace(['-', '.'], "_");
        Ok(vec![
            (format!("{name}.safetensors"), file.to_bytes()),
            (format!("{module}.py"), pytorch_class(&net).into_bytes()),
            ("README.md".to_owned(), self.readme(&name, &module)?.into_bytes()),
        ])
    }

    fn readme(&self, name: &str, module: &str) -> Result<String, TrainingError> {
        let origin = &self.origin;
        let [rows, cols] = origin.image;
        let data = DataSet::from_key(&origin.data).map_or_else(|| origin.data.clone(), |set| set.label().to_owned());
        let mut text = format!("# {name}\n\nA {}, trained on {data}.\n\n", origin.spec.model);
        let mut said = vec![format!("{} steps of {} images", origin.steps, origin.recipe.batch)];
        said.push(origin.recipe.optimiser.to_string());
        said.push(format!("seed {}", origin.recipe.seed));
        if origin.recipe.distortion.is_some() {
            said.push("every image distorted anew each time".to_owned());
        }
        text += &format!("{}.\n\n", said.join("; "));
        for (what, error) in [("training", origin.scores.train_error), ("test", origin.scores.test_error)] {
            if let Some(error) = error {
                text += &format!("{:.2} % of the {what} images are classified wrongly.\n", 100.0 * error);
            }
        }
        let (mean, deviation) = (origin.standard.mean, origin.standard.deviation);
        text += &format!(
            "
It takes images of {rows}×{cols} pixels p between 0 (background) and 255 (ink), as (p/255 − {mean:?})/{deviation:?}.

## In PyTorch

```python
import torch
from safetensors.torch import load_file
from {module} import Net

net = Net()
net.load_state_dict(load_file(\"{name}.safetensors\"))
net.eval()
images = torch.zeros(1, 1, {rows}, {cols})  # pixels from 0 to 255
scores = net((images / 255 - {mean:?}) / {deviation:?})
```

The entry `depthscope` of the file's metadata holds all of the recipe as JSON.

| tensor | shape |
| --- | --- |
"
        );
        for place in places(&self.origin.net()?) {
            let shape: Vec<String> = place.shape.iter().map(usize::to_string).collect();
            text += &format!("| `{}` | ({}) |\n", place.name, shape.join(", "));
        }
        Ok(text)
    }
}
