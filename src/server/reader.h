/* The reader's walk, shared by every page that shows or sends a member's copy:
 *
 *   session → entitlement → acknowledgement → edition → codeword → stamp → event committed → bytes out
 *
 * The session is known before a handler runs. reader_open takes the next steps up to the edition, or answers
 * with a refusal; reader_press finds what stamps; reader_record_… commits the event, looking once more at
 * the entitlement in the same transaction; only then do the bytes go out. */
#ifndef SERVER_READER_H
#define SERVER_READER_H

#include "library/copy.h"
#include "library/entitlement.h"
#include "library/offer.h"
#include "server/request.h"

struct reader {
    struct offer offer;
    struct entitlement entitlement;
    struct edition edition;
    bool newest;  /* the edition is the newest one */
    bool refused; /* the answer says why; nothing more is to be done */
};

/* Opens a paper for the viewer by its key; `edition` as it stands in the address, empty for the newest. When
 * the viewer may not open it the answer is made (with 403) and reader->refused is set. STATUS_MISSING alike
 * for what is not there, what is not yet published, and what the viewer may not know of. */
enum status reader_open(struct request *rq, struct str key, struct str edition,
                        struct reader *reader, struct error *err);
/* The press of the edition that was opened, for PRESS_PAGE or a format; to be given back. */
enum status reader_press(struct request *rq, const struct reader *reader, unsigned kind,
                         const struct copy_press **press, struct error *err);
void reader_release(struct request *rq, const struct copy_press *press);

/* Commits the event of reading an edition (once a day) or of giving a copy, whose owner it gives (copy_find_owner), in the
 * request's arena. STATUS_FORBIDDEN when the entitlement has ended meanwhile. STATUS_CONFLICT when the marking was changed meanwhile. */
enum status reader_record_opening(struct request *rq, const struct edition *edition,
                                  struct error *err);
enum status reader_record_copy(struct request *rq, const struct copy_press *press,
                               struct format_owner *owner, struct error *err);

/* All of it for a page that shows what stands in the viewer's own copy: opens the paper and edition of the
 * address ({paper}, ?edition=), commits the opening and makes the copy as a document. Where reader->refused is
 * set there is no document. */
enum status reader_open_document(struct request *rq, struct reader *reader, struct paper_doc *doc,
                                 struct error *err);

/* "/papers/KEY" and "/papers/KEY/EDITION", the latter for all but the newest. */
struct str reader_path(struct request *rq, const struct reader *reader);

#endif
