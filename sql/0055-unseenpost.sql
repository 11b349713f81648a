-- What was said to a member and is not seen yet: a post that mentions them, or stands in a thread in which they spoke.
-- See src/library/post.h.

CREATE TABLE unseen_post (
    member INTEGER NOT NULL REFERENCES member (id),
    post   INTEGER NOT NULL REFERENCES post (id),
    PRIMARY KEY (member, post)
) WITHOUT ROWID, STRICT;
