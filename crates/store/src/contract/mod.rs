//! Cases that every store must pass. Each is a plain async function that gets an empty, migrated
//! database of its own, so that all run in parallel; `store_contract!` only names them as tests.

pub mod assignment;
pub mod audit;
pub mod audit_chain;
pub mod chat;
pub mod crowd;
pub mod event_log;
pub mod geo;
pub mod given;
pub mod history;
pub mod idempotency;
pub mod import;
pub mod inbox;
pub mod lease;
pub mod lifecycle;
pub mod link;
pub mod message;
pub mod metrics;
pub mod note;
pub mod officer;
pub mod position;
pub mod race;
pub mod report;
pub mod schema;
pub mod session;
pub mod sign_in;
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
            lifecycle: [
                an_assignment_comes_back_with_its_steps,
                an_officer_has_one_open_assignment_of_a_task,
                unanswered_assignments_come_in_pages,
                assignments_of_departed_officers_are_found,
                an_escalation_step_is_taken_once,
                dispatches_that_are_due_are_found,
                an_emergency_has_an_officer_or_waits,
                the_dispatch_times_of_a_caller_are_known,
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
                tasks_that_were_to_end_are_found,
            ],
            assignment: [
                officers_are_sent_and_taken_off,
                only_those_who_exist_are_sent,
                an_officer_holds_one_active_task,
                a_task_in_course_holds_its_officers,
                an_officer_taken_off_is_free,
            ],
            history: [history_comes_back_in_order, history_of_nothing_is_refused],
            note: [
                every_field_of_a_note_comes_back,
                notes_come_newest_last,
                a_note_of_nothing_is_refused,
            ],
            metrics: [
                metrics_come_back_and_are_replaced,
                durations_are_of_finished_tasks,
                metrics_are_outdated_when_a_task_ends,
            ],
            report: [
                facts_are_those_of_the_tasks_of_the_period,
                facts_are_narrowed_to_a_unit,
                the_roster_keeps_those_who_left,
            ],
            stats: [tasks_of_a_delegate_are_counted, the_office_is_counted],
            geo: [
                the_nearest_equal_those_found_by_hand,
                equal_distances_are_ordered_by_number,
                the_edge_of_the_radius_belongs_to_it,
                eligibility_follows_every_change,
                an_old_position_does_not_count,
                tasks_around_a_place_are_found,
                ranks_equal_those_of_the_rule,
                waiting_calls_are_found_by_distance,
            ],
            position: [
                the_newest_position_wins,
                a_repeated_position_is_harmless,
                the_first_of_two_at_one_time_counts,
                a_position_of_nobody_is_refused,
                a_report_held_back_is_in_the_track_only,
                reporters_are_live_officers,
                a_track_is_cut_by_time_and_number,
                racing_batches_do_not_get_in_each_others_way,
            ],
            session: [
                every_field_of_a_session_comes_back,
                a_session_without_user_or_with_a_known_token_is_refused,
                a_token_is_exchanged_for_the_next,
                racing_exchanges_of_one_token_leave_one_winner,
                live_sessions_are_listed,
                all_sessions_but_one_are_ended,
                the_oldest_sessions_of_a_platform_are_ended,
                a_bearer_is_known_as_of_now,
                a_sign_in_finds_the_user_by_email,
                ended_sessions_are_cleared_away,
            ],
            sign_in: [attempts_are_kept_by_user_and_place, old_attempts_are_forgotten],
            idempotency: [
                a_repeated_request_gets_the_first_answer,
                racing_requests_with_one_key_are_carried_out_once,
                a_request_that_failed_leaves_its_key_free,
                an_expired_key_counts_as_new,
                old_keys_are_cleared_away,
            ],
            event_log: [
                events_come_back_in_order,
                events_of_a_dropped_change_are_not_told,
                no_event_is_skipped_by_a_reader_under_racing_changes,
                racing_sequencers_give_each_offset_once,
                old_events_are_cleared_away_and_offsets_go_on,
                what_is_not_told_yet_has_an_age,
            ],
            audit: [
                every_field_of_an_audit_line_comes_back,
                audit_lines_come_in_pages,
                a_dropped_change_leaves_no_audit_line,
            ],
            audit_chain: [
                each_line_is_hashed_as_it_is_read,
                lines_get_their_place_in_the_order_of_their_coming,
                racing_writers_give_a_chain_without_a_gap,
                keys_and_checkpoints_come_back,
                a_line_goes_after_its_time_and_leaves_its_place,
                imported_lines_are_linked,
                audit_lines_are_searched,
            ],
            import: [
                rows_keep_their_numbers_and_come_in_once,
                a_broken_row_does_not_spoil_the_others,
                an_imported_task_in_course_holds_its_officers,
                stored_rows_are_read_and_replaced,
                digests_are_kept_and_numbers_reserved_once,
                invariants_name_the_rows_that_violate_them,
                new_rows_get_numbers_past_the_imported,
                writings_of_one_identity_come_in_and_new_ones_are_refused,
            ],
            inbox: [
                an_update_told_thrice_is_kept_once,
                a_chat_is_worked_by_one_and_in_order,
                a_lost_hold_finishes_nothing,
                a_wrong_clock_keeps_no_update,
            ],
            chat: [
                every_field_of_a_chat_comes_back,
                a_chat_is_whose_its_account_is,
                a_dialogue_goes_on_from_where_it_was_read,
                of_eight_who_go_on_at_once_one_does,
                a_dialogue_is_forgotten_after_its_time,
            ],
            message: [
                every_field_of_a_message_comes_back,
                a_message_takes_its_place,
                deliveries_of_assignments_are_found,
                a_message_under_a_known_key_is_left_out,
                the_most_urgent_message_comes_first,
                only_the_sender_is_given_messages,
                a_message_tried_in_vain_keeps_its_place,
                a_message_that_is_never_taken_hides_no_other,
                a_wrong_clock_keeps_no_message,
                notices_that_wait_come_at_another_time,
                messages_are_counted_and_removed,
            ],
            lease: [a_lease_has_one_holder, a_wrong_clock_keeps_no_lease],
            link: [
                every_field_of_a_code_comes_back,
                a_new_code_replaces_those_not_used,
                a_code_of_nobody_is_refused,
                a_code_is_good_once_and_in_its_time,
                of_eight_accounts_one_gets_a_code,
                wrong_codes_are_counted_by_chat_and_office,
                what_is_over_is_removed,
            ],
            schema: [
                a_second_migration_does_nothing,
                the_epoch_changes_only_when_told,
                a_store_tells_of_itself_until_it_is_closed,
                reading_changes_nothing,
                text_that_cannot_be_stored_is_not_found,
            ],
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
