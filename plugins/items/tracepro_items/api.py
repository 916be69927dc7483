"""What other plugins may use of this one.

Units are looked up by id in sets: ``items``, ``boards``, ``panels_of``, ``good_boards``, ``ancestors``. Work is
checked and recorded by ``check_operations`` and ``record_operations``, which are what addop and its kin call.
"""
