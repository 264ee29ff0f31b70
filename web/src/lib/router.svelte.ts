/** Where in the dashboard the reader is. */
class Router {
  path = $state(location.pathname);
  query = $state(new URLSearchParams(location.search));

  constructor() {
    addEventListener("popstate", () => this.read());
    addEventListener("click", (event) => this.clicked(event));
  }

  go(to: string, replace = false): void {
    if (replace) history.replaceState(null, "", to);
    else history.pushState(null, "", to);
    this.read();
    if (!replace) document.getElementById("content")?.focus({ preventScroll: false });
  }

  private read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  private clicked(event: MouseEvent): void {
    const link = (event.target as Element | null)?.closest?.("a[href^='/']");
    const isOurs = link && !link.hasAttribute("data-outside") && !link.hasAttribute("target");
    if (!isOurs || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    event.preventDefault();
    this.go(link.getAttribute("href") ?? "/");
  }
}

export const router = new Router();
