//! The whole program, used from outside as people and programs use it.

mod accounts;
mod attacks;
mod bad_input;
mod boards;
mod browser;
mod calls;
mod certificates;
mod clients;
mod console;
mod first_start;
mod followers;
mod garbage;
mod lifecycle;
mod limits;
mod pages;
mod plans;
mod reference;
mod requests;
mod rotation;
mod screens;
mod search;
mod secrets;
mod sessions;
mod surface;
mod tokens;
mod world;
