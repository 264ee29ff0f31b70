//! Cases that every store must pass. Each is a plain async function that gets an empty, migrated
//! database of its own, so that all run in parallel; `store_contract!` only names them as tests.

pub mod given;
pub mod task;

/// Names every case as a test. `$fresh` is an async function of the calling module that gives an
/// `Arc<dyn store::Store>` over an empty, migrated database (and whatever keeps it alive).
#[macro_export]
macro_rules! store_contract {
    ($fresh:ident) => {
        $crate::store_contract!(@cases $fresh,
            task: [a_task_is_found_by_number_and_code,],
        );
    };
    (@cases $fresh:ident, $($noun:ident: [$($case:ident,)+],)+) => {
        $(mod $noun {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let (store, _keep) = super::$fresh().await;
                $crate::contract::$noun::$case(&store).await;
            })+
        })+
    };
}
