-- All that lights are made of, by lead and by kind and unit: what counts lights over the whole ledger looks into these
-- alone, and at no line.
CREATE INDEX line_light_lead ON line (lead, begins_day, due_day, progress, state)
    WHERE state = 'active' AND lead IS NOT NULL;
CREATE INDEX line_light ON line (kind, unit, begins_day, due_day, progress, state) WHERE state = 'active';
