//! Cases that every store must pass. Each is a plain async function that gets an empty, migrated
//! database of its own, so that all run in parallel; `store_contract!` only names them as tests.

pub mod assignment;
pub mod given;
pub mod history;
pub mod metrics;
pub mod officer;
pub mod race;
pub mod stats;
pub mod task;
pub mod task_list;
pub mod user;

/// Names every case as a test. `$fresh` is an async function of the calling module that gives an
/// `Arc<dyn store::Store>` over an empty, migrated database (and whatever keeps it alive).
#[macro_export]
macro_rules! store_contract {
    ($fresh:ident) => {
        $crate::store_contract!(@cases $fresh,
            user: [
                every_field_of_a_user_comes_back,
                what_is_unique_of_a_user_is_refused_by_name,
                users_may_lack_what_is_unique,
                a_deleted_user_is_invisible_and_leaves_its_names_free,
                a_user_is_found_by_email_and_telegram,
                a_user_who_changed_meanwhile_is_not_overwritten,
                editors_of_a_user_wait_for_each_other,
                a_password_hash_is_kept_beside_the_user,
                an_administrator_is_noticed,
                users_come_in_pages,
            ],
            officer: [
                every_field_of_an_officer_comes_back,
                what_is_unique_of_an_officer_is_refused_by_name,
                a_deleted_officer_is_invisible_and_leaves_its_names_free,
                an_officer_is_found_by_user,
                an_officer_bears_the_name_of_the_user,
                an_officer_who_changed_meanwhile_is_not_overwritten,
                officers_are_locked_in_order,
                editors_of_officers_wait_for_each_other,
                officers_are_listed_by_availability_and_unit,
                officers_on_a_begun_task_are_named,
            ],
            task: [
                a_task_is_found_by_number_and_code,
                every_field_of_a_task_comes_back,
                what_a_task_may_not_be_is_refused_by_name,
                what_is_not_committed_is_not_there,
                a_task_that_changed_meanwhile_is_not_overwritten,
                a_deleted_task_is_invisible,
                editors_of_a_task_wait_for_each_other,
                a_waiting_emergency_goes_to_one_of_two,
            ],
            task_list: [
                each_filter_narrows_the_list,
                filters_narrow_each_other,
                tasks_are_listed_by_box,
                tasks_are_found_by_words,
                hostile_words_are_only_words,
                tasks_come_in_pages,
            ],
            assignment: [
                officers_are_sent_and_taken_off,
                only_those_who_exist_are_sent,
                an_officer_holds_one_active_task,
                a_task_in_course_holds_its_officers,
                an_officer_taken_off_is_free,
            ],
            history: [history_comes_back_in_order, history_of_nothing_is_refused],
            metrics: [
                metrics_come_back_and_are_replaced,
                durations_are_of_finished_tasks,
                metrics_are_outdated_when_a_task_ends,
            ],
            stats: [tasks_of_a_delegate_are_counted, the_office_is_counted],
            race: [racing_emergencies_share_the_free_officers],
        );
    };
    (@cases $fresh:ident, $($noun:ident: [$($case:ident),+ $(,)?],)+) => {
        $(mod $noun {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let (store, _keep) = super::$fresh().await;
                $crate::contract::$noun::$case(&store).await;
            })+
        })+
    };
}
