noinst_LIBRARIES += %D%/libparser.a
%C%_libparser_a_SOURCES = \
	%D%/address.c %D%/address.h \
	%D%/agent.c %D%/agent.h \
	%D%/automaton.c %D%/automaton.h \
	%D%/detect.c %D%/detect.h \
	%D%/format.c %D%/format.h \
	%D%/hit.c %D%/hit.h \
	%D%/inflate.c %D%/inflate.h \
	%D%/inputs.c %D%/inputs.h \
	%D%/lines.c %D%/lines.h \
	%D%/request.c %D%/request.h \
	%D%/source.c %D%/source.h \
	%D%/time_stamp.c %D%/time_stamp.h \
	%D%/url.c %D%/url.h

parser_floor = %D%/libparser.a $(base_floor) $(ISAL_LIBS) $(ZLIB_LIBS) $(PCRE2_LIBS)

# The table of crawlers: "pattern<TAB>tag" lines become {"pattern", "tag"}, rows of C.
EXTRA_DIST += %D%/crawlers.tsv
BUILT_SOURCES += %D%/crawlers.inc
CLEANFILES += %D%/crawlers.inc
%D%/crawlers.inc: %D%/crawlers.tsv
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -F '\t' ' \
	  /^#/ || NF < 2 { next } \
	  { gsub(/[\\"?]/, "\\\\&", $$1); printf "{\"%s\", \"%s\"},\n", $$1, $$2 }' \
	  $(srcdir)/%D%/crawlers.tsv > $@.tmp && mv $@.tmp $@
%D%/agent.$(OBJEXT): %D%/crawlers.inc
