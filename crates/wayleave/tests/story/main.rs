//! The whole program, used from outside as people and programs use it.

mod accounts;
mod attacks;
mod bad_input;
mod boards;
mod calls;
mod clients;
mod first_start;
mod followers;
mod garbage;
mod lifecycle;
mod limits;
mod plans;
mod requests;
mod secrets;
mod surface;
mod tokens;
mod world;
