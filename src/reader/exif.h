/* How a camera was held, as Exif (CIPA DC-008) in JPEG, PNG and WebP says. */
#ifndef READER_EXIF_H
#define READER_EXIF_H

#include "base/str.h"

/* The tag Orientation of a picture's bytes: 1 (upright) to 8; 1 where none is said. The bytes may be anything. Looks at
 * no more than their pieces' heads and one list of tags. */
unsigned exif_orientation(struct str bytes);

#endif
