-- How many decisions about the step had been made when this one was asked for: two with the same number would be two decisions on one case.
-- Null: recorded by a version that did not tell.
alter table repairs add column seen integer check (seen >= 0);
