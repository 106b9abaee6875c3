# The oldest LAMMPS that the fix is tried with, Debian 11's.
set(OLDEST_LAMMPS 20201224)

# lammps_version(headers result): the version of the LAMMPS with these headers as a number, e.g. 20210929 for "29 Sep 2021".

function(lammps_version headers result)
  if(NOT EXISTS ${headers}/version.h)
    message(FATAL_ERROR "There is no version.h in ${headers}: name the src folder of the LAMMPS sources.")
  endif()
  file(STRINGS ${headers}/version.h line REGEX "#define LAMMPS_VERSION ")
  if(NOT line MATCHES "\"([0-9]+) ([A-Z][a-z][a-z])[a-z]* ([0-9]+)\"")
    message(FATAL_ERROR "The LAMMPS version in ${headers}/version.h is not a date: ${line}")
  endif()
  set(day ${CMAKE_MATCH_1})
  set(year ${CMAKE_MATCH_3})
  set(months Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)
  list(FIND months ${CMAKE_MATCH_2} month)
  math(EXPR number "${year} * 10000 + (${month} + 1) * 100 + ${day}")
  set(${result} ${number} PARENT_SCOPE)
endfunction()
