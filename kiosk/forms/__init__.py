"""The forms, one file per counter task: what is asked, and how a field that is wrong says so."""
