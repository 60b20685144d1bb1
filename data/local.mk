# The country database is no part of the sources: scripts/fetch-geo puts it into the build tree.
# It is installed when it is there.
country_database = %D%/country.mmdb

install-data-local:
	@if test -f $(country_database); then \
	  $(MKDIR_P) '$(DESTDIR)$(pkgdatadir)' && \
	  $(INSTALL_DATA) $(country_database) '$(DESTDIR)$(pkgdatadir)/country.mmdb'; \
	else \
	  echo "No $(country_database) in the build tree: regions will be unknown unless --geo" \
	    "names a database. scripts/fetch-geo fetches one."; \
	fi

uninstall-local:
	rm -f '$(DESTDIR)$(pkgdatadir)/country.mmdb'

distclean-local:
	rm -rf $(country_database) %D%/country.version %D%/npm %D%/npm.log
