/* What the pages of one's own account share. */
#ifndef SERVER_PAGE_ACCOUNT_H
#define SERVER_PAGE_ACCOUNT_H

#include "server/request.h"

/* Shows /account, with rq->problem: for forms that stand on it. */
enum status page_account_again(struct request *rq, struct error *err);
/* Asks for the present password in the input of this name, slowing who guesses. STATUS_FORBIDDEN. */
enum status page_account_prove(struct request *rq, const char *input, struct error *err);

#endif
