noinst_LIBRARIES += %D%/libparser.a
%C%_libparser_a_SOURCES = \
	%D%/address.c %D%/address.h \
	%D%/agent.c %D%/agent.h \
	%D%/agent_class.c %D%/agent_class.h \
	%D%/archive.c %D%/archive.h \
	%D%/automaton.c %D%/automaton.h \
	%D%/browser.c %D%/browser.h \
	%D%/browser_age.c \
	%D%/client.c %D%/client.h \
	%D%/columns.c %D%/columns.h \
	%D%/crawler_name.c %D%/crawler_name.h \
	%D%/detect.c %D%/detect.h \
	%D%/escape.c %D%/escape.h \
	%D%/feed.c %D%/feed.h \
	%D%/fields.c %D%/fields.h \
	%D%/folder.c %D%/folder.h \
	%D%/format.c %D%/format.h \
	%D%/format_ops.h \
	%D%/gzip.c %D%/gzip.h \
	%D%/hit.c %D%/hit.h \
	%D%/identity.c %D%/identity.h \
	%D%/inflate.c %D%/inflate.h \
	%D%/inputs.c %D%/inputs.h \
	%D%/json_line.c %D%/json_line.h \
	%D%/json_scan.h \
	%D%/json_template.c %D%/json_template.h \
	%D%/line_parser.c %D%/line_parser.h \
	%D%/lines.c %D%/lines.h \
	%D%/ltsv_line.c %D%/ltsv_line.h \
	%D%/networks.c %D%/networks.h \
	%D%/oddity.h \
	%D%/origin.c %D%/origin.h \
	%D%/presets.c \
	%D%/program.c %D%/program.h \
	%D%/request.c %D%/request.h \
	%D%/sample.c %D%/sample.h \
	%D%/source.c %D%/source.h \
	%D%/spec.c %D%/spec.h \
	%D%/spec_apache.c \
	%D%/spec_goaccess.c \
	%D%/spec_nginx.c \
	%D%/syslog.c %D%/syslog.h \
	%D%/time_pieces.c %D%/time_pieces.h \
	%D%/time_stamp.c %D%/time_stamp.h \
	%D%/time_zone.c %D%/time_zone.h \
	%D%/traits.c %D%/traits.h \
	%D%/url.c %D%/url.h \
	%D%/word_search.h

parser_floor = %D%/libparser.a $(base_floor) $(ISAL_LIBS) $(LIBARCHIVE_LIBS) $(ZLIB_LIBS) $(PCRE2_LIBS)

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
