/* Inside format/: what parts of Word documents begin with and how they are called. */
#ifndef FORMAT_WRITE_DOCX_NAMES_H
#define FORMAT_WRITE_DOCX_NAMES_H

#define DOCX_XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define DOCX_WORD     "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define DOCX_NAMES    "xmlns:w=\"" DOCX_WORD "\""
#define DOCX_OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define DOCX_PACKAGE  "http://schemas.openxmlformats.org/package/2006/"
#define DOCX_TYPE     "application/vnd.openxmlformats-officedocument.wordprocessingml."

#endif
