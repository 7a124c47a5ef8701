-- Subscriptions at an API are counted by state, up to a limit, and looked up by it; so are those under a plan.
DROP INDEX subscriptions_api_place;
CREATE INDEX subscriptions_api_place ON subscriptions (api_id, state, environment_id, id);
DROP INDEX subscriptions_app_place;
CREATE INDEX subscriptions_app_place ON subscriptions (app_id, state, environment_id, id);
DROP INDEX subscriptions_plan;
CREATE INDEX subscriptions_plan ON subscriptions (plan_id, state);
