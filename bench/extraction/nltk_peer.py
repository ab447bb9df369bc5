#!/usr/bin/env python3
"""Tokenises the text that extraction_bench works on and prints bytes a second of every way, as JSON.

  nltk_peer.py TEXT

Treebank: NLTK's TreebankWordTokenizer on sentences split by a regular expression (what nltk.word_tokenize does, without
the Punkt model that would have to be downloaded). Token pattern: the default of scikit-learn's CountVectorizer,
r"(?u)\\b\\w\\w+\\b" on lower-cased text. Neither finds a question: they stop where extraction starts.
"""

import json
import re
import sys
import time

from nltk.tokenize import RegexpTokenizer, TreebankWordTokenizer

BYTES = 1_000_000
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
TOKEN = re.compile(r"(?u)\b\w\w+\b")
TREEBANK = TreebankWordTokenizer()
WORDPUNCT = RegexpTokenizer(r"\w+|[^\w\s]+")


def treebank(turn):
    return [TREEBANK.tokenize(sentence) for sentence in SENTENCE_END.split(turn)]


def wordpunct(turn):
    return WORDPUNCT.tokenize(turn)


def token_pattern(turn):
    return TOKEN.findall(turn.lower())


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        turns = [line.split(": ", 1)[1].strip() for line in file if line.strip()]
    texts, size = [], 0
    while size < BYTES:
        texts.append(turns[len(texts) % len(turns)])
        size += len(texts[-1].encode())
    rates = {}
    for way in (treebank, wordpunct, token_pattern):
        start = time.process_time()
        for text in texts:
            way(text)
        rates[way.__name__] = size / (time.process_time() - start)
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
