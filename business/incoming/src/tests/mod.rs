//! The module through its front door, on every engine, with real people.

mod books;
mod guards;
mod holders;
mod kit;
mod paging;
mod reads;
mod stats;
mod story;
mod view;
mod walk;
mod ways;
