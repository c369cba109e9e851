/** A second: by then a tab is shown, or something else has happened. */
const maxFrames = 60;

/**
 * Gives the focus to something in a tab that was just opened. The element of the tabs shows it a moment after the page
 * was rendered, and what is hidden takes no focus, so this tries until it is taken or the person has gone elsewhere.
 * Answers a function that stops it.
 *
 * @param focus true when it has the focus now
 */
export function focusWhenShown(focus: () => boolean): () => void {
  const before = document.activeElement;
  let left = maxFrames;
  let frame = 0;
  const attempt = () => {
    const now = document.activeElement;
    const hasGone = now !== before && now !== document.body;
    if (hasGone || focus() || left-- === 0) return;
    frame = requestAnimationFrame(attempt);
  };
  attempt();
  return () => cancelAnimationFrame(frame);
}
