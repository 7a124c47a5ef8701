-- Roles are read by person; the two unique indexes cover a part of the rows each.
CREATE INDEX user_roles_user ON user_roles (user_id);
