"""The committee's pack: what it says, once (`composing`), and how Word and PDF set it.

sources     the rows of an edition and its past, read for one part of the pack
facts       what follows from them: changes, residuals not reached, late actions, what stands still
composing   the parts in their order, as blocks
report      the covering report: the manager's paragraphs and the position in sentences
tables      the tables of the covering report
actions     the actions: those that are late, and all of them
scores      the scores side by side
maps        the heat maps, and the key to the scores
register    the register in its ten columns
blocks      the few shapes a pack is made of; a writer knows nothing else
pictures    the heat maps as SVG
word, pdf   the two writers
"""
