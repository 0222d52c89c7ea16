import PDFDocument from 'pdfkit';
import type { Address } from '../../domain/order';
import { addressLines } from './address-lines';
import { code128 } from './barcode';
import type { Face } from './faces';
import { fitted, lineHeightOf } from './fitted-text';
import type { Box } from './fitted-text';
import { runsOf } from './runs';

export interface Label {
  readonly from: Address;
  readonly to: Address;
  readonly phone?: string | undefined;
  readonly orderId: string;
  readonly trackingNumber: string;
}

/** 4 × 6 inches, in points. */
const [WIDTH, HEIGHT] = [288, 432];
const MARGIN = 14;
const INNER = WIDTH - 2 * MARGIN;
/** Code 128 wants ten modules of white on either side. */
const QUIET_MODULES = 10;
const RULES = { belowFrom: 96, belowTo: 288 };
const FROM: Place = { y: 30, width: INNER, height: 60, sizes: [9, 8, 7, 6, 5] };
const TO: Place = { y: 118, width: INNER, height: 164, sizes: [17, 15, 13, 11, 10, 9, 8, 7, 6] };
const ORDER: Place = { y: 294, width: INNER, height: 14, sizes: [9, 8, 7, 6, 5] };
const BARS = { y: 314, height: 76 };
const TRACKING: Place = { y: 396, width: INNER, height: 22, sizes: [14, 12, 10] };
const HEADING: Omit<Place, 'y'> = { width: INNER, height: 12, sizes: [7] };
/** No shaper's default is to be changed, but with a list given, pdfkit lays out the whole run and not word by word, which breaks Arabic. */
const WHOLE_RUN = { features: [], lineBreak: false };
/** The same label is the same bytes. */
const NO_DATE = new Date(0);

interface Place extends Box {
  readonly y: number;
}

/** A label as PDF, to be printed on 4 × 6 inches. */
export async function labelPdf(label: Label, faces: readonly Face[]): Promise<Uint8Array> {
  const { trackingNumber } = label;
  const info = { Title: `Label ${trackingNumber}`, Producer: 'Durable Checkout', Creator: '', CreationDate: NO_DATE };
  const doc = new PDFDocument({ size: [WIDTH, HEIGHT], margin: 0, info });
  const bytes = collected(doc);
  const write = writerOn(doc, faces);

  write(['FROM'], { ...HEADING, y: MARGIN });
  write(addressLines(label.from), FROM);
  write(['SHIP TO'], { ...HEADING, y: RULES.belowFrom + 6 });
  write([...addressLines(label.to), ...(label.phone === undefined ? [] : [label.phone])], TO);
  write([`Order ${label.orderId}`], ORDER);
  for (const y of Object.values(RULES))
    doc
      .moveTo(MARGIN, y)
      .lineTo(WIDTH - MARGIN, y)
      .lineWidth(1)
      .stroke();
  drawBars(doc, trackingNumber);
  write([trackingNumber], TRACKING);
  doc.end();
  return bytes;
}

function writerOn(doc: PDFKit.PDFDocument, faces: readonly Face[]) {
  const used = new Set<Face>();
  const pick = (face: Face, size: number) => {
    // Parsed only if a label needs it.
    if (!used.has(face)) doc.registerFont(face.name, face.bytes);
    used.add(face);
    return doc.font(face.name).fontSize(size);
  };
  const widthAt = (size: number, text: string) =>
    runsOf(text, faces).reduce((sum, run) => sum + pick(run.face, size).widthOfString(run.text, WHOLE_RUN), 0);

  return (texts: readonly string[], place: Place): void => {
    const { size, lines } = fitted(texts, place, (text) => widthAt(1, text));
    for (const [at, line] of lines.entries()) {
      let x = MARGIN;
      for (const { text, face } of runsOf(line, faces)) {
        pick(face, size).text(text, x, place.y + at * lineHeightOf(size), WHOLE_RUN);
        x += doc.widthOfString(text, WHOLE_RUN);
      }
    }
  };
}

function drawBars(doc: PDFKit.PDFDocument, trackingNumber: string): void {
  const { widths, modules } = code128(trackingNumber);
  const module = WIDTH / (modules + 2 * QUIET_MODULES);
  let x = QUIET_MODULES * module;
  for (const [at, width] of widths.entries()) {
    if (at % 2 === 0) doc.rect(x, BARS.y, width * module, BARS.height);
    x += width * module;
  }
  doc.fill('black');
}

async function collected(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of doc) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
