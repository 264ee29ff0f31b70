const state = document.getElementById("state");

async function get(path) {
  const answer = await fetch(path);
  if (answer.status === 401 || answer.status === 403) location.assign("/login");
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function row(task) {
  const tr = document.createElement("tr");
  for (const value of [task.codigo, task.titulo, task.estado, task.prioridad]) {
    const td = document.createElement("td");
    td.textContent = value;
    tr.append(td);
  }
  return tr;
}

async function refresh() {
  try {
    const [tasks, officers] = await Promise.all([
      get("/api/v1/tasks/?estado=en_curso&limit=100"),
      get("/api/v1/efectivos?limit=500"),
    ]);
    document.getElementById("tasks").replaceChildren(...tasks.map(row));
    const counts = new Map();
    for (const officer of officers) {
      counts.set(officer.estado_disponibilidad, (counts.get(officer.estado_disponibilidad) ?? 0) + 1);
    }
    const items = [...counts].map(([name, count]) => {
      const li = document.createElement("li");
      li.textContent = `${name}: ${count}`;
      return li;
    });
    document.getElementById("officers").replaceChildren(...items);
    const none = tasks.length === 0 ? " Ninguna tarea en curso." : "";
    state.textContent = `Actualizado ${new Date().toLocaleTimeString("es-AR")}.${none}`;
  } catch {
    state.textContent = "Sin conexión con la oficina; lo que se ve puede ser viejo.";
  }
}

document.getElementById("logout").addEventListener("click", async () => {
  await fetch("/api/v1/auth/logout", { method: "POST" });
  location.assign("/login");
});
refresh();
setInterval(refresh, 10000);
