//! Whatever is pressed and written, in whatever order, the wizard is legal and acts once.

use domain::task::Title;
use domain::{OfficerId, TaskCode, UserId};
use proptest::prelude::*;

use super::wizard::{Effect, Input, KindWord, MOST_OFFICERS, Step, Wizard};

fn step() -> impl Strategy<Value = Step> {
    prop::sample::select(Step::ALL.to_vec())
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        prop::sample::select(KindWord::ALL.to_vec()).prop_map(Input::Kind),
        "[A-Z]{3}-[0-9]{3}".prop_map(|code| Input::Code(TaskCode::try_from(code).unwrap())),
        "[a-z]{10,20}".prop_map(|title| Input::Title(Title::try_from(title).unwrap())),
        (1_i64..50).prop_map(|id| Input::Delegate(UserId(id))),
        (1_i64..50).prop_map(|id| Input::Toggle(OfficerId(id))),
        prop::collection::vec((1_i64..50).prop_map(OfficerId), 0..30).prop_map(Input::Officers),
        Just(Input::Done),
        step().prop_map(Input::Back),
        step().prop_map(Input::Keep),
        Just(Input::Confirm),
        Just(Input::Edit),
    ]
}

proptest! {
    #[test]
    fn any_sequence_of_inputs_leaves_a_legal_dialogue_and_never_acts_twice(
        inputs in prop::collection::vec(input(), 0..60)
    ) {
        let mut open = Some(Wizard::default());
        let mut created = 0;
        for input in inputs {
            // Once it has acted there is no wizard left that could act again.
            let Some(wizard) = open.take() else { break };
            let before = wizard.clone();
            match wizard.take(input) {
                Effect::Ask(next) => {
                    prop_assert!(next.is_legal());
                    let json = serde_json::to_string(&next).unwrap();
                    prop_assert_eq!(serde_json::from_str::<Wizard>(&json).unwrap(), next.clone());
                    open = Some(next);
                }
                Effect::Stray(next) | Effect::TooMany(next) => {
                    prop_assert_eq!(&next, &before);
                    open = Some(next);
                }
                Effect::Create(draft) => {
                    created += 1;
                    prop_assert_eq!(before.step, Step::Confirm);
                    prop_assert!(draft.officers.len() <= MOST_OFFICERS);
                }
            }
        }
        prop_assert!(created <= 1);
        prop_assert_eq!(created == 1, open.is_none());
    }

    #[test]
    fn a_second_press_of_back_or_next_from_the_same_message_changes_nothing(at in step()) {
        let full = Wizard {
            step: at,
            kind: Some(KindWord::Operativo),
            code: Some(TaskCode::stored("A-1".to_owned())),
            title: Some(Title::try_from("Control de acceso").unwrap()),
            delegate: Some(UserId(1)),
            officers: Vec::new(),
            officers_chosen: true,
        };
        for press in [Input::Back(at), Input::Keep(at)] {
            if let Effect::Ask(moved) = full.clone().take(press.clone()) && moved.step != at {
                prop_assert_eq!(moved.clone().take(press), Effect::Stray(moved));
            }
        }
    }
}

#[test]
fn an_edit_keeps_all_values() {
    let mut wizard = Wizard::default();
    let said = [
        Input::Kind(KindWord::Operativo),
        Input::Code(TaskCode::try_from("OPE-1".to_owned()).unwrap()),
        Input::Title(Title::try_from("Control de acceso").unwrap()),
        Input::Delegate(UserId(7)),
        Input::Toggle(OfficerId(3)),
        Input::Done,
        Input::Edit,
        Input::Keep(Step::Kind),
        Input::Keep(Step::Code),
        Input::Keep(Step::Title),
        Input::Keep(Step::Delegate),
        Input::Keep(Step::Officers),
    ];
    for input in said {
        match wizard.take(input) {
            Effect::Ask(next) => wizard = next,
            other => panic!("{other:?}"),
        }
    }
    let Effect::Create(draft) = wizard.take(Input::Confirm) else { panic!("nothing was made") };
    assert_eq!((draft.code.as_str(), draft.officers), ("OPE-1", vec![OfficerId(3)]));
}
