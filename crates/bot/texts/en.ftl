## What the bot says in English. Telegram's HTML; values come escaped already.

# Greeting, menu and help
greeting =
    Hello, <b>{ $name }</b> 👋
    Your user number is <code>{ $id }</code>. What would you like to do?
menu = <b>Main menu</b>
help =
    <b>What you can do here</b>

    { $lines }

    You can also write <code>listo CODE</code> to complete a task.
help-open = Meanwhile: /cancelar to leave, /ayuda to read this, /emergencia if somebody needs help.
help-stranger =
    This bot is for the office's staff. Ask your administrator for a one-time code and write it like this:
    <code>/vincular CODE</code>
    Language: <code>/idioma es</code> or <code>/idioma en</code>.
hint = I did not understand that. Try /start, /ayuda or <code>listo CODE</code>.
group = For safety I only work in private: open a chat with me and write /start.

command-start = greeting and menu
command-tareas = your tasks of today
command-tarea = card of a task: /tarea CODE
command-finalizar = complete a task: /finalizar CODE
command-emergencia = call for help with your location
command-buscar = search tasks: /buscar words
command-historial = your tasks: todas, activas or finalizadas
command-estadisticas = your figures
command-disponible = you are on duty and free
command-fuera = you are off duty
command-crear = make a task, step by step or in one line
command-cerca = who is near: /cerca or /cerca CODE
command-reporte = the office's figures now
command-silencio = pause notices: /silencio 8 or /silencio no
command-idioma = language: /idioma es or /idioma en
command-vincular = link this account with a code
command-desvincular = end the link of this account
command-cancelar = leave what is open
command-ayuda = this help

help-selecting-type = <b>Step 1: type.</b> Press one of the three types, or write it: OPERATIVO, ADMINISTRATIVO, EMERGENCIA. An emergency alerts everybody.
help-entering-code = <b>Step 2: code.</b> 3 to 20 letters, digits, hyphens or underscores, no spaces, and not in use. For example <code>OPE-2025-001</code>.
help-entering-title = <b>Step 3: title.</b> 10 to 100 characters; best begun with a verb: “Check the north gate”.
help-selecting-delegado = <b>Step 4: who answers for it.</b> Press a name, or write the number of a user of level 2 or 3.
help-selecting-asignados = <b>Step 5: officers.</b> Press to tick or untick, or write numbers separated by commas. Nobody is allowed too.
help-confirming = <b>Step 6: confirm.</b> Read the summary. “Edit” goes back to the first step and keeps everything.
help-vincular = Write the one-time code that your administrator gave you.
help-finalizar = Press a button to complete the task, or write the note if you chose to complete it with one. “No” leaves it as it is.
help-rechazar = Write in a few words why you cannot go, 3 to 300 characters.
help-buscar = Write words of the code, the title, the description or the place.
help-emergencia = Press “Send my location”. What you write before that is sent with the call.
help-cerca = Press “Send my location”, or send any point of the map with the clip 📎.
help-nota = Send a text, a photo, a voice message, a file or a place: it stays with the task. If you have sent it, press the task that it is for.

# Link
refused = This account is not linked to the office, so I cannot help. Ask your administrator for a code and write <code>/vincular CODE</code>.
refused-inactive = Your user is not active at the moment. Speak to your administrator.
refused-button = This account cannot use this button.
link-ask = Write the one-time code that your administrator gave you.
link-bad = That code is not valid: it may be mistyped, expired or used. Ask your administrator for another and write /vincular CODE.
linked = Done, <b>{ $name }</b>: this account is linked. What would you like to do?
linked-already = This account is linked already. To use another code, first /desvincular.
relinked = Your user was linked to another Telegram account; this one gets nothing any more. If it was not you, tell your administrator at once.
unlink-ask = End the link of this account? You will get no more notices, and need a new code to come back.
unlinked = The link was ended. To come back: <code>/vincular CODE</code>.

# Buttons
button-menu = ⬅️ Menu
button-create = ➕ New Task
button-complete = ✅ Complete a Task
button-mine = 📋 My Tasks
button-search = 🔎 Search Tasks
button-emergency = 🚨 Emergency
button-near = 🧭 Who Is Near
button-report = 📊 Report of the Day
button-help = ❓ Help
button-accept = ✅ Accept
button-decline = ✖️ Decline
button-en-route = 🚗 On my way
button-arrive = 📍 I am there
button-begin = ▶️ Begin
button-pause = ⏸ Pause
button-resume = ▶️ Go on
button-finish = 🏁 Finish
button-map = 🗺 See on the map
button-note = 📝 Leave a note
button-who-is-near = 🧭 Who is near
button-show-task = 📄 See the task
button-back = ⬅️ Back
button-keep = Next ➡️
button-cancel = ❌ Cancel
button-confirm = ✅ Yes, make it
button-edit = ✏️ Edit
button-done = Done ➡️
button-nobody = Nobody ➡️
button-finish-yes = ✅ Yes, complete it
button-finish-note = 📝 Complete with a note
button-without-note = ✅ Complete without a note
button-no = ❌ No, cancel
button-unlink = Yes, end the link
button-before = ⬅️ Previous
button-after = Next ➡️
button-close = Close
button-share-place = 📍 Send my location
button-assign = Send { $name }

# Words
state-scheduled = scheduled
state-in-progress = in progress
state-finished = finished
state-cancelled = cancelled
state-paused = paused
priority-baja = low
priority-media = medium
priority-alta = high
priority-urgente = urgent
priority-critica = critical
kind-operativo = 🛡 Operation
kind-administrativo = 🗂 Administrative
kind-emergencia = 🚨 Emergency
nobody = nobody yet

# Tasks
card =
    <b>{ $title }</b>
    <code>{ $code }</code> · { $kind }
    State: <b>{ $state }</b> · Priority: { $priority }
    Start: { $start } · Officers: { $officers }{ $place }{ $description }
card-place = { "" }
    📍 { $text }
card-description = { "" }

    { $text }
no-place = That task has no place on the map.
today = <b>Your tasks of today:</b> { $count }
today-none = You have no tasks for the next 24 hours. 🙂
history =
    <b>History ({ $filter })</b> · { $count ->
        [one] { $count } task
       *[other] { $count } tasks
    } · page { $page } of { $pages }

    { $lines }
history-none = There are no tasks in that history.
history-filters = “{ $word }” is no filter. There are: <code>todas</code> (all), <code>activas</code> (open), <code>finalizadas</code> (ended).
history-closed = History closed.
search-ask = What are you looking for? Write words of the code, the title or the place.
search-found = { $count ->
        [one] One task
       *[other] { $count } tasks
    } with “{ $query }”:
search-none = No task that you may see has “{ $query }”.
done-accepted = { $code }: accepted
done-en-route = { $code }: on the way
done-arrived = { $code }: arrival noted
done-paused = { $code }: paused
done-resumed = { $code }: in progress
done-declined = It is noted that you do not go to <code>{ $code }</code>, with your reason. Whoever answers for it was told.
decline-ask = Why can you not go to <code>{ $code }</code>? Write it in a few words.
decline-length = The reason has { $length } characters; 3 to 300 are allowed.

# Complete
finish-pick = <b>Which task did you complete?</b>
finish-none = You have no open tasks.
finish-ask =
    Complete this task?

    <code>{ $code }</code> · { $kind }
    <b>{ $title }</b>
finish-note = Write the closing note of <code>{ $code }</code> (up to 500 characters).
finish-note-long = The note has { $length } characters; up to 500 are allowed.
finish-press = Press one of the buttons, or write /cancelar.
finish-done = Task '{ $code }' completed.
finish-already = Task { $code } is completed already.

# Create
create-header =
    <b>{ "[" }Step { $step }/{ $steps }]</b> { $bar }
    <i>step { $step } of { $steps }</i>
create-kind = Of which type is the task?
create-code = Write the code, for example <code>OPE-2025-001</code> (3 to 20 letters, digits, “-” or “_”).
create-title = Write the title, 10 to 100 characters. It helps to begin with a verb.
create-delegate = Who answers for the task? Press a name or write the user number.
create-officers = Who goes? Chosen: { $chosen } (up to { $most }). Press to tick, or write numbers separated by commas.
list-more = { $others } more are not shown.
create-others = Without a button: { $others }. Write the number.
create-summary =
    <b>Summary</b>
    Type: { $kind }
    Code: <code>{ $code }</code>
    Title: { $title }
    Answers for it: { $delegate }
    Officers: { $officers }

    Shall I make it?
create-kept = Now: <b>{ $value }</b>. “Next” keeps it.
create-done = Task '{ $code }' made.
create-open = You are making a task: finish this step, or write /cancelar.
create-stray = That button is of another step; this is the one that comes next.
create-bad-kind = There is no such type. There are: OPERATIVO, ADMINISTRATIVO, EMERGENCIA.
create-bad-code = That code is not valid: 3 to 20 characters, only A-Z, 0-9, “-” and “_”, no spaces.
create-code-taken = There is a task with that code already. Write another.
create-bad-title = The title has { $length } characters; 10 to 100 are allowed.
create-bad-delegate = Write only the number of a user, or press a name.
create-no-delegate = There is no active user of level 2 or 3 with that number.
create-bad-officers = Write only numbers separated by commas, or press the names.
create-no-officer = One of these numbers is no officer's.
create-too-many = Too many: up to 20 officers a task.
create-press = Press one of the buttons: make, edit or cancel.
line-bad =
    I could not make the task: { $what }.
    It is written so: <code>/crear CODE "title" type user_id officer_id…</code>
    Types: { $kinds }.
line-parts = something is missing
line-code = the code has 3 to 20 letters, digits, “-” or “_”
line-title = the title has 5 to 200 characters
line-kind = there is no such type
line-delegate = who answers for it is a user number
line-officers = officers are numbers
line-done = Task '{ $code }' made.

# Emergencies and places
emergency-ask = 🚨 <b>Emergency.</b> Press “📍 Send my location”. If you can, first write what happens. /cancelar if there is no need.
emergency-noted = Noted. Now press “📍 Send my location”.
emergency-assigned = 🚨 <b>{ $code }</b>: <b>{ $officer }</b> is coming, { $distance } away.
emergency-waiting = 🚨 <b>{ $code }</b>: nobody is free now. The supervisors know, and the first who becomes free nearby is sent.
emergency-unreachable = ⚠️ Messages do not reach <b>{ $officer }</b>: that officer must be called by radio or telephone.
emergency-late = ⏱ Your call was made { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    } ago: the office has received it only now. The task says so.
emergency-before = What you had open still waits.
position-live = 📍 I get your position while you share it.
position-kept = 📍 Position noted.
position-held = 📍 I got the position, but the jump from the one before is impossible: it does not count as your place until another one confirms it.
place-forwarded = That location was forwarded. Send your own with the clip 📎 → Location.
place-unasked = I got a location, but nothing waits for it. Is it an emergency? Write /emergencia.
near-ask = Send the point: press “📍 Send my location”, or choose one on the map with the clip 📎.
near-here = Looking around that point:
near =
    <b>The nearest</b>
    { $lines }
near-nobody = Nobody free near that point.
near-left-out =
    <i>Nearer, but not:</i>
    { $lines }
near-line = • { $name } ({ $code }): { $distance }, { $minutes } min · position { $age } min old
out-on-task = on a task
out-out-of-service = off duty
out-unavailable = not available
out-stale = old position
out-other-unit = another unit
out-of-radius = out of reach
out-inactive-account = inactive account
out-caller = raised the call
out-declined = declined the task
out-let-expire = did not answer in time
out-taken-off = was taken off the task
out-already-sent = already sent
out-no-position = no position
out-doubtful = doubtful position
last-inaccurate = inaccurate position
last-unreachable = messages do not arrive
last-unanswered = has an unanswered task
assign-pick = To which task?
assign-none = There are no open tasks.
assign-done = { $code }: officer sent

# Notes
note-ask = 📝 Send what you want to leave with <code>{ $code }</code>: a text, a photo, a voice message, a file or a place.
note-kept = 📝 { $count ->
        [one] Kept
       *[other] { $count } notes kept
    } with <code>{ $code }</code>.
note-large = It has more than 20 MB: that it exists is kept, but the office cannot download it. If it is needed, send it in parts.
note-length = A note has 1 to { $most } characters; this one has { $length }.
note-which = 📝 With which task shall I keep { $count ->
        [one] it
       *[other] the { $count }
    }?
note-pick = Press the task that it is for, or write /cancelar.
note-no-task = You have no open tasks to leave it with, so I did not keep it.
note-busy = Something is open and I do not know which task this is for, so I did not keep it. End it or write /cancelar, and send it again.

# Duty
duty-no-officer = Your user is no officer, so there is no availability to change.
duty-on-task = You are on a task; once it is completed you are available again. See /tareas.
duty-available = You are <b>available</b>.
duty-out = You are <b>off duty</b>.
quiet-on = 🔕 No notices for { $hours ->
        [one] one hour
       *[other] { $hours } hours
    } (until { $until }). Emergencies still come. To undo: <code>/silencio no</code>.
quiet-off = 🔔 Notices are on.
quiet-bad = Write the hours, 1 to { $most }: <code>/silencio 8</code>; or <code>/silencio no</code>.
language-done = From now on I speak English.
language-bad = Languages: <code>/idioma es</code> (español) or <code>/idioma en</code> (English).

# Figures
statistics =
    <b>Your figures, last { $days } days</b>
    Tasks: { $total } · finished { $finished } · in progress { $running } · scheduled { $scheduled } · paused { $paused } · cancelled { $cancelled }
    Mean duration: { $hours } h · a day: { $daily }
    Most frequent types: { $top }
    This week: { $week } · streak: { $streak ->
        [one] one day
       *[other] { $streak } days
    }
report =
    <b>The office now</b> ({ $at })
    Tasks: { $tasks } · in progress { $running } · scheduled { $scheduled } · finished { $finished }
    Emergencies without an officer: { $waiting }
    Officers: { $officers } · available { $available } · on a task { $busy }
report-day = Report of { $day }
report-file = The same figures, for a spreadsheet.

# What is not taken
forwarded = That message was forwarded, and I do nothing with what somebody else wrote. Write it yourself.
too-long = That message is too long for Telegram and comes in parts. Send a shorter one.
contact = Thank you, but I keep no contacts. Telephone numbers are changed by your administrator.
not-text = I cannot read that. Try /start, /ayuda or <code>listo CODE</code>.
edited = I do not read changes of messages that were sent: send it again.
busy = You have something open: finish it or write /cancelar.
stale = That was done already, or has expired. Nothing changed.
unknown-button = That button does not work any more. Write /start.
cancelled = Cancelled. Nothing changed. To go on: /start
cancel-back = Cancelled. What was open before still is; /ayuda says what is missing.
cancel-nothing = There is nothing to cancel. To begin: /start

# Errors
error-way-on = To go on: /start
error-invalid = Not allowed as it is: { $fields }.
error-inactive = Your user is not active at the moment. Speak to your administrator.
error-level = Your level does not allow that. /ayuda shows what it does.
error-not-yours = That task is not yours: only those who were sent, whoever answers for it or an administrator change it.
error-others-statistics = You can see only your own figures.
error-no-user = There is no user { $id }.
error-no-officer = There is no officer { $id }.
error-no-task = There is no such task, or you may not see it.
error-no-code = I did not find task { $id }, or it is closed already. See yours with /tareas.
error-not-found = That is no longer there.
error-one-active-task = That officer has another task in progress. That one is completed first; see /tareas.
error-occupied = You have a task in progress: { $codes }. Finish or decline it first.
error-step = That step is no longer possible: the task has changed.
error-superseded = That task no longer waits for your answer: another officer has taken it.
error-not-eligible = That officer cannot be sent now: off duty, without an active account, or has declined that task or left it unanswered. It can be forced from the dashboard.
error-code-taken = There is a task with that code already.
error-conflict = A rule of the office does not allow that change.
error-transition = A task that is { $from } cannot become { $to }.
error-outdated = Somebody changed it in the meantime. Open it again with /tareas.
error-repeated = That message was worked already.
error-too-many = Too many attempts. Wait { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    } and try again.
gave-up = I could not work your last message: something failed on our side and was reported. Try later.

# Notices
notice-assigned = 📌 <b>You have a new task</b>
notice-emergency-yours = 🚨 <b>EMERGENCY: you go</b>
notice-emergency-assigned = 🚨 <b>Emergency, an officer was assigned</b>
notice-emergency-waiting = 🚨 <b>Emergency WITHOUT a free officer</b>
notice-state = 🔄 Somebody else made it <b>{ $state }</b>
notice-changed = ✏️ Somebody else changed this task
notice-taken-off = You need not go to <code>{ $code }</code> any more.
notice-deleted = Task <code>{ $code }</code> was deleted.
notice-accepted = ✅ <b>{ $who }</b> accepted
notice-arrived = 📍 <b>{ $who }</b> arrived
notice-declined = ✖️ <b>{ $who }</b> does not go. { $reason }
notice-en-route = 🚗 <b>{ $who }</b> is on the way
notice-offered = 🚨 <b>An officer is needed: can you go?</b>{ $distance }{ $until }
offer-distance = { "" }
    You are { $distance } away.
offer-until = { "" }
    Please answer before { $until }.
notice-still-waiting = ⏱ <b>This task still waits for your answer.</b> Meanwhile it is offered to other officers too. If you can go, accept it; if not, decline it.
notice-relieved = ℹ️ Another officer has taken task <code>{ $code }</code>: you need not go any more. Thank you.
notice-offer-ended = ℹ️ Task <code>{ $code }</code> no longer needs your answer.
notice-unreachable = ⚠️ Messages do not reach <b>{ $officer }</b>: please call by radio or telephone.
notice-sent-instead = 🚨 <b>{ $officer }</b> goes now.
notice-waits-again = 🚨 No other officer is free nearby: the call waits for the first who becomes free.
notice-not-accepted = ⏱ <b>{ $code }</b>: no officer has accepted it yet. { $count ->
        [0] There is no other officer to offer it to.
        [one] It was offered to one more officer.
       *[other] It was offered to { $count } more officers.
    }
notice-offered-to-all = ⏱ <b>{ $code }</b>: still not accepted. { $count ->
        [0] There is no other officer to offer it to.
        [one] It was offered to the last free officer nearby.
       *[other] It was offered to all free officers nearby: { $count } more.
    }
notice-waits-long = ⏳ <b>{ $code }</b>: the call has waited { $minutes } min for an officer.
notice-none-free = 🚨 <b>{ $code }</b>: no officer is free; the call waits.
notice-declined-offered = ✖️ <b>{ $code }</b>: an officer declined it. { $count ->
        [0] There is no other officer to offer it to.
        [one] It was offered to another officer.
       *[other] It was offered to { $count } more officers.
    }
notice-overdue = ⏰ <b>Task overdue</b>
notice-blocked = 📵 <b>{ $people }</b>{ $more ->
        [0] { "" }
        [one] { " " }and one person more
       *[other] { " " }and { $more } people more
    } blocked the bot: neither tasks nor notices reach { $count ->
        [one] that person
       *[other] these people
    }. Use other means; whoever writes to the bot is reached again.
announcement = 📣 { $message }
announcement-alert = ⚠️ <b>{ $message }</b>
announcement-urgent = 🚨 <b>{ $message }</b>
