const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Direction overrides, zero-width characters, tags: unseen, they make people read something else. Two joiners stay: Persian and Hindi need them. */
const UNSEEN = /(?![\u200c\u200d])[\p{Default_Ignorable_Code_Point}\p{Cs}]/gu;

/** Text of customers as one line that shows what it says. Markup is left to whoever writes it out. */
export const inert = (text: string): string => text.replace(CONTROLS, ' ').replace(UNSEEN, '').trim();
