# SPDX-License-Identifier: MIT
# cmake -D PROGRAM=... -D GOLDEN=... -D ACTUAL=... [-D FIXTURES=...] [-D RECORD=ON] -P compare.cmake
# Runs PROGRAM and compares what it prints, byte for byte, with the file GOLDEN; RECORD writes GOLDEN.
#
# If GOLDEN ends in .regex, each of its lines is a CMake regular expression that must match a whole
# line of the output, the first the first line and so on; a line `...` stands for any number of
# lines, none among them, and is the way to end when the rest does not matter. A first line
# `arguments: --epochs 2` says what PROGRAM is run with, where @fixtures@ stands for FIXTURES, and a
# line `status: 1` after it that PROGRAM must end with 1, what it prints on standard error being the
# end of the output. Nothing is recorded then.

cmake_minimum_required(VERSION 3.25)

# Takes the first line off the text in a variable.
macro(take_line text line)
  string(FIND "${${text}}" "\n" take_line_end)
  if(take_line_end EQUAL -1)
    set(${line} "${${text}}")
    set(${text} "")
  else()
    string(SUBSTRING "${${text}}" 0 ${take_line_end} ${line})
    math(EXPR take_line_end "${take_line_end} + 1")
    string(SUBSTRING "${${text}}" ${take_line_end} -1 ${text})
  endif()
endmacro()

# Not in the error itself, which CMake would break into lines.
macro(misfit what)
  message("${whole}\nThis output ${what}")
  message(FATAL_ERROR "The output of ${PROGRAM} does not fit ${GOLDEN}")
endmacro()

set(arguments)
set(expected 0)
cmake_path(GET GOLDEN EXTENSION LAST_ONLY extension)
if(extension STREQUAL ".regex")
  if(RECORD)
    message("${GOLDEN} holds patterns, which are written by hand")
    return()
  endif()
  file(READ "${GOLDEN}" patterns)
  if(patterns MATCHES "^arguments: ")
    take_line(patterns first)
    string(REGEX REPLACE "^arguments: " "" first "${first}")
    string(REPLACE "@fixtures@" "${FIXTURES}" first "${first}")
    separate_arguments(arguments UNIX_COMMAND "${first}")
  endif()
  if(patterns MATCHES "^status: ")
    take_line(patterns first)
    string(REGEX REPLACE "^status: " "" expected "${first}")
  endif()
endif()

execute_process(COMMAND "${PROGRAM}" ${arguments} OUTPUT_FILE "${ACTUAL}" ERROR_VARIABLE errors
                RESULT_VARIABLE status)
if(NOT status EQUAL expected)
  file(READ "${ACTUAL}" output)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}, not ${expected}\n${output}${errors}")
endif()
if(NOT expected EQUAL 0)
  file(APPEND "${ACTUAL}" "${errors}")
endif()

if(extension STREQUAL ".regex")
  file(READ "${ACTUAL}" whole)
  set(output "${whole}")
  set(number 0)
  set(anywhere FALSE)
  while(NOT patterns STREQUAL "")
    take_line(patterns pattern)
    if(pattern STREQUAL "...")
      set(anywhere TRUE)
      continue()
    endif()
    while(TRUE)
      if(output STREQUAL "")
        misfit("ends before a line that matches '${pattern}'")
      endif()
      take_line(output line)
      math(EXPR number "${number} + 1")
      if(line MATCHES "^(${pattern})$")
        break()
      endif()
      if(NOT anywhere)
        misfit("has line ${number}, '${line}', which does not match '${pattern}'")
      endif()
    endwhile()
    set(anywhere FALSE)
  endwhile()
  if(NOT anywhere AND NOT output STREQUAL "")
    misfit("goes on after line ${number}, where the patterns end")
  endif()
  return()
endif()

if(RECORD)
  file(COPY_FILE "${ACTUAL}" "${GOLDEN}" ONLY_IF_DIFFERENT)
  return()
endif()

set(how_to_record "To accept it: cmake --build <build directory> --target record_golden")
if(NOT EXISTS "${GOLDEN}")
  message(FATAL_ERROR "There is no committed output ${GOLDEN}. ${how_to_record}")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${GOLDEN}" "${ACTUAL}"
                RESULT_VARIABLE differs OUTPUT_QUIET ERROR_QUIET)
if(differs)
  execute_process(COMMAND diff -u "${GOLDEN}" "${ACTUAL}" OUTPUT_VARIABLE diff)
  message("${diff}")
  message(FATAL_ERROR "The output of ${PROGRAM} is not ${GOLDEN}. ${how_to_record}")
endif()
