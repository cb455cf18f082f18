"""Any JSON value, with a bias for what PostgreSQL's jsonb cannot hold."""

from hypothesis import strategies as st

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\x00", "\ud800", "\udfff\ud800", "e+1", "-0.0", "NaN", "\\u0000", "😀"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
