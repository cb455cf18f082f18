-- What a token allows, asked by its hash: who reads schema lineage_api cannot list the hashes.
CREATE OR REPLACE FUNCTION lineage_api.token_scopes(token_hash bytea) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT scopes FROM lineage_store.api_tokens WHERE hash = token_hash
$$;
REVOKE EXECUTE ON FUNCTION lineage_api.token_scopes FROM PUBLIC;
COMMENT ON FUNCTION lineage_api.token_scopes IS 'What the token with a sha256 allows: read, write, admin; null where there is none.';
