-- Who may use the API: bearer tokens by name. Of a token only its sha256 is kept, which tells nothing
-- of 32 random bytes; so to look for it is as good as to compare in constant time.
CREATE TABLE lineage_store.api_tokens (
    name text PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL, -- read, write, admin
    created_at timestamptz NOT NULL DEFAULT now()
);
