//! The wizard by which a task is made, as a pure machine (contract §5.3).

use domain::task::Title;
use domain::{OfficerId, TaskCode, UserId};
use serde::{Deserialize, Serialize};

/// Most officers that one task of the wizard may get.
pub const MOST_OFFICERS: usize = 20;

/// The bot's three words for what a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KindWord {
    /// Becomes an intervention.
    Operativo,
    /// Becomes desk work.
    Administrativo,
    /// Becomes an intervention of the highest priority.
    Emergencia,
}

impl KindWord {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Operativo, Self::Administrativo, Self::Emergencia];

    /// The word of the buttons.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operativo => "OPERATIVO",
            Self::Administrativo => "ADMINISTRATIVO",
            Self::Emergencia => "EMERGENCIA",
        }
    }

    /// The kind of a word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(word.trim()))
    }
}

/// Steps, in their order; the names are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    /// What it is about.
    #[serde(rename = "selecting_type")]
    Kind,
    /// Short name.
    #[serde(rename = "entering_code")]
    Code,
    /// Title.
    #[serde(rename = "entering_title")]
    Title,
    /// Who answers for it.
    #[serde(rename = "selecting_delegado")]
    Delegate,
    /// Who is sent.
    #[serde(rename = "selecting_asignados")]
    Officers,
    /// Yes or no.
    #[serde(rename = "confirming")]
    Confirm,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Kind, Self::Code, Self::Title, Self::Delegate, Self::Officers, Self::Confirm];

    /// 1 to 6.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The contract's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "selecting_type",
            Self::Code => "entering_code",
            Self::Title => "entering_title",
            Self::Delegate => "selecting_delegado",
            Self::Officers => "selecting_asignados",
            Self::Confirm => "confirming",
        }
    }

    fn neighbour(self, by: isize) -> Self {
        let at = (self as usize).saturating_add_signed(by).min(Self::ALL.len() - 1);
        Self::ALL[at]
    }
}

/// Where the wizard stands, and what was said so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wizard {
    /// The step that is asked.
    pub step: Step,
    /// What it is about.
    pub kind: Option<KindWord>,
    /// Short name.
    pub code: Option<TaskCode>,
    /// Title.
    pub title: Option<Title>,
    /// Who answers for it.
    pub delegate: Option<UserId>,
    /// Who is sent, in order of number; may be nobody.
    pub officers: Vec<OfficerId>,
    /// Whether it was said who is sent.
    pub officers_chosen: bool,
}

/// What a person does at a step. Whether codes, users and officers exist is asked before.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Step 1.
    Kind(KindWord),
    /// Step 2.
    Code(TaskCode),
    /// Step 3.
    Title(Title),
    /// Step 4.
    Delegate(UserId),
    /// Step 5: in, or out again.
    Toggle(OfficerId),
    /// Step 5: these and nobody else.
    Officers(Vec<OfficerId>),
    /// Step 5: nobody else.
    Done,
    /// One step back, from this one.
    Back(Step),
    /// One step on with the value that is there, from this one.
    Keep(Step),
    /// Step 6: yes.
    Confirm,
    /// Step 6: from the first step again, with all values kept.
    Edit,
}

/// What follows from it.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// The wizard goes on.
    Ask(Wizard),
    /// It belongs to another step; the wizard is as it was.
    Stray(Wizard),
    /// Too many officers; the wizard is as it was.
    TooMany(Wizard),
    /// The task is to be made, and the wizard is at its end.
    Create(Draft),
}

/// A task that was agreed to.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What it is about.
    pub kind: KindWord,
    /// Short name.
    pub code: TaskCode,
    /// Title.
    pub title: Title,
    /// Who answers for it.
    pub delegate: UserId,
    /// Who is sent.
    pub officers: Vec<OfficerId>,
}

impl Default for Wizard {
    fn default() -> Self {
        Self {
            step: Step::Kind,
            kind: None,
            code: None,
            title: None,
            delegate: None,
            officers: Vec::new(),
            officers_chosen: false,
        }
    }
}

impl Wizard {
    /// Whether a step has its value.
    pub const fn has(&self, step: Step) -> bool {
        match step {
            Step::Kind => self.kind.is_some(),
            Step::Code => self.code.is_some(),
            Step::Title => self.title.is_some(),
            Step::Delegate => self.delegate.is_some(),
            Step::Officers => self.officers_chosen,
            Step::Confirm => false,
        }
    }

    /// Invariant: every step before the present one has its value, so the last one has a whole task.
    pub fn is_legal(&self) -> bool {
        let before = Step::ALL.into_iter().take_while(|step| *step < self.step);
        before.into_iter().all(|step| self.has(step)) && self.officers.len() <= MOST_OFFICERS
    }

    /// What follows from an input.
    pub fn take(mut self, input: Input) -> Effect {
        match (self.step, input) {
            (Step::Kind, Input::Kind(kind)) => self.kind = Some(kind),
            (Step::Code, Input::Code(code)) => self.code = Some(code),
            (Step::Title, Input::Title(title)) => self.title = Some(title),
            (Step::Delegate, Input::Delegate(user)) => self.delegate = Some(user),
            (Step::Officers, Input::Toggle(officer)) => return self.toggle(officer),
            (Step::Officers, Input::Officers(mut officers)) => {
                officers.sort_unstable();
                officers.dedup();
                if officers.len() > MOST_OFFICERS {
                    return Effect::TooMany(self);
                }
                self.officers = officers;
                self.officers_chosen = true;
            }
            (Step::Officers, Input::Done) => self.officers_chosen = true,
            (at, Input::Keep(step)) if at == step && self.has(step) => {}
            (at, Input::Back(step)) if at == step => {
                self.step = at.neighbour(-1);
                return Effect::Ask(self);
            }
            (Step::Confirm, Input::Edit) => {
                self.step = Step::Kind;
                return Effect::Ask(self);
            }
            (Step::Confirm, Input::Confirm) => return self.agreed(),
            _ => return Effect::Stray(self),
        }
        self.step = self.step.neighbour(1);
        Effect::Ask(self)
    }

    /// At the step `step` again, because what was said there no longer holds.
    #[must_use]
    pub fn again_at(mut self, step: Step) -> Self {
        self.step = step;
        self
    }

    fn toggle(mut self, officer: OfficerId) -> Effect {
        match self.officers.binary_search(&officer) {
            Ok(at) => {
                self.officers.remove(at);
            }
            Err(_) if self.officers.len() >= MOST_OFFICERS => return Effect::TooMany(self),
            Err(at) => self.officers.insert(at, officer),
        }
        Effect::Ask(self)
    }

    fn agreed(self) -> Effect {
        match self.clone() {
            Self {
                kind: Some(kind), code: Some(code), title: Some(title), delegate: Some(delegate), officers, ..
            } => Effect::Create(Draft { kind, code, title, delegate, officers }),
            _ => Effect::Stray(self),
        }
    }
}
