//! The engine of nets, against differences in double precision, candle's automatic differentiation, plain loops and closed forms.

mod candle;
mod cases;
mod closed_forms;
mod golden;
mod gradients;
mod hessians;
mod jets;
mod passes;
mod rules;
