"""A workbook that was filled in offline is another way to send the forms of its entries.

translating.py  its rows → what a browser would have sent of each entry's form
reviewing.py    what that would change, where two people have written, what is refused
saving.py       each entry that was chosen, by the form's own way: one verb saves it
views.py        the pages: take one out, bring one back, look it over, save
"""
