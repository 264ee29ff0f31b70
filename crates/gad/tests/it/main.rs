//! Conversations with the whole system, each on both stores.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod balancer;
mod binary;
mod crowd;
mod intruder;
mod office;
mod person;
#[path = "../../../bus/tests/server/mod.rs"]
mod redis_server;
mod relay;
mod replica;
mod screen;
mod wire;
mod writers;

mod access;
mod accounts;
mod anything;
mod asyncapi;
mod audit;
mod audit_attacks;
mod audit_operator;
mod bot;
mod contract;
mod cors;
mod crash;
mod degraded;
mod doctor_live;
mod emergency;
mod fault_matrix;
mod faults;
mod figures;
mod follower;
mod headers;
mod import;
mod limits;
mod live;
mod log_level;
mod maps;
mod measured;
mod openapi;
mod operator;
mod otlp;
mod pages;
mod people;
mod privacy;
mod real_time;
mod real_time_faults;
mod refusals;
mod replicas;
mod rolling;
mod scrape;
mod sign_in;
mod size;
mod task;
mod traces;
