import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { CeremonyAnswer, ComponentAnswer } from './ceremony.ts';

const TITLES = {
  RECEIVE: 'Receipt of a key in components',
  SEND: 'Dispatch of a key in components',
} as const;
const STATES: Readonly<Record<string, string>> = {
  WAITING: 'not yet',
  ENTERED: 'entered',
  PRINTED: 'printed',
  DESTROYED: 'destroyed',
};

function rows(ceremony: CeremonyAnswer): [string, string][] {
  const { keyArn, checkValue, endedAt } = ceremony;
  return [
    ['Ceremony', ceremony.ceremonyId],
    ['Key', `${ceremony.keyName}; ${ceremony.algorithm}, ${ceremony.usage}`],
    ['Other party', ceremony.party],
    ['Outcome', ceremony.status],
    ['Opened', `${ceremony.openedAt}, ${ceremony.openedBy}`],
    ['Ended', endedAt ?? 'not yet'],
    ['KCV of the whole key', checkValue ?? 'not known'],
    ['Key in the service', keyArn ?? 'none'],
  ];
}

function componentLine({ number, custodian, state, checkValue, bagSerial, at }: ComponentAnswer): string {
  const done = `${STATES[state] ?? state} ${at ?? ''}`.trim();
  return `${number}   ${custodian}   ${done}   KCV ${checkValue ?? '-'}   bag ${bagSerial ?? '-'}`;
}

/** The protocol of a ceremony as a PDF: names, times, check values and serial numbers, and never a component. */
export function protocolPage(ceremony: CeremonyAnswer): Promise<Buffer> {
  const page = new PDFDocument({ size: 'A4', margin: 60, info: { Title: TITLES[ceremony.kind] } });
  page.font('Helvetica-Bold').fontSize(16).text(TITLES[ceremony.kind]).moveDown();
  for (const [name, value] of rows(ceremony)) {
    page.font('Helvetica-Bold').fontSize(9).text(name);
    page.font('Helvetica').fontSize(10).text(value).moveDown(0.5);
  }
  page.moveDown().font('Helvetica-Bold').fontSize(11).text('Components').moveDown(0.5);
  for (const component of ceremony.components) {
    page.font('Helvetica').fontSize(9).text(componentLine(component)).moveDown(0.3);
    page.text('Signature ______________________________').moveDown(0.8);
  }
  page.moveDown().fontSize(9).text('Led by, name and signature ______________________________');
  page.end();
  return buffer(page);
}
