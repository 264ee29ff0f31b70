//! Whether an officer can be sent.

use crate::wire::wire_enum;

wire_enum! {
    /// `estado_disponibilidad`.
    pub enum Availability {
        /// Free to be sent.
        Available = "disponible",
        /// Holds a begun task.
        OnTask = "en_tarea",
        /// Off duty.
        OutOfService = "fuera_servicio",
        /// On duty, not to be sent (leave, break, court).
        Unavailable = "no_disponible",
    }
}
