bin_PROGRAMS += sojourn
sojourn_SOURCES = \
	%D%/agent_text.c %D%/agent_text.h \
	%D%/command_check_journey.c \
	%D%/command_detect.c \
	%D%/command_explain.c \
	%D%/command_journeys.c \
	%D%/command_plugins.c \
	%D%/command_report.c \
	%D%/command_visit.c \
	%D%/commands.h \
	%D%/documents.c %D%/documents.h \
	%D%/main.c \
	%D%/messages.c %D%/messages.h \
	%D%/options.c %D%/options.h \
	%D%/reading.c %D%/reading.h \
	%D%/rule_text.c %D%/rule_text.h \
	%D%/terminal.c %D%/terminal.h \
	%D%/visit_choice.c %D%/visit_choice.h \
	%D%/visitor_key_file.c %D%/visitor_key_file.h
sojourn_LDADD = $(plugins_floor)
