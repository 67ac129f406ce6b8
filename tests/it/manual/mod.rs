//! The manual is a book whose pages are done: what they write is written, what they run is run.
//!
//! `UPDATE_FIXTURES=1` writes anew what the tests make of the manual; look at what changed.

mod book;
#[cfg(unix)]
mod console;
mod cookbook;
#[cfg(unix)]
mod fences;
mod grammar;
mod links;
mod page;
#[cfg(unix)]
mod walked;
