//! Closed forms, quadrature, fixed points and bounds.
