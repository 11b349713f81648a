/* One piece of a HEIC's picture decoded, by libde265 in this process's only thread. */
#ifndef READER_HEVC_H
#define READER_HEVC_H

#include <leptonica/allheaders.h>

#include "reader/heif.h"

/* Decodes `tile` and puts its brightness onto `canvas` (8 bits) with its corner at x and y, as far as there is room: `smaller`
 * times smaller, each point the mean of as many squared. Only one picture is decoded, that refers to no other, and none of
 * whose heads declares more points than the tile does. False where that is not what the bytes hold. */
bool hevc_put(const struct heif_tile *tile, unsigned smaller, PIX *canvas, uint32_t x, uint32_t y);

#endif
