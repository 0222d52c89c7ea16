-- How many notices of one order came in, and which of them nobody has acted on.
create index provider_notices_by_checkout on provider_notices (checkout_id);
