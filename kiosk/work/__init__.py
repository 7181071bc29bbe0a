"""Work in the background: batches are drawn and sent to printers by workers, in the server or on machines of their own.

The queue only wakes workers; what is to be done stands in the database, and a lost message is sent again by the sweep.
"""
