/** JSON for the store of values whose texts are all redacted, keyed, or words of our own. The compiler looks at each. */
declare const sealed: unique symbol;
export type SealedJson = string & { readonly [sealed]: true };

/** `never` when no part of the type may be any text. */
type PlainTextIn<Value> = string extends Value
  ? string
  : Value extends string | number | boolean | null | undefined
    ? never
    : Value extends readonly (infer Item)[]
      ? PlainTextIn<Item>
      : { [Name in keyof Value]-?: PlainTextIn<Value[Name]> }[keyof Value];

export const sealedJson = <Value>(value: [PlainTextIn<Value>] extends [never] ? Value : never): SealedJson =>
  JSON.stringify(value) as SealedJson;
