//! Forms are laid out and read back.

mod forms;
mod read;
mod robust;
mod sample;
