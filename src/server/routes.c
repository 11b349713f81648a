/* All routes. A new one is an extern and a line here. */
#include "server/route.h"

#include <stddef.h>

extern const struct route route_home, route_asset, route_live, route_sign_in, route_sign_in_post,
    route_sign_out, route_choose_lang, route_invitation, route_invitation_post, route_first_run,
    route_first_run_post;

const struct route *const route_list[] = {
    &route_home,      &route_sign_in,        &route_sign_in_post,
    &route_sign_out,  &route_live,           &route_choose_lang,
    &route_asset,     &route_invitation,     &route_invitation_post,
    &route_first_run, &route_first_run_post, NULL,
};
