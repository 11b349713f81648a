/* What LibreOffice makes of a copy: for rehearsals, never for what comes from outside. */
#ifndef FORMAT_OFFICE_H
#define FORMAT_OFFICE_H

#include "format/format.h"

/* Whether there is a LibreOffice on PATH. */
bool format_office_there(void);

/* Opens a Word document of our own in LibreOffice and saves it again, as a Word document (FORMAT_DOCX) or printed to a
 * PDF (FORMAT_PDF). Takes a second or more. By a folder of its own below TMPDIR, which is gone afterwards; any thread. The
 * bytes in the arena. STATUS_IO when it fails or takes more than two minutes. */
enum status format_office_save(struct arena *arena, struct str docx, enum format_kind kind,
                               struct str *bytes, struct error *err);

#endif
