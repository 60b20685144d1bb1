noinst_LIBRARIES += %D%/libbase.a
%C%_libbase_a_SOURCES = \
	%D%/ascii.h \
	%D%/civil.c %D%/civil.h \
	%D%/error.c %D%/error.h \
	%D%/hash.c %D%/hash.h \
	%D%/ids.c %D%/ids.h \
	%D%/memory.c %D%/memory.h \
	%D%/names.c %D%/names.h \
	%D%/printable.c %D%/printable.h \
	%D%/recent.h \
	%D%/scan.h \
	%D%/sink.c %D%/sink.h \
	%D%/slice.h \
	%D%/suggest.c %D%/suggest.h \
	%D%/threads.c %D%/threads.h

# What a program of this floor links: the floor and all below.
base_floor = %D%/libbase.a
