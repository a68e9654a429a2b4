"""SCRUTINISE: a published report comes in, findings on figures that cannot be right go out."""
