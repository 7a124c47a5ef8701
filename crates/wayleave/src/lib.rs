//! The program: configuration and wiring. No rules live here.

pub mod config;
mod console;
pub mod demo;
pub mod doctor;
pub mod first_login;
pub mod generate;
mod listener;
pub mod log;
pub mod master_key;
pub mod offline;
mod operations;
pub mod outbound;
pub mod sample;
pub mod server;
pub mod trail;

pub use config::Config;
pub use server::Server;
