#!/usr/bin/env python3
"""Writes services/coding/domain/pseudonym_near_names.cc: English words one slip away from a usual name.

A listed name is also looked for with a letter missing, added, changed or swapped, since captions misspell names. In text
without capitals such a word must not be an everyday word ("harder" for Harper). Usage:

    make_near_names.py /usr/share/dict/british-english-small > services/coding/domain/pseudonym_near_names.cc

The word list is Debian's wbritish-small (SCOWL). The names below are usual given and family names of Britain.
"""

import sys

NAMES = """
aaliyah abigail adrian ahmed aidan alanna albert alesha alexander alfred alfie alicia alison amanda amelia anastasia andrea
andrew angela angelina anthony antonia arnold arthur ashley ashton aurora austin ayesha bailey barbara barnaby beatrice
benjamin bernard bethan bethany beverley bonnie bradley brandon brenda brendan brianna bridget bronwyn bryony callum
cameron carlie carlos carmen carolina caroline carrie cassandra catherine cathryn cecilia charlene charles charlie charlotte
chelsea cheryl christian christina christine christopher claire clarence claudia clifford colleen connie connor conrad
courtney damian damien daniel danielle darcey darren deborah declan denise dennis dermot dominic donald donna doreen dorothy
douglas duncan dylan edmund eduardo edward eileen elaine eleanor elijah elizabeth elliot ellis elsie emilia estelle esther
eugene evelyn fatima felicity finlay finley fiona florence frances francesca francis freddie frederick gabriel gabriella
gareth gemma geoffrey george georgia georgina gerald gerard gillian glenda gloria gordon graeme graham gregory hamish
hannah harper harriet harrison harvey hayden hayley heather helena hollie howard hunter ibrahim imogen isaac isabel isabella
isobel jackson jacob jacqueline jamie janice janine jasmine jayden jeffrey jenifer jennifer jeremy jermaine jessica joanna
joanne jonathan jordan joseph josephine joshua joyce judith juliana julian juliet justin kaitlyn karina katarina katherine
kathleen kathryn katrina kayden kayleigh keeley keiran kelvin kenneth kieran kimberley kirsten kirsty krystal kristina
lachlan lauren laurence leanne lennox leonard leonardo leslie liliana lillian lindsay lindsey lorraine louise lucinda
lucinda lynette madeleine madison maisie malcolm marcel marcus margaret mariam marianne marilyn marina marion marjorie
marlene marley martha martin martina marvin mateusz matilda matthew maureen maurice maxwell maxine megan melanie melissa
meredith michael michaela michelle mildred millie miranda mohamed mohammed monica morgan muhammad muriel mustafa myrtle
nadine naomi natalia natalie natasha nathan nathaniel nichola nicholas nicola nicole nigella norman olivia oliver ophelia
oscar pamela patricia patrick pauline penelope phillip phoebe preston priscilla rachel raymond rebecca reggie regina
reuben rhiannon richard robert roberta robyn rodney roland ronald ronnie rosalind rosanna rosemary roxanne rupert russell
sabrina salman samantha samuel sandra sarah saskia scarlett sebastian selina shannon sharon shaun sheila shelley shirley
siobhan simone sinead sophia sophie spencer stacey stanley stefan stella stephanie stephen steven stewart stuart summer
susan susanna suzanne sylvia tabitha tamara tamsin tanner tatiana taylor teresa terence thelma theodore theresa thomas
tiffany timothy tobias travis trevor tristan tyrone valerie vanessa vernon veronica vicky victor victoria vincent violet
vivian wallace walter warren wayne wendy wesley wilfred william winston yasmin yvette yvonne zachary zainab zuzanna
adams ahmed alexander allen andrews armstrong atkinson bailey barker barnes barrett bennett berry bradley brooks burgess
burton butler campbell carpenter carter chambers chapman clarke collins cooper cunningham davidson davies dawson dixon
douglas edwards elliott ellis evans ferguson fisher fletcher foster francis fraser freeman gardner gibson gilbert gordon
graham grant gregory griffin griffiths hamilton harper harris harrison harvey hawkins hayward holland holmes howard howell
hudson hughes hunter hussain jackson jenkins jennings johnson johnston jordan kaminski kelly kennedy knight kowalski lambert
lawrence lawson lewis lloyd marsden marshall martin mason matthews mccarthy mcdonald mckenzie miller mitchell morgan morris
morrison murphy murray newman nicholls nicholson norris nowak oconnor osborne palmer parker parsons patel pearce pearson
perkins perry peters phillips porter potter powell preston price pritchard rahman reynolds richards richardson roberts
robertson robinson rogers russell ryan sanders saunders shaw sheppard simpson skinner spencer stevens stewart sullivan sutton
talbot taylor thomas thompson thomson thornton tucker turner wagner walker wallace walsh walters warren watkins watson
webster wheeler whitehead wilkins wilkinson williams williamson wilson winter wright young
""".split()

LONG = 6  # letters a name needs to be looked for misspelled


def slips(a, b):
    """Whether a becomes b by inserting, deleting, changing or swapping at most once."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    if len(a) == len(b):
        wrong = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
        return len(wrong) == 1 or swapped
    if len(a) > len(b):
        a, b = b, a
    i = 0
    while i < len(a) and a[i] == b[i]:
        i += 1
    return a[i:] == b[i + 1:]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        words = {w.strip().replace("'", "") for w in file}
    words = {w for w in words if w.isascii() and w.isalpha() and w.islower() and len(w) >= LONG - 1}
    names = sorted({n for n in NAMES if len(n) >= LONG})
    near = sorted(w for w in words if any(slips(w, n) for n in names))
    lines, line = [], ""
    for word in near:
        if len(line) + len(word) > 108:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    print('#include "coding/domain/pseudonym_words.h"\n')
    print("// Made by tools/make_near_names.py from the word list SCOWL (c) 2000-2011 Kevin Atkinson, whose licence lets it be used")
    print("// and changed for any purpose with this notice; no change by hand.")
    print("namespace plumbline::coding::pseudonym {\n")
    print("// clang-format off")
    print("const std::string_view kNearNames =")
    print("\n".join(f'    "{text}"' for text in lines) + ";")
    print("// clang-format on\n")
    print("}  // namespace plumbline::coding::pseudonym")


main()
