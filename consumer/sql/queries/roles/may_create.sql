-- Whether this user may make roles.
SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user
