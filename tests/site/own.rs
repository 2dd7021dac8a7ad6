//! A person's own images: opened, dropped, learnt; and what is no image.

use tests::Lab;

/// Upright (1) and level (0) bars, as IDX files and as pictures.
const BARS: &str = "
    const bar = (i, k) => Math.abs((i % 2 ? k % 28 : k / 28 | 0) - 8 - (i / 2 | 0)) < 2 ? 255 : 0;
    const bytes = (words, items) => {
        const view = new DataView(new ArrayBuffer(4 * words.length + items.length));
        words.forEach((word, i) => view.setUint32(4 * i, word));
        items.forEach((item, i) => view.setUint8(4 * words.length + i, item));
        return view.buffer;
    };
    const all = [...Array(24).keys()];
    const images = new File([bytes([0x803, 24, 28, 28], all.flatMap(i => [...Array(784).keys()].map(k => bar(i, k))))], 'images.idx');
    const labels = new File([bytes([0x801, 24], all.map(i => i % 2))], 'labels.idx');
    const cut = new File([bytes([0x803, 24, 28, 28], [1, 2, 3])], 'cut.idx');
    const picture = async i => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 56, height: 56 });
        const context = canvas.getContext('2d');
        context.fillStyle = '#fff';
        context.fillRect(0, 0, 56, 56);
        context.fillStyle = '#000';
        const at = 16 + 2 * (i / 2 | 0);
        if (i % 2) context.fillRect(at, 4, 6, 48); else context.fillRect(4, at, 48, 6);
        const blob = await new Promise(done => canvas.toBlob(done));
        return new File([blob], `${i % 2} bar ${i}.png`, { type: 'image/png' });
    };
    const photograph = async (name, width, height) => {
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        const context = canvas.getContext('2d');
        for (let i = 0; i < 400; i++) {
            const [x, y, r, grey] = [i * 131 % width, i * 173 % height, 4 + 60 / (1 + i % 17), i * 67 % 256];
            context.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
            context.beginPath();
            context.arc(x, y, r, 0, 7);
            context.fill();
        }
        const blob = await new Promise(done => canvas.toBlob(done));
        return new File([blob], name, { type: 'image/png' });
    };
    const notes = new File(['to do'], 'notes.txt');
    const open = (how, files) => {
        const all = new DataTransfer();
        files.forEach(file => all.items.add(file));
        if (how === 'drop') {
            const event = new DragEvent('drop', { dataTransfer: all, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
            return event.defaultPrevented;
        }
        const input = document.querySelector('input[type=file]');
        input.files = all.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
    };";

fn open(lab: &Lab, how: &str, files: &str) {
    let done = lab.driver.run(&format!("{BARS} return (async () => open('{how}', {files}))()"), &[]);
    assert!(how != "drop" || done == true, "a browser leaves the page for a file that is dropped");
}

fn told(lab: &Lab) -> String {
    lab.eval("document.getElementById('control-files-read')?.textContent ?? ''").as_str().unwrap_or_default().to_owned()
}

#[test]
fn files_that_are_dropped_are_learnt_and_bad_ones_change_nothing() {
    let mut lab = Lab::start();
    lab.goto("filters/?net=perceptron&steps=60");
    lab.settled();
    open(&lab, "drop", "[labels, images]");
    lab.wait_for_query("images=own");
    let known = lab.settled();
    assert_eq!(known["test_error"], "0", "{known:?}");
    // Other cores have what they learn from this one.
    assert_eq!(known["deviation"], "0", "{known:?}");
    assert_eq!(told(&lab), "20 training and 4 test images. One in 6 is kept for the test.");

    open(&lab, "choose", "[cut, labels]");
    let fault = "document.querySelector('[data-fault]')?.textContent ?? ''";
    lab.driver.wait_for("a sentence", || {
        let said = lab.eval(fault);
        said.as_str()
            .is_some_and(|said| said.contains("expected 18832 bytes, got 19 (cut.idx). Nothing has changed."))
            .then_some(())
    });
    assert_eq!(lab.settled(), known);

    // Back to those before, and forth again.
    open(&lab, "choose", "await Promise.all(all.map(picture))");
    lab.driver.wait_for("the pictures", || told(&lab).contains("24 of them").then_some(()));
    lab.settled();
    lab.click("[data-action=undo]");
    lab.driver.wait_for("the same numbers", || (lab.settled() == known).then_some(()));

    // Elsewhere they are not open.
    let query = lab.query();
    lab.goto(&format!("filters/?{query}"));
    assert_ne!(lab.settled(), known);
    assert!(lab.text().contains("not your own images: they stay where they were opened"), "{}", lab.text());
    open(&lab, "choose", "[images, labels]");
    lab.driver.wait_for("the same numbers", || (lab.settled() == known).then_some(()));

    // A worker in the place of one that fails has them too.
    lab.expect_error("");
    lab.goto(&format!("filters/?{query}&debug=panic"));
    open(&lab, "choose", "[images, labels]");
    lab.driver.wait_for("the same numbers", || (lab.settled() == known).then_some(()));
}

#[test]
fn pictures_are_read_by_the_names_of_their_classes() {
    let lab = Lab::start();
    lab.goto("filters/?net=perceptron&steps=60&images=own");
    lab.settled();
    open(&lab, "choose", "await Promise.all(all.map(picture))");
    lab.wait_for_query("files=");
    let readouts = lab.settled();
    assert_eq!(readouts["test_error"], "0", "{readouts:?}");
    assert!(told(&lab).contains("24 of them are dark on light, and were inverted"), "{}", told(&lab));
}

#[test]
fn an_exhibit_without_files_says_so_and_stays() {
    let lab = Lab::open("?nets=1");
    let before = lab.settled();
    open(&lab, "drop", "[images]");
    lab.driver.wait_for("a sentence", || lab.text().contains("This exhibit takes no files.").then_some(()));
    assert_eq!(lab.settled(), before);
}

#[test]
fn photographs_are_cut_into_tiles_and_written_by_few_filters() {
    let lab = Lab::start();
    lab.goto("wavelets/?steps=100");
    let leaves = lab.settled();
    assert!(lab.number(&leaves, "gabor_r2") > 2.0 * lab.number(&leaves, "gabor_r2_random"), "{leaves:?}");
    open(&lab, "drop", "[await photograph('garden.png', 300, 200), notes]");
    lab.wait_for_query("images=own");
    let own = lab.settled();
    assert_ne!(own["gabor_r2"], leaves["gabor_r2"]);
    let said = "One photograph, cut into 12 tiles of 64×64 pixels, of which one in 6 is kept for the test. notes.txt is no image, and was \
                left out.";
    assert_eq!(told(&lab), said);

    // A net has nothing to learn on them.
    let query = lab.query();
    lab.goto("filters/?net=perceptron&steps=20");
    lab.settled();
    open(&lab, "drop", "[await photograph('garden.png', 300, 200)]");
    lab.driver.wait_for("a sentence", || lab.text().contains("which have no classes to learn").then_some(()));
    lab.settled();

    // One too small is named with its size; what was there stays.
    lab.goto(&format!("wavelets/?{query}"));
    let before = lab.settled();
    open(&lab, "choose", "[await photograph('small.png', 40, 90), await photograph('garden.png', 300, 200)]");
    lab.driver.wait_for("a sentence", || lab.text().contains("small.png has 40×90 pixels").then_some(()));
    assert_eq!(lab.settled(), before);
}
