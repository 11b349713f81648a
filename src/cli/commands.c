/* All commands, in the order of the help page. A new one is an extern and a line here. */
#include "cli/command.h"

extern const struct command command_init, command_member_add, command_member_import,
    command_member_list, command_settings, command_settings_get, command_settings_set,
    command_inspect, command_publish, command_papers, command_strength, command_commitments,
    command_sites, command_sites_lock, command_sites_unlock, command_sites_add,
    command_sites_preview, command_copy, command_trace, command_rehearse, command_events,
    command_verify, command_backup, command_restore, command_completion, command_manual,
    command_help, command_version, command_serve, command_member_invite, command_member_role,
    command_member_reset, command_search, command_member_data, command_member_erase, command_keys,
    command_keys_rotate;

const struct command *const command_list[] = {
    &command_init,          &command_settings,
    &command_settings_get,  &command_settings_set,
    &command_member_add,    &command_member_import,
    &command_member_list,   &command_member_invite,
    &command_member_reset,  &command_member_role,
    &command_member_data,   &command_member_erase,
    &command_inspect,       &command_publish,
    &command_papers,        &command_search,
    &command_strength,      &command_commitments,
    &command_sites,         &command_sites_lock,
    &command_sites_unlock,  &command_sites_add,
    &command_sites_preview, &command_copy,
    &command_serve,         &command_trace,
    &command_rehearse,      &command_events,
    &command_verify,        &command_keys,
    &command_keys_rotate,   &command_backup,
    &command_restore,       &command_completion,
    &command_manual,        &command_help,
    &command_version,       NULL,
};
