/** What a server sent may hold line breaks and escape sequences; a terminal would obey them. */
export const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
