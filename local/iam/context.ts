/** What is known of a call, by lower-case condition key; several values for keys such as aws:TagKeys. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;
