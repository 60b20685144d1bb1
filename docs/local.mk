dist_man1_MANS = %D%/sojourn.1
dist_doc_DATA += %D%/csv.md %D%/log-formats.md %D%/journey-file.md %D%/people.md

# The picture in README.md, of the sample log.
EXTRA_DIST += %D%/report.png
