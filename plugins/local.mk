noinst_LIBRARIES += %D%/libplugins.a
%C%_libplugins_a_SOURCES = \
	%D%/catalog.c %D%/catalog.h

plugins_floor = %D%/libplugins.a $(output_floor)
