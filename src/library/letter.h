/* Letters: queued in the transaction of what causes them, sent by the server's mail thread.
 *
 * A letter is a kind (web/mail-KIND.html, both languages), a member and the particulars that the template
 * shows. Name, address and language of the member are looked up when it is sent. Kinds and particulars (names
 * of the JSON object `data`; all optional, `path` is the page that the letter leads to, "/…"):
 *
 *   invitation  path                                to an account; path holds the ticket
 *   reset       path                                a new password; path holds the ticket
 *   email-new   path, to, address                   to a new address, to confirm; path holds the secret
 *   email-old   path, to, address                   to the old one, to object; path holds the secret
 *   email-moved to                                  to the old one, when a steward changed it
 *   renewal     path, plan, until_ms, subscription  a subscription that ends soon
 *   mention     path, post, author, group           somebody named the member in a post, by its key
 *   deletion    path, title, until_ms, paper        a copy that is to be deleted by then
 *   join        path, author, group                 to who answers: somebody asks to join a group
 *   admitted    path, group                         to who asked: they are in the group
 *   declined    path, group, why                    to who asked: they are not
 *   placed      path, group                         a steward put the member in a group
 *   granted     path, plan, until_ms                a steward gave the member a subscription
 *   request     request, path, title, state, why,   to who follows a request: it was answered; paper and edition
 *               paper, edition                      of the one that grants it, if open to them when it is sent
 *   subscription path, plan, until_ms              a year of subscription in thanks; says not for what
 *   sanction    path, measure, words, until_ms, ends_ms   a decision about the member, who may appeal until then
 *   appeal-granted, appeal-refused   path, words    what became of an appeal
 *   appeal-over path                                the time to appeal ran out
 *   report-dismissed path                           to who reported by name: no ground was found
 *   standing    paper, edition                      a paper that fits a search that the member keeps
 *   supervision path, notices                       notices of supervision by their numbers, the gravest first
 *   said        path, said, title, author          words about a line that the member follows or is named in
 *   sweep, sweep-near   path, line, unit            a checklist that a unit is to answer, by its ids; its day nears
 *   tour        path, line                          a tour that the member is to score, by its id
 *   alarm       path, alarm                         an alarm of a risk, by its id, while it stands
 *   policy      path, policy, follow, news          a policy that the member asked to be told of, by the key of what
 *               they follow; news is shown, extended or ended
 *   published   (made from the events)              a paper, at once
 *   digest      (made from the events)              what was published since the last one
 *
 * `to` is an address other than the member's. published, digest, mention, said, policy, request, standing, placed and
 * granted stop for a member who wants no letters; the others do not. Those of sanctions and appeals reach who is
 * suspended as well. */
#ifndef LIBRARY_LETTER_H
#define LIBRARY_LETTER_H

#include <jansson.h>

#include "store/store.h"

struct letter {
    int64_t member;
    const char *kind;
    struct str data; /* a JSON object; empty for {} */
    int64_t event;   /* seq of its cause: one letter per (event, member, kind); 0: no event */
    int64_t due_ms;  /* not sent before; 0: at once */
};

/* Whether letters can go out: mail server and sender are set. */
enum status library_can_mail(struct store *store, bool *can, struct error *err);

/* Queues a letter, within the open write transaction. Does nothing when letters can't go out, so that
 * nobody gets last year's when they can; and nothing when the same (event, member, kind) is queued. */
enum status library_queue_letter(struct store *store, const struct letter *letter,
                                 struct error *err);

/* The same for a letter whose `data` is this JSON object, which is released. */
enum status library_queue_letter_of(struct store *store, struct letter letter, json_t *data,
                                    struct error *err);

/* The same as the member's account wishes letters: at once, at the time of their digest, or not at all. For letters
 * with an event. */
enum status library_queue_letter_as_wished(struct store *store, const struct letter *letter,
                                           struct error *err);
/* When what happens at now_ms is told of in a digest: 07:00 of the next morning to come, or of the next
 * Monday, in the installation's time zone. */
int64_t library_next_digest_ms(int64_t now_ms, bool weekly);

/* The portal's own address for links in letters and feeds: the setting site.url without a slash at its end,
 * empty when it is not set. */
enum status library_site_url(struct arena *arena, struct store *store, struct str *url,
                             struct error *err);

#endif
