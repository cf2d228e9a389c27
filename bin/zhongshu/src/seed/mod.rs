//! The demonstration city: drawn up from a seed, then written through the modules' own facades.
pub mod names;
pub mod plan;
pub mod rng;
pub mod text;
