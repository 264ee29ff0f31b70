//! The contract that every store keeps, and what only PostgreSQL has.

mod database;

use database::fresh_database;

store::store_contract!(fresh_database);
