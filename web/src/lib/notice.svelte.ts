/** One sentence about what was just done, shown until it is closed or another one comes. */
class Notice {
  text = $state("");
}

export const notice = new Notice();
