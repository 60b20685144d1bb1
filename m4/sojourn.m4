# Small probes for configure.ac.

# SOJOURN_TRY_CFLAG(VARIABLE, FLAG)
# Appends FLAG to the shell variable VARIABLE when the compiler takes it without a word.
AC_DEFUN([SOJOURN_TRY_CFLAG], [
AS_VAR_PUSHDEF([cache], [sojourn_cv_cflag_$2])dnl
AC_CACHE_CHECK([whether $CC takes $2], [cache], [
  sojourn_saved_cflags=$CFLAGS
  CFLAGS="$CFLAGS -Werror $2"
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
    [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
  CFLAGS=$sojourn_saved_cflags])
AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
AS_VAR_POPDEF([cache])dnl
])

# SOJOURN_NEED_LINK_FLAG(FLAG, OPTION)
# Stops when a program compiled and linked with FLAG does not come out; OPTION asked for it.
AC_DEFUN([SOJOURN_NEED_LINK_FLAG], [
AC_MSG_CHECKING([whether $CC links with $1])
sojourn_saved_cflags=$CFLAGS
CFLAGS="$CFLAGS -Werror $1"
AC_LINK_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])
   AC_MSG_ERROR([$2 needs a compiler that takes $1; $CC does not (try CC=clang)])])
CFLAGS=$sojourn_saved_cflags
])

# SOJOURN_MISSING(WHAT, DEBIAN-PACKAGE)
# Remembers a missing requirement, so that all of them can be named at once.
AC_DEFUN([SOJOURN_MISSING], [
AS_VAR_APPEND([sojourn_missing_lines], ["
    $1 (Debian package $2)"])
AS_VAR_APPEND([sojourn_missing_packages], [" $2"])
])

# SOJOURN_LIBRARY(VARIABLE, MODULE, HEADER, LINKER-FLAGS, IF-FOUND, IF-NOT-FOUND, [PROLOGUE])
# Looks for a library by pkg-config, and by its header where that does not know it. Sets
# VARIABLE_CFLAGS, VARIABLE_LIBS, and VARIABLE_FOUND to a version or "yes" or "no".
AC_DEFUN([SOJOURN_LIBRARY], [
PKG_CHECK_MODULES([$1], [$2],
  [AS_VAR_SET([$1_FOUND], [`test -z "$PKG_CONFIG" || $PKG_CONFIG --modversion $2 2>/dev/null`])
   AS_VAR_IF([$1_FOUND], [], [AS_VAR_SET([$1_FOUND], [yes])])],
  [AC_CHECK_HEADER([$3],
     [AS_VAR_SET([$1_FOUND], [yes])
      AS_VAR_SET([$1_LIBS], [$4])],
     [AS_VAR_SET([$1_FOUND], [no])], [$7
     ])])
AS_VAR_IF([$1_FOUND], [no], [$6], [$5])
])
