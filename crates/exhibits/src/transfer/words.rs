//! What the page says about transfer.

use exhibit::declaration::{Experiment, Formula, Paper};

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Take more and more layers over, of digits 0 to 4 for digits 5 to 9.",
        observation: "With the first layer frozen, fewer test images are read wrongly than from nothing. With four frozen, more are: the last \
                      layers kept what tells the old classes apart, and lost some of what would tell the new ones apart. They are still \
                      better than random ones, and if they learn on, nothing is lost.",
        preset: "last",
    },
    Experiment {
        action: "Give the new task more images.",
        observation: "The more labelled images there are, the less is gained. With a thousand, training from nothing is about as good as any \
                      other start, and last layers that are frozen cost most.",
        preset: "many",
    },
    Experiment {
        action: "Go from generated digits to MNIST.",
        observation: "The tasks are alike, so every layer helps. From 100 labelled images, 0.34 of test images are read wrongly from nothing, \
                      0.32 with one layer taken over, 0.26 with two, 0.21 with three and 0.19 with four (means of five nets).",
        preset: "real",
    },
    Experiment {
        action: "Go from digits to clothes.",
        observation: "Next to nothing is gained. From 100 labelled images, 0.31 of test images are named wrongly from nothing, 0.30 with one layer of \
                      MNIST and 0.43 with four, where random layers give 0.41 (means of five nets): what transfers depends on how alike \
                      the tasks are.",
        preset: "clothes",
    },
];

pub(super) const FORMULAS: &[Formula] = &[Formula {
    name: "What learns",
    mathml: "<mrow><mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo><msub><mi>g</mi><mi>θ</mi></msub><mo>(</mo><msub><mi>h</mi><mi>k</mi>\
             </msub><mo>(</mo><mi>x</mi><mo>)</mo><mo>)</mo></mrow>",
    words: "h_k are the first k layers of the net that learnt the old task; frozen, they are a fixed function, and the new task learns θ alone",
}];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "LeNet-5 with ReLU and max pooling: two layers of filters and three of weights, of which up to four are taken over. The last one, which \
     names classes, always begins from nothing.",
    "The old task is learnt from 4000 images, or from those of them in its classes, in 300 steps. Batches have 64 images, or all where there \
     are fewer; momentum is 0.9, weight decay 0.0005, and the learning rate is the same for both tasks.",
    "Where both tasks come from one data set, the old one has the classes 0 to 4 and the new one the classes 5 to 9. Otherwise each has \
     all ten.",
    "Errors are those of up to 2000 test images of a task, or of those of them in its classes.",
    "All nets learn the new task from the same images, the first ones of its data set: deviations are those of the weights and of the order \
     alone, and other images would add to them. All starts of a net see the images in the same order, and their new layers begin with the \
     same weights.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "J. Yosinski, J. Clune, Y. Bengio, H. Lipson (2014)",
        title: "How transferable are features in deep neural networks?",
        venue: "NeurIPS",
        url: "https://arxiv.org/abs/1411.1792",
        used_for: "the experiment",
    },
    Paper {
        authors: "J. Donahue, Y. Jia, O. Vinyals, J. Hoffman, N. Zhang, E. Tzeng, T. Darrell (2014)",
        title: "DeCAF: a deep convolutional activation feature for generic visual recognition",
        venue: "ICML",
        url: "https://arxiv.org/abs/1310.1531",
        used_for: "frozen layers as features",
    },
    Paper {
        authors: "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998)",
        title: "Gradient-based learning applied to document recognition",
        venue: "Proceedings of the IEEE 86",
        url: "https://doi.org/10.1109/5.726791",
        used_for: "LeNet-5",
    },
];
