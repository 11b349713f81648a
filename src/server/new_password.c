/* A password chosen on a page; see new_password.h. */
#include "server/new_password.h"

#include "library/password.h"
#include "library/setting.h"
#include "server/guard.h"

/* Twice, since a slip of the finger would lock its owner out. */
static bool typed_alike(const struct request *rq)
{
    return str_equal(request_input(rq, "password"), request_input(rq, "password_again"));
}

enum status new_password_take(struct request *rq, const struct member *member, struct str *hash,
                              struct error *err)
{
    struct str password = request_input(rq, "password");
    struct str domain = member->email;
    struct str local = STR("");
    struct str organisation = STR("");
    if (!typed_alike(rq))
        return request_blame(rq, "password_again",
                             error_set(err, STATUS_INPUT, "The two passwords are not the same.",
                                       "两次输入的密码不一致。"));
    (void)str_split(&domain, '@', &local);
    enum status status =
        library_get_setting(rq->arena, rq->store, STR("organisation"), &organisation, err);
    if (status)
        return status;
    struct str rest = member->name;
    struct str given = STR("");
    (void)str_split(&rest, ' ', &given);
    const struct str personal[] = {member->name, member->email, local,        domain,
                                   given,        rest,          organisation, STR("chancery")};
    status = request_blame(
        rq, "password",
        password_judge(rq->arena, password, personal, sizeof personal / sizeof *personal, err));
    return status ? status : guard_hash(rq, password, hash, err);
}
