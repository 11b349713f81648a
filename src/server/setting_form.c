/* Settings as a form; see setting_form.h. */
#include "server/setting_form.h"

#include "library/setting.h"

enum status setting_form_keep(struct store *store, struct arena *scratch, const struct input *input,
                              struct str value, bool *changed, struct error *err)
{
    struct str before, name = str_of(input->name);
    struct error why;
    enum status status = library_check_setting(name, value, &why);
    if (status)
        return error_named(err, &why, input->en, input->zh);
    status = library_get_setting(scratch, store, name, &before, err);
    if (status || str_equal(before, value))
        return status;
    if (changed)
        *changed = true;
    return library_set_setting(store, name, value, err);
}
