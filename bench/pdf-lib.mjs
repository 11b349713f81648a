// Stamps a PDF with pdf-lib as people do: load, a line of text on each page, save. Prints milliseconds a copy, the median.
import { readFileSync } from "node:fs";
import { PDFDocument, StandardFonts } from "pdf-lib";

const paper = readFileSync(process.argv[2]);
const taken = [];
for (let round = 0; round < 15; round++) {
  const start = performance.now();
  const pdf = await PDFDocument.load(paper);
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const page of pdf.getPages()) page.drawText(`Member ${round}`, { x: 60, y: 40, size: 9, font });
  await pdf.save();
  taken.push(performance.now() - start);
}
console.log(taken.sort((a, b) => a - b)[7]);
