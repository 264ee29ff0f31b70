const EVERY_MS = 10000;
const AVAILABILITY = {
  disponible: "Disponibles",
  en_tarea: "En tarea",
  no_disponible: "No disponibles",
  fuera_servicio: "Fuera de servicio",
};
const state = document.getElementById("state");

async function get(path) {
  const answer = await fetch(path);
  if (answer.status === 401 || answer.status === 403) location.assign("/login");
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** All rows of a list that comes in pages of at most `limit`. */
async function all(path, limit) {
  const rows = [];
  for (;;) {
    const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}&skip=${rows.length}`);
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function row(task) {
  const since = new Date(task.inicio_real ?? task.inicio_programado);
  const from = since.toLocaleString("es-AR", { dateStyle: "short", timeStyle: "short", hourCycle: "h23" });
  const tr = document.createElement("tr");
  tr.append(...[task.codigo, task.titulo, task.tipo, task.prioridad, from].map((text) => element("td", text)));
  return tr;
}

function count(officers, name) {
  const box = document.createElement("div");
  const number = officers.filter((officer) => officer.estado_disponibilidad === name).length;
  box.append(element("dt", AVAILABILITY[name]), element("dd", number));
  return box;
}

async function refresh() {
  try {
    const [tasks, officers] = await Promise.all([
      all("/api/v1/tasks/?estado=en_curso", 500),
      all("/api/v1/efectivos", 500),
    ]);
    document.getElementById("tasks").replaceChildren(...tasks.map(row));
    document.getElementById("officers").replaceChildren(...Object.keys(AVAILABILITY).map((name) => count(officers, name)));
    const none = tasks.length === 0 ? " Ninguna tarea en curso." : "";
    state.textContent = `Actualizado ${new Date().toLocaleTimeString("es-AR", { hourCycle: "h23" })}.${none}`;
    state.classList.remove("stale");
  } catch {
    state.textContent = "Sin conexión con la oficina; lo que se ve puede ser viejo.";
    state.classList.add("stale");
  }
}

/** One after the other: a slow office is not asked again before it has answered. */
async function watch() {
  await refresh();
  setTimeout(watch, EVERY_MS);
}

document.getElementById("logout").addEventListener("click", async () => {
  try {
    await fetch("/api/v1/auth/logout", { method: "POST" });
    location.assign("/login");
  } catch {
    state.textContent = "No se pudo salir: no hay conexión con la oficina.";
    state.classList.add("stale");
  }
});
watch();
