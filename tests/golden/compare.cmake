# SPDX-License-Identifier: MIT
# cmake -D PROGRAM=... -D GOLDEN=... -D ACTUAL=... [-D RECORD=ON] -P compare.cmake
# Runs PROGRAM and compares what it prints, byte for byte, with the file GOLDEN; RECORD writes GOLDEN.

cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND "${PROGRAM}" OUTPUT_FILE "${ACTUAL}" ERROR_VARIABLE errors
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  file(READ "${ACTUAL}" output)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}\n${output}${errors}")
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
