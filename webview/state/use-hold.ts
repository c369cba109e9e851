/** Whether a person is at a list now: what they point at, or have the focus on, must not move. */
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { FocusEvent, PointerEvent } from 'react';

interface Hold {
  /** True while the pointer is at work in the box, or the focus in it. */
  isHeld: () => boolean;
  /** For the element around the list. */
  listen: {
    ref: React.RefObject<HTMLDivElement | null>;
    onPointerMove: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** @param onRelease the person has gone */
export function useHold(onRelease: () => void): Hold {
  const box = useRef<HTMLDivElement>(null);
  const isOver = useRef(false);
  const latest = useRef(onRelease);
  useEffect(() => {
    latest.current = onRelease;
  });
  const isHeld = useCallback(
    // In a view without the focus, the element that had it last is still the active one.
    () => isOver.current || (document.hasFocus() && (box.current?.contains(document.activeElement) ?? false)),
    [],
  );
  const listen = useMemo(
    () => ({
      ref: box,
      // The browser also tells of a pointer at rest when the page moves below it, as when a card above the list goes.
      onPointerMove: ({ movementX, movementY }: PointerEvent) => {
        if (movementX !== 0 || movementY !== 0) isOver.current = true;
      },
      onPointerLeave: () => {
        isOver.current = false;
        if (!isHeld()) latest.current();
      },
      onBlur: ({ relatedTarget }: FocusEvent) => {
        const stays = relatedTarget instanceof Node && (box.current?.contains(relatedTarget) ?? false);
        if (!stays && !isOver.current) latest.current();
      },
    }),
    [isHeld],
  );
  return { isHeld, listen };
}
