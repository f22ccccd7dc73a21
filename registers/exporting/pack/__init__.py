"""The committee's pack: what it says, once (`composing`), and how Word and PDF set it.

sources     the rows of an edition and its past, read for one part of the pack
facts       what follows from them: changes, residuals not reached, late actions, what stands still
composing   the facts and the manager's paragraphs as blocks
blocks      the few shapes a pack is made of; a writer knows nothing else
pictures    the heat maps as SVG
word, pdf   the two writers
"""
