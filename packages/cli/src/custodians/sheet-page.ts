import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';

/** What stands on a custodian's sheet. The component is in clear. */
export interface SheetContent {
  readonly keyName: string;
  readonly party: string;
  readonly algorithm: string;
  readonly custodian: string;
  readonly bagSerial: string;
  readonly number: number;
  readonly of: number;
  readonly component: string;
  readonly checkValue: string;
  readonly keyCheckValue: string;
}

/** Points: a third of an A4 page, where a letter is folded (DIN 5008). */
const FOLDS = [297.6, 595.2];
const MARGIN = 70;
const NAME_WIDTH = 140;

/** Groups of 4 digits, 4 groups a line. */
function grouped(digits: string): string {
  return digits
    .replace(/(.{4})/g, '$1 ')
    .replace(/((?:\S{4} ){4})/g, '$1\n')
    .trimEnd();
}

function drawFolds(page: PDFKit.PDFDocument): void {
  const { width } = page.page;
  for (const y of FOLDS) {
    page
      .moveTo(0, y)
      .lineTo(20, y)
      .moveTo(width - 20, y)
      .lineTo(width, y)
      .lineWidth(0.5)
      .stroke();
  }
}

function drawFacts(page: PDFKit.PDFDocument, facts: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(facts)) {
    const { y } = page;
    page.font('Helvetica').fontSize(10).text(name, MARGIN, y);
    page
      .font('Helvetica-Bold')
      .text(value, MARGIN + NAME_WIDTH, y)
      .moveDown(0.4);
  }
}

/**
 * One sheet as a PDF of one A4 page: what is public above, the component in the middle third, which the folds hide, and lines to
 * sign below. It holds the component in clear: it goes to a printer, and into no file.
 */
export function sheetPage(sheet: SheetContent): Promise<Buffer> {
  const page = new PDFDocument({ size: 'A4', margin: MARGIN, info: { Title: 'Key component' } });
  drawFolds(page);
  page.font('Helvetica-Bold').fontSize(16).text('Key component').moveDown();
  drawFacts(page, {
    Key: sheet.keyName,
    'Other party': sheet.party,
    Algorithm: sheet.algorithm,
    Component: `${sheet.number} of ${sheet.of}`,
    Custodian: sheet.custodian,
    Bag: sheet.bagSerial,
    'KCV of the component': sheet.checkValue,
    'KCV of the whole key': sheet.keyCheckValue,
  });
  page
    .font('Courier-Bold')
    .fontSize(18)
    .text(grouped(sheet.component), MARGIN, FOLDS[0]! + 90, { lineGap: 8 });
  page
    .font('Helvetica')
    .fontSize(10)
    .text('Received, checked and put into the bag named above:', MARGIN, FOLDS[1]! + 40);
  page.moveDown(2).text('Name ______________________________   Date and time ____________________');
  page.moveDown(2).text('Signature ______________________________');
  page.end();
  return buffer(page);
}
