noinst_LIBRARIES += %D%/libfunnel.a
%C%_libfunnel_a_SOURCES = \
	%D%/analysis.c %D%/analysis.h \
	%D%/behaviour.c %D%/behaviour.h \
	%D%/builtin_journeys.c \
	%D%/compare.c %D%/compare.h \
	%D%/conditions.c %D%/conditions.h \
	%D%/config_tree.c %D%/config_tree.h \
	%D%/dimension.c %D%/dimension.h \
	%D%/event_table.c %D%/event_table.h \
	%D%/form_outcome.c %D%/form_outcome.h \
	%D%/funnel_engine.c %D%/funnel_engine.h \
	%D%/glob.c %D%/glob.h \
	%D%/ingest.c %D%/ingest.h \
	%D%/journey.h \
	%D%/journey_file.c \
	%D%/log_section.c %D%/log_section.h \
	%D%/journey_texts.S \
	%D%/origin_book.c %D%/origin_book.h \
	%D%/page_book.c %D%/page_book.h \
	%D%/people.c %D%/people.h \
	%D%/people_section.c %D%/people_section.h \
	%D%/recorder.c %D%/recorder.h \
	%D%/report.c %D%/report.h \
	%D%/rules.c %D%/rules.h \
	%D%/source_hosts.c %D%/source_hosts.h \
	%D%/sources.c %D%/sources.h \
	%D%/stats.c %D%/stats.h \
	%D%/tally.c %D%/tally.h \
	%D%/visit_cuts.c %D%/visit_cuts.h \
	%D%/visitor_book.c %D%/visitor_book.h \
	%D%/visitor_key.c %D%/visitor_key.h \
	%D%/words.c %D%/words.h

funnel_floor = %D%/libfunnel.a $(geo_floor) $(YAML_LIBS) $(PCRE2_LIBS)

# journey_texts.S takes these files into the program as they are.
journey_texts = %D%/journeys/default.yaml
EXTRA_DIST += $(journey_texts)
%D%/journey_texts.$(OBJEXT): $(journey_texts)
