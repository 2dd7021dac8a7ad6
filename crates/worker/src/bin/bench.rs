//! The worker of the bench mode.

fn main() {
    worker::Group::bench(worker::WebGpu::default()).serve();
}
