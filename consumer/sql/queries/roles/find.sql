-- Whether a role is there, and whether it may connect to this database.
SELECT has_database_privilege(rolname, current_database(), 'CONNECT')
FROM pg_roles WHERE rolname = %(role)s
