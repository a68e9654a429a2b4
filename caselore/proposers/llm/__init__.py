"""The proposer ``llm``: a case in, codes of a language model out, each with a quotation that was found in the text.

Off unless a user names an endpoint and a model and agrees to what is sent (`consent`). Needs the extra `llm`.
"""
