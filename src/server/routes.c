/* All routes. A new one is a line here. */
#include "server/route.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* One a line, by name. Where two paths fit an address, the first one wins. */
/* clang-format off */
#define ROUTES(ROUTE) \
    ROUTE(account) \
    ROUTE(account_codes) \
    ROUTE(account_email) \
    ROUTE(account_factor) \
    ROUTE(account_factor_off) \
    ROUTE(account_factor_on) \
    ROUTE(account_password) \
    ROUTE(account_preferences) \
    ROUTE(account_sessions) \
    ROUTE(account_token) \
    ROUTE(account_token_end) \
    ROUTE(asset) \
    ROUTE(case_accuse) \
    ROUTE(case_add) \
    ROUTE(case_clear) \
    ROUTE(case_confirm) \
    ROUTE(case_exhibit) \
    ROUTE(case_grant) \
    ROUTE(case_note) \
    ROUTE(case_propose) \
    ROUTE(case_refuse) \
    ROUTE(case_reopen) \
    ROUTE(case_return) \
    ROUTE(case_uncover) \
    ROUTE(case_file) \
    ROUTE(case_join) \
    ROUTE(case_part) \
    ROUTE(case_trace) \
    ROUTE(case_view) \
    ROUTE(case_withdraw) \
    ROUTE(cases) \
    ROUTE(check) \
    ROUTE(check_number) \
    ROUTE(choose_lang) \
    ROUTE(code_batch) \
    ROUTE(codes) \
    ROUTE(codes_make) \
    ROUTE(codes_void) \
    ROUTE(deletion_attest) \
    ROUTE(deletion_proofs) \
    ROUTE(deletions) \
    ROUTE(deletions_open) \
    ROUTE(draft) \
    ROUTE(draft_add_site) \
    ROUTE(draft_blanks) \
    ROUTE(draft_blanks_save) \
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
    ROUTE(email_new) \
    ROUTE(email_new_post) \
    ROUTE(email_old) \
    ROUTE(email_old_post) \
    ROUTE(erasure) \
    ROUTE(erasure_confirm) \
    ROUTE(erasure_withdraw) \
    ROUTE(erasures) \
    ROUTE(feed) \
    ROUTE(feed_make) \
    ROUTE(feeds) \
    ROUTE(fill) \
    ROUTE(fill_delete) \
    ROUTE(fill_keep) \
    ROUTE(filled) \
    ROUTE(filled_download) \
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
    ROUTE(keys) \
    ROUTE(keys_rotate) \
    ROUTE(ledger) \
    ROUTE(ledger_make) \
    ROUTE(ledger_bulk) \
    ROUTE(ledger_batches) \
    ROUTE(ledger_batch) \
    ROUTE(ledger_batch_undo) \
    ROUTE(ledger_handover) \
    ROUTE(ledger_handover_answer) \
    ROUTE(ledger_view_keep) \
    ROUTE(ledger_view_change) \
    ROUTE(ledger_today) \
    ROUTE(ledger_leads) \
    ROUTE(ledger_goals) \
    ROUTE(ledger_goal_list) \
    ROUTE(ledger_higher_list) \
    ROUTE(ledger_higher_make) \
    ROUTE(ledger_higher) \
    ROUTE(ledger_higher_change) \
    ROUTE(ledger_higher_close) \
    ROUTE(ledger_higher_take) \
    ROUTE(ledger_higher_give_up) \
    ROUTE(ledger_programmes) \
    ROUTE(ledger_programme_make) \
    ROUTE(ledger_programme) \
    ROUTE(ledger_programme_change) \
    ROUTE(ledger_programme_close) \
    ROUTE(ledger_state) \
    ROUTE(ledger_restate) \
    ROUTE(ledger_withdraw) \
    ROUTE(ledger_clashes) \
    ROUTE(ledger_clash) \
    ROUTE(ledger_settle) \
    ROUTE(ledger_parts) \
    ROUTE(ledger_weigh) \
    ROUTE(ledger_horizon) \
    ROUTE(ledger_units) \
    ROUTE(ledger_unit_make) \
    ROUTE(ledger_unit) \
    ROUTE(ledger_unit_change) \
    ROUTE(ledger_unit_close) \
    ROUTE(ledger_unit_put) \
    ROUTE(ledger_unit_take) \
    ROUTE(ledger_line) \
    ROUTE(ledger_line_change) \
    ROUTE(ledger_line_state) \
    ROUTE(ledger_line_follow) \
    ROUTE(ledger_line_say) \
    ROUTE(ledger_line_unsay) \
    ROUTE(ledger_line_history) \
    ROUTE(ledger_projects) \
    ROUTE(ledger_propose) \
    ROUTE(ledger_criteria) \
    ROUTE(ledger_criteria_keep) \
    ROUTE(ledger_criteria_end) \
    ROUTE(ledger_criteria_bar) \
    ROUTE(ledger_rounds) \
    ROUTE(ledger_round_open) \
    ROUTE(ledger_round_close) \
    ROUTE(ledger_project) \
    ROUTE(ledger_project_act) \
    ROUTE(ledger_project_mark) \
    ROUTE(ledger_account) \
    ROUTE(ledger_accounts) \
    ROUTE(ledger_account_enter) \
    ROUTE(ledger_account_set) \
    ROUTE(ledger_account_strike) \
    ROUTE(ledger_file_attach) \
    ROUTE(ledger_file) \
    ROUTE(ledger_file_remove) \
    ROUTE(ledger_wall) \
    ROUTE(ledger_summaries) \
    ROUTE(ledger_summary_draft) \
    ROUTE(ledger_summary_plan) \
    ROUTE(calendar) \
    ROUTE(ledger_calendars) \
    ROUTE(ledger_calendar_make) \
    ROUTE(ledger_watches) \
    ROUTE(ledger_reviews) \
    ROUTE(ledger_review_make) \
    ROUTE(ledger_review_times) \
    ROUTE(ledger_review) \
    ROUTE(ledger_review_act) \
    ROUTE(ledger_desk) \
    ROUTE(ledger_step_add) \
    ROUTE(ledger_step_act) \
    ROUTE(ledger_supervision) \
    ROUTE(ledger_supervision_enter) \
    ROUTE(ledger_supervise) \
    ROUTE(ledger_supervise_act) \
    ROUTE(ledger_supervise_attach) \
    ROUTE(ledger_notices) \
    ROUTE(ledger_rules) \
    ROUTE(ledger_rules_set) \
    ROUTE(ledger_notice) \
    ROUTE(ledger_assessments) \
    ROUTE(ledger_assess) \
    ROUTE(ledger_risks) \
    ROUTE(ledger_risk_enter) \
    ROUTE(ledger_risk_map) \
    ROUTE(ledger_risk) \
    ROUTE(ledger_risk_act) \
    ROUTE(ledger_risk_watch) \
    ROUTE(ledger_risk_unwatch) \
    ROUTE(ledger_sweeps) \
    ROUTE(ledger_sweep_begin) \
    ROUTE(ledger_sweep) \
    ROUTE(ledger_sweep_answer) \
    ROUTE(ledger_sweep_decide) \
    ROUTE(ledger_sweep_end) \
    ROUTE(ledger_assessment) \
    ROUTE(ledger_object) \
    ROUTE(ledger_decide) \
    ROUTE(ledger_inspections) \
    ROUTE(ledger_inspection_plan) \
    ROUTE(ledger_inspection) \
    ROUTE(ledger_inspection_act) \
    ROUTE(ledger_inspection_set) \
    ROUTE(ledger_inspection_stop) \
    ROUTE(ledger_inspection_unstop) \
    ROUTE(ledger_inspection_scorer) \
    ROUTE(ledger_scoring) \
    ROUTE(ledger_score) \
    ROUTE(ledger_score_photo) \
    ROUTE(ledger_ranking) \
    ROUTE(ledger_finding_rectify) \
    ROUTE(ledger_finding_drop) \
    ROUTE(ledger_sheets) \
    ROUTE(ledger_sheet_make) \
    ROUTE(ledger_sheet) \
    ROUTE(ledger_sheet_change) \
    ROUTE(ledger_sheet_close) \
    ROUTE(ledger_studies) \
    ROUTE(ledger_study_prepare) \
    ROUTE(ledger_study_bodies) \
    ROUTE(ledger_study_body) \
    ROUTE(ledger_study_papers) \
    ROUTE(ledger_study) \
    ROUTE(ledger_study_act) \
    ROUTE(ledger_study_item) \
    ROUTE(ledger_study_papers_change) \
    ROUTE(ledger_study_attend) \
    ROUTE(ledger_study_decide) \
    ROUTE(ledger_study_attach) \
    ROUTE(ledger_rectifications) \
    ROUTE(ledger_rectification_open) \
    ROUTE(ledger_rectification) \
    ROUTE(ledger_rectification_act) \
    ROUTE(ledger_rectification_sort) \
    ROUTE(ledger_rectification_attach) \
    ROUTE(ledger_recurrence_decide) \
    ROUTE(ledger_bottlenecks) \
    ROUTE(ledger_spans) \
    ROUTE(ledger_watch_act) \
    ROUTE(ledger_watch_attach) \
    ROUTE(ledger_baselines) \
    ROUTE(ledger_freeze) \
    ROUTE(ledger_quantity) \
    ROUTE(ledger_schedule) \
    ROUTE(ledger_schedule_link) \
    ROUTE(ledger_schedule_unlink) \
    ROUTE(ledger_figures) \
    ROUTE(ledger_alarms) \
    ROUTE(ledger_targets) \
    ROUTE(ledger_benchmarks) \
    ROUTE(ledger_figures_import) \
    ROUTE(ledger_figures_columns) \
    ROUTE(ledger_mappings) \
    ROUTE(ledger_mapping_change) \
    ROUTE(ledger_figures_name) \
    ROUTE(ledger_indicator) \
    ROUTE(ledger_indicator_actuals) \
    ROUTE(ledger_indicator_targets) \
    ROUTE(ledger_indicator_benchmark) \
    ROUTE(ledger_indicator_settings) \
    ROUTE(ledger_campaigns) \
    ROUTE(ledger_campaign_make) \
    ROUTE(ledger_campaign_lines) \
    ROUTE(ledger_campaign) \
    ROUTE(ledger_campaign_act) \
    ROUTE(ledger_campaign_report) \
    ROUTE(ledger_policies) \
    ROUTE(ledger_policy_enter) \
    ROUTE(ledger_terms) \
    ROUTE(ledger_term_make) \
    ROUTE(ledger_term_end) \
    ROUTE(ledger_policy) \
    ROUTE(ledger_policy_act) \
    ROUTE(ledger_line_sort) \
    ROUTE(ledger_fitting) \
    ROUTE(ledger_leaflet) \
    ROUTE(ledger_leaflet_write) \
    ROUTE(ledger_leaflet_act) \
    ROUTE(ledger_leaflet_readers) \
    ROUTE(ledger_uptake) \
    ROUTE(ledger_uptake_enter) \
    ROUTE(ledger_appraise) \
    ROUTE(ledger_checks) \
    ROUTE(ledger_check) \
    ROUTE(ledger_check_rectify) \
    ROUTE(ledger_check_drop) \
    ROUTE(link) \
    ROUTE(link_end) \
    ROUTE(link_open) \
    ROUTE(links) \
    ROUTE(live) \
    ROUTE(mail) \
    ROUTE(mail_again) \
    ROUTE(mail_post) \
    ROUTE(mail_test) \
    ROUTE(member) \
    ROUTE(member_change) \
    ROUTE(member_erasure) \
    ROUTE(member_erasure_ask) \
    ROUTE(member_factor_off) \
    ROUTE(member_file) \
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
    ROUTE(paper_commitments) \
    ROUTE(paper_commitments_decide) \
    ROUTE(paper_commitments_move) \
    ROUTE(paper_manage) \
    ROUTE(paper_offer) \
    ROUTE(paper_offer_change) \
    ROUTE(paper_outline) \
    ROUTE(paper_passages) \
    ROUTE(paper_position) \
    ROUTE(paper_restore) \
    ROUTE(paper_revoke) \
    ROUTE(paper_talk) \
    ROUTE(paper_talk_edit) \
    ROUTE(paper_talk_hide) \
    ROUTE(paper_talk_remove) \
    ROUTE(paper_talk_unhide) \
    ROUTE(paper_talk_write) \
    ROUTE(paper_withdraw) \
    ROUTE(papers) \
    ROUTE(personal) \
    ROUTE(personal_erase) \
    ROUTE(personal_file) \
    ROUTE(personal_keep) \
    ROUTE(plan) \
    ROUTE(plan_change) \
    ROUTE(plan_close) \
    ROUTE(plan_make) \
    ROUTE(plan_reopen) \
    ROUTE(plans) \
    ROUTE(policies) \
    ROUTE(policy) \
    ROUTE(policy_follow) \
    ROUTE(policy_stop) \
    ROUTE(policy_stop_post) \
    ROUTE(quotation) \
    ROUTE(reader) \
    ROUTE(readers) \
    ROUTE(readers_file) \
    ROUTE(redeem) \
    ROUTE(redeem_post) \
    ROUTE(report_new) \
    ROUTE(report_send) \
    ROUTE(reports) \
    ROUTE(request_new) \
    ROUTE(request) \
    ROUTE(request_act) \
    ROUTE(request_answer) \
    ROUTE(request_make) \
    ROUTE(request_remove) \
    ROUTE(requests) \
    ROUTE(reset) \
    ROUTE(reset_post) \
    ROUTE(sanction) \
    ROUTE(sanction_appeal) \
    ROUTE(sanctions) \
    ROUTE(search) \
    ROUTE(search_suggest) \
    ROUTE(security) \
    ROUTE(sign_in) \
    ROUTE(sign_in_code) \
    ROUTE(sign_in_code_post) \
    ROUTE(sign_in_post) \
    ROUTE(sign_out) \
    ROUTE(standing) \
    ROUTE(standing_drop) \
    ROUTE(standing_keep) \
    ROUTE(subscribers) \
    ROUTE(subscription_change) \
    ROUTE(subscription_give) \
    ROUTE(subscription_import) \
    ROUTE(subscriptions) \
    ROUTE(talk) \
    ROUTE(talk_edit) \
    ROUTE(talk_hide) \
    ROUTE(talk_post) \
    ROUTE(talk_remove) \
    ROUTE(talk_unhide) \
    ROUTE(talk_write) \
    ROUTE(whose) \
    ROUTE(whose_ask) \
    ROUTE(trace) \
    ROUTE(trace_again) \
    ROUTE(trace_ask) \
    ROUTE(trace_cancel) \
    ROUTE(trace_case) \
    ROUTE(trace_exhibit) \
    ROUTE(trace_file) \
    ROUTE(trace_finding) \
    ROUTE(traces) \
    ROUTE(unsubscribe) \
    ROUTE(unsubscribe_post) \
    ROUTE(write) \
    ROUTE(write_new) \
    ROUTE(paper_talk_post) \
    ROUTE(paper_edition) \
    /* the end */
/* clang-format on */

#define DECLARE(name) extern const struct route route_##name;
ROUTES(DECLARE)

#define LIST(name) &route_##name,
const struct route *const route_list[] = {ROUTES(LIST) NULL};

/* Addresses differ soon by their first letter and by how many parts they have; what agrees in both is chained
 * in the order of the list. The end of a chain is the end of the list. */
#define END    (sizeof route_list / sizeof *route_list - 1)
#define CHAINS 256U

static uint16_t first_in[CHAINS], after[END];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t chain_of(struct str path)
{
    size_t parts = 0;
    for (size_t i = 0; i < path.len; i++)
        parts += path.at[i] == '/';
    return (parts * 32 + (path.len > 1 ? (unsigned char)path.at[1] : 0U)) % CHAINS;
}

static void make_chains(void)
{
    for (size_t i = 0; i < CHAINS; i++)
        first_in[i] = END;
    for (size_t i = END; i-- > 0;) {
        uint16_t *first = &first_in[chain_of(str_of(route_list[i]->path))];
        after[i] = *first;
        *first = (uint16_t)i;
    }
}

size_t route_first(struct str path)
{
    (void)pthread_once(&once, make_chains);
    return first_in[chain_of(path)];
}

size_t route_after(size_t index)
{
    return after[index];
}
