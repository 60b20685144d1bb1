noinst_LIBRARIES += %D%/liboutput.a
%C%_liboutput_a_SOURCES = \
	%D%/csv.c %D%/csv.h \
	%D%/html.c %D%/html.h \
	%D%/html_method.c %D%/html_method.h \
	%D%/html_people.c %D%/html_people.h \
	%D%/html_visits.c %D%/html_visits.h \
	%D%/markup.c %D%/markup.h \
	%D%/number.c %D%/number.h \
	%D%/output.c %D%/output.h \
	%D%/pick.c %D%/pick.h \
	%D%/report_style.S \
	%D%/text.c %D%/text.h \
	%D%/text_table.c %D%/text_table.h \
	%D%/wording.c %D%/wording.h

output_floor = %D%/liboutput.a $(funnel_floor)

# report_style.S takes this file into the program as it is.
EXTRA_DIST += %D%/report.css
%D%/report_style.$(OBJEXT): %D%/report.css
