"""The demonstration ledger 演示账本: a city that never was, with half a year of records.

Built through the real use cases, each act by somebody who may, at the moment at which she would
have done it. Nobody in it has ever lived; what is planted in it is told beside it.
"""
