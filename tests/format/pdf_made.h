/* Small PDF files made for tests: pages of lines in Helvetica, or whatever a test puts in their place. */
#ifndef TESTS_PDF_MADE_H
#define TESTS_PDF_MADE_H

#include "base/str.h"

/* Objects are added in turn, from number 1; pdf_made_end writes the table of where they are. */
struct pdf_made {
    struct buf bytes;
    size_t at[64];
    size_t count;
};

static inline void pdf_made_add(struct pdf_made *pdf, struct str body)
{
    if (!pdf->bytes.len)
        buf_add(&pdf->bytes, STR("%PDF-1.4\n"));
    pdf->at[pdf->count++] = pdf->bytes.len;
    buf_format(&pdf->bytes, "%zu 0 obj\n", pdf->count);
    buf_add(&pdf->bytes, body);
    buf_add(&pdf->bytes, STR("\nendobj\n"));
}

static inline struct str pdf_made_end(struct pdf_made *pdf, const char *trailer)
{
    size_t table = pdf->bytes.len;
    buf_format(&pdf->bytes, "xref\n0 %zu\n0000000000 65535 f \n", pdf->count + 1);
    for (size_t i = 0; i < pdf->count; i++)
        buf_format(&pdf->bytes, "%010zu 00000 n \n", pdf->at[i]);
    buf_format(&pdf->bytes, "trailer\n<< /Size %zu /Root 1 0 R %s>>\nstartxref\n%zu\n%%%%EOF\n",
               pdf->count + 1, trailer, table);
    return buf_str(&pdf->bytes);
}

static inline void pdf_made_stream(struct pdf_made *pdf, const char *entries, struct str bytes)
{
    struct buf body = {.arena = pdf->bytes.arena};
    buf_format(&body, "<< /Length %zu %s>>\nstream\n", bytes.len, entries);
    buf_add(&body, bytes);
    buf_add(&body, STR("\nendstream"));
    pdf_made_add(pdf, buf_str(&body));
}

/* What Chinese text in hexadecimal code points needs: a font without outlines, an em wide for each. */
static inline void pdf_made_chinese(struct pdf_made *pdf)
{
    pdf_made_add(pdf, STR("<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
                          "/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>"));
    pdf_made_add(pdf,
                 STR("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Song /DW 1000 "
                     "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                     "/FontDescriptor 8 0 R >>"));
    pdf_made_stream(pdf, "",
                    STR("begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
                        "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap"));
    pdf_made_add(pdf,
                 STR("<< /Type /FontDescriptor /FontName /Song /Flags 4 /Ascent 880 /Descent -120 "
                     "/FontBBox [0 -120 1000 880] /ItalicAngle 0 /CapHeight 880 /StemV 80 >>"));
}

/* A file of pages, each of which its own content draws in Helvetica (/F), bold (/B), or Chinese (/C). */
static inline struct str pdf_made_pages(struct arena *arena, const struct str *contents,
                                        size_t count)
{
    struct pdf_made pdf = {.bytes = {.arena = arena}};
    struct buf kids = {.arena = arena};
    for (size_t i = 0; i < count; i++)
        buf_format(&kids, "%zu 0 R ", 9 + 2 * i);
    pdf_made_add(&pdf, STR("<< /Type /Catalog /Pages 2 0 R >>"));
    pdf_made_add(&pdf, str_format(arena, "<< /Type /Pages /Count %zu /Kids [%.*s] >>", count,
                                  STR_ARG(buf_str(&kids))));
    pdf_made_add(
        &pdf,
        STR("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"));
    pdf_made_add(&pdf, STR("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"));
    pdf_made_chinese(&pdf);
    for (size_t i = 0; i < count; i++) {
        pdf_made_add(
            &pdf, str_format(arena,
                             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
                             "%zu 0 R /Resources << /Font << /F 3 0 R /B 4 0 R /C 5 0 R >> >> >>",
                             10 + 2 * i));
        pdf_made_stream(&pdf, "", contents[i]);
    }
    return pdf_made_end(&pdf, "");
}

#endif
