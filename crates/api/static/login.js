const form = document.getElementById("login");
const button = form.querySelector("button");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  button.disabled = true;
  try {
    const answer = await fetch("/api/v1/auth/login", { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.ok) {
      location.assign("/dashboard");
    } else if (answer.status === 401) {
      problem.textContent = "Correo o contraseña incorrectos, o cuenta bloqueada por un tiempo.";
    } else {
      const body = await answer.json();
      problem.textContent = body.detail ?? "No se pudo ingresar; intente de nuevo.";
    }
  } catch {
    problem.textContent = "No hay conexión con la oficina; intente de nuevo.";
  } finally {
    button.disabled = false;
  }
});
