noinst_LIBRARIES += %D%/libgeo.a
%C%_libgeo_a_SOURCES = \
	%D%/country.c \
	%D%/country_names.inc \
	%D%/database.c %D%/database.h \
	%D%/geo.c %D%/geo.h \
	%D%/record.c %D%/record.h \
	%D%/schema.c %D%/schema.h

geo_floor = %D%/libgeo.a $(parser_floor) $(MAXMINDDB_LIBS)
