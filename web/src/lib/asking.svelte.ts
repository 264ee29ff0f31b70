/** What a screen asks of the server anew whenever its address changes: whether it still waits, and what
 * went wrong last. A question that was given up says nothing. */
export class Asking {
  error = $state.raw<unknown>(null);
  isLoading = $state(true);

  async ask(question: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    this.isLoading = true;
    try {
      await question();
      this.error = null;
    } catch (failure) {
      if (signal?.aborted) return;
      this.error = failure;
    }
    this.isLoading = false;
  }
}
