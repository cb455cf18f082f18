-- Where not everybody may connect.
GRANT CONNECT ON DATABASE {database} TO {role}
