/* The container of HEIC, the photographs that telephones save (HEIF, ISO/IEC 23008-12): where in the file the pieces of
 * its one picture lie, what each needs to be decoded, and how the whole is turned. Nothing is decoded here.
 *
 * Of all that such a file may hold, only its primary picture counts: thumbnails, depths, gain maps, further pictures and the
 * film of a live photo are passed by. Enters base/. */
#ifndef READER_HEIF_H
#define READER_HEIF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define HEIF_TILES_MAX 1024 /* of 512 × 512 points, 200 millions take 800 */
#define HEIF_TURNS_MAX 4

enum heif_turn { HEIF_TURN_LEFT = 1, HEIF_TURN_OVER, HEIF_TURN_RIGHT, HEIF_FLIP, HEIF_MIRROR };

struct heif_tile {
    struct str config; /* an HEVCDecoderConfigurationRecord */
    struct str data;   /* pieces of HEVC, each behind its length */
    uint32_t w, h;     /* as declared */
};
/* What is in it lies in the file, or in the arena. */
struct heif {
    uint32_t w, h;          /* of the whole, before it is turned */
    uint32_t columns, rows; /* all tiles are as large as the first and cover the whole */
    struct heif_tile *tiles;
    enum heif_turn turns[HEIF_TURNS_MAX]; /* to be done to the whole, one after the other */
    unsigned nturns;
};

enum heif_found {
    HEIF_FOUND,
    HEIF_DAMAGED,
    HEIF_OTHER, /* a picture that is coded or put together in another way */
    HEIF_MANY   /* more than HEIF_TILES_MAX tiles */
};

/* Whether bytes look like a container of this kind, whatever it holds. */
bool heif_is(struct str bytes);
/* Finds the primary picture, in time that grows with the file's size at most. The file is hostile. */
enum heif_found heif_find(struct arena *arena, struct str bytes, struct heif *picture);

#endif
