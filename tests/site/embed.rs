//! The exhibit in a slide: an iframe of another origin, and the messages both ways.

use serde_json::{Value, json};
use tests::{Host, Lab};

/// JavaScript has one kind of number: 3 and 3.0 are the same.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

#[test]
fn it_says_ready_and_its_height_and_answers_get_with_its_state() {
    let host = Host::open("?embed=1&figure=correlation-depth&sigma_w=2&nets=2");
    let ready = host.wait_for("ready", |_| true);
    assert_eq!(ready["v"], 1, "{ready}");
    let height = host.wait_for("height", |message| message["height"].as_f64().is_some_and(|height| height > 50.0));
    assert!(height["height"].as_f64().unwrap() < 5000.0, "{height}");
    host.forget();
    host.send("get", &json!({}));
    let state = host.wait_for("state", |message| number(&message["controls"]["sigma_w"]) == 2.0);
    assert_eq!(state["exhibit"], "order-chaos", "{state}");
    let state = host.wait_for("state", |message| message["readouts"]["chi_1"].as_f64().is_some());
    assert!(state["readouts"]["chi_1"].as_f64().unwrap() > 1.0, "{state}");
    host.lab.screenshot("embed");
}

#[test]
fn set_preset_and_reset_are_obeyed() {
    let host = Host::open("?embed=1&nets=2&seed=5");
    host.send("set", &json!({ "controls": { "sigma_w": 3.0, "activation": "erf" } }));
    host.wait_for("state", |state| {
        number(&state["controls"]["sigma_w"]) == 3.0 && state["controls"]["activation"] == "erf"
    });
    host.send("preset", &json!({ "name": "poole_ordered" }));
    host.wait_for("state", |state| number(&state["controls"]["sigma_w"]) == 1.3);
    host.send("reset", &json!({}));
    let state = host.wait_for("state", |state| number(&state["controls"]["sigma_w"]) == 1.5);
    assert_eq!(state["controls"]["seed"], 5, "reset keeps the seed: {state}");
}

#[test]
fn a_slider_inside_the_frame_tells_the_host() {
    let host = Host::open("?embed=1&nets=2");
    host.inside(|lab| {
        lab.wait_until_ready();
        lab.focus_slider("sigma_w");
    });
    host.forget();
    host.lab.driver.press("\u{E014}");
    host.wait_for("state", |state| state["controls"]["sigma_w"].as_f64().is_some_and(|value| value > 1.5));
}

/// What the page around the frame has heard of the deck's keys.
fn methods(host: &Host) -> Value {
    host.lab.eval("messages.filter(m => typeof m === 'string').map(m => JSON.parse(m).method)")
}

#[test]
fn keys_reach_the_deck_after_a_drag_and_move_nothing() {
    let host = Host::open("?embed=1&nets=2");
    host.inside(|lab| {
        lab.wait_until_ready();
        lab.drag_slider("sigma_w", 0.5);
    });
    let dragged = host.inside(|lab| lab.settled());
    host.forget();
    // Page down, page up, right arrow: as a remote and a keyboard send them.
    host.lab.driver.press("\u{E00F}\u{E00E}\u{E014}.");
    host.lab.driver.wait_for_or(
        || (methods(&host) == json!(["next", "prev", "right", "togglePause"])).then_some(()),
        || format!("the keys' methods; there are {}", methods(&host)),
    );
    assert_eq!(host.inside(|lab| lab.settled()), dragged, "a key of the deck has moved a control");
    // Who comes by the tab key moves the control, but for the keys of a remote.
    host.inside(|lab| lab.driver.run("document.activeElement.blur()", &[]));
    host.lab.driver.press("\u{E004}");
    host.inside(|lab| lab.focus_slider("sigma_w"));
    host.forget();
    host.lab.driver.press("\u{E00F}\u{E014}");
    host.wait_for("state", |_| true);
    assert_eq!(methods(&host), json!(["next"]));
    assert_ne!(host.inside(|lab| lab.settled()), dragged, "the arrow has not moved the slider");
}

#[test]
fn a_state_never_pairs_new_controls_with_old_readouts() {
    let host = Host::open("?embed=1&nets=2");
    host.send("get", &json!({}));
    host.wait_for("state", |state| state["readouts"]["chi_1"].is_number());
    for stop in [json!({ "ns": "depthscope", "v": 1, "type": "pause" }), json!("slide:stop")] {
        host.post(&stop);
        host.forget();
        host.send("set", &json!({ "controls": { "sigma_w": 3.0 } }));
        host.send("get", &json!({}));
        let state = host.wait_for("state", |state| number(&state["controls"]["sigma_w"]) == 3.0);
        assert_eq!(state["readouts"], json!({}), "{state}");
        host.forget();
        host.post(&json!("slide:start"));
        let state = host.wait_for("state", |state| state["readouts"]["chi_1"].is_number());
        assert!((number(&state["readouts"]["chi_1"]) - 1.8435).abs() < 1e-3, "{state}");
        host.send("reset", &json!({}));
        host.wait_for("state", |state| number(&state["controls"]["sigma_w"]) == 1.5);
    }
}

#[test]
fn a_message_that_makes_no_sense_is_answered_with_an_error() {
    let host = Host::open("?embed=1&nets=2");
    for (kind, members, named) in [
        ("nonsense", json!({}), "nonsense"),
        ("set", json!({ "controls": { "no_such_control": 1 } }), "no_such_control"),
        ("set", json!({ "controls": { "sigma_w": "abc" } }), "sigma_w"),
        ("set", json!({}), "controls"),
        ("preset", json!({ "name": "nothing" }), "nothing"),
    ] {
        host.forget();
        host.send(kind, &members);
        host.wait_for("error", |error| error["message"].as_str().is_some_and(|text| text.contains(named)));
    }
    // What is not for the exhibit gets no answer and does no harm.
    host.forget();
    for stranger in
        [json!(null), json!(7), json!("hello"), json!({ "type": "set" }), json!({ "ns": "other", "type": "get" })]
    {
        host.post(&stranger);
    }
    host.send("get", &json!({}));
    host.wait_for("state", |_| true);
    assert!(host.messages().iter().all(|message| message["type"] != "error"), "{:?}", host.messages());
}

#[test]
fn only_figures_and_controls_are_shown_and_the_focus_is_left_alone() {
    let host = Host::open("?embed=1&figure=phase&nets=2");
    assert_eq!(host.lab.eval("document.activeElement.tagName"), "BODY", "the frame took the focus");
    host.inside(|lab| {
        lab.wait_until_ready();
        assert!(lab.is_visible("[data-figure='phase']") && lab.is_visible("[data-control='sigma_w']"));
        assert!(!lab.is_visible("[data-figure='length-map']"), "another figure is seen");
        assert!(!lab.is_visible("footer"), "the page's footer is seen");
    });
}

#[test]
fn reveals_bare_words_and_play_and_pause_are_understood() {
    let host = Host::open("?embed=1&nets=2");
    host.forget();
    for word in ["slide:start", "slide:stop"] {
        host.post(&json!(word));
    }
    for kind in ["play", "pause"] {
        host.send(kind, &json!({}));
    }
    host.send("get", &json!({}));
    host.wait_for("state", |_| true);
    assert!(host.messages().iter().all(|message| message["type"] != "error"), "{:?}", host.messages());
}

#[test]
fn it_starts_in_a_frame_without_a_size() {
    let host = Host::open("?embed=1&figure=correlation-depth&nets=2");
    let resize = |size: &str| {
        let script = format!(
            "const f = document.getElementById('exhibit'); [f.style.width, f.style.height] = {size}; f.style.display = 'block'"
        );
        host.lab.driver.run(&script, &[]);
    };
    resize("['0', '0']");
    host.forget();
    host.lab.driver.run("const f = document.getElementById('exhibit'); f.src = f.src", &[]);
    host.wait_for("ready", |_| true);
    resize("['800px', '500px']");
    host.inside(|lab| {
        lab.driver.wait_for("a painted figure", || {
            let width =
                lab.eval("document.querySelector(\"[data-figure='correlation-depth'] canvas\")?.clientWidth ?? 0");
            (width.as_f64() > Some(200.0) && lab.frame("correlation-depth") > 0).then_some(())
        });
    });
}

/// A deck that moves on while the worker is being loaded: the slide that is left computes nothing until it is shown again.
#[test]
fn a_slide_that_is_left_before_it_has_loaded_computes_when_it_is_shown_again() {
    let host = Host::open("?embed=1&figure=correlation-depth&nets=2");
    // Before the first request, which goes out with the first animation frame: the worker may be there before the page.
    let leave = "const frame = document.getElementById('exhibit');
        addEventListener('message', event => {
            if (event.data.type === 'ready') frame.contentWindow.postMessage('slide:stop', '*');
        });
        messages.length = 0;
        frame.src = frame.src;";
    host.lab.driver.run(leave, &[]);
    host.wait_for("ready", |_| true);
    let painted = |lab: &Lab| lab.frame("correlation-depth") > 0;
    host.inside(Lab::wait_until_ready);
    // The worker, which the page's head starts, may have been asked before the slide was left; its answer is not shown.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(!host.inside(painted), "a slide that was left has painted");
    host.post(&json!("slide:start"));
    host.inside(|lab| lab.driver.wait_for("a painted figure", || painted(lab).then_some(())));
}

#[test]
fn play_and_pause_start_and_stop_what_plays() {
    let host = Host::open("?embed=1&nets=2");
    let other = "const f = document.getElementById('exhibit');
        f.src = f.src.replace('order-chaos', 'regions').replace('nets=2', 'width=4')";
    host.forget();
    host.lab.driver.run(other, &[]);
    host.wait_for("ready", |ready| ready["exhibit"] == "regions");
    let steps = |state: &Value| number(&state["controls"]["steps"]);
    host.send("play", &json!({}));
    host.wait_for("state", |state| steps(state) > 5.0);
    host.send("pause", &json!({}));
    host.inside(|lab| {
        lab.driver.wait_for("that it pauses", || {
            (lab.eval("document.querySelector(\"[data-action='play']\").ariaPressed") == "false").then_some(())
        });
    });
    host.forget();
    host.send("reset", &json!({}));
    host.wait_for("state", |state| steps(state) == 0.0);
}

#[test]
fn a_host_that_follows_the_height_with_some_pixels_more_comes_to_rest() {
    let host = Host::open("?embed=1&figure=correlation-depth&nets=2");
    let follow = "const frame = document.getElementById('exhibit');
        addEventListener('message', event => {
            if (event.data.type === 'height') frame.style.height = event.data.height + 8 + 'px';
        });
        messages.length = 0;
        frame.style.height = '1500px';
        frame.src = frame.src;";
    host.lab.driver.run(follow, &[]);
    host.wait_for("height", |_| true);
    host.inside(Lab::wait_until_ready);
    std::thread::sleep(std::time::Duration::from_secs(3));
    let heights = host.messages().into_iter().filter(|message| message["type"] == "height").count();
    assert!((1..=3).contains(&heights), "{heights} messages");
    let [height, content] = ["innerHeight", "document.scrollingElement.scrollHeight"]
        .map(|what| host.inside(|lab| lab.eval(what)).as_f64().unwrap());
    assert!(content <= height && height < 1000.0, "{content} pixels in {height}");
    // The same in a frame that is half as wide: other heights, and rest again.
    host.forget();
    host.lab.driver.run("document.getElementById('exhibit').style.width = '450px'", &[]);
    host.wait_for("height", |_| true);
    std::thread::sleep(std::time::Duration::from_secs(2));
    let heights = host.messages().into_iter().filter(|message| message["type"] == "height").count();
    assert!((1..=3).contains(&heights), "{heights} messages");
}

#[test]
fn two_frames_of_one_address_keep_states_of_their_own() {
    let host = Host::open("?embed=1&figure=correlation-depth&nets=2");
    let second = "window.both = [document.getElementById('exhibit')];
        both.push(both[0].cloneNode());
        window.states = [null, null];
        addEventListener('message', event => {
            const at = both.findIndex(frame => frame.contentWindow === event.source);
            if (event.data.type === 'ready') states[at] = 'ready';
            if (event.data.type === 'state') states[at] = event.data.controls.sigma_w;
        });
        both[1].id = 'second';
        document.body.append(both[1]);";
    host.lab.driver.run(second, &[]);
    // A frame that is out of sight may have nothing to tell by itself.
    let ask = "both.forEach(frame => frame.contentWindow.postMessage({ ns: 'depthscope', v: 1, type: 'get' }, '*')); return states";
    let has = |what: Value| {
        let states = || host.lab.driver.run(ask, &[]);
        host.lab.driver.wait_for_or(|| (states() == what).then_some(()), || format!("{what}, not {}", states()));
    };
    host.lab.driver.wait_for("the second", || (!host.lab.eval("states[1]").is_null()).then_some(()));
    let set = "both.forEach((frame, at) => frame.contentWindow.postMessage(
        { ns: 'depthscope', v: 1, type: 'set', controls: { sigma_w: 2 + at } }, '*'))";
    host.lab.driver.run(set, &[]);
    has(json!([2, 3]));
    // Longer than an address waits to be written.
    std::thread::sleep(std::time::Duration::from_millis(800));
    host.lab.driver.run("states.fill(null); both.forEach(frame => { frame.src = frame.src })", &[]);
    has(json!([2, 3]));
    let address = host.inside(|lab| lab.wait_for_query("sigma_w="));
    assert!(address.contains("sigma_w=2"), "the address is the state: {address}");
}

#[test]
fn hostile_messages_change_nothing_but_a_note() {
    let host = Host::open("?embed=1&figure=correlation-depth&nets=2&sigma_w=2");
    host.wait_for("state", |state| number(&state["controls"]["sigma_w"]) == 2.0);
    let attack = "const to = document.getElementById('exhibit').contentWindow;
        const wrap = more => to.postMessage({ ns: 'depthscope', v: 1, ...more }, '*');
        const markup = '<img src=x onerror=\"window.evil = 1\">';
        const long = markup.repeat(20000);
        const ring = { ns: 'depthscope', v: 1, type: 'set' };
        ring.controls = ring;
        for (const data of [null, 7, [], [[]], true, long, '{', '{\"ns\":', ring, new Uint8Array(1e6), new Date()]) to.postMessage(data, '*');
        for (const type of [null, 7, {}, [], markup, long, '__proto__', 'constructor']) wrap({ type });
        for (const controls of [null, 7, 'x', [], [1], { [markup]: 1 }, { [long]: 1 }, { [long]: [] }, { sigma_w: markup },
            { sigma_w: long }, { sigma_w: [] }, { sigma_w: NaN }, { __proto__: { sigma_w: 5 } }, { constructor: 1 },
            { activation: markup }, Object.fromEntries([...Array(5000).keys()].map(k => ['k' + k, k]))])
            wrap({ type: 'set', controls });
        for (const name of [null, 7, markup, long]) wrap({ type: 'preset', name });
        wrap({ v: 2, type: 'get' });
        for (let i = 0; i < 5000; i++) wrap({ type: i % 2 ? 'get' : 'nonsense', id: i });";
    host.lab.driver.run(attack, &[]);
    host.send("get", &json!({ "id": "last" }));
    let state = host.wait_for("state", |state| state["id"] == "last");
    assert_eq!(number(&state["controls"]["sigma_w"]), 2.0, "{state}");
    assert!(number(&state["readouts"]["chi_1"]) > 1.0, "{state}");
    let longest = "Math.max(...messages.filter(m => m.type === 'error').map(m => m.message.length))";
    assert!(host.lab.eval(longest).as_f64().is_some_and(|longest| longest < 2000.0));
    host.inside(|lab| {
        assert_eq!(lab.eval("window.evil ?? null"), Value::Null);
        assert_eq!(lab.count("img[src=x]"), 0);
        assert_eq!(lab.eval("({}).sigma_w ?? null"), Value::Null);
    });
}
