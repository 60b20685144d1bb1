# make check: unit tests, golden cases, properties, fuzz targets over their corpora, the layers.
# Scripts end with a line "K passed, M failed".

# Unit tests, one program a module; each links its floor and those below.
base_tests = \
	%D%/unit/civil_test \
	%D%/unit/error_test \
	%D%/unit/hash_test \
	%D%/unit/ids_test \
	%D%/unit/memory_test \
	%D%/unit/names_test \
	%D%/unit/printable_test \
	%D%/unit/recent_test \
	%D%/unit/scan_test \
	%D%/unit/sink_test \
	%D%/unit/suggest_test \
	%D%/unit/threads_test
%C%_unit_civil_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_error_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_hash_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_ids_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_memory_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_names_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_printable_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_recent_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_scan_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_sink_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_suggest_test_LDADD = $(base_floor) $(CHECK_LIBS)
%C%_unit_threads_test_LDADD = $(base_floor) $(CHECK_LIBS)

parser_tests = \
	%D%/unit/address_test \
	%D%/unit/agent_test \
	%D%/unit/agent_text_test \
	%D%/unit/archive_test \
	%D%/unit/automaton_test \
	%D%/unit/browser_test \
	%D%/unit/client_test \
	%D%/unit/columns_test \
	%D%/unit/detect_test \
	%D%/unit/escape_test \
	%D%/unit/fields_test \
	%D%/unit/folder_test \
	%D%/unit/identity_test \
	%D%/unit/inputs_test \
	%D%/unit/json_line_test \
	%D%/unit/line_parser_test \
	%D%/unit/lines_test \
	%D%/unit/log_lines_test \
	%D%/unit/ltsv_line_test \
	%D%/unit/networks_test \
	%D%/unit/origin_test \
	%D%/unit/request_test \
	%D%/unit/sample_test \
	%D%/unit/source_test \
	%D%/unit/spec_test \
	%D%/unit/time_stamp_test \
	%D%/unit/time_zone_test \
	%D%/unit/traits_test \
	%D%/unit/url_test
%C%_unit_address_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_agent_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_agent_text_test_SOURCES = %D%/unit/agent_text_test.c cli/agent_text.c
%C%_unit_agent_text_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_archive_test_SOURCES = %D%/unit/archive_test.c \
	%D%/unit/source_fixture.c %D%/unit/source_fixture.h \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_archive_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_automaton_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_browser_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_client_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_columns_test_SOURCES = %D%/unit/columns_test.c \
	%D%/unit/fields_fixture.c %D%/unit/fields_fixture.h
%C%_unit_columns_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_detect_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_escape_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_fields_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_folder_test_SOURCES = %D%/unit/folder_test.c \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_folder_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_identity_test_SOURCES = %D%/unit/identity_test.c \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_identity_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_inputs_test_SOURCES = %D%/unit/inputs_test.c \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_inputs_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_json_line_test_SOURCES = %D%/unit/json_line_test.c \
	%D%/unit/fields_fixture.c %D%/unit/fields_fixture.h
%C%_unit_json_line_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_line_parser_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_lines_test_SOURCES = %D%/unit/lines_test.c \
	%D%/unit/source_fixture.c %D%/unit/source_fixture.h \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_lines_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_log_lines_test_SOURCES = %D%/unit/log_lines_test.c \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_log_lines_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_ltsv_line_test_SOURCES = %D%/unit/ltsv_line_test.c \
	%D%/unit/fields_fixture.c %D%/unit/fields_fixture.h
%C%_unit_ltsv_line_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_networks_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_origin_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_request_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_sample_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_source_test_SOURCES = %D%/unit/source_test.c \
	%D%/unit/source_fixture.c %D%/unit/source_fixture.h \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_source_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_spec_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_time_stamp_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_time_zone_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_traits_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_url_test_LDADD = $(parser_floor) $(CHECK_LIBS)

geo_tests = \
	%D%/unit/country_test \
	%D%/unit/crawler_name_test \
	%D%/unit/geo_test \
	%D%/unit/record_test
%C%_unit_country_test_LDADD = $(geo_floor) $(CHECK_LIBS)
%C%_unit_crawler_name_test_LDADD = $(parser_floor) $(CHECK_LIBS)
%C%_unit_geo_test_LDADD = $(geo_floor) $(CHECK_LIBS)
%C%_unit_record_test_LDADD = $(geo_floor) $(CHECK_LIBS)

funnel_tests = \
	%D%/unit/analysis_test \
	%D%/unit/behaviour_test \
	%D%/unit/compare_test \
	%D%/unit/default_journey_test \
	%D%/unit/dimension_test \
	%D%/unit/event_table_test \
	%D%/unit/form_outcome_test \
	%D%/unit/funnel_engine_test \
	%D%/unit/glob_test \
	%D%/unit/ingest_test \
	%D%/unit/journey_file_test \
	%D%/unit/log_section_test \
	%D%/unit/origin_book_test \
	%D%/unit/page_book_test \
	%D%/unit/people_test \
	%D%/unit/recorder_test \
	%D%/unit/rules_test \
	%D%/unit/sources_test \
	%D%/unit/stats_test \
	%D%/unit/tally_test \
	%D%/unit/visit_cuts_test \
	%D%/unit/visitor_book_test \
	%D%/unit/visitor_key_test
%C%_unit_analysis_test_SOURCES = %D%/unit/analysis_test.c \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h \
	%D%/unit/table_fixture.c %D%/unit/table_fixture.h
%C%_unit_analysis_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_behaviour_test_SOURCES = %D%/unit/behaviour_test.c %D%/unit/table_fixture.c %D%/unit/table_fixture.h
%C%_unit_behaviour_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_compare_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_default_journey_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_dimension_test_SOURCES = %D%/unit/dimension_test.c \
	%D%/unit/table_fixture.c %D%/unit/table_fixture.h
%C%_unit_dimension_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_event_table_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_form_outcome_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_funnel_engine_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_glob_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_ingest_test_SOURCES = %D%/unit/ingest_test.c %D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_ingest_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_journey_file_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_log_section_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_origin_book_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_page_book_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_people_test_SOURCES = %D%/unit/people_test.c %D%/unit/table_fixture.c %D%/unit/table_fixture.h
%C%_unit_people_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_recorder_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_rules_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_sources_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_stats_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_tally_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_visit_cuts_test_SOURCES = %D%/unit/visit_cuts_test.c %D%/unit/table_fixture.c %D%/unit/table_fixture.h
%C%_unit_visit_cuts_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_visitor_book_test_LDADD = $(funnel_floor) $(CHECK_LIBS)
%C%_unit_visitor_key_test_LDADD = $(funnel_floor) $(CHECK_LIBS)

output_tests = \
	%D%/unit/csv_test \
	%D%/unit/html_test \
	%D%/unit/number_test \
	%D%/unit/output_test \
	%D%/unit/text_test \
	%D%/unit/wording_test
%C%_unit_csv_test_SOURCES = %D%/unit/csv_test.c %D%/unit/report_fixture.c %D%/unit/report_fixture.h
%C%_unit_csv_test_LDADD = $(output_floor) $(CHECK_LIBS)
%C%_unit_html_test_SOURCES = %D%/unit/html_test.c %D%/unit/report_fixture.c %D%/unit/report_fixture.h
%C%_unit_html_test_LDADD = $(output_floor) $(CHECK_LIBS)
%C%_unit_number_test_LDADD = $(output_floor) $(CHECK_LIBS)
%C%_unit_output_test_SOURCES = %D%/unit/output_test.c %D%/unit/report_fixture.c %D%/unit/report_fixture.h
%C%_unit_output_test_LDADD = $(output_floor) $(CHECK_LIBS)
%C%_unit_text_test_SOURCES = %D%/unit/text_test.c %D%/unit/report_fixture.c %D%/unit/report_fixture.h
%C%_unit_text_test_LDADD = $(output_floor) $(CHECK_LIBS)
%C%_unit_wording_test_LDADD = $(output_floor) $(CHECK_LIBS)

plugins_tests = \
	%D%/unit/catalog_test
%C%_unit_catalog_test_LDADD = $(plugins_floor) $(CHECK_LIBS)

# cli is no archive: a test names the file that it is about.
cli_tests = \
	%D%/unit/options_test \
	%D%/unit/visit_choice_test \
	%D%/unit/visitor_key_file_test
%C%_unit_options_test_SOURCES = %D%/unit/options_test.c cli/options.c
%C%_unit_options_test_LDADD = $(plugins_floor) $(CHECK_LIBS)
%C%_unit_visit_choice_test_SOURCES = %D%/unit/visit_choice_test.c cli/visit_choice.c
%C%_unit_visit_choice_test_LDADD = $(plugins_floor) $(CHECK_LIBS)
%C%_unit_visitor_key_file_test_SOURCES = %D%/unit/visitor_key_file_test.c cli/visitor_key_file.c \
	%D%/unit/input_fixture.c %D%/unit/input_fixture.h
%C%_unit_visitor_key_file_test_LDADD = $(plugins_floor) $(CHECK_LIBS)

unit_tests = $(base_tests) $(parser_tests) $(geo_tests) $(funnel_tests) $(output_tests) \
	$(plugins_tests) $(cli_tests)

# Values that the tests expect, from independent programs, and their inputs.
EXTRA_DIST += %D%/oracle %D%/data %D%/glob_reference.h

if HAVE_CHECK
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
else
check-local:
	@echo 'make check: the library Check is missing, so the unit tests were not built' \
	  '(Debian package check; then run configure again).' >&2; exit 1
endif

# Fuzz targets replay their corpus, or are libFuzzer programs after --enable-fuzzing.
fuzz_targets = \
	%D%/fuzz/fuzz_address \
	%D%/fuzz/fuzz_client \
	%D%/fuzz/fuzz_columns \
	%D%/fuzz/fuzz_glob \
	%D%/fuzz/fuzz_gzip \
	%D%/fuzz/fuzz_journey \
	%D%/fuzz/fuzz_json_line \
	%D%/fuzz/fuzz_line \
	%D%/fuzz/fuzz_mmdb \
	%D%/fuzz/fuzz_origin \
	%D%/fuzz/fuzz_spec_apache \
	%D%/fuzz/fuzz_spec_goaccess \
	%D%/fuzz/fuzz_spec_nginx \
	%D%/fuzz/fuzz_time
if FUZZING
fuzz_driver =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
fuzz_driver = %D%/fuzz/replay.c
fuzz_ldflags = $(AM_LDFLAGS)
endif
check_PROGRAMS += $(fuzz_targets)
%C%_fuzz_fuzz_address_SOURCES = %D%/fuzz/fuzz_address.c $(fuzz_driver)
%C%_fuzz_fuzz_address_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_address_LDADD = $(parser_floor)
%C%_fuzz_fuzz_client_SOURCES = %D%/fuzz/fuzz_client.c $(fuzz_driver)
%C%_fuzz_fuzz_client_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_client_LDADD = $(parser_floor)
%C%_fuzz_fuzz_glob_SOURCES = %D%/fuzz/fuzz_glob.c $(fuzz_driver)
%C%_fuzz_fuzz_glob_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_glob_LDADD = $(funnel_floor)
%C%_fuzz_fuzz_gzip_SOURCES = %D%/fuzz/fuzz_gzip.c $(fuzz_driver)
%C%_fuzz_fuzz_gzip_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_gzip_LDADD = $(parser_floor)
%C%_fuzz_fuzz_journey_SOURCES = %D%/fuzz/fuzz_journey.c $(fuzz_driver)
%C%_fuzz_fuzz_journey_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_journey_LDADD = $(funnel_floor)
%C%_fuzz_fuzz_line_SOURCES = %D%/fuzz/fuzz_line.c $(fuzz_driver)
%C%_fuzz_fuzz_line_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_line_LDADD = $(parser_floor)
%C%_fuzz_fuzz_mmdb_SOURCES = %D%/fuzz/fuzz_mmdb.c $(fuzz_driver)
%C%_fuzz_fuzz_mmdb_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_mmdb_LDADD = $(geo_floor)
%C%_fuzz_fuzz_origin_SOURCES = %D%/fuzz/fuzz_origin.c $(fuzz_driver)
%C%_fuzz_fuzz_origin_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_origin_LDADD = $(funnel_floor)
%C%_fuzz_fuzz_time_SOURCES = %D%/fuzz/fuzz_time.c $(fuzz_driver)
%C%_fuzz_fuzz_time_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_time_LDADD = $(parser_floor)
%C%_fuzz_fuzz_columns_SOURCES = %D%/fuzz/fuzz_columns.c $(fuzz_driver)
%C%_fuzz_fuzz_columns_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_columns_LDADD = $(parser_floor)
%C%_fuzz_fuzz_json_line_SOURCES = %D%/fuzz/fuzz_json_line.c $(fuzz_driver)
%C%_fuzz_fuzz_json_line_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_json_line_LDADD = $(parser_floor)
%C%_fuzz_fuzz_spec_apache_SOURCES = %D%/fuzz/fuzz_spec_apache.c %D%/fuzz/spec_check.h $(fuzz_driver)
%C%_fuzz_fuzz_spec_apache_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_spec_apache_LDADD = $(parser_floor)
%C%_fuzz_fuzz_spec_goaccess_SOURCES = %D%/fuzz/fuzz_spec_goaccess.c %D%/fuzz/spec_check.h $(fuzz_driver)
%C%_fuzz_fuzz_spec_goaccess_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_spec_goaccess_LDADD = $(parser_floor)
%C%_fuzz_fuzz_spec_nginx_SOURCES = %D%/fuzz/fuzz_spec_nginx.c %D%/fuzz/spec_check.h $(fuzz_driver)
%C%_fuzz_fuzz_spec_nginx_LDFLAGS = $(fuzz_ldflags)
%C%_fuzz_fuzz_spec_nginx_LDADD = $(parser_floor)
EXTRA_DIST += %D%/fuzz/replay.c %D%/fuzz/make-corpus %D%/fuzz/corpus

# The generator of logs with a known truth.
check_PROGRAMS += %D%/loggen/loggen
%C%_loggen_loggen_SOURCES = \
	%D%/loggen/actions.c %D%/loggen/actions.h \
	%D%/loggen/agents.c %D%/loggen/agents.h \
	%D%/loggen/bench.c %D%/loggen/bench.h \
	%D%/loggen/cast.c %D%/loggen/cast.h \
	%D%/loggen/formats.c %D%/loggen/formats.h \
	%D%/loggen/main.c \
	%D%/loggen/people.c %D%/loggen/people.h \
	%D%/loggen/plan.c %D%/loggen/plan.h \
	%D%/loggen/put.c %D%/loggen/put.h \
	%D%/loggen/random.c %D%/loggen/random.h \
	%D%/loggen/roll.c %D%/loggen/roll.h \
	%D%/loggen/sample.c %D%/loggen/sample.h \
	%D%/loggen/scripts.c %D%/loggen/scripts.h \
	%D%/loggen/shop.c %D%/loggen/shop.h \
	%D%/loggen/stamp.c %D%/loggen/stamp.h \
	%D%/loggen/truth.c %D%/loggen/truth.h \
	%D%/loggen/writer.c %D%/loggen/writer.h
%C%_loggen_loggen_LDADD = $(base_floor) $(ZLIB_LIBS)

test_scripts = \
	%D%/check-formats \
	%D%/check-layers \
	%D%/fuzz-replay \
	%D%/golden-run \
	%D%/people-run \
	%D%/property-run
TESTS += $(test_scripts)
EXTRA_DIST += $(test_scripts) %D%/properties.py %D%/tokens.py %D%/golden

# Check's own limit of 4 seconds a test is little for sanitizers on a busy machine.
AM_TESTS_ENVIRONMENT = \
	SOJOURN='$(abs_top_builddir)/sojourn$(EXEEXT)'; export SOJOURN; \
	LOGGEN='$(abs_top_builddir)/%D%/loggen/loggen$(EXEEXT)'; export LOGGEN; \
	CK_DEFAULT_TIMEOUT=120; export CK_DEFAULT_TIMEOUT;

# Speed against gzip, wc and the last measurement; see tests/bench/bench.
EXTRA_DIST += %D%/bench
.PHONY: bench
bench: sojourn$(EXEEXT) %D%/loggen/loggen$(EXEEXT)
	$(srcdir)/%D%/bench/bench '$(abs_top_builddir)/sojourn$(EXEEXT)' \
	  '$(abs_top_builddir)/%D%/loggen/loggen$(EXEEXT)' '$(abs_top_builddir)/%D%/bench-work'
