/** A text in one line that keeps its end when it is cut: branches and paths differ there. */

/** A shorter text is cut at its end like any other. */
const shortest = 18;
const tailLength = 10;

export function TailText({ text, className = '' }: { text: string; className?: string }) {
  const letters = Array.from(text);
  if (letters.length < shortest)
    return (
      <span className={className}>
        <bdi>{text}</bdi>
      </span>
    );
  const cut = letters.length - tailLength;
  return (
    <span className={`${className} tail-text`}>
      <bdi className="tail-head">{letters.slice(0, cut).join('')}</bdi>
      <bdi className="tail-end">{letters.slice(cut).join('')}</bdi>
    </span>
  );
}
