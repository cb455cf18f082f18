-- What a token allows; null where there is none.
SELECT lineage_api.token_scopes(%(hash)s) AS scopes
