-- What readers were told of a paper, found without looking through everybody's reading of it: a feed asks for each paper
-- that its member may open (src/server/feed.c).

CREATE INDEX event_published ON event (subject, seq) WHERE kind = 'paper.published';
