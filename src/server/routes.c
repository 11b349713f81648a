/* All routes. A new one is a line here. */
#include "server/route.h"

#include <stddef.h>

/* One a line, by name. Where two paths fit an address, the first one wins. */
/* clang-format off */
#define ROUTES(ROUTE) \
    ROUTE(account) \
    ROUTE(account_codes) \
    ROUTE(account_factor) \
    ROUTE(account_factor_off) \
    ROUTE(account_factor_on) \
    ROUTE(account_password) \
    ROUTE(account_preferences) \
    ROUTE(account_sessions) \
    ROUTE(account_token) \
    ROUTE(account_token_end) \
    ROUTE(asset) \
    ROUTE(choose_lang) \
    ROUTE(code_batch) \
    ROUTE(codes) \
    ROUTE(codes_make) \
    ROUTE(codes_void) \
    ROUTE(deletion_attest) \
    ROUTE(deletions) \
    ROUTE(deletions_open) \
    ROUTE(draft) \
    ROUTE(draft_add_site) \
    ROUTE(draft_confirm) \
    ROUTE(draft_decide) \
    ROUTE(draft_delete) \
    ROUTE(draft_file) \
    ROUTE(draft_preview) \
    ROUTE(draft_publish) \
    ROUTE(draft_save) \
    ROUTE(draft_sites) \
    ROUTE(draft_terms) \
    ROUTE(draft_terms_save) \
    ROUTE(draft_unschedule) \
    ROUTE(feed) \
    ROUTE(feed_make) \
    ROUTE(feeds) \
    ROUTE(first_run) \
    ROUTE(first_run_post) \
    ROUTE(forgotten) \
    ROUTE(forgotten_post) \
    ROUTE(group) \
    ROUTE(group_applications) \
    ROUTE(group_applications_answer) \
    ROUTE(group_ask) \
    ROUTE(group_change) \
    ROUTE(group_close) \
    ROUTE(group_invite) \
    ROUTE(group_join) \
    ROUTE(group_leave) \
    ROUTE(group_make) \
    ROUTE(group_members) \
    ROUTE(group_remove) \
    ROUTE(group_reopen) \
    ROUTE(group_unask) \
    ROUTE(groups) \
    ROUTE(home) \
    ROUTE(hook) \
    ROUTE(hook_end) \
    ROUTE(hook_kinds) \
    ROUTE(hook_make) \
    ROUTE(hook_rotate) \
    ROUTE(hook_test) \
    ROUTE(hooks) \
    ROUTE(invitation) \
    ROUTE(invitation_post) \
    ROUTE(join) \
    ROUTE(join_post) \
    ROUTE(link) \
    ROUTE(link_end) \
    ROUTE(link_open) \
    ROUTE(live) \
    ROUTE(mail) \
    ROUTE(mail_again) \
    ROUTE(mail_post) \
    ROUTE(mail_test) \
    ROUTE(member) \
    ROUTE(member_change) \
    ROUTE(member_factor_off) \
    ROUTE(member_invite) \
    ROUTE(member_lift) \
    ROUTE(member_reset) \
    ROUTE(member_roles) \
    ROUTE(member_sessions) \
    ROUTE(member_suspend) \
    ROUTE(members) \
    ROUTE(members_add) \
    ROUTE(members_import) \
    ROUTE(members_invite) \
    ROUTE(notice) \
    ROUTE(notice_accept) \
    ROUTE(notice_accept_post) \
    ROUTE(notice_end) \
    ROUTE(notice_write) \
    ROUTE(notices) \
    ROUTE(openapi) \
    ROUTE(paper) \
    ROUTE(paper_access) \
    ROUTE(paper_difference) \
    ROUTE(paper_download) \
    ROUTE(paper_edit) \
    ROUTE(paper_lift) \
    ROUTE(paper_link_make) \
    ROUTE(paper_links) \
    ROUTE(paper_manage) \
    ROUTE(paper_offer) \
    ROUTE(paper_offer_change) \
    ROUTE(paper_outline) \
    ROUTE(paper_position) \
    ROUTE(paper_restore) \
    ROUTE(paper_revoke) \
    ROUTE(paper_withdraw) \
    ROUTE(papers) \
    ROUTE(plan_close) \
    ROUTE(plan_make) \
    ROUTE(plan_reopen) \
    ROUTE(plans) \
    ROUTE(redeem) \
    ROUTE(redeem_post) \
    ROUTE(reset) \
    ROUTE(reset_post) \
    ROUTE(search) \
    ROUTE(search_suggest) \
    ROUTE(security) \
    ROUTE(sign_in) \
    ROUTE(sign_in_code) \
    ROUTE(sign_in_code_post) \
    ROUTE(sign_in_post) \
    ROUTE(sign_out) \
    ROUTE(subscribers) \
    ROUTE(subscription_change) \
    ROUTE(subscription_give) \
    ROUTE(subscription_import) \
    ROUTE(subscriptions) \
    ROUTE(talk) \
    ROUTE(talk_edit) \
    ROUTE(talk_remove) \
    ROUTE(talk_write) \
    ROUTE(unsubscribe) \
    ROUTE(unsubscribe_post) \
    ROUTE(write) \
    ROUTE(write_new) \
    /* behind every other page of a paper */ \
    ROUTE(paper_edition) \
    /* the end */
/* clang-format on */

#define DECLARE(name) extern const struct route route_##name;
ROUTES(DECLARE)

#define LIST(name) &route_##name,
const struct route *const route_list[] = {ROUTES(LIST) NULL};
