-- Lists walk from key to key along one way to see something: an index has the key of the list behind what narrows it.
DROP INDEX apps_organization;
CREATE INDEX apps_organization ON apps (organization_id, id);
DROP INDEX app_members_user;
CREATE INDEX app_members_user ON app_members (user_id, app_id);
DROP INDEX clients_app;
CREATE INDEX clients_app ON clients (app_id, id);

-- Words of one kind follow one another, whatever else has the same.
DROP INDEX search_terms_term;
CREATE INDEX search_terms_term ON search_terms (kind, term, resource_id);
