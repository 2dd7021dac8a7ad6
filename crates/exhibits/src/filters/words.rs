//! What the page says about filters.

use exhibit::declaration::{Experiment, Formula, Paper};

use crate::kit::{DAUGMAN, GABOR};

pub(super) const TO_TRY: &[Experiment] = &[
    Experiment {
        action: "Take the training steps to 0, then play them.",
        observation: "On generated digits the error falls from nine in ten to one in a hundred, while the first filters keep a cosine \
                      of more than 0.9 with those that were drawn: random filters are useful already, and the later layers \
                      learn to read their maps. With all of MNIST and 5000 steps the cosine is 0.7.",
        preset: "random",
    },
    Experiment {
        action: "Compare with the perceptron.",
        observation: "Each unit’s weights cover the whole image. They stay noisy, as nothing makes the weights of neighbouring pixels \
                      alike, and more test images are read wrongly: on MNIST about twice as many.",
        preset: "perceptron",
    },
    Experiment {
        action: "Take the smoothing of what the classes want from 0 to 0.25.",
        observation: "Without smoothing the images look like noise, and the net is certain of every one. With smoothing strokes of the \
                      digits appear, and the closest training images come nearer.",
        preset: "mnist",
    },
    Experiment {
        action: "Ask the layers one after the other what their units want.",
        observation: "The first maps want edges and spots a few pixels wide, in one place of the image. The second want strokes and \
                      corners, and the units behind them whole arrangements of strokes.",
        preset: "mnist",
    },
    Experiment {
        action: "Ask whether the filters are wavelets, before training and after it.",
        observation: "Gabor functions explain half of the energy of filters as they are drawn. Of filters that have learnt MNIST they \
                      explain more than that, and more than of the same filters with their pixels shuffled: training makes them \
                      wavelets in part.",
        preset: "mnist",
    },
    Experiment {
        action: "Let the images be distorted.",
        observation: "The batches become harder, so that the training error stays higher. On digits the test error does not.",
        preset: "distorted",
    },
    Experiment {
        action: "Raise the learning rate to 1.",
        observation: "The loss does not fall below guessing, or training diverges.",
        preset: "too_fast",
    },
];

pub(super) const FORMULAS: &[Formula] = &[
    Formula {
        name: "A map",
        mathml: "<mrow><msub><mi>a</mi><mi>o</mi></msub><mo>(</mo><mi>r</mi><mo>,</mo><mi>c</mi><mo>)</mo><mo>=</mo><mi>φ</mi>\
                 <mo>(</mo><msub><mi>b</mi><mi>o</mi></msub><mo>+</mo><munder><mo>∑</mo><mrow><mi>i</mi><mo>,</mo><mi>u</mi>\
                 <mo>,</mo><mi>v</mi></mrow></munder><msub><mi>w</mi><mrow><mi>o</mi><mi>i</mi><mi>u</mi><mi>v</mi></mrow></msub>\
                 <msub><mi>x</mi><mi>i</mi></msub><mo>(</mo><mi>r</mi><mo>+</mo><mi>u</mi><mo>,</mo><mi>c</mi><mo>+</mo><mi>v</mi>\
                 <mo>)</mo><mo>)</mo></mrow>",
        words: "one filter w for each pair of maps i and o, the same at every place",
    },
    Formula {
        name: "What it is taken for",
        mathml: "<mrow><msub><mi>p</mi><mi>k</mi></msub><mo>=</mo><mfrac><msup><mi>e</mi><msub><mi>f</mi><mi>k</mi></msub></msup>\
                 <mrow><munder><mo>∑</mo><mi>j</mi></munder><msup><mi>e</mi><msub><mi>f</mi><mi>j</mi></msub></msup></mrow></mfrac>\
                 </mrow>",
        words: "from the ten outputs f; the loss of an image is −ln p of its true class",
    },
    GABOR,
    Formula {
        name: "Why it says so",
        mathml: "<mrow><mo>(</mo><msub><mi>x</mi><mi>i</mi></msub><mo>−</mo><msub><mi>b</mi><mi>i</mi></msub><mo>)</mo><msubsup>\
                 <mo>∫</mo><mn>0</mn><mn>1</mn></msubsup><mfrac><mrow><mo>∂</mo><msub><mi>f</mi><mi>k</mi></msub></mrow><mrow><mo>∂</mo>\
                 <msub><mi>x</mi><mi>i</mi></msub></mrow></mfrac><mo>(</mo><mi>b</mi><mo>+</mo><mi>α</mi><mo>(</mo><mi>x</mi><mo>−</mo>\
                 <mi>b</mi><mo>)</mo><mo>)</mo><mi>d</mi><mi>α</mi></mrow>",
        words: "the part of pixel i, from a black image b to the image x: all parts together are f_k(x) − f_k(b)",
    },
];

pub(super) const ASSUMPTIONS: &[&str] = &[
    "LeNet-5 is that of 1998 but for a softmax in place of distances to drawn characters, max pooling without weights, and second \
     filters that see all six maps.",
    "Gradient descent with momentum 0.9 and weight decay 0.0005, on batches of 64 images, at a constant learning rate.",
    "Generated digits are always there. MNIST and Fashion-MNIST are used where their packs were built in; otherwise digits stand in, \
     and a sentence says so.",
    "What an output owes to a pixel is asked of the outputs before the softmax. The integral is a sum over 64 points, so that its parts \
     miss the rise a little. Saliency is the size of the derivative at the image itself.",
    "A Gabor function has eight numbers, and a filter of LeNet-5 has 25 weights: it explains much of a filter that is drawn at random, \
     too. What was learnt is what it explains beyond that. The nearest function is the best that is found from 75 starts.",
    "What classes and units want is found by 100 steps up the gradient from noise, each of one size, with shifts of up to one pixel; pixels \
     stay between black and white. It is one way to such images, and others lead to others. A unit with a map is asked in its middle.",
    "Of a data set the first images are taken: as many as the control says for training, 2000 for the test error, 500 for the \
     points on the way.",
];

pub(super) const PAPERS: &[Paper] = &[
    Paper {
        authors: "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998)",
        title: "Gradient-based learning applied to document recognition",
        venue: "Proceedings of the IEEE 86",
        url: "https://doi.org/10.1109/5.726791",
        used_for: "LeNet-5, distortions",
    },
    Paper {
        authors: "M. Zeiler, R. Fergus (2014)",
        title: "Visualizing and understanding convolutional networks",
        venue: "ECCV",
        url: "https://arxiv.org/abs/1311.2901",
        used_for: "images that excite a unit, occlusion",
    },
    DAUGMAN,
    Paper {
        authors: "D. Erhan, Y. Bengio, A. Courville, P. Vincent (2009)",
        title: "Visualizing higher-layer features of a deep network",
        venue: "Technical report 1341, Université de Montréal",
        url: "https://www.researchgate.net/publication/265022827",
        used_for: "what units want",
    },
    Paper {
        authors: "C. Olah, A. Mordvintsev, L. Schubert (2017)",
        title: "Feature visualization",
        venue: "Distill",
        url: "https://doi.org/10.23915/distill.00007",
        used_for: "shifts and smoothing",
    },
    Paper {
        authors: "K. Simonyan, A. Vedaldi, A. Zisserman (2014)",
        title: "Deep inside convolutional networks: visualising image classification models and saliency maps",
        venue: "ICLR workshop",
        url: "https://arxiv.org/abs/1312.6034",
        used_for: "saliency",
    },
    Paper {
        authors: "M. Sundararajan, A. Taly, Q. Yan (2017)",
        title: "Axiomatic attribution for deep networks",
        venue: "ICML",
        url: "https://arxiv.org/abs/1703.01365",
        used_for: "integrated gradients",
    },
    Paper {
        authors: "K. He, X. Zhang, S. Ren, J. Sun (2016)",
        title: "Deep residual learning for image recognition",
        venue: "CVPR",
        url: "https://arxiv.org/abs/1512.03385",
        used_for: "the residual net",
    },
    Paper {
        authors: "P. Simard, D. Steinkraus, J. Platt (2003)",
        title: "Best practices for convolutional neural networks applied to visual document analysis",
        venue: "ICDAR",
        url: "https://doi.org/10.1109/ICDAR.2003.1227801",
        used_for: "warped images",
    },
];
