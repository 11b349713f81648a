/* Loads the embedded lexicon; see wordlist.h. */
#include "library/wordlist.h"

#include "base/embed.h"

extern const struct embedded lexicon_files[];

enum status library_load_lexicon(struct arena *arena, struct paper_lexicon **lexicon,
                                 struct error *err)
{
    *lexicon = paper_lexicon_make(arena);
    for (const struct embedded *file = lexicon_files; file->name; file++) {
        enum status status =
            paper_lexicon_add(*lexicon, str_of(file->name), (struct str){file->at, file->len}, err);
        if (status)
            return status;
    }
    return STATUS_OK;
}
