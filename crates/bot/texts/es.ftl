## Lo que dice el bot, en español. HTML de Telegram; los datos llegan ya escapados.

# Saludo, menú y ayuda
greeting =
    Hola, <b>{ $name }</b> 👋
    Su número de usuario es <code>{ $id }</code>. ¿Qué desea hacer?
menu = <b>Menú principal</b>
help =
    <b>Lo que puede hacer aquí</b>

    { $lines }

    También puede escribir <code>listo CÓDIGO</code> para completar una tarea.
help-open = Mientras tanto: /cancelar para salir, /ayuda para leer esto, /emergencia si alguien necesita ayuda.
help-stranger =
    Este bot es del personal de la oficina. Pida a su administrador un código de un solo uso y escríbalo así:
    <code>/vincular CÓDIGO</code>
    Idioma: <code>/idioma es</code> o <code>/idioma en</code>.
hint = No entendí ese mensaje. Pruebe /start, /ayuda o <code>listo CÓDIGO</code>.
group = Por seguridad solo atiendo en privado: abra un chat conmigo y escriba /start.

command-start = saludo y menú
command-tareas = sus tareas de hoy
command-tarea = ficha de una tarea: /tarea CÓDIGO
command-finalizar = completar una tarea: /finalizar CÓDIGO
command-emergencia = pedir ayuda con su ubicación
command-buscar = buscar tareas: /buscar palabras
command-historial = sus tareas: todas, activas o finalizadas
command-estadisticas = sus cifras
command-disponible = está de servicio y libre
command-fuera = está fuera de servicio
command-crear = crear una tarea, paso a paso o en una línea
command-cerca = quién está cerca: /cerca o /cerca CÓDIGO
command-reporte = cifras de la oficina ahora
command-silencio = pausar avisos: /silencio 8 o /silencio no
command-idioma = idioma: /idioma es o /idioma en
command-vincular = vincular esta cuenta con un código
command-desvincular = quitar el vínculo de esta cuenta
command-cancelar = salir de lo que está abierto
command-ayuda = esta ayuda

help-selecting-type = <b>Paso 1: tipo.</b> Pulse uno de los tres tipos, o escríbalo: OPERATIVO, ADMINISTRATIVO, EMERGENCIA. Una emergencia avisa a todos.
help-entering-code = <b>Paso 2: código.</b> De 3 a 20 letras, cifras, guiones o guiones bajos, sin espacios y que no exista ya. Ejemplo: <code>OPE-2025-001</code>.
help-entering-title = <b>Paso 3: título.</b> De 10 a 100 caracteres; mejor si empieza con un verbo: «Verificar el acceso norte».
help-selecting-delegado = <b>Paso 4: responsable.</b> Pulse un nombre, o escriba el número de un usuario de nivel 2 o 3.
help-selecting-asignados = <b>Paso 5: efectivos.</b> Pulse para marcar o desmarcar, o escriba números separados por comas. Puede quedar sin nadie.
help-confirming = <b>Paso 6: confirmar.</b> Revise el resumen. «Editar» vuelve al primer paso y conserva todo.
help-vincular = Escriba el código de un solo uso que le dio su administrador.
help-finalizar = Pulse un botón para completar la tarea, o escriba la nota si eligió completarla con una. «No» la deja como está.
help-rechazar = Escriba en pocas palabras por qué no puede ir, de 3 a 300 caracteres.
help-buscar = Escriba palabras del código, del título, de la descripción o del lugar.
help-emergencia = Pulse «Enviar mi ubicación». Si antes escribe qué pasa, se envía con la llamada.
help-cerca = Pulse «Enviar mi ubicación», o envíe con el clip 📎 cualquier punto del mapa.
help-nota = Envíe un texto, una foto, un audio, un archivo o una ubicación: queda con la tarea. Si ya lo envió, pulse a qué tarea va.

# Vínculo
refused = Esta cuenta no está vinculada con la oficina, así que no puedo atenderla. Pida un código a su administrador y escriba <code>/vincular CÓDIGO</code>.
refused-inactive = Su usuario no está activo en este momento. Hable con su administrador.
refused-button = Esta cuenta no puede usar este botón.
link-ask = Escriba el código de un solo uso que le dio su administrador.
link-bad = Ese código no vale: puede estar mal escrito, vencido o usado. Pida otro a su administrador y escriba /vincular CÓDIGO.
linked = Listo, <b>{ $name }</b>: esta cuenta quedó vinculada. ¿Qué desea hacer?
linked-already = Esta cuenta ya está vinculada. Para usar otro código, primero /desvincular.
relinked = Su usuario se vinculó con otra cuenta de Telegram; esta ya no recibe nada. Si no fue usted, avise enseguida a su administrador.
unlink-ask = ¿Quitar el vínculo de esta cuenta? Dejará de recibir avisos, y para volver necesitará un código nuevo.
unlinked = El vínculo se quitó. Para volver: <code>/vincular CÓDIGO</code>.

# Botones
button-menu = ⬅️ Menú
button-create = ➕ Crear Nueva Tarea
button-complete = ✅ Completar Tarea
button-mine = 📋 Ver Mis Tareas
button-search = 🔎 Buscar Tareas
button-emergency = 🚨 Emergencia
button-near = 🧭 Quién Está Cerca
button-report = 📊 Reporte del Día
button-help = ❓ Centro de Ayuda
button-accept = ✅ Aceptar
button-decline = ✖️ Rechazar
button-en-route = 🚗 En camino
button-arrive = 📍 Llegué
button-begin = ▶️ Iniciar
button-pause = ⏸ Pausar
button-resume = ▶️ Continuar
button-finish = 🏁 Finalizar
button-map = 🗺 Ver en el mapa
button-note = 📝 Dejar nota
button-who-is-near = 🧭 Quién está cerca
button-show-task = 📄 Ver la tarea
button-back = ⬅️ Atrás
button-keep = Siguiente ➡️
button-cancel = ❌ Cancelar
button-confirm = ✅ Sí, crear
button-edit = ✏️ Editar
button-done = Listo ➡️
button-nobody = Sin efectivos ➡️
button-finish-yes = ✅ Sí, completar
button-finish-note = 📝 Completar con nota
button-without-note = ✅ Completar sin nota
button-no = ❌ No, cancelar
button-unlink = Sí, quitar el vínculo
button-before = ⬅️ Anterior
button-after = Siguiente ➡️
button-close = Cerrar
button-share-place = 📍 Enviar mi ubicación
button-assign = Enviar a { $name }

# Palabras
state-scheduled = programada
state-in-progress = en curso
state-finished = finalizada
state-cancelled = cancelada
state-paused = pausada
priority-baja = baja
priority-media = media
priority-alta = alta
priority-urgente = urgente
priority-critica = crítica
kind-operativo = 🛡 Operativo
kind-administrativo = 🗂 Administrativo
kind-emergencia = 🚨 Emergencia
nobody = nadie todavía

# Tareas
card =
    <b>{ $title }</b>
    <code>{ $code }</code> · { $kind }
    Estado: <b>{ $state }</b> · Prioridad: { $priority }
    Inicio: { $start } · Efectivos: { $officers }{ $place }{ $description }
card-place = { "" }
    📍 { $text }
card-description = { "" }

    { $text }
no-place = Esa tarea no tiene lugar en el mapa.
today = <b>Sus tareas de hoy:</b> { $count }
today-none = No tiene tareas para las próximas 24 horas. 🙂
history =
    <b>Historial ({ $filter })</b> · { $count ->
        [one] { $count } tarea
       *[other] { $count } tareas
    } · página { $page } de { $pages }

    { $lines }
history-none = No hay tareas en ese historial.
history-filters = «{ $word }» no es un filtro. Los que hay: <code>todas</code>, <code>activas</code>, <code>finalizadas</code>.
history-closed = Historial cerrado.
search-ask = ¿Qué busca? Escriba palabras del código, del título o del lugar.
search-found = { $count ->
        [one] Una tarea
       *[other] { $count } tareas
    } con «{ $query }»:
search-none = Ninguna tarea que usted pueda ver tiene «{ $query }».
done-accepted = { $code }: aceptada
done-en-route = { $code }: en camino
done-arrived = { $code }: llegada anotada
done-paused = { $code }: en pausa
done-resumed = { $code }: en curso
done-declined = Quedó anotado que no va a <code>{ $code }</code>, con su motivo. El responsable fue avisado.
decline-ask = ¿Por qué no puede ir a <code>{ $code }</code>? Escríbalo en pocas palabras.
decline-length = El motivo tiene { $length } caracteres; se admiten de 3 a 300.

# Completar
finish-pick = <b>¿Qué tarea completó?</b>
finish-none = No tiene tareas abiertas.
finish-ask =
    ¿Completar esta tarea?

    <code>{ $code }</code> · { $kind }
    <b>{ $title }</b>
finish-note = Escriba la nota de cierre de <code>{ $code }</code> (hasta 500 caracteres).
finish-note-long = La nota tiene { $length } caracteres; se admiten hasta 500.
finish-press = Pulse uno de los botones, o escriba /cancelar.
finish-done = Tarea '{ $code }' finalizada exitosamente.
finish-already = La tarea { $code } ya está finalizada.

# Crear
create-header =
    <b>{ "[" }Paso { $step }/{ $steps }]</b> { $bar }
    <i>paso { $step } de { $steps }</i>
create-kind = ¿De qué tipo es la tarea?
create-code = Escriba el código, por ejemplo <code>OPE-2025-001</code> (3 a 20 letras, cifras, «-» o «_»).
create-title = Escriba el título, de 10 a 100 caracteres. Ayuda empezar con un verbo.
create-delegate = ¿Quién responde por la tarea? Pulse un nombre o escriba su número de usuario.
create-officers = ¿Quién va? Elegidos: { $chosen } (hasta { $most }). Pulse para marcar, o escriba números separados por comas.
list-more = Hay { $others } más que no se muestran.
create-others = Sin botón: { $others }. Escriba el número.
create-summary =
    <b>Resumen</b>
    Tipo: { $kind }
    Código: <code>{ $code }</code>
    Título: { $title }
    Responsable: { $delegate }
    Efectivos: { $officers }

    ¿La creo?
create-kept = Ahora: <b>{ $value }</b>. «Siguiente» lo conserva.
create-done = Tarea '{ $code }' creada exitosamente.
create-open = Está creando una tarea: termine este paso, o escriba /cancelar.
create-stray = Ese botón es de otro paso; este es el que sigue.
create-bad-kind = Ese tipo no existe. Los que hay: OPERATIVO, ADMINISTRATIVO, EMERGENCIA.
create-bad-code = Ese código no vale: de 3 a 20 caracteres, solo A-Z, 0-9, «-» y «_», sin espacios.
create-code-taken = Ya hay una tarea con ese código. Escriba otro.
create-bad-title = El título tiene { $length } caracteres; se admiten de 10 a 100.
create-bad-delegate = Escriba solo el número de un usuario, o pulse un nombre.
create-no-delegate = No hay un usuario de nivel 2 o 3 activo con ese número.
create-bad-officers = Escriba solo números separados por comas, o pulse los nombres.
create-no-officer = No hay un efectivo con alguno de esos números.
create-too-many = Son demasiados: hasta 20 efectivos por tarea.
create-press = Pulse uno de los botones: crear, editar o cancelar.
line-bad =
    No pude crear la tarea: { $what }.
    Así se escribe: <code>/crear CÓDIGO "título" tipo id_responsable id_efectivo…</code>
    Tipos: { $kinds }.
line-parts = faltan datos
line-code = el código lleva de 3 a 20 letras, cifras, «-» o «_»
line-title = el título lleva de 5 a 200 caracteres
line-kind = ese tipo no existe
line-delegate = el responsable es un número de usuario
line-officers = los efectivos son números
line-done = Tarea '{ $code }' creada exitosamente.

# Emergencias y lugares
emergency-ask = 🚨 <b>Emergencia.</b> Pulse «📍 Enviar mi ubicación». Si puede, escriba antes qué pasa. /cancelar si no hace falta.
emergency-noted = Anotado. Ahora pulse «📍 Enviar mi ubicación».
emergency-assigned = 🚨 <b>{ $code }</b>: va <b>{ $officer }</b>, a { $distance }.
emergency-waiting = 🚨 <b>{ $code }</b>: nadie está libre ahora. Los supervisores ya lo saben, y va el primero que se libere cerca.
emergency-unreachable = ⚠️ A <b>{ $officer }</b> no le llegan mensajes: hay que avisarle por radio o por teléfono.
emergency-late = ⏱ Su llamada es de hace { $minutes ->
        [one] un minuto
       *[other] { $minutes } minutos
    }: la oficina la recibe recién ahora. Quedó anotado en la tarea.
emergency-before = Lo que tenía abierto sigue esperando.
position-live = 📍 Recibo su posición mientras la comparta.
position-kept = 📍 Posición anotada.
position-held = 📍 Recibí la posición, pero desde la anterior el salto es imposible: no la tomo como su lugar hasta que otra la confirme.
place-forwarded = Esa ubicación es reenviada. Envíe la suya con el clip 📎 → Ubicación.
place-unasked = Recibí una ubicación, pero nada la espera. ¿Es una emergencia? Escriba /emergencia.
near-ask = Envíe el punto: pulse «📍 Enviar mi ubicación», o elija uno en el mapa con el clip 📎.
near-here = Buscando alrededor de ese punto:
near =
    <b>Los más cercanos</b>
    { $lines }
near-nobody = Nadie libre cerca de ese punto.
near-left-out =
    <i>Más cerca, pero no:</i>
    { $lines }
near-line = • { $name } ({ $code }): { $distance }, { $minutes } min · posición de hace { $age } min
out-on-task = en tarea
out-out-of-service = fuera de servicio
out-unavailable = no disponible
out-stale = posición antigua
out-other-unit = otra unidad
out-of-radius = fuera del radio
out-inactive-account = cuenta inactiva
out-caller = es quien llama
out-declined = rechazó la tarea
out-let-expire = no respondió a tiempo
out-taken-off = fue retirado de la tarea
out-already-sent = ya fue enviado
out-no-position = sin posición
out-doubtful = posición dudosa
last-inaccurate = posición imprecisa
last-unreachable = no le llegan mensajes
last-unanswered = tiene una tarea sin responder
assign-pick = ¿A qué tarea va?
assign-none = No hay tareas abiertas.
assign-done = { $code }: efectivo enviado

# Notas
note-ask = 📝 Envíe lo que quiere dejar en <code>{ $code }</code>: un texto, una foto, un audio, un archivo o una ubicación.
note-kept = 📝 { $count ->
        [one] Quedó
       *[other] Quedaron { $count } notas
    } en <code>{ $code }</code>.
note-large = Pasa de 20 MB: se guarda que existe, pero la oficina no podrá descargarlo. Si hace falta, envíelo en partes.
note-length = Una nota tiene de 1 a { $most } caracteres; esta tiene { $length }.
note-which = 📝 ¿En qué tarea { $count ->
        [one] lo dejo
       *[other] dejo los { $count }
    }?
note-pick = Pulse a qué tarea va lo que envió, o escriba /cancelar.
note-no-task = No tiene tareas abiertas donde dejarlo, así que no lo guardé.
note-busy = Tiene algo abierto y no sé a qué tarea va, así que no lo guardé. Termine o escriba /cancelar, y envíelo otra vez.

# Servicio
duty-no-officer = Su usuario no es un efectivo, así que no tiene disponibilidad que cambiar.
duty-on-task = Está en tarea; al completarla o pausarla por rechazo vuelve a estar disponible. Vea /tareas.
duty-available = Quedó <b>disponible</b>.
duty-out = Quedó <b>fuera de servicio</b>.
quiet-on = 🔕 Sin avisos por { $hours ->
        [one] una hora
       *[other] { $hours } horas
    } (hasta { $until }). Las emergencias llegan igual. Para volver: <code>/silencio no</code>.
quiet-off = 🔔 Avisos activados.
quiet-bad = Escriba las horas, de 1 a { $most }: <code>/silencio 8</code>; o <code>/silencio no</code>.
language-done = Desde ahora hablo español.
language-bad = Idiomas: <code>/idioma es</code> (español) o <code>/idioma en</code> (English).

# Cifras
statistics =
    <b>Sus cifras, últimos { $days } días</b>
    Tareas: { $total } · finalizadas { $finished } · en curso { $running } · programadas { $scheduled } · pausadas { $paused } · canceladas { $cancelled }
    Duración media: { $hours } h · por día: { $daily }
    Tipos más frecuentes: { $top }
    Esta semana: { $week } · racha: { $streak ->
        [one] un día
       *[other] { $streak } días
    }
report =
    <b>La oficina ahora</b> ({ $at })
    Tareas: { $tasks } · en curso { $running } · programadas { $scheduled } · finalizadas { $finished }
    Emergencias sin efectivo: { $waiting }
    Efectivos: { $officers } · disponibles { $available } · en tarea { $busy }
report-day = Informe del { $day }
report-file = Las mismas cifras, para una planilla de cálculo.

# Lo que no se toma
forwarded = Ese mensaje es reenviado, y no hago nada con lo que escribió otra persona. Escríbalo usted.
too-long = Ese mensaje es demasiado largo para Telegram y llega partido. Envíelo más corto.
contact = Gracias, pero no guardo contactos. Los teléfonos los cambia su administrador.
not-text = Eso no lo sé leer. Pruebe /start, /ayuda o <code>listo CÓDIGO</code>.
edited = No leo cambios en mensajes ya enviados: envíelo de nuevo.
busy = Tiene algo abierto: termínelo o escriba /cancelar.
stale = Eso ya se hizo, o venció. Nada cambió.
unknown-button = Ese botón ya no funciona. Escriba /start.
cancelled = Cancelado. Nada cambió. Para seguir: /start
cancel-back = Cancelado. Sigue abierto lo de antes; /ayuda dice qué falta.
cancel-nothing = No hay nada que cancelar. Para empezar: /start

# Errores
error-way-on = Para seguir: /start
error-invalid = No se admite lo que va en: { $fields }.
error-inactive = Su usuario no está activo en este momento. Hable con su administrador.
error-level = Su nivel no permite hacer eso. /ayuda muestra lo que sí puede.
error-not-yours = Esa tarea no es suya: solo la cambian quienes fueron enviados, su responsable o un administrador.
error-others-statistics = Solo puede ver sus propias cifras.
error-no-user = No existe el usuario { $id }.
error-no-officer = No existe el efectivo { $id }.
error-no-task = Esa tarea no existe, o usted no puede verla.
error-no-code = No encontré la tarea { $id }, o ya está cerrada. Vea las suyas con /tareas.
error-not-found = Eso ya no existe.
error-one-active-task = Ese efectivo ya tiene otra tarea en curso. Primero se completa esa; vea /tareas.
error-occupied = Tiene una tarea en curso: { $codes }. Termínela o recházela antes.
error-step = Ese paso ya no es posible: la tarea cambió.
error-superseded = Esa tarea ya no espera su respuesta: otro efectivo la tomó.
error-not-eligible = Ese efectivo no puede ser enviado ahora: no está de servicio, su cuenta no está activa, o ya rechazó esa tarea o la dejó sin responder. Desde el tablero se puede forzar.
error-code-taken = Ya hay una tarea con ese código.
error-conflict = Una regla de la oficina no permite ese cambio.
error-transition = Una tarea { $from } no puede pasar a { $to }.
error-outdated = Alguien la cambió mientras tanto. Ábrala de nuevo con /tareas.
error-repeated = Ese mensaje ya se atendió.
error-too-many = Demasiados intentos. Espere { $minutes ->
        [one] un minuto
       *[other] { $minutes } minutos
    } y pruebe otra vez.
gave-up = No pude atender su último mensaje: algo falló de nuestro lado y ya fue avisado. Pruebe más tarde.

# Avisos
notice-assigned = 📌 <b>Tiene una tarea nueva</b>
notice-emergency-yours = 🚨 <b>EMERGENCIA: va usted</b>
notice-emergency-assigned = 🚨 <b>Emergencia, con efectivo asignado</b>
notice-emergency-waiting = 🚨 <b>Emergencia SIN efectivo libre</b>
notice-state = 🔄 Otra persona la pasó a <b>{ $state }</b>
notice-changed = ✏️ Otra persona cambió esta tarea
notice-taken-off = Ya no tiene que ir a <code>{ $code }</code>.
notice-deleted = La tarea <code>{ $code }</code> fue eliminada.
notice-accepted = ✅ <b>{ $who }</b> aceptó
notice-arrived = 📍 <b>{ $who }</b> llegó al lugar
notice-declined = ✖️ <b>{ $who }</b> no va. { $reason }
notice-en-route = 🚗 <b>{ $who }</b> va en camino
notice-offered = 🚨 <b>Se necesita un efectivo: ¿puede ir usted?</b>{ $distance }{ $until }
offer-distance = { "" }
    Está a { $distance }.
offer-until = { "" }
    Responda antes de las { $until }.
notice-still-waiting = ⏱ <b>Esta tarea sigue esperando su respuesta.</b> Mientras tanto se ofrece también a otros efectivos. Si puede ir, acéptela; si no, recházela.
notice-relieved = ℹ️ Otro efectivo tomó la tarea <code>{ $code }</code>: usted ya no tiene que ir. Gracias.
notice-offer-ended = ℹ️ La tarea <code>{ $code }</code> ya no necesita su respuesta.
notice-unreachable = ⚠️ A <b>{ $officer }</b> no le llegan mensajes: avísele por radio o por teléfono.
notice-sent-instead = 🚨 Ahora va <b>{ $officer }</b>.
notice-waits-again = 🚨 Nadie más está libre cerca: la llamada espera al primero que se libere.
notice-not-accepted = ⏱ <b>{ $code }</b>: todavía nadie la aceptó. { $count ->
        [0] No queda nadie más a quien ofrecerla.
        [one] Se ofreció a un efectivo más.
       *[other] Se ofreció a { $count } efectivos más.
    }
notice-offered-to-all = ⏱ <b>{ $code }</b>: sigue sin que nadie la acepte. { $count ->
        [0] No queda nadie más a quien ofrecerla.
        [one] Se ofreció al último efectivo libre cerca.
       *[other] Se ofreció a todos los efectivos libres cerca: { $count } más.
    }
notice-waits-long = ⏳ <b>{ $code }</b>: la llamada espera efectivo desde hace { $minutes } min.
notice-none-free = 🚨 <b>{ $code }</b>: no hay ningún efectivo libre; la llamada espera.
notice-declined-offered = ✖️ <b>{ $code }</b>: un efectivo la rechazó. { $count ->
        [0] No queda nadie más a quien ofrecerla.
        [one] Se ofreció a otro efectivo.
       *[other] Se ofreció a { $count } efectivos más.
    }
notice-overdue = ⏰ <b>Tarea vencida</b>
notice-blocked = 📵 <b>{ $people }</b>{ $more ->
        [0] { "" }
        [one] { " " }y una persona más
       *[other] { " " }y { $more } personas más
    } { $count ->
        [one] bloqueó
       *[other] bloquearon
    } al bot: no le llegan tareas ni avisos. Hable por otro medio; vuelve a recibirlos quien le escribe al bot.
announcement = 📣 { $message }
announcement-alert = ⚠️ <b>{ $message }</b>
announcement-urgent = 🚨 <b>{ $message }</b>
